"""What the page needs of the house, handed in; the page itself knows nothing of flows or tables."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.store.ports import Incoming

Panel = Mapping[str, Any]  # JSON-ready; what is in it is between its maker and the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`receive`, `drain`, `until_due` are the pipeline's. Moments are UTC.

    `pass_time` moves the clock by a span, visiting every due moment; `next_due` tells the next one. `panel` is what
    the author sees beside the chat, given the last text that was written. `restart` forgets the person.
    `reload` reads the content again when its files changed, and tells whether it did. `source` returns a content
    file's lines by its path below the content folder, or None.
    """

    locales: Callable[[], Sequence[str]]
    receive: Callable[[Sequence[Incoming]], Awaitable[None]]
    drain: Callable[[], Awaitable[object]]
    until_due: Callable[[], Awaitable[None]]
    now: Callable[[], datetime]
    next_due: Callable[[], Awaitable[datetime | None]]
    pass_time: Callable[[timedelta, Callable[[datetime], None]], Awaitable[None]]
    panel: Callable[[str], Awaitable[Panel]]
    restart: Callable[[], Awaitable[None]]
    reload: Callable[[], Awaitable[bool]]
    source: Callable[[str], Sequence[str] | None]
