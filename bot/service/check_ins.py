"""Check-ins whose moment has come enter by the inbox, as everything does."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.service.clock import Clock
from bot.service.wake import Bells
from bot.store import check_ins
from bot.store.database import Store

AT_ONCE = 500  # in one transaction


@dataclass(slots=True, kw_only=True)
class CheckIns:
    """`fired` counts since the start. Several processes may do this on one database: each check-in fires once."""

    store: Store
    clock: Clock
    bells: Bells
    fired: int = 0

    async def fire_due(self, *, most: int = AT_ONCE) -> int:
        """Move up to `most` due check-ins into the inbox in one transaction; return how many it were.

        Raises StoreError in an outage: they stay due.
        """
        try:
            async with self.store.write() as connection:
                fired = await check_ins.fire(connection, self.clock.now(), most=most)
        except Exception as fault:
            if (known := self.store.outage(fault)) is not None:
                raise known from None
            raise
        if fired:
            self.fired += fired
            self.bells.turns.set()
        return fired

    async def drain(self) -> int:
        """Fire all that are due, however many; return how many it were."""
        total = 0
        while fired := await self.fire_due():
            total += fired
            await asyncio.sleep(0)  # others may write between the batches
        return total

    async def next_due(self) -> datetime | None:
        """Return when (UTC) the next one of anybody's is due. Raises StoreError in an outage."""
        try:
            async with self.store.read() as connection:
                return await check_ins.next_due(connection)
        except Exception as fault:
            if (known := self.store.outage(fault)) is not None:
                raise known from None
            raise
