"""One person writes a thousand messages in a second, again and again, while others go on: `python -m benchmarks.flood`.

Measured twice in one run, without the flood and with it; the others' waits are compared. In the middle of the last
flood stands a text that speaks of danger: it is to be answered as such.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.people import Waits, live, once_a_second, walk_for_real, write_or_tap
from tests.botapi import BotApi, Person
from tests.e2e.process import ROOT, environment, start, until

FLOOD, EVERY_SECONDS = 1000, 10.0
PATIENCE_SECONDS = 60.0
WARM_UP_SECONDS = (
    45.0  # what is compiled when first read or said; and the table of cities, made beside the work
)
DANGER = "i want to kill myself tonight"
HELP = ("988", "112", "911", "Please call")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flood", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each half is measured")
    parser.add_argument("--rate", type=float, default=100.0, help="turns a second of the others")
    parser.add_argument(
        "--small", action="store_true", help="the benchmark's three questions, not the real script"
    )
    options = parser.parse_args()
    asyncio.run(_measure(options.seconds, options.rate, small=options.small))


async def _measure(seconds: float, rate: float, *, small: bool) -> None:
    people = max(1, round(rate))
    with tempfile.TemporaryDirectory(prefix="onward-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        content = ROOT / "benchmarks" / "content" if small else ROOT / "content"
        async with BotApi.running(log=False) as api:
            settings = environment(folder, api.url, api.token, ONWARD_CONTENT_DIR=str(content))
            bot = await start(settings, folder)
            waits = Waits(patience_seconds=120)
            act = write_or_tap if small else walk_for_real
            lives = [
                asyncio.create_task(live(api.person(1000 + n), act, waits, once_a_second(n / people)))
                for n in range(people)
            ]
            try:
                await until(lambda: waits.begun == people, bot, within=PATIENCE_SECONDS)
                await asyncio.sleep(WARM_UP_SECONDS)
                calm = await _watch(waits, seconds)
                flooder = api.person(1)
                flooding = asyncio.create_task(_flood(flooder, seconds))
                busy = await _watch(waits, seconds)
                answered = None if small else await flooding
                flooding.cancel()
            finally:
                for each in lives:
                    each.cancel()
                await asyncio.gather(*lives, return_exceptions=True)
                await bot.kill()
    _tell(calm, busy, answered, sum(each.by_bot for each in flooder.chat.messages.values()), waits.stalled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Waits in seconds."""

    turns_per_second: float
    p50: float
    p99: float
    longest: float


async def _watch(waits: Waits, seconds: float) -> Watched:
    waits.seconds.clear()
    waits.turns, waits.open = 0, True
    await asyncio.sleep(seconds)
    waits.open = False
    slow_first = sorted(waits.seconds, reverse=True) or [float("nan")]
    return Watched(
        turns_per_second=waits.turns / seconds,
        p50=slow_first[len(slow_first) // 2],
        p99=slow_first[len(slow_first) // 100],
        longest=slow_first[0],
    )


async def _flood(person: Person, seconds: float) -> float | None:
    """Flood until the time is over; return how long the text that spoke of danger waited, None if for ever."""
    asked = None
    for number in range(max(1, int(seconds / EVERY_SECONDS))):
        began = time.perf_counter()
        for each in range(FLOOD):
            last = number == max(1, int(seconds / EVERY_SECONDS)) - 1
            if last and each == FLOOD // 2:
                asked = time.perf_counter()
                await person.write(DANGER)
            await person.write(f"no {number}.{each}")
            await asyncio.sleep(max(0.0, began + each / FLOOD - time.perf_counter()))
        if not last:
            await asyncio.sleep(max(0.0, began + EVERY_SECONDS - time.perf_counter()))
    assert asked is not None
    for _ in range(6000):
        if any(
            posted.by_bot and any(line in posted.text for line in HELP)
            for posted in person.chat.messages.values()
        ):
            return time.perf_counter() - asked
        await asyncio.sleep(0.01)
    return None


def _tell(calm: Watched, busy: Watched, answered: float | None, lines: int, stalled: int) -> None:
    for name, each in (("without", calm), ("with the flood", busy)):
        print(
            f"{name:>15}: {each.turns_per_second:6.1f} turns/s, p50 {1000 * each.p50:.0f} ms,"
            f" p99 {1000 * each.p99:.0f} ms, longest {1000 * each.longest:.0f} ms"
        )
    allowed = max(1.2 * calm.p99, 0.05)
    print(
        f"p99 with the flood may be {1000 * allowed:.0f} ms: {'held' if busy.p99 <= allowed else 'NOT HELD'}"
    )
    heard = "was never answered" if answered is None else f"was answered after {answered:.2f} s"
    print(
        f"danger inside the flood {heard}; the flooder heard {lines} messages; never answered: {stalled} acts"
    )
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
