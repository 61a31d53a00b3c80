"""One measurement: a bot as a process of its own, a Bot API and all its people in this one."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.people import Act, Waits, live, walk_for_real, write_or_tap
from tests.botapi import BotApi
from tests.e2e.process import ROOT, environment, start

LONGEST_START_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`delay` seconds pass before the API looks at a call; `seconds` is how long is measured."""

    bot: str
    delay: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Shares are of one processor core: 1.0 is a whole one; None where the system doesn't tell."""

    case: Case
    turns_per_second: float
    p50: float
    p99: float
    turns: int
    stalled: int
    calls_per_turn: float
    bot_share: float | None
    load_share: float
    megabytes: float | None = None


OURS, ORDINARY, IN_MEMORY, REAL = "onward", "ordinary", "ordinary, in memory", "onward, real script"


async def measure(
    case: Case,
    people: int,
    progress: Callable[[str], None],
    prepare: Callable[[Path], None] = lambda _: None,
) -> Measured:
    """Run `case` with that many people, in a data folder that `prepare` may fill.

    Raises RuntimeError when the bot ends or nobody is answered.
    """
    with tempfile.TemporaryDirectory(prefix="onward-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        prepare(folder)
        async with BotApi.running(latency=case.delay, log=False) as api:
            counted = _count_calls(api)
            bot = await start(_settings(case, api, folder), folder, _command(case, api, folder))
            act: Act = walk_for_real if case.bot == REAL else write_or_tap
            waits = Waits(patience_seconds=120)
            lives = [asyncio.create_task(live(api.person(1000 + n), act, waits)) for n in range(people)]
            try:
                progress("starting")
                await _all_greeted(waits, people, bot.process)
                progress(f"measuring for {case.seconds:.0f} s")
                return await _watch(case, waits, counted, bot.process.pid)
            except TimeoutError:
                raise RuntimeError(f"{case.bot} answers nobody:\n{bot.said()}") from None
            finally:
                for each in lives:
                    each.cancel()
                await asyncio.gather(*lives, return_exceptions=True)
                await bot.kill()


async def _watch(case: Case, waits: Waits, counted: list[int], pid: int) -> Measured:
    waits.open = True
    began, calls = time.perf_counter(), counted[0]
    bot_began, load_began = processor_seconds(pid), time.process_time()
    await asyncio.sleep(case.seconds)
    waits.open = False
    took = time.perf_counter() - began
    bot_ended = processor_seconds(pid)
    known = bot_began is not None and bot_ended is not None
    slow_first = sorted(waits.seconds, reverse=True) or [float("nan")]
    return Measured(
        case=case,
        turns_per_second=waits.turns / took,
        p50=slow_first[len(slow_first) // 2],
        p99=slow_first[len(slow_first) // 100],
        turns=waits.turns,
        stalled=waits.stalled,
        calls_per_turn=(counted[0] - calls) / max(1, waits.turns),
        bot_share=(bot_ended - bot_began) / took if known else None,  # type: ignore[operator]
        load_share=(time.process_time() - load_began) / took,
        megabytes=_megabytes(pid),
    )


async def _all_greeted(waits: Waits, people: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(LONGEST_START_SECONDS):
        while waits.begun < people:
            if process.returncode is not None:
                raise TimeoutError
            await asyncio.sleep(0.05)


def _count_calls(api: BotApi) -> list[int]:
    """Count the calls of every turn, in a list of one: keeping them all would cost the load more than it may."""
    counted = [0]

    def counting(method: Callable) -> Callable:
        def call(arguments: object) -> object:
            counted[0] += 1
            return method(arguments)

        return call

    for name in ("sendmessage", "editmessagereplymarkup", "answercallbackquery", "sendchataction"):
        api._plain[name] = counting(api._plain[name])  # noqa: SLF001
    return counted


def _command(case: Case, api: BotApi, folder: Path) -> tuple[str, ...]:
    if case.bot not in (ORDINARY, IN_MEMORY):
        return (sys.executable, "-m", "bot", "serve")
    database = "-" if case.bot == IN_MEMORY else str(folder / "ordinary.db")
    return (sys.executable, "-m", "benchmarks.ordinary", api.url, api.token, database)


def _settings(case: Case, api: BotApi, folder: Path) -> dict[str, str]:
    content = ROOT / "content" if case.bot == REAL else ROOT / "benchmarks" / "content"
    return environment(folder, api.url, api.token, ONWARD_CONTENT_DIR=str(content))


def processor_seconds(pid: int) -> float | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int) -> float | None:
    try:
        return (
            int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
            * os.sysconf("SC_PAGE_SIZE")
            / 1e6
        )
    except OSError:
        return None
