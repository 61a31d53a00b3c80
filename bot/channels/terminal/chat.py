"""The chat itself: one line in, everything it leads to out, then the next line."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.channels.local import to_payload
from bot.channels.terminal.lines import SOURCE, TimePasses, read_line
from bot.channels.terminal.screen import Screen
from bot.store.ports import Incoming

ADDRESS = "you"


async def chat(
    lines: AsyncIterator[str],
    screen: Screen,
    *,
    receive: Callable[[Sequence[Incoming]], Awaitable[None]],
    drain: Callable[[], Awaitable[object]],
    until_due: Callable[[], Awaitable[None]],
    pass_time: Callable[[timedelta, Callable[[datetime], None]], Awaitable[None]],
) -> None:
    """Converse until `lines` end. Each line is on disk before anything answers it.

    `pass_time` moves the clock and tells each moment it stops at; `until_due` returns when a check-in is due.
    """
    await drain()  # what an earlier run left unsaid
    number = time.time_ns()
    while (line := await _next(lines, drain, until_due)) is not None:
        if not line.strip():
            continue
        meant = read_line(line, screen.buttons)
        if isinstance(meant, TimePasses):
            await pass_time(meant.by, lambda now: screen.note(f"{now:%A %d %B, %H:%M} UTC"))
            continue
        number += 1
        incoming = Incoming(source=SOURCE, update_id=number, address=ADDRESS, payload=to_payload(meant))
        await receive([incoming])
        await drain()


async def _next(
    lines: AsyncIterator[str],
    drain: Callable[[], Awaitable[object]],
    until_due: Callable[[], Awaitable[None]],
) -> str | None:
    """Wait for a line, and meanwhile say what falls due; None at the end."""
    line = asyncio.ensure_future(anext(lines, None))
    while not line.done():
        due = asyncio.ensure_future(until_due())
        await asyncio.wait((line, due), return_when=asyncio.FIRST_COMPLETED)
        if due.done():
            due.result()
            await drain()
        else:
            due.cancel()
            await asyncio.gather(due, return_exceptions=True)
    return await line
