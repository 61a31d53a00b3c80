"""Everything kept of one person: handed out, or erased. For the operator; people ask the bot itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from bot.store.codec import load_data
from bot.store.database import Store
from bot.store.tables import conversations, records


async def export(store: Store, source: str, address: str) -> dict[str, list[dict[str, Any]]] | None:
    """Return every saved record, by kind and oldest first, as JSON-ready values (`at` in ISO 8601, UTC).

    None when nobody is known at that address.
    """
    async with store.read() as connection:
        found = select(conversations.c.id).where(conversations.c.lookup == store.lookup.of(source, address))
        if (conversation_id := (await connection.execute(found)).scalar()) is None:
            return None
        kept: dict[str, list[dict[str, Any]]] = {}
        for record, table in records.items():
            query = select(table.c.at, table.c.data).where(table.c.conversation_id == conversation_id)
            rows = await connection.execute(query.order_by(table.c.at, table.c.ref))
            kept[record.value] = [{"at": row.at.isoformat(), **load_data(row.data.open())} for row in rows]
        return kept


async def erase(store: Store, source: str, address: str) -> bool:
    """Delete every row of the person in every table, without a last message; return whether there was anything."""
    async with store.write() as connection:
        # Everything else hangs on this row and goes with it.
        found = delete(conversations).where(conversations.c.lookup == store.lookup.of(source, address))
        gone = (await connection.execute(found)).rowcount > 0
    await store.empty_journal()
    return gone
