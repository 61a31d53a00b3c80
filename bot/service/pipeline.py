"""Receive, turn, deliver, put together: one of these serves one database in one process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.service.check_ins import CheckIns
from bot.service.clock import Clock
from bot.service.decide import Mind
from bot.service.delivery import Delivery
from bot.service.pace import Limits
from bot.service.parking import LastWords
from bot.service.receive import Receiver
from bot.service.turns import GROUP, Turns
from bot.service.wake import Bells, finish, first_of, rung
from bot.store.bell import hear_calls
from bot.store.database import Store
from bot.store.ports import Incoming, Sender

log = structlog.get_logger(__name__)

TIDY_EVERY = timedelta(seconds=30)
TIDY_SOON = timedelta(seconds=1)  # after words were let go: several at once are tidied up after once


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    store: Store
    clock: Clock
    bells: Bells
    receiver: Receiver
    turns: Turns
    delivery: Delivery
    check_ins: CheckIns

    async def receive(self, batch: Sequence[Incoming]) -> None:
        """Put updates on disk; see Receiver.receive."""
        await self.receiver.receive(batch)

    async def run(self) -> None:
        """Serve until `stop()` or cancellation; whatever began is finished."""
        hearing = asyncio.ensure_future(self._hear_the_others())
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.turns.run(), name="turns")
                group.create_task(self.delivery.run(), name="delivery")
                group.create_task(self._tidy(), name="tidy")
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    async def _hear_the_others(self) -> None:
        if self.store.shared:
            await hear_calls(self.store, self.bells.turns.set)

    def stop(self) -> None:
        self.bells.stop.set()

    async def drain(self) -> datetime | None:
        """Fire what is due, take every turn, deliver all that can be now; return when (UTC) a held message is due.

        For the terminal and for tests, instead of `run`. Raises StoreError in an outage.
        """
        while True:
            taken = await self.check_ins.drain() + await self.turns.drain()
            due = await self.delivery.drain()
            # A delivery may bring news in: blocked.
            if not taken and not await self.turns.drain():
                return due

    async def until_due(self) -> None:
        """Return when a check-in is due. For the terminal, instead of a `Waker`."""
        due = await self.check_ins.next_due()
        await (self.clock.sleep(due) if due is not None else asyncio.Event().wait())

    async def _tidy(self) -> None:
        """Empty SQLite's journal now and then, when there was something to empty."""
        emptied_at = (-1, -1)
        while not self.bells.stop.is_set():
            await rung(self.bells.tidy, self.bells, self.clock, self.clock.now() + TIDY_EVERY)
            self.store.cipher.refresh()  # else a bot that reads nothing new would go on sealing with an old key
            if (done := (self.turns.done, self.delivery.delivered)) == emptied_at:
                continue
            await first_of(self.bells.stop.wait(), self.clock.sleep(self.clock.now() + TIDY_SOON))
            try:
                if await finish(self.store.empty_journal()):
                    emptied_at = done
                else:
                    self.bells.tidy.set()  # a reader was in the way
            except Exception as fault:  # noqa: BLE001 - whatever it is: the next time will do
                log.warning("the journal could not be emptied", error=type(fault).__name__)


def make_pipeline(
    *,
    store: Store,
    clock: Clock,
    mind: Mind,
    last_words: LastWords,
    senders: Mapping[str, Sender],
    limits: Limits | None = None,
    group: int = GROUP,
) -> Pipeline:
    """Wire one pipeline. `mind.parsers` and `senders` are both by source ("telegram:123456", "terminal")."""
    bells = Bells()
    turns = Turns(store=store, clock=clock, bells=bells, mind=mind, last_words=last_words, group=group)
    delivery = Delivery(store=store, clock=clock, bells=bells, senders=senders, limits=limits or Limits())
    return Pipeline(
        store=store,
        clock=clock,
        bells=bells,
        receiver=Receiver(store=store, clock=clock, bells=bells, turns=turns, delivery=delivery),
        turns=turns,
        check_ins=CheckIns(store=store, clock=clock, bells=bells),
        delivery=delivery,
    )
