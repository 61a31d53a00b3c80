"""Which of the waiting rows are sent now: within the pace, one at a time in each conversation."""

from __future__ import annotations

from collections.abc import Container, Sequence, Sized
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.service.pace import Pace
from bot.store import heads
from bot.store.heads import Head

_PAGE = 200
_STALE_AT_ONCE = 500


class Flying(Container[int], Sized, Protocol):
    """The conversations that have a send in flight."""


@dataclass(slots=True, kw_only=True)
class Choice:
    """Rows to send now, the conversations they go `to`, those of them with `more` behind it, `dues` (UTC) of what is
    held back, and what is `stale`: no longer wanted at all."""

    now: datetime
    pace: Pace
    flying: Flying
    at_once: int
    chosen: list[int] = field(default_factory=list)
    to: list[int] = field(default_factory=list)
    more: set[int] = field(default_factory=set)
    dues: list[datetime] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return len(self.to) + len(self.flying) >= self.at_once or len(self.stale) >= _STALE_AT_ONCE

    def may_begin(self) -> bool:
        """Tell whether looking at the rows is worth it: not while the budget for all is spent."""
        if (everyone := self.pace.overall_free_at(self.now)) > self.now:
            self.dues.append(everyone)
            return False
        return not self.full

    def take(self, page: Sequence[Head]) -> bool:
        """Choose from a page of oldest rows; return whether another page is worth looking at."""
        for head in page:
            if head.conversation_id in self.flying:
                continue
            if head.valid_until is not None and head.valid_until <= self.now:
                self.stale.append(head.id)
                continue
            if not self.may_begin():
                return False
            free = max(self.pace.chat_free_at(head.conversation_id, self.now), head.not_before or self.now)
            if free > self.now:
                self.dues.append(free)
                continue
            rows = [head.id] if head.follower is None else [head.id, head.follower]
            self.pace.take(head.conversation_id, self.now, messages=len(rows))
            self.chosen += rows
            self.to.append(head.conversation_id)
            if head.more:
                self.more.add(head.conversation_id)
        return True


async def choose(connection: AsyncConnection, choice: Choice, sources: Sequence[str]) -> None:
    """Choose from all that waits; whoever waits for an answer goes first: the budget is one for all."""
    if not choice.may_begin():
        return
    first = await heads.first_pages(connection, sources, most=_PAGE)
    for replies in (True, False):
        page, more = first[replies], choice.may_begin()
        while more and choice.take(page) and len(page) == _PAGE and not choice.full:
            page = await heads.page(connection, sources, replies=replies, after=page[-1].id, most=_PAGE)
