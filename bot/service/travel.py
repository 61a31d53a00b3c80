"""Moving the practice chat's clock: nothing due on the way is jumped over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.service.clock import MovedClock
from bot.service.pipeline import Pipeline

_MOST_STOPS = 10_000  # a script that promises for the past must not hold the clock for ever


async def travel(
    pipeline: Pipeline, clock: MovedClock, by: timedelta, arrived: Callable[[datetime], None]
) -> None:
    """Skip `by`, stopping at every due moment in order. `arrived` is told of each (UTC), and of the last."""
    until = clock.now() + by
    for _ in range(_MOST_STOPS):
        due = await pipeline.check_ins.next_due()
        if due is None or due > until:
            break
        arrived(clock.move(max(timedelta(0), due - clock.now())))
        await pipeline.drain()
    arrived(clock.move(max(timedelta(0), until - clock.now())))
    await pipeline.drain()
