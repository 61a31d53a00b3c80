"""How one part of the process tells the next that there is work, and how all are told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.service.clock import Clock
from bot.store.errors import StoreError

_T = TypeVar("_T")

# The safety net for work another process left: what this process makes itself wakes it at once.
POLL = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Bells:
    """Rung after a commit: `turns` when something came in, `delivery` when something is to go out, `tidy`
    when words were let go or somebody was erased."""

    turns: asyncio.Event = field(default_factory=asyncio.Event)
    delivery: asyncio.Event = field(default_factory=asyncio.Event)
    tidy: asyncio.Event = field(default_factory=asyncio.Event)
    stop: asyncio.Event = field(default_factory=asyncio.Event)


def outage_pause(failures: int) -> timedelta:
    """Return how long a loop waits after `failures` in a row: 1 s, doubled each time, at most 32 s."""
    return timedelta(seconds=1 << min(failures, 5))


def told(fault: Exception) -> str:
    """Return what a log may say of a fault: a store's own message, else the type alone, which quotes nobody."""
    return str(fault) if isinstance(fault, StoreError) else type(fault).__name__


async def first_of(*waits: Coroutine[Any, Any, Any]) -> None:
    """Return as soon as one of `waits` does; the others are cancelled."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def rung(bell: asyncio.Event, bells: Bells, clock: Clock, until: datetime) -> None:
    """Wait for `bell`, for the stop, or for `until` (aware); then the bell is silent again."""
    if not (bell.is_set() or bells.stop.is_set()):
        await first_of(bell.wait(), bells.stop.wait(), clock.sleep(until))
    bell.clear()


async def finish(work: Coroutine[Any, Any, _T]) -> _T:
    """Await `work` to its end even when this task is cancelled meanwhile: a batch that began is finished."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.cancelled():
            await asyncio.wait([task])
        raise
