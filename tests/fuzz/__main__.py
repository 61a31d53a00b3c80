"""`make fuzz`: feed the bot a million made-up updates, and say what came of them.

As many bots as there are cores, each with its own database and share, each in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

import structlog

from tests.fuzz.running import Found, fuzz
from tests.real_content import real_content


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one process feeds: so many updates made by `seed`, or as many as fit into `seconds`."""

    number: int
    updates: int
    seed: int
    seconds: float | None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--updates", type=int, default=1_000_000, help="in all (default a million)")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--seconds", type=float, help="end after so long, be it fewer")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    began, many = time.monotonic(), max(1, options.processes)
    shares = [
        Share(number=n, updates=-(-options.updates // many), seed=options.seed + n, seconds=options.seconds)
        for n in range(many)
    ]
    with ProcessPoolExecutor(many) as pool:
        running = {pool.submit(_feed, each): each for each in shares}
        # Whatever ends one of them is raised here, and so ends this with it.
        ended = [(running[each], each.result()) for each in as_completed(running)]
    raise SystemExit(_tell(ended, time.monotonic() - began))


def _feed(share: Share) -> Found:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    began = time.monotonic()

    def told(found: Found) -> None:
        print(f"{time.monotonic() - began:6.0f} s, process {share.number}: {found}", flush=True)

    found = asyncio.run(
        fuzz(real_content(), updates=share.updates, seed=share.seed, told=told, seconds=share.seconds)
    )
    told(found)
    return found


def _tell(ended: list[tuple[Share, Found]], seconds: float) -> int:
    updates, texts = (sum(getattr(found, name) for _, found in ended) for name in ("updates", "texts"))
    print(f"{updates:,} updates with {texts:,} texts in {seconds:,.0f} s: {updates / seconds:,.0f} a second")
    for share, found in ended:
        print(
            f"process {share.number}, seed {share.seed}, MB after each tenth: {[round(mb) for mb in found.memory]}"
        )
    broken = [f"seed {share.seed}: {fault}" for share, found in ended for fault in found.faults]
    print("All as promised." if not broken else "\n".join(broken))
    return 1 if broken else 0


if __name__ == "__main__":
    main()
