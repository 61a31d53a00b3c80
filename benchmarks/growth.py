"""Turns a second and memory as more people are known: `python -m benchmarks.growth`.

A hundred of them talk; the others' rows lie in the same SQLite file, as large as a session is.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.measure import OURS, Case, Measured, measure
from bot.store.cipher import Cipher
from bot.store.migrate import migrate
from tests.botapi.server import TOKEN
from tests.e2e.process import KEY

KNOWN = (1_000, 100_000, 1_000_000)
SESSION_BYTES = 400
PEOPLE = 100


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each is measured at a time")
    parser.add_argument("--rounds", type=int, default=4, help="how often, there and back again")
    options = parser.parse_args()
    case = Case(bot=OURS, delay=0.0, seconds=options.seconds)
    found: dict[int, list[Measured]] = {known: [] for known in KNOWN}
    for number in range(options.rounds):
        # There and back: a machine that gets slower by and by must not tell against the many.
        for known in KNOWN if number % 2 == 0 else reversed(KNOWN):
            found[known].append(asyncio.run(measure(case, PEOPLE, lambda _: None, partial(_fill, known))))
    first = found[KNOWN[0]]
    for known, each in found.items():
        print(
            f"{known:>9,} known: {_turns(each):7.1f} turns/s ({_turns(each) / _turns(first):.2f} of the first),"
            f" {_per_cpu(each):,.0f} turns per CPU second ({_per_cpu(each) / _per_cpu(first):.2f}),"
            f" p99 {1000 * median(one.p99 for one in each):.0f} ms,"
            f" {_memory(each):.0f} MB ({_memory(each) / (_memory(first) or 1):.2f})",
            flush=True,
        )
    print(f"medians of {options.rounds}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _turns(found: Sequence[Measured]) -> float:
    return median(each.turns_per_second for each in found)


def _per_cpu(found: Sequence[Measured]) -> float:
    return median(each.turns_per_second / (each.bot_share or float("nan")) for each in found)


def _memory(found: Sequence[Measured]) -> float:
    return max(each.megabytes or 0.0 for each in found)


def _fill(known: int, folder: Path) -> None:
    """Put so many people into a fresh database."""
    path = folder / "onward.db"
    migrate(f"sqlite:///{path}")
    sealed = Cipher([KEY]).seal(b"{" + b" " * SESSION_BYTES + b"}")
    row = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :known)"
        " INSERT INTO conversations (source, lookup, address, session, active_at)"
        " SELECT :source, CAST('someone ' || i AS BLOB), :sealed, :sealed, :at FROM n"
    )
    at = datetime.now(UTC).isoformat(sep=" ")[:26]
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        source = f"telegram:{TOKEN.partition(':')[0]}"
        connection.execute(row, {"known": known, "source": source, "sealed": sealed, "at": at})
    connection.close()
    with path.open("rb") as file:
        # Else a gigabyte is still on its way to the disk while the bot waits for it after every turn.
        os.fsync(file.fileno())


if __name__ == "__main__":
    main()
