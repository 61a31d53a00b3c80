"""Statements put into words once mean what they meant: on both databases, sealed, with lists of any length."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, delete, func, literal, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.store.address import sqlite_file
from bot.store.database import Store, insert
from bot.store.prepared import Prepared
from bot.store.tables import conversations
from tests.service.stage import START

_ADD = Prepared(conversations.insert())
_OF = Prepared(
    select(conversations.c.lookup, conversations.c.address, conversations.c.active_at, conversations.c.erased)
    .where(conversations.c.lookup.in_(bindparam("lookups", expanding=True)))
    .order_by(conversations.c.lookup)
)


def _row(name: bytes, minutes: int = 0) -> dict[str, Any]:
    return {
        "source": "t:1",
        "lookup": name,
        "address": b"the street of " + name,
        "active_at": START + timedelta(minutes=minutes),
    }


async def _found(store: Store, *names: bytes) -> Sequence[Any]:
    async with store.read() as connection:
        return await _OF.run(connection, {"lookups": list(names)})


async def test_what_goes_in_is_sealed_and_comes_out_as_it_was(store: Store) -> None:
    async with store.write() as connection:
        await _ADD.run(connection, [_row(b"a", 1)])
    (found,) = await _found(store, b"a")
    assert (found.lookup, found.address.open(), found.erased) == (b"a", b"the street of a", False)
    assert found.active_at == START + timedelta(minutes=1)
    assert found.address.token != b"the street of a"
    if not store.shared:
        await store.empty_journal()
        with closing(sqlite3.connect(sqlite_file(store.engine.url))) as raw:
            kept = b"".join(bytes(value) for (value,) in raw.execute("SELECT address FROM conversations"))
        assert kept
        assert b"street" not in kept


@pytest.mark.parametrize("many", range(10))
async def test_a_list_of_any_length_is_asked_for_whole_and_for_nothing_else(store: Store, many: int) -> None:
    names = [b"%d" % number for number in range(10)]
    async with store.write() as connection:
        await _ADD.run(connection, [_row(name) for name in names])
    for _ in range(2):
        assert [row.lookup for row in await _found(store, *names[:many])] == names[:many]


async def test_the_same_form_serves_other_values(store: Store) -> None:
    async with store.write() as connection:
        await _ADD.run(connection, [_row(b"a"), _row(b"b"), _row(b"c")])
    assert [row.lookup for row in await _found(store, b"c", b"a", b"x")] == [b"a", b"c"]
    assert [row.lookup for row in await _found(store, b"b", b"b", b"b")] == [b"b"]


async def test_several_rows_give_back_what_is_new_of_each(store: Store) -> None:
    new = Prepared(
        insert("postgresql" if store.shared else "sqlite")(conversations)
        .on_conflict_do_nothing()
        .returning(conversations.c.lookup)
    )
    async with store.write() as connection:
        assert [row.lookup for row in await new.run(connection, [_row(b"a")])] == [b"a"]
        again = await new.run(connection, [_row(b"a"), _row(b"b"), _row(b"c")])
    assert sorted(row.lookup for row in again) == [b"b", b"c"]


async def test_what_stands_in_the_statement_itself_is_kept(store: Store) -> None:
    asked = Prepared(
        select(conversations.c.lookup, literal("here").label("where"))
        .where(conversations.c.source == "t:1", conversations.c.lookup == bindparam("of"))
        .limit(1)
    )
    async with store.write() as connection:
        await _ADD.run(connection, [_row(b"a")])
        await _ADD.run(connection, [{**_row(b"b"), "source": "t:2"}])
        assert [tuple(row) for row in await asked.run(connection, {"of": b"a"})] == [(b"a", "here")]
        assert await asked.run(connection, {"of": b"b"}) == []


async def test_a_parameter_may_stand_in_several_places(store: Store) -> None:
    of: Any = bindparam("of")
    names: Any = bindparam("names", expanding=True)
    of_lookup, of_source = conversations.c.lookup, conversations.c.source
    asked = Prepared(
        select(of_lookup)
        .where(of_source == of, of_lookup.in_(names))
        .union_all(select(of_lookup).where(of_source != of, of_lookup.in_(names)))
    )
    async with store.write() as connection:
        await _ADD.run(connection, [_row(b"a"), {**_row(b"b"), "source": "t:2"}, _row(b"c")])
        found = await asked.run(connection, {"of": "t:1", "names": [b"a", b"b", b"x"]})
    assert [row.lookup for row in found] == [b"a", b"b"]


async def test_changing_and_deleting_reach_the_rows_named(store: Store) -> None:
    of: Any = bindparam("of")
    move = Prepared(
        update(conversations)
        .where(conversations.c.lookup == of)
        .values(address=bindparam("new_address"), erased=bindparam("new_erased"))
    )
    drop = Prepared(delete(conversations).where(conversations.c.lookup == of))
    async with store.write() as connection:
        await _ADD.run(connection, [_row(b"a"), _row(b"b"), _row(b"c")])
        await move.run(connection, [{"of": b"a", "new_address": b"elsewhere", "new_erased": True}])
        await drop.run(connection, [{"of": b"b"}, {"of": b"x"}])
    found = await _found(store, b"a", b"b", b"c")
    assert [(row.lookup, row.address.open(), row.erased) for row in found] == [
        (b"a", b"elsewhere", True),
        (b"c", b"the street of c", False),
    ]


async def test_a_fault_is_the_librarys_and_quotes_nobody(store: Store) -> None:
    async with store.write() as connection:
        await _ADD.run(connection, [_row(b"a")])

    async def twice() -> None:
        async with store.write() as connection:
            await _ADD.run(connection, [_row(b"b")])
            await _ADD.run(connection, [_row(b"a")])

    with pytest.raises(IntegrityError) as caught:
        await twice()
    assert "street" not in str(caught.value)
    assert [row.lookup for row in await _found(store, b"a", b"b")] == [b"a"], "the transaction was not undone"


async def test_what_is_read_is_one_moment(store: Store) -> None:
    """The first statement of a connection begins its transaction, however it is executed."""
    if store.shared:
        return  # there each statement sees what was committed before it
    async with store.write() as connection:
        await _ADD.run(connection, [_row(b"a")])
    async with store.read() as reading:
        assert len(await _OF.run(reading, {"lookups": [b"a", b"b"]})) == 1
        async with store.write() as writing:
            await _ADD.run(writing, [_row(b"b")])
        assert len(await _OF.run(reading, {"lookups": [b"a", b"b"]})) == 1
    assert len(await _found(store, b"a", b"b")) == 2


async def test_a_connection_the_server_has_ended_is_an_outage_and_the_next_one_is_new(store: Store) -> None:
    if not store.shared:
        return  # a file ends no connection

    async def amid() -> None:
        async with store.write() as connection:
            await _ADD.run(connection, [_row(b"a")])
            (own,) = await Prepared(select(func.pg_backend_pid().label("pid"))).run(connection, {})
            async with store.write() as other:
                await other.execute(select(func.pg_terminate_backend(own.pid)))
            await asyncio.sleep(0.1)
            await _ADD.run(connection, [_row(b"b")])

    with pytest.raises(DBAPIError) as caught:
        await amid()
    assert store.outage(caught.value) is not None
    for _ in range(3):
        assert await _found(store, b"a", b"b") == []
    async with store.write() as connection:
        await _ADD.run(connection, [_row(b"c")])
    assert len(await _found(store, b"c")) == 1
