"""`make fuzz`: feed the bot a million made-up updates in this process, and say what came of them."""

from __future__ import annotations

import argparse
import asyncio
import logging
import time

import structlog

from tests.fuzz.running import Found, fuzz
from tests.real_content import real_content


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--updates", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--seconds", type=float, help="end after so long, be it fewer")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    began = time.monotonic()

    def told(found: Found) -> None:
        print(f"{time.monotonic() - began:6.0f} s: {found}", flush=True)

    found = asyncio.run(
        fuzz(real_content(), updates=options.updates, seed=options.seed, told=told, seconds=options.seconds)
    )
    told(found)
    broken = found.faults
    print("All as promised." if not broken else "\n".join(broken))
    raise SystemExit(1 if broken else 0)


if __name__ == "__main__":
    main()
