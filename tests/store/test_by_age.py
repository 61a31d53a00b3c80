from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Table, delete, select, text
from sqlalchemy.sql.expression import Executable

from bot.store.database import Store
from bot.store.tables import conversations, parked, seen, sent
from tests.service.stage import START


def before(table: Table, column: str, at: datetime) -> Executable:
    rows = table.c[column] < at
    return select(table.c.id).where(rows) if table is conversations else delete(table).where(rows)


@pytest.mark.parametrize(
    ("table", "column"),
    [(seen, "at"), (sent, "at"), (parked, "at"), (conversations, "active_at")],
    ids=lambda each: getattr(each, "name", each),
)
async def test_what_goes_by_its_age_is_found_by_an_index(
    sqlite_store: Store, table: Table, column: str
) -> None:
    statement = before(table, column, START)
    compiled = statement.compile(sqlite_store.engine.sync_engine, compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined]
    async with sqlite_store.read() as connection:
        plan = str((await connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))).all())
    assert f"ix_{table.name}_{column}" in plan
