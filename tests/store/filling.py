"""Filling every table and column for a person with values that are theirs alone. Goes by the schema, not by a list."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Table, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Lookup
from bot.store.columns import Instant, Sealed
from bot.store.tables import conversations, personal_tables

EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
SOURCE = "telegram:1"


class Filler:
    """Makes values nobody else has. `words` prefixes every text, so that a remnant is known when seen."""

    def __init__(self, words: str, address: str, numbers: count[int]) -> None:
        self.words, self.address, self._numbers = words, address, numbers

    async def fill(self, connection: AsyncConnection, lookup: Lookup) -> dict[tuple[str, str], Any]:
        """Insert a row of theirs into every table; return what was put into each (table, column)."""
        known = {
            "source": SOURCE,
            "lookup": lookup.of(SOURCE, self.address),
            "address": self.address.encode(),
        }
        put: dict[tuple[str, str], Any] = {}
        row = self._row(conversations, known, put)
        inserted = await connection.execute(conversations.insert().values(row))
        mine = inserted.inserted_primary_key[0]
        for table in personal_tables():
            row = self._row(table, {"conversation_id": mine}, put)
            await connection.execute(table.insert().values(row))
        return put

    def _row(self, table: Table, known: dict[str, Any], put: dict[tuple[str, str], Any]) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for column in table.c:
            if column.primary_key:
                continue
            row[column.name] = known[column.name] if column.name in known else self._value(column)
            put[table.name, column.name] = row[column.name]
        return row

    def _value(self, column: Column[Any]) -> Any:
        number = next(self._numbers)
        match column.type:
            case Sealed():
                return json.dumps({"words": f"{self.words} {column.table.name}.{column.name}"}).encode()
            case Text():
                return f"{self.words} {column.table.name}.{column.name}"
            case Instant():
                return EPOCH + timedelta(days=number, seconds=number)
            case Date():
                return date(2001, 1, 1) + timedelta(days=number)
            case Boolean():
                return True
            case Integer() | BigInteger():
                return 7_000_000 + number
        raise AssertionError(f"tell tests/store/filling.py how to fill {column.table.name}.{column.name}")
