"""The chat itself: one line in, everything it leads to out, then the next line."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.channels.terminal.lines import SOURCE, TimePasses, read_line, to_payload
from bot.channels.terminal.screen import Screen
from bot.store.ports import Incoming

ADDRESS = "you"


async def chat(
    lines: AsyncIterator[str],
    screen: Screen,
    *,
    receive: Callable[[Sequence[Incoming]], Awaitable[None]],
    drain: Callable[[], Awaitable[datetime | None]],
    move_clock: Callable[[timedelta], datetime],
) -> None:
    """Converse until `lines` end. Each line is on disk before anything answers it."""
    await drain()  # what an earlier run left unsaid
    number = time.time_ns()
    async for line in lines:
        if not line.strip():
            continue
        meant = read_line(line, screen.buttons)
        if isinstance(meant, TimePasses):
            screen.note(f"{move_clock(meant.by):%A %d %B, %H:%M} UTC")
        else:
            number += 1
            incoming = Incoming(source=SOURCE, update_id=number, address=ADDRESS, payload=to_payload(meant))
            await receive([incoming])
        await drain()
