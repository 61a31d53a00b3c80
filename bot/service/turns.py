"""Turns: take what waits, decide, and record it, many conversations in one commit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.effects import ScheduleCheckIn
from bot.dialogue.facts import Facts
from bot.service import flood
from bot.service.clock import Clock
from bot.service.decide import DEFAULT_LOCALE, Known, Mind, decide
from bot.service.knowing import know
from bot.service.parking import Failed, LastWords, part_in_silence, part_with
from bot.service.waits import Waits
from bot.service.wake import POLL, Bells, finish, outage_pause, rung, told
from bot.store import inbox, places, records, writing
from bot.store.database import Store
from bot.store.errors import StoreError
from bot.store.inbox import Waiting
from bot.store.places import Place
from bot.store.writing import Written

log = structlog.get_logger(__name__)

GROUP = 64  # turns in one commit
_GROUP_OF_SEVERAL = 16  # where other processes may share the work: what one has claimed, they can't take
# Processor time for deciding one commit's turns, on SQLite with all other writing waiting: whoever else has something
# to put on disk (what comes in, what went out) goes between two groups. Not time by the clock: on a busy machine that
# would make the groups small, and the commits many, just when they cost most.
SLICE = timedelta(milliseconds=25)
TRIES = 3
_FEWEST = 8


@dataclass(frozen=True, slots=True)
class _Failed:
    place: Place
    row: Waiting
    fault: Exception


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A group's turns, recorded but maybe not yet committed. `more`: others may wait that nobody will ring for."""

    written: Sequence[Written] = ()
    failed: Sequence[_Failed] = ()
    more: bool = False

    @property
    def looked_at(self) -> int:
        return len(self.written) + len(self.failed)


@dataclass(slots=True, kw_only=True)
class Turns:
    """`promised` hears the moment (UTC) of a check-in that was committed. `done` and `parked` count since the start,
    `waits` from an update's arrival to its commit. `idle`: it runs, and waits for something to do."""

    store: Store
    clock: Clock
    bells: Bells
    mind: Mind
    last_words: LastWords
    group: int = GROUP
    slice: timedelta = SLICE
    promised: Callable[[datetime], None] = lambda _: None
    done: int = 0
    parked: int = 0
    idle: bool = False
    waits: Waits = field(default_factory=Waits)
    _most: int = field(init=False)  # to claim: no more than the slice lately allowed, with some to spare
    _more: bool = True

    def __post_init__(self) -> None:
        if self.store.shared:
            self.group = min(self.group, _GROUP_OF_SEVERAL)
        self._most = self.group

    async def run(self) -> None:
        """Take turns until the stop bell; a group that began is finished, also when cancelled."""
        failures = 0
        while not self.bells.stop.is_set():
            self.bells.turns.clear()
            until = self.clock.now() + POLL
            try:
                # Not once more to find nothing: what comes in meanwhile rings.
                self._more = True
                while self._more and not self.bells.stop.is_set() and await finish(self.once()) > 0:
                    failures = 0
            except Exception as fault:  # noqa: BLE001 - whatever it is: the rows wait, and so does the loop
                until, failures = self.clock.now() + outage_pause(failures), failures + 1
                log.warning("turns wait", error=told(fault), failures=failures)
            self.idle = not failures
            await rung(self.bells.turns, self.bells, self.clock, until)
            self.idle = False

    async def drain(self) -> int:
        """Take turns until nothing waits; return how many rows were looked at. Raises StoreError in an outage."""
        total = 0
        while taken := await self.once():
            total += taken
        return total

    async def once(self) -> int:
        """Take one group of turns; return how many rows were looked at. Raises StoreError in an outage."""
        try:
            return await self._group()
        except Exception as fault:
            if (known := self.store.outage(fault)) is not None:
                raise known from None
            raise

    async def _group(self) -> int:
        """Let the turns of one group share a commit; when it fails, run each of them again alone."""
        claimed: list[int] = []
        try:
            return await self._take(None, claimed)
        except Exception as fault:
            if not claimed or self.store.outage(fault) is not None:
                raise
            log.warning(
                "a group of turns failed; each is run alone", turns=len(claimed), error=type(fault).__name__
            )
        return sum([await self._alone(conversation_id) for conversation_id in claimed])

    async def _alone(self, conversation_id: int) -> int:
        try:
            return await self._take(conversation_id, [])
        except Exception as fault:
            if self.store.outage(fault) is not None:
                raise
            could_not = fault
        try:
            return await self._could_not_write(conversation_id, could_not)
        except Exception as fault:
            if self.store.outage(fault) is not None:
                raise
            # It stays where it is; the others' turns must not wait for it.
            log.error("a turn can't even be parked", error=type(fault).__name__)  # noqa: TRY400 - it may quote
            return 0

    async def _take(self, only: int | None, claimed: list[int]) -> int:
        async with self.store.write() as connection:
            taken = await self._take_within(connection, only, claimed)
        self._more = taken.more or only is not None
        return await self.taken(taken)

    async def take_along(self, connection: AsyncConnection) -> Taken:
        """Take a group's turns in a transaction that is open already; once it is committed, tell `taken`."""
        return await self._take_within(connection, None, [])

    async def taken(self, taken: Taken) -> int:
        """Do what follows from turns that are committed; return how many rows were looked at."""
        self._rejoice(taken.written)
        await self._part_with(taken.failed)
        if taken.looked_at:
            self._most = min(self.group, max(_FEWEST, 2 * taken.looked_at))
        return taken.looked_at

    async def _take_within(self, connection: AsyncConnection, only: int | None, claimed: list[int]) -> Taken:
        found = await self._claim(connection, only)
        if not found:
            return Taken()
        claimed += [place.id for place, _ in found]
        known = await know(connection, [place for place, _ in found])
        written, failed = await self._decide_all(connection, found, known)
        if written:
            await writing.write(connection, self.store.lookup, written, self.clock.now())
        await inbox.count_tries(connection, [each.row.id for each in failed])
        all_done = len(written) == len(found) and all(row.waiting == 1 for _, row in found)
        return Taken(written=written, failed=failed, more=not all_done or len(found) >= self._most)

    async def _claim(self, connection: AsyncConnection, only: int | None) -> list[tuple[Place, Waiting]]:
        if only is None:
            claimed = await places.claim(connection, list(self.mind.parsers), most=self._most)
        else:
            claimed = await places.claim_one(connection, only)
        if not claimed:
            return []
        # Read after the lock is held: another worker may have taken a row a moment before.
        rows = await inbox.heads(connection, [place.id for place in claimed])
        found = [(place, rows[place.id]) for place in claimed if place.id in rows]
        return sorted(found, key=lambda each: each[1].id)

    async def _decide_all(
        self, connection: AsyncConnection, found: Sequence[tuple[Place, Waiting]], known: dict[int, Known]
    ) -> tuple[list[Written], list[_Failed]]:
        written: list[Written] = []
        failed: list[_Failed] = []
        until = time.thread_time() + self.slice.total_seconds()
        usual = [(place, row) for place, row in found if not row.in_flood or row.tries]
        looking = await self._decide_each(usual, known, written, failed, until=until)
        # After the others, but always one: who floods may be in danger.
        for place, row in (each for each in found if each not in usual):
            rows = flood.next_rows(await inbox.oldest(connection, place.id, most=flood.LOOK_AT))
            looking += await self._decide_each([(place, row)], known, written, failed, flood_of=rows)
            if time.thread_time() > until:
                break
        if looking:
            kept = await records.look_up(connection, [place.id for place, _ in looking])
            known |= {
                each: replace(known[each], facts=replace(known[each].facts, kept=of))
                for each, of in kept.items()
            }
            await self._decide_each(looking, known, written, failed)
        return written, failed

    async def _decide_each(
        self,
        found: Iterable[tuple[Place, Waiting]],
        known: dict[int, Known],
        written: list[Written],
        failed: list[_Failed],
        *,
        flood_of: Sequence[Waiting] = (),
        until: float | None = None,
    ) -> list[tuple[Place, Waiting]]:
        """Decide one turn after the other, at least one, until the thread's processor time is `until`; the rest waits
        for the next group. Return those that look something up first."""
        looking: list[tuple[Place, Waiting]] = []
        for place, row in found:
            if until is not None and (written or failed) and time.thread_time() > until:
                break
            try:
                decided = await self._answer_flood(place, flood_of, known[place.id])
                decided = decided or decide(self.mind, place, row, known[place.id])
                if decided is None:
                    looking.append((place, row))
                else:
                    written.append(decided)
            except Exception as fault:  # noqa: BLE001 - the one place where a turn may fail; it is counted and parked
                failed.append(_Failed(place, row, fault))
            await asyncio.sleep(0)  # a crowd's turns must not hold up the signs and the health check
        return looking

    async def _answer_flood(self, place: Place, rows: Sequence[Waiting], known: Known) -> Written | None:
        """Answer so many of the rows as were only said; None when the first is none of those."""
        said: list[Waiting] = []
        danger: Waiting | None = None
        for row in rows:
            if (words := flood.left_out(self.mind, place, row)) is None:
                break
            said.append(row)
            if danger is None and flood.alarms(self.mind, words, known):
                danger = row
            await asyncio.sleep(0)
        return flood.answer_flood(self.mind, place, said, danger, known) if said else None

    def _rejoice(self, written: Sequence[Written]) -> None:
        self.done += len(written)
        now = self.clock.now()
        for each in written:
            self.waits.count((now - each.at).total_seconds())
        if any(each.unsent or each.forget_since for each in written):
            self.bells.delivery.set()
        if any(each.erase or each.forget_since for each in written):
            self.bells.tidy.set()
        promises = (effect for each in written for effect in each.promises)
        dues = [effect.check_in.due for effect in promises if isinstance(effect, ScheduleCheckIn)]
        if dues:
            self.promised(min(dues))

    async def _part_with(self, failed: Sequence[_Failed]) -> None:
        for each in failed:
            tries = each.row.tries + 1
            # The type alone: an exception's message may quote what the person wrote.
            log.warning("a turn failed", error=type(each.fault).__name__, tries=tries, row=each.row.id)
            if tries >= TRIES:
                await self._park(each.place.id, each.fault)

    async def _could_not_write(self, conversation_id: int, fault: Exception) -> int:
        """Count a try for a turn that was decided but can't be recorded, and park it after the last."""
        async with self.store.write() as connection:
            found = await self._claim(connection, conversation_id)
            await inbox.count_tries(connection, [row.id for _, row in found])
        await self._part_with([_Failed(place, row, fault) for place, row in found])
        return len(found)

    async def _park(self, conversation_id: int, fault: Exception) -> None:
        reason = type(fault).__name__
        try:
            await self._park_with(conversation_id, reason, speaking=True)
        except Exception as again:
            if self.store.outage(again) is not None:
                raise
            log.error("a turn is parked without its own answer", error=type(again).__name__)  # noqa: TRY400
            await self._park_with(conversation_id, reason, speaking=False)
        self.parked += 1
        self.bells.delivery.set()

    async def _park_with(self, conversation_id: int, reason: str, *, speaking: bool) -> None:
        async with self.store.write() as connection:
            for place, row in await self._claim(connection, conversation_id):
                facts = await self._facts_if_readable(connection, place)
                free = await records.highest_ref(connection, place.id)
                failed = Failed(place=place, row=row, reason=reason, facts=facts, free_visit=free)
                words = self.last_words
                parting = part_with(self.mind, words, failed) if speaking else part_in_silence(words, failed)
                now = self.clock.now()
                await writing.park(connection, parting.parked, now)
                await writing.write(connection, self.store.lookup, [parting.written], now)

    async def _facts_if_readable(self, connection: AsyncConnection, place: Place) -> Facts:
        try:
            return (await know(connection, [place]))[place.id].facts
        except (StoreError, ValueError):
            return Facts(locale=place.locale or DEFAULT_LOCALE)
