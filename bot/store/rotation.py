"""Sealing everything anew with the newest key, batch by batch, while others read and write."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Envelope
from bot.store.columns import Sealed
from bot.store.database import Store
from bot.store.errors import Unopenable
from bot.store.tables import metadata

BATCH = 200
BREATH_SECONDS = 0.01  # between batches, so that a bot that shares the file isn't kept waiting


async def seal_anew(
    store: Store, progress: Callable[[str, int], None] = lambda _table, _n: None
) -> tuple[int, int]:
    """Seal every value with the newest key; return how many were, and how many no key opens (left as they are).

    Safe at any time, by any number of processes, and after a break: a value that changes meanwhile keeps its change.
    `progress` hears of each table when it is done.
    """
    done = lost = 0
    for table in metadata.sorted_tables:
        for column in (column for column in table.c if isinstance(column.type, Sealed)):
            renewed, unopenable = await _column(store, table, column)
            done, lost = done + renewed, lost + unopenable
            progress(f"{table.name}.{column.name}", renewed)
    await store.sweep()
    return done, lost


async def _column(store: Store, table: Table, column: Column[Any]) -> tuple[int, int]:
    done = lost = last = 0
    while True:
        async with store.read() as connection:
            query = select(table.c.id, column).where(table.c.id > last, column.is_not(None))
            rows = (await connection.execute(query.order_by(table.c.id).limit(BATCH))).all()
        if not rows:
            return done, lost
        last = rows[-1][0]
        stale: list[tuple[int, Envelope, bytes]] = []
        for number, value in rows:
            try:
                token = store.cipher.renewed(value.token)
            except Unopenable:
                lost += 1
                continue
            if token is not None:
                stale.append((number, value, token))
        if stale:
            async with store.write() as connection:
                done += await _replace(connection, table, column, stale)
        await asyncio.sleep(BREATH_SECONDS)


async def _replace(
    connection: AsyncConnection, table: Table, column: Column[Any], stale: list[tuple[int, Envelope, bytes]]
) -> int:
    done = 0
    for number, before, token in stale:
        # Only what is still as it was read: a turn may have written it anew meanwhile.
        same = (table.c.id == number) & (column == before)
        changed = update(table).where(same).values({column: Envelope(token, before.cipher)})
        done += (await connection.execute(changed)).rowcount
    return done
