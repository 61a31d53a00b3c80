"""Receive: what a channel hands over is on disk before it is acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import IntegrityError

from bot.service.clock import Clock
from bot.service.delivery import Delivery
from bot.service.turns import Taken, Turns
from bot.service.wake import Bells
from bot.store import inbox
from bot.store.bell import call_others
from bot.store.database import Store
from bot.store.ports import Incoming

log = structlog.get_logger(__name__)

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Queued:
    batch: Sequence[Incoming]
    done: asyncio.Future[None]


@dataclass(slots=True, kw_only=True)
class Receiver:
    """`received`, `repeated` and `without_address` count updates since the start."""

    store: Store
    clock: Clock
    bells: Bells
    turns: Turns
    delivery: Delivery
    received: int = 0
    repeated: int = 0
    without_address: int = 0
    _queue: list[_Queued] = field(default_factory=list)
    _turnstile: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def receive(self, batch: Sequence[Incoming]) -> None:
        """Return when every update of the batch is on disk; only then may it be acknowledged.

        Raises StoreError when the database is out of reach, locked, read-only or full: then nothing was taken in,
        and the same updates are to be handed over again.
        """
        if not batch:
            return
        mine = _Queued(batch, asyncio.get_running_loop().create_future())
        self._queue.append(mine)
        # Whoever comes through first writes for all that queued meanwhile: many webhooks share one commit.
        async with self._turnstile:
            if not mine.done.done():
                await self._write_queued()
        await mine.done

    async def _write_queued(self) -> None:
        queued, self._queue = self._queue, []
        try:
            await self._write([each for one in queued for each in one.batch])
        except BaseException as fault:
            known = self.store.outage(fault) if isinstance(fault, Exception) else None
            for one in queued:
                if not one.done.done():
                    one.done.set_exception(known or fault)
                    one.done.exception()  # seen, even if its waiter is gone
            if not isinstance(fault, Exception):
                raise
        else:
            for one in queued:
                if not one.done.done():
                    one.done.set_result(None)

    async def _write(self, batch: Sequence[Incoming]) -> None:
        try:
            taken = await self._write_with_what_waits(batch)
        except Exception as fault:
            if self.store.outage(fault) is not None:
                raise
            log.warning("what came in is written alone", error=type(fault).__name__)
            taken = None
        if taken is None:
            await self._write_alone(batch)
        else:
            await self.turns.taken(taken)

    async def _write_with_what_waits(self, batch: Sequence[Incoming]) -> Taken | None:
        """Let one commit do for the updates, their turns and the marks of what was sent before; None: it can't be.

        Only where all waits for one disk, and nothing else is being worked on: then one person's answer is one commit
        away and not three. A fault of any of them undoes all: each goes its own way then.
        """
        if self.store.shared or not self.turns.idle:
            return None
        async with self.delivery.marking() as mark, self.store.write() as connection:
            if mark is not None:
                await mark(connection)
            placed, lost = await inbox.take_in(connection, self.store.lookup, batch, self.clock.now())
            taken = await self.turns.take_along(connection) if placed else Taken()
        self._count(len(batch), placed, lost)
        if taken.looked_at < placed or taken.more:
            self.bells.turns.set()
        return taken

    async def _write_alone(self, batch: Sequence[Incoming]) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                async with self.store.write() as connection:
                    now = self.clock.now()
                    placed, lost = await inbox.take_in(connection, self.store.lookup, batch, now)
                    if placed and self.store.shared:
                        await call_others(connection)
                break
            except IntegrityError:  # the conversation was erased at this very moment: it begins anew
                if attempt == _ATTEMPTS:
                    raise
        else:  # pragma: no cover - the loop ends by break or by raising
            return
        self._count(len(batch), placed, lost)
        if placed:
            self.bells.turns.set()

    def _count(self, handed_over: int, placed: int, lost: int) -> None:
        self.received += placed
        self.without_address += lost
        self.repeated += handed_over - placed - lost
        if lost:
            log.warning("updates without an address were parked", count=lost)
