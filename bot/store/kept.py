"""Everything kept of one person, by table and column, as values ready for JSON; and finding and erasing them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Envelope, Lookup
from bot.store.errors import Unopenable
from bot.store.owners import exported
from bot.store.tables import check_ins, conversations, personal_tables

Kept = Mapping[str, Sequence[Mapping[str, Any]]]
UNREADABLE = {"unreadable": True}  # damaged, or sealed with a key that is gone


async def find(connection: AsyncConnection, lookup: Lookup, source: str, address: str) -> int | None:
    """Return the number of the conversation at an address, or None when nobody is known there."""
    found = select(conversations.c.id).where(conversations.c.lookup == lookup.of(source, address))
    number: int | None = (await connection.execute(found)).scalar()
    return number


async def kept_of(connection: AsyncConnection, conversation_id: int) -> Kept:
    """Return every row of the conversation in every table, opened, oldest first; moments as ISO 8601 in UTC."""
    kept = {conversations.name: await _rows(connection, conversations, conversations.c.id, conversation_id)}
    for table in personal_tables():
        kept[table.name] = await _rows(connection, table, table.c.conversation_id, conversation_id)
    return kept


async def erase(connection: AsyncConnection, conversation_id: int) -> bool:
    """Delete every row of the person in every table, at once; return whether there was anybody."""
    # First: one that is just being fired must be waited for without holding the conversation it waits for.
    await connection.execute(delete(check_ins).where(check_ins.c.conversation_id == conversation_id))
    # Everything else hangs on this row and goes with it, what is just being written included.
    gone = await connection.execute(delete(conversations).where(conversations.c.id == conversation_id))
    return gone.rowcount > 0


async def _rows(
    connection: AsyncConnection, table: Table, by: Column[Any], conversation_id: int
) -> list[dict[str, Any]]:
    columns = exported(table)
    query = select(*columns).where(by == conversation_id).order_by(table.c.id)
    return [
        {name: _as_json(value) for name, value in row.items()}
        for row in (await connection.execute(query)).mappings()
    ]


def _as_json(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Envelope():
            return _opened(value)
        case _:
            return value


def _opened(value: Envelope) -> Any:
    try:
        text = value.text()
    except (Unopenable, UnicodeDecodeError):
        return UNREADABLE
    try:
        return json.loads(text)
    except ValueError:
        return text
