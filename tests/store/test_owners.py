"""What is a person's, by the schema itself: every table and column filled, one person handed out, one erased."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text

from bot.service.person import erase, export
from bot.store.address import sqlite_file
from bot.store.cipher import Cipher, Envelope
from bot.store.database import Store
from bot.store.owners import exported, is_theirs
from bot.store.rotation import seal_anew
from bot.store.tables import conversations, metadata, personal_tables
from tests.conftest import KEY
from tests.store.filling import SOURCE, Filler
from tests.store.remnants import stands_in

ADA, BEN = "Adalantine", "Benvolosso"
ADDRESS = {ADA: "9007199251", BEN: "9007199253"}
TABLES = metadata.sorted_tables


async def two_people(store: Store) -> dict[str, dict[tuple[str, str], Any]]:
    numbers = count(1)
    async with store.write() as connection:
        return {
            name: await Filler(name, address, numbers).fill(connection, store.lookup)
            for name, address in ADDRESS.items()
        }


async def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in every table, sealed values opened."""
    async with store.read() as connection:
        return {
            table.name: [
                tuple(value.open() if isinstance(value, Envelope) else value for value in row)
                for row in await connection.execute(select(table))
            ]
            for table in TABLES
        }


async def test_every_value_of_a_person_is_in_their_export_and_none_of_anothers(store: Store) -> None:
    put = await two_people(store)
    kept = await export(store, SOURCE, ADDRESS[ADA])
    assert kept is not None
    missing = [
        f"{table.name}.{column.name}"
        for table in (conversations, *personal_tables())
        for column in exported(table)
        if as_exported(put[ADA][table.name, column.name]) != kept[table.name][0][column.name]
    ]
    assert missing == []
    whole = json.dumps(kept)
    assert BEN not in whole
    assert ADDRESS[BEN] not in whole
    assert [name for name in kept if len(kept[name]) != 1] == []


def as_exported(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case bytes():
            return json.loads(value)
        case _:
            return value


async def test_erasing_one_leaves_nothing_of_theirs_and_the_others_as_it_was(
    store: Store, capfd: pytest.CaptureFixture[str]
) -> None:
    await two_people(store)
    before = await rows(store)
    assert await erase(store, SOURCE, ADDRESS[ADA])
    after = await rows(store)
    ada = next(row[0] for row in before["conversations"] if ADDRESS[ADA].encode() in row)
    for table in TABLES:
        of = "id" if table is conversations else "conversation_id"
        at = table.c.keys().index(of) if of in table.c and is_theirs(table) else None
        others = [row for row in before[table.name] if at is None or row[at] != ada]
        assert after[table.name] == others, table.name
        assert not is_theirs(table) or (len(others), len(before[table.name])) == (1, 2), "not filled for both"
    assert ADA not in repr(after)
    said = "".join(capfd.readouterr())
    assert ADA not in said
    assert ADDRESS[ADA] not in said


def in_files(folder: Path, words: str) -> bool:
    return stands_in(b"".join(each.read_bytes() for each in folder.iterdir() if each.is_file()), words, KEY)


async def test_no_remnant_of_who_was_erased_is_in_the_file_its_log_or_its_free_pages(
    sqlite_store: Store,
) -> None:
    await two_people(sqlite_store)
    folder = sqlite_file(sqlite_store.engine.url).parent
    for words in (ADA, ADDRESS[ADA]):
        assert in_files(folder, words), "the search must find what is there"
    assert await erase(sqlite_store, SOURCE, ADDRESS[ADA])
    for words in (ADA, ADDRESS[ADA]):
        assert not in_files(folder, words)
    assert in_files(folder, BEN)
    assert {each.name for each in folder.iterdir()} <= {"onward.db", "onward.db-wal", "onward.db-shm"}


async def test_on_postgresql_a_full_vacuum_leaves_no_remnant_in_the_tables_files(
    postgres_store: Store,
) -> None:
    await two_people(postgres_store)
    folder = await files_of(postgres_store)
    assert in_files(folder, ADA)
    assert await erase(postgres_store, SOURCE, ADDRESS[ADA])
    async with postgres_store.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(text("VACUUM FULL"))
    assert in_files(await files_of(postgres_store), BEN)
    assert not in_files(folder, ADA)


async def files_of(store: Store) -> Path:
    """Return the folder of the database's tables, once all of them are on the disk."""
    async with store.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(text("CHECKPOINT"))
        data = (await alone.execute(text("SHOW data_directory"))).scalar_one()
        number = "SELECT oid FROM pg_database WHERE datname = current_database()"
        return Path(data) / "base" / str((await alone.execute(text(number))).scalar_one())


async def test_a_new_key_reaches_every_sealed_value_in_every_table(store: Store) -> None:
    await two_people(store)
    before, new = await rows(store), Fernet.generate_key().decode()
    store.cipher._take([new, KEY])
    done, lost = await seal_anew(store)
    assert lost == 0
    assert await rows(store) == before
    async with store.read() as connection:
        sealed = [
            (f"{table.name}.{name}", value.token)
            for table in TABLES
            for row in (await connection.execute(select(table))).mappings()
            for name, value in row.items()
            if isinstance(value, Envelope)
        ]
    assert [name for name, token in sealed if Cipher([new]).renewed(token) is not None] == []
    assert done == len(sealed) > len(TABLES)
