"""Turns a second and memory as more people are known: `python -m benchmarks.growth`.

A hundred of them talk; the others' rows lie in the same SQLite file, as large as a session is.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.measure import OURS, Case, measure
from bot.store.cipher import Cipher
from bot.store.migrate import migrate
from tests.botapi.server import TOKEN
from tests.e2e.process import KEY

KNOWN = (1_000, 100_000, 1_000_000)
SESSION_BYTES = 400
PEOPLE = 100


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each is measured")
    seconds = parser.parse_args().seconds
    first = None
    for known in KNOWN:
        case = Case(bot=OURS, delay=0.0, seconds=seconds)
        found = asyncio.run(measure(case, PEOPLE, lambda _: None, partial(_fill, known)))
        first = first or found
        per_cpu = found.turns_per_second / (found.bot_share or float("nan"))
        base = first.turns_per_second / (first.bot_share or float("nan"))
        print(
            f"{known:>9,} known: {found.turns_per_second:7.1f} turns/s"
            f" ({found.turns_per_second / first.turns_per_second:.2f} of the first),"
            f" {per_cpu:,.0f} turns per CPU second ({per_cpu / base:.2f}), p99 {1000 * found.p99:.0f} ms,"
            f" {found.megabytes or 0:.0f} MB ({(found.megabytes or 0) / (first.megabytes or 1):.2f})",
            flush=True,
        )
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


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
