"""What may still be sent, where several processes send with one token: kept in the database, all of them count on it.

A debt is how many seconds it takes until a bucket of `bot.service.pace` is full again. PostgreSQL only: on SQLite
there is one process, and what it keeps in memory is all there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.prepared import Prepared
from bot.store.tables import budgets

ALL = 0  # no conversation's number
_MINE = budgets.c.source == bindparam("of")
_LOCK = Prepared(select(budgets.c.full_at).where(_MINE, budgets.c.chat == ALL).with_for_update())
_PAID = Prepared(delete(budgets).where(_MINE, budgets.c.chat != ALL, budgets.c.full_at <= bindparam("now")))
_OWED = Prepared(select(budgets.c.chat, budgets.c.full_at).where(_MINE))
_row = insert(budgets).values(source=bindparam("of"), chat=bindparam("to"), full_at=bindparam("until"))
_SPEND = Prepared(
    _row.on_conflict_do_update(index_elements=["source", "chat"], set_={"full_at": _row.excluded.full_at})
)


async def debts(
    connection: AsyncConnection, source: str, at: datetime
) -> tuple[timedelta, dict[int, timedelta]]:
    """Return what is owed at `at` (UTC), in all and by each conversation. Others wait until the transaction ends."""
    if not await _LOCK.run(connection, {"of": source}):
        opened = {"of": source, "to": ALL, "until": at}
        await connection.execute(_row.on_conflict_do_nothing(), [opened])
        await _LOCK.run(connection, {"of": source})
    await _PAID.run(connection, {"of": source, "now": at})
    owed = {row.chat: row.full_at - at for row in await _OWED.run(connection, {"of": source})}
    return max(timedelta(0), owed.pop(ALL)), owed


async def spend(
    connection: AsyncConnection,
    source: str,
    at: datetime,
    overall: timedelta,
    chats: Mapping[int, timedelta],
) -> None:
    """Write what is owed at `at` (UTC), in all and by these conversations."""
    owed = {ALL: overall, **chats}
    await _SPEND.run(
        connection, [{"of": source, "to": to, "until": at + debt} for to, debt in sorted(owed.items())]
    )
