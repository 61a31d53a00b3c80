"""Purging what has served its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

import structlog
from sqlalchemy import delete

from bot.service.clock import Clock
from bot.service.retention import Retention, retain
from bot.service.wake import finish, told
from bot.store.database import Store
from bot.store.tables import parked, seen, sent
from bot.store.writing import DELETABLE

log = structlog.get_logger(__name__)

EVERY = timedelta(hours=1)
SEEN_FOR = timedelta(
    days=7
)  # Telegram keeps an update for 24 hours; its numbers start anew after a quiet week
PARKED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    seen: int
    sent: int
    parked: int


async def purge_every_hour(store: Store, clock: Clock, retention: Retention | None = None) -> NoReturn:
    """Purge until cancelled, now first: a bot that is restarted often would else keep what is to go.

    With `retention`, also tell and erase whoever has been silent for too long.
    """
    while True:
        try:
            await finish(purge(store, clock))
            if retention is not None:
                await finish(retain(store, clock, retention))
        except Exception as fault:  # noqa: BLE001 - whatever it is: the next time will do
            log.warning("nothing was purged", error=told(fault))
        await clock.sleep(clock.now() + EVERY)


async def purge(store: Store, clock: Clock) -> Purged:
    """Delete update numbers after 7 days, message ids after 48 hours, parked rows after 30 days; empty the journal.

    Raises StoreError in an outage: the next time will do.
    """
    try:
        return await _purge(store, clock)
    except Exception as fault:
        if (known := store.outage(fault)) is not None:
            raise known from None
        raise


async def _purge(store: Store, clock: Clock) -> Purged:
    now = clock.now()
    ages = ((seen, SEEN_FOR), (sent, DELETABLE), (parked, PARKED_FOR))
    async with store.write() as connection:
        gone = [
            (await connection.execute(delete(table).where(table.c.at < now - age))).rowcount
            for table, age in ages
        ]
    await store.sweep()
    return Purged(seen=gone[0], sent=gone[1], parked=gone[2])
