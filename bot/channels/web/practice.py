"""The practice chat between the page and the pipeline: one thing at a time, everything told to every open page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.channels.local import to_payload
from bot.channels.web.bubbles import Bubbles, Change
from bot.channels.web.desk import Desk
from bot.dialogue.heard import Heard
from bot.store.ports import Incoming

log = structlog.get_logger(__name__)

SOURCE = "web"
ADDRESS = "you"
LOOK_EVERY = timedelta(seconds=1)  # at the content's files
_BACKLOG = 1000  # changes an open page may lag behind before it has to ask for everything anew


@dataclass(slots=True)
class Practice:
    """`language` is the one the person's client says it has (BCP 47)."""

    bubbles: Bubbles = field(init=False)
    language: str | None = None
    last_text: str = ""
    closed: bool = False
    _desk: Desk | None = None
    _pages: set[asyncio.Queue[Change | None]] = field(default_factory=set)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _work: asyncio.Event = field(default_factory=asyncio.Event)
    _number: int = field(default_factory=time.time_ns)
    _unanswered: int = 0

    def __post_init__(self) -> None:
        self.bubbles = Bubbles(self.tell)

    @property
    def desk(self) -> Desk:
        assert self._desk is not None
        return self._desk

    def tell(self, change: Change) -> None:
        """Tell every open page. One that lags too far is told to begin anew."""
        for page in self._pages:
            if page.qsize() >= _BACKLOG:
                page.put_nowait(None)
            else:
                page.put_nowait(change)

    def close(self) -> None:
        """End what the open pages are told."""
        self.closed = True
        for page in self._pages:
            page.put_nowait(None)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[asyncio.Queue[Change | None]]:
        """Yield what changes from now on; None means: too much to tell, ask for everything."""
        page: asyncio.Queue[Change | None] = asyncio.Queue()
        self._pages.add(page)
        try:
            yield page
        finally:
            self._pages.discard(page)

    async def everything(self) -> Change:
        return {"what": "all", "bubbles": self.bubbles.all(), "panel": await self.panel()}

    async def panel(self) -> Mapping[str, object]:
        panel = await self.desk.panel(self.last_text)
        return {**panel, "language": self.language, "locales": list(self.desk.locales())}

    async def hear(self, heard: Heard) -> None:
        """Put it on disk; the answer comes by itself."""
        self._number += 1
        incoming = Incoming(
            source=SOURCE,
            update_id=self._number,
            address=ADDRESS,
            payload=to_payload(heard),
        )
        self._unanswered += 1
        self.tell({"what": "typing", "on": True})
        try:
            await self.desk.receive([incoming])
        finally:
            self._work.set()

    async def run(self, desk: Desk) -> None:
        """Answer what is heard and what falls due, and watch the content, until cancelled."""
        self._desk = desk
        self._work.set()  # what an earlier run left unsaid
        async with asyncio.TaskGroup() as group:
            group.create_task(self._answer())
            group.create_task(self._watch_content())

    async def pass_time(self, by: timedelta) -> None:
        async with self._one_at_a_time:
            await self.desk.pass_time(by, self._arrived)
        self._work.set()  # what is next due was reckoned by the time before
        await self._tell_panel()

    async def to_next_due(self) -> bool:
        """Move the clock to the next check-in; False when none is promised."""
        due = await self.desk.next_due()
        if due is None:
            return False
        await self.pass_time(max(timedelta(0), due - self.desk.now()))
        return True

    async def restart(self) -> None:
        """Begin as a person the bot has never met."""
        async with self._one_at_a_time:
            await self.desk.restart()
            self.bubbles.clear()
            self.last_text = ""
        await self._tell_panel()

    def _arrived(self, now: datetime) -> None:
        self.tell({"what": "note", "moment": now.isoformat()})

    async def _answer(self) -> None:
        while True:
            await self._until_work()
            async with self._one_at_a_time:
                answering = self._unanswered
                try:
                    await self.desk.drain()
                except Exception as fault:  # noqa: BLE001 - an author's page stays open whatever a turn does
                    log.error("practice_chat_failed", error=type(fault).__name__)  # noqa: TRY400 - may quote
                    self.tell({"what": "fault", "error": type(fault).__name__})
            self._unanswered -= answering
            if not self._unanswered:
                self.tell({"what": "typing", "on": False})
            await self._tell_panel()

    async def _until_work(self) -> None:
        work = asyncio.ensure_future(self._work.wait())
        due = asyncio.ensure_future(self.desk.until_due())
        try:
            await asyncio.wait((work, due), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (work, due):
                task.cancel()
            await asyncio.gather(work, due, return_exceptions=True)
        self._work.clear()

    async def _watch_content(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY.total_seconds())
            if await self.desk.reload():
                await self._tell_panel()

    async def _tell_panel(self) -> None:
        if self._pages:
            self.tell({"what": "panel", "panel": await self.panel()})
