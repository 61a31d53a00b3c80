"""Everything kept of one person: handed out, or erased. For the operator; people ask the bot itself."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete, select

from bot.dialogue.check_ins import CheckIn
from bot.store.check_ins import load as load_promised
from bot.store.codec import load_data
from bot.store.database import Store
from bot.store.tables import check_ins, conversations, records

_AS_JSON = TypeAdapter(CheckIn)


async def export(store: Store, source: str, address: str) -> dict[str, list[dict[str, Any]]] | None:
    """Return every saved record, by kind and oldest first, and what is promised, soonest first, as JSON-ready values.

    Moments are ISO 8601, UTC. None when nobody is known at that address.
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
        promised = await load_promised(connection, [conversation_id])
        kept["check_in"] = [
            _AS_JSON.dump_python(each, mode="json") for each in promised.get(conversation_id, ())
        ]
        return kept


async def erase(store: Store, source: str, address: str) -> bool:
    """Delete every row of the person in every table, without a last message; return whether there was anything."""
    async with store.write() as connection:
        who = select(conversations.c.id).where(conversations.c.lookup == store.lookup.of(source, address))
        # First: one that is just being fired must be waited for without holding the conversation it waits for.
        await connection.execute(delete(check_ins).where(check_ins.c.conversation_id.in_(who)))
        # Everything else hangs on this row and goes with it.
        found = delete(conversations).where(conversations.c.id.in_(who))
        gone = (await connection.execute(found)).rowcount > 0
    await store.empty_journal()
    return gone
