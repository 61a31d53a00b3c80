"""Whether what came of the kills is what is promised."""

from __future__ import annotations

from tests.crash.judging import Outcome
from tests.crash.killing import Plan


def faults_of(plan: Plan, found: Outcome) -> list[str]:
    """Return what is not as promised, a line each; none when all is well."""
    ledger = found.ledger
    assert ledger is not None
    taken_once = (found.updates, found.updates + plan.chats)
    promised = {
        f"ended early, after {found.kills} of {plan.kills} kills: {found.ended_early}": not found.ended_early,
        f"a bot printed {found.traceback}": not found.traceback,
        f"lost {found.lost}": found.lost == 0,
        f"chats out of order {found.out_of_order}": found.out_of_order == 0,
        f"said again without a reason {found.unexplained}": found.unexplained == 0,
        # One that was in flight at two kills is said three times: once more a kill, never twice.
        f"said again twice after one kill {found.repeats}": max(found.repeats.values(), default=0) <= 1,
        f"taken twice, waiting or parked {ledger}": (ledger.waiting, ledger.parked, ledger.taken_twice)
        == (0, 0, 0),
        f"turns {ledger.turns} for {found.updates} updates": (ledger.taken, ledger.turns) == taken_once,
        f"only {found.amid_work} kills came while work was going on": found.amid_work >= found.kills // 2,
    }
    return [fault for fault, held in promised.items() if not held]
