"""Delivery: in order within a conversation, each message marked and committed before that conversation's next."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, assert_never

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.service.choice import Choice, choose
from bot.service.clock import Clock
from bot.service.hands import Hands
from bot.service.pace import Limits, Pace
from bot.service.verdicts import Again, Delivered, Dropped, Left, Relocated, Verdict, as_mark, judge
from bot.service.waits import Waits
from bot.service.wake import POLL, Bells, finish, outage_pause, rung, told
from bot.store import budget, inbox, news, outbox
from bot.store.database import Store
from bot.store.marking import mark
from bot.store.outbox import Letter
from bot.store.ports import Outcome, Refused, Sender, Sent, TryLater, Unsure

log = structlog.get_logger(__name__)

_T = TypeVar("_T")

AT_ONCE = 100  # sends in flight
# On SQLite a mark by itself makes all other writing wait for the disk. Where nothing follows in the chat it may go
# along with what comes in meanwhile; a kill in that time repeats what one just before it would have.
MARK_WITHIN = timedelta(milliseconds=10)
_MANY = 8  # marks that are worth a commit of their own


@dataclass(frozen=True, slots=True)
class _Ended:
    """`outcome` None: not sent, since what goes before it was not. `awaited`: more is to go to the same chat."""

    letter: Letter
    outcome: Outcome | None
    awaited: bool


@dataclass(slots=True, kw_only=True)
class Delivery:
    """`senders` by source. `delivered`, `dropped`, `expired` and `retried` count since the start,
    `waits` from a message's turn to its mark."""

    store: Store
    clock: Clock
    bells: Bells
    senders: Mapping[str, Sender]
    limits: Limits = field(default_factory=Limits)
    at_once: int = AT_ONCE
    delivered: int = 0
    dropped: int = 0
    expired: int = 0
    retried: int = 0
    waits: Waits = field(default_factory=Waits)
    _name: str = field(default_factory=lambda: secrets.token_hex(8))
    _pace: Pace = field(init=False)
    _hands: Hands = field(init=False)
    _flying: dict[int, asyncio.Task[None]] = field(default_factory=dict)  # by conversation
    _ended: list[_Ended] = field(default_factory=list)
    _marking: asyncio.Task[None] | None = None
    _mark_now: asyncio.Event = field(default_factory=asyncio.Event)
    _running: bool = False
    _failures: int = 0  # in a row, of the API as a whole
    _quiet_until: datetime | None = None

    def __post_init__(self) -> None:
        self._pace = Pace(self.limits, self.clock.now())
        self._hands = Hands(store=self.store, clock=self.clock, senders=self.senders)

    @property
    def _budget(self) -> str:
        return ",".join(sorted(self.senders))

    async def run(self) -> None:
        """Deliver until the stop bell; sends that began are awaited and marked, also when cancelled."""
        failures, self._running = 0, True
        try:
            while not self.bells.stop.is_set():
                self.bells.delivery.clear()
                due = self.clock.now() + POLL
                try:
                    held = await finish(self._go_on())
                    due, failures = min(due, held) if held is not None else due, 0
                except Exception as fault:  # noqa: BLE001 - whatever it is: the rows wait, and so does the loop
                    due, failures = self.clock.now() + outage_pause(failures), failures + 1
                    log.warning("delivery waits", error=told(fault), failures=failures)
                await rung(self.bells.delivery, self.bells, self.clock, due)
        finally:
            self._running = False
            await finish(self._settle())

    async def drain(self) -> datetime | None:
        """Deliver all that may be sent now; return when (UTC) something held back is due, if anything is.

        Raises StoreError in an outage.
        """
        while True:
            due = await self._step()
            if not self._flying:
                return due
            await asyncio.wait(self._flying.values(), return_when=asyncio.FIRST_COMPLETED)

    async def _go_on(self) -> datetime | None:
        """Start what may start; return when the next is due. What has ended is marked meanwhile, for that may have
        to wait for others that write."""
        if self._marking is not None and self._marking.done():
            marked, self._marking = self._marking, None
            await marked
        self._mark_aside()
        return await self._or_outage(self._start())

    def _mark_aside(self) -> None:
        if self._ended and self._marking is None:
            self._marking = asyncio.create_task(self._or_outage(self._mark_soon()))
            self._marking.add_done_callback(self._marking_is_over)
        if len(self._ended) >= _MANY or any(each.awaited for each in self._ended):
            self._mark_now.set()

    def _marking_is_over(self, marking: asyncio.Task[None]) -> None:
        if marking.cancelled() or marking.exception() is not None or self._ended:
            self.bells.delivery.set()
        elif self._marking is marking:
            self._marking = None

    async def _mark_soon(self) -> None:
        with suppress(TimeoutError):
            if not self.store.shared:
                await asyncio.wait_for(self._mark_now.wait(), MARK_WITHIN.total_seconds())
        self._mark_now.clear()
        await self._mark_ended()

    async def _step(self) -> datetime | None:
        """Mark what has ended, start what may start; return when the next is due."""
        await self._or_outage(self._mark_ended())
        return await self._or_outage(self._start())

    async def _or_outage(self, work: Coroutine[Any, Any, _T]) -> _T:
        try:
            return await work
        except Exception as fault:
            if (known := self.store.outage(fault)) is not None:
                raise known from None
            raise

    async def _settle(self) -> None:
        if self._marking is not None:
            await asyncio.wait([self._marking])
        if self._flying:
            await asyncio.wait(self._flying.values())
        try:
            await self._mark_ended()
        except Exception as fault:  # noqa: BLE001 - the end: what isn't marked is sent once more after the restart
            log.warning(
                "sent messages could not be marked", error=type(fault).__name__, count=len(self._ended)
            )

    async def _start(self) -> datetime | None:
        now = self.clock.now()
        if self._quiet_until is not None and self._quiet_until > now:
            return self._quiet_until
        while True:
            choice = await self._take_off(now)
            if not choice.stale or not await self._let_go(choice.stale, now):
                return min(choice.dues, default=None)

    async def _take_off(self, now: datetime) -> Choice:
        """Start sending what may be sent now."""
        reading = self.store.write() if self.store.shared else self.store.read()
        async with reading as connection:
            together = self.store.shared and self.limits.any
            if together:
                self._pace.owe(now, *await budget.debts(connection, self._budget, now))
            choice = Choice(now=now, pace=self._pace, flying=self._flying, at_once=self.at_once)
            await choose(connection, choice, list(self.senders))
            chosen = choice.chosen
            if chosen and self.store.shared:
                chosen = await outbox.lease(connection, chosen, self._name)
            if chosen and together:
                await budget.spend(connection, self._budget, now, *self._pace.debts(now, choice.to))
            # Read only now: what was withdrawn meanwhile is not there.
            letters = await outbox.letters(connection, chosen) if chosen else []
        flights: dict[int, list[Letter]] = {}
        for letter in letters:
            flights.setdefault(letter.conversation_id, []).append(letter)
        for of, flight in flights.items():
            self._flying[of] = asyncio.create_task(self._send(flight, awaited=of in choice.more))
        return choice

    async def _let_go(self, row_ids: Sequence[int], now: datetime) -> int:
        """Drop what could not be sent while it made sense; the news comes in as an event."""
        async with self.store.write() as connection:
            gone = await outbox.take_stale(connection, row_ids, now)
            for conversation_id, key in gone:
                await inbox.put_within(connection, conversation_id, news.expired(key), now)
        self.expired += len(gone)
        if gone:
            log.info("messages went stale", count=len(gone))
            self.bells.turns.set()
        return len(gone)

    async def _send(self, flight: Sequence[Letter], *, awaited: bool) -> None:
        """Send what goes to one conversation without a commit in between; what fails holds up the rest."""
        ended: list[_Ended] = []
        for letter in flight:
            held_up = bool(ended) and not isinstance(ended[-1].outcome, Sent | Refused)
            ended.append(_Ended(letter, None if held_up else await self._hands.hand_over(letter), awaited))
        self._ended += ended
        if self._running:
            self._mark_aside()

    async def _mark_ended(self) -> None:
        async with self.marking() as write:
            if write is not None:
                async with self.store.write() as connection:
                    await write(connection)

    @asynccontextmanager
    async def marking(self) -> AsyncIterator[Callable[[AsyncConnection], Awaitable[None]] | None]:
        """Give what marks all that has ended in a transaction, which is to be committed within the block; None when
        nothing has. When the block raises, it will be marked again, and not sent again."""
        ended, self._ended = self._ended, []
        now = self.clock.now()
        verdicts = [_verdict(each, now, failures=self._failures) for each in ended]
        marks = [as_mark(each.letter, verdict) for each, verdict in zip(ended, verdicts, strict=True)]

        async def write(connection: AsyncConnection) -> None:
            await mark(connection, self.store.lookup, marks, now)

        try:
            yield write if marks else None
        except BaseException:
            self._ended = ended + self._ended
            raise
        self._marked(ended, verdicts, now)

    def _marked(self, ended: Sequence[_Ended], verdicts: Sequence[Verdict], now: datetime) -> None:
        for each, verdict in zip(ended, verdicts, strict=True):
            self._flying.pop(each.letter.conversation_id, None)
            self._take_note(each, verdict, now)
        self._hear_of_api(ended, verdicts, now)
        if ended:
            self.bells.delivery.set()  # what was to go to the same chats may go now
        if any(isinstance(verdict, Left) for verdict in verdicts):
            self.bells.turns.set()

    def _take_note(self, ended: _Ended, verdict: Verdict, now: datetime) -> None:
        match verdict:
            case Delivered():
                self.delivered += 1
                self.waits.count((now - ended.letter.at).total_seconds())
            case Again():
                self.retried += ended.outcome is not None
            case Dropped(reason=reason):
                self.dropped += 1
                log.warning("a message was dropped", kind=ended.letter.kind.value, reason=reason)
            case Left():
                self.dropped += 1
                log.info("a conversation is gone", conversation=ended.letter.conversation_id)
            case Relocated():
                log.info("a conversation moved", conversation=ended.letter.conversation_id)
            case _:
                assert_never(verdict)

    def _hear_of_api(self, ended: Sequence[_Ended], verdicts: Sequence[Verdict], now: datetime) -> None:
        whole = [
            each.until
            for each in verdicts
            if isinstance(each, Again) and each.whole and each.until is not None
        ]
        if any(not isinstance(each.outcome, TryLater | Unsure | None) for each in ended):
            self._failures, self._quiet_until = 0, None
        elif whole:
            # Once for all that failed together, not once for each.
            self._failures, self._quiet_until = self._failures + 1, max(whole)
            log.warning("the API is out of reach", seconds=(self._quiet_until - now) / timedelta(seconds=1))


def _verdict(ended: _Ended, now: datetime, *, failures: int) -> Verdict:
    if ended.outcome is not None:
        return judge(ended.letter, ended.outcome, now, failures=failures)
    return Again(kind=ended.letter.kind, tries=ended.letter.tries, unsure=ended.letter.unsure, until=None)
