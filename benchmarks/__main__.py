"""Measure Onward beside an ordinary bot: `python -m benchmarks`, or `make bench ARGS=--quick`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time

from benchmarks.measure import IN_MEMORY, ORDINARY, OURS, REAL, Case, Measured, measure

DELAYS = (0.0, 0.05)
# An ordinary bot takes one update at a time: with a delay, a round of a hundred people takes it twenty seconds.
SLOW_SECONDS = 26.0

BUSY_LOAD = 0.8


def main() -> None:
    options = _options()
    seconds = 3.0 if options.quick else options.seconds
    bots = (OURS, ORDINARY) if options.quick else (OURS, ORDINARY, IN_MEMORY, REAL)
    cases = [
        Case(bot=bot, delay=delay, seconds=_how_long(bot, delay, seconds)) for bot in bots for delay in DELAYS
    ]
    began, load = time.monotonic(), os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    results = []
    for number, case in enumerate(cases, 1):
        progress = _Progress(f"{number}/{len(cases)} {case.bot}, API delay {1000 * case.delay:.0f} ms")
        results.append(asyncio.run(measure(case, options.people, progress.say)))
        progress.end()
    print("\n".join(_report(results, options.people, time.monotonic() - began)))
    if load > BUSY_LOAD:
        print(
            f"The machine was busy with something else (load {load:.1f}): only turns/CPU s can be compared."
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a rough figure in half a minute")
    parser.add_argument("--people", type=int, default=100, help="simulated people (default 100)")
    parser.add_argument(
        "--seconds", type=float, default=8.0, help="how long each case is measured (default 8)"
    )
    return parser.parse_args()


def _how_long(bot: str, delay: float, seconds: float) -> float:
    return max(seconds, SLOW_SECONDS * seconds / 8) if delay and bot in (ORDINARY, IN_MEMORY) else seconds


class _Progress:
    """One line a case: rewritten on a terminal, printed once where it is piped."""

    def __init__(self, what: str) -> None:
        self._what, self._live = what, sys.stderr.isatty()
        if not self._live:
            print(what, file=sys.stderr, flush=True)

    def say(self, how: str) -> None:
        if self._live:
            print(f"\r\x1b[2K{self._what}: {how}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._live:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


def _report(results: list[Measured], people: int, took: float) -> list[str]:
    head = (
        "bot",
        "API delay",
        "turns/s",
        "ratio",
        "p50",
        "p99",
        "turns",
        "calls/turn",
        "bot CPU",
        "turns/CPU s",
        "load CPU",
    )
    rows = [head, *(_row(each, _base(results, each)) for each in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return [
        "",
        lines[0],
        "-" * len(lines[0]),
        *lines[1:],
        "",
        f"{people} people, each waiting for the answer before they go on; {os.cpu_count()} cores; {took:.0f} s in all.",
        "ratio: turns/s over those of the ordinary bot with its database, at the same delay.",
        "load CPU: the Bot API's and the people's own share of a core. Near 100 % they are what limits, not the bot.",
        *(f"{each.case.bot}: {each.stalled} acts were never answered" for each in results if each.stalled),
    ]


def _base(results: list[Measured], one: Measured) -> Measured:
    return next(r for r in results if r.case.bot == ORDINARY and r.case.delay == one.case.delay)


def _row(one: Measured, base: Measured) -> tuple[str, ...]:
    ratio = one.turns_per_second / base.turns_per_second if base.turns_per_second else float("nan")
    return (
        one.case.bot,
        f"{1000 * one.case.delay:.0f} ms",
        f"{one.turns_per_second:,.1f}",
        f"{ratio:.1f}",
        f"{1000 * one.p50:,.0f} ms",
        f"{1000 * one.p99:,.0f} ms",
        f"{one.turns:,}",
        f"{one.calls_per_turn:.1f}",
        "-" if one.bot_share is None else f"{one.bot_share:.0%}",
        f"{one.turns_per_second / one.bot_share:,.0f}" if one.bot_share else "-",
        f"{one.load_share:.0%}",
    )


if __name__ == "__main__":
    main()
