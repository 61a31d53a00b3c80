"""Everything kept of one person: handed out, or erased. For the operator; people ask the bot itself."""

from __future__ import annotations

import asyncio

from bot.store import kept
from bot.store.database import Store
from bot.store.kept import Kept

_TRIES, _PAUSE_SECONDS = 50, 0.1


async def export(store: Store, source: str, address: str) -> Kept | None:
    """Return everything kept of the person, by table. None when nobody is known at that address."""
    async with store.read() as connection:
        found = await kept.find(connection, store.lookup, source, address)
        return None if found is None else await kept.kept_of(connection, found)


async def erase(store: Store, source: str, address: str) -> bool:
    """Delete every row of the person in every table, without a last message; return whether there was anything."""
    async with store.write() as connection:
        found = await kept.find(connection, store.lookup, source, address)
        gone = found is not None and await kept.erase(connection, found)
    for _ in range(_TRIES):
        if await store.empty_journal():
            break
        await asyncio.sleep(_PAUSE_SECONDS)  # a bot that serves is just reading
    return gone
