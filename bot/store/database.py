"""The open database: one engine, its transactions, and the key check that stands before everything."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.store.address import database_url, is_sqlite, shown, sqlite_file
from bot.store.cipher import Cipher, Lookup
from bot.store.columns import give_cipher
from bot.store.errors import StoreError, Unopenable, explain, outage
from bot.store.lock import only_one
from bot.store.prepared import give_forms
from bot.store.prompt import PromptConnection, PromptDriver, connect
from bot.store.tables import conversations, known_value, personal_tables

CHECKPOINT_PATIENCE_MS = 20
_READ_ONLY = "onward_reads"
_NOT_SET_UP = "The database {} isn't set up: run `onward migrate` first."

# secure_delete: what is purged is overwritten, not only unlinked. FULL: a commit has reached the disk.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """`shared`: several processes may work on it at once (PostgreSQL)."""

    engine: AsyncEngine
    lookup: Lookup
    shared: bool
    where: str
    writing: asyncio.Lock
    cipher: Cipher

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give one transaction that commits at the end of the block, or rolls back when it raises."""
        # SQLite has one writer: waiting here is cheaper than waiting for its lock file.
        async with nullcontext() if self.shared else self.writing, self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as connection:
            await connection.execution_options(**{_READ_ONLY: True})
            yield connection

    def outage(self, fault: BaseException) -> StoreError | None:
        """Return `fault` as a StoreError when the database is out of reach, locked, read-only or full; else None."""
        return outage(fault, self.where)

    async def sweep(self) -> bool:
        """Make away with what deleting leaves behind, as far as the database lets us (docs/operating.md says how far).

        SQLite: `empty_journal`, whose result this returns. PostgreSQL: VACUUM, so that the space of deleted rows is
        written over soon, and given back where a table ends in it.
        """
        if not self.shared:
            return await self.empty_journal()
        async with self.engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in (conversations, *personal_tables()):
                await alone.execute(text(f"VACUUM {table.name}"))
        return True

    async def empty_journal(self) -> bool:
        """Move SQLite's write-ahead log into the file and cut it to nothing: what was purged must not stay in it.

        Return False when a reader is in the way: to be tried again.
        """
        if self.shared:
            return True
        async with self.writing, self.engine.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            assert isinstance(raw, PromptConnection)
            # Not the usual patience: all writers wait meanwhile.
            (row,) = await raw.fetch_from_disk(
                "PRAGMA wal_checkpoint(TRUNCATE)", patience_ms=CHECKPOINT_PATIENCE_MS
            )
            return not row[0]


@asynccontextmanager
async def open_store(
    url: str | URL,
    keys: Sequence[str],
    *,
    exclusive: bool = False,
    read_again: Callable[[], Sequence[str]] | None = None,
) -> AsyncIterator[Store]:
    """Open a migrated database. `exclusive`: no other `exclusive` process may have the same SQLite file open.

    `read_again` gives the keys as they stand now, for a key that is changed while this runs.
    Raises StoreError for a wrong key, a database that isn't there or isn't migrated, or a second process.
    """
    target = database_url(url) if isinstance(url, str) else url
    async with AsyncExitStack() as stack:
        if is_sqlite(target):
            _look_at(sqlite_file(target))
        if exclusive and is_sqlite(target):
            stack.enter_context(only_one(sqlite_file(target)))
        cipher = Cipher(keys, read_again)
        engine = make_engine(target, cipher)
        stack.push_async_callback(engine.dispose)
        store = Store(
            engine=engine,
            lookup=await _known(engine, shown(target)),
            shared=not is_sqlite(target),
            where=shown(target),
            writing=asyncio.Lock(),
            cipher=cipher,
        )
        try:
            yield store
        finally:
            await _close(store)


def make_engine(url: URL, cipher: Cipher) -> AsyncEngine:
    own: dict[str, Any] = {}
    if is_sqlite(url):
        own = {"module": PromptDriver(), "async_creator": partial(connect, sqlite_file(url))}
    engine = create_async_engine(url, hide_parameters=True, pool_size=5, max_overflow=5, **own)
    give_cipher(engine.sync_engine.dialect, cipher)
    give_forms(engine.sync_engine.dialect)
    if is_sqlite(url):
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def insert(dialect: str) -> type[sqlite.Insert | postgresql.Insert]:
    """Return the dialect's own INSERT, which knows ON CONFLICT; the two read the same."""
    return sqlite.Insert if dialect == "sqlite" else postgresql.Insert


def _set_up_sqlite(connection: object, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: a transaction that reads and then writes would fail, not wait, when another wrote in between.
    reads = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _look_at(path: Path) -> None:
    """Raise StoreError when there is no usable SQLite file: aiosqlite's thread dies loudly when it can't connect."""
    if not path.exists():
        raise StoreError(_NOT_SET_UP.format(path))
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.DatabaseError as fault:
        raise StoreError(explain(str(fault), str(path))) from None


async def _known(engine: AsyncEngine, where: str) -> Lookup:
    try:
        async with engine.begin() as connection:
            found = (await connection.execute(select(known_value.c.value))).scalar()
            if found is None:
                secret = secrets.token_bytes(32)
                await connection.execute(known_value.insert().values(id=1, value=secret))
                return Lookup(secret)
        return Lookup(found.open())
    except Unopenable:
        message = (
            f"The encryption keys don't fit the database {where}: give the key it was made with as well."
            " If that key is gone, nothing in it can be read: put it away, and begin with an empty one."
        )
        raise StoreError(message) from None
    except IntegrityError:  # another process made it a moment ago
        return await _known(engine, where)
    except (SQLAlchemyError, OSError) as fault:
        known = outage(fault, where)
        hint = StoreError(_NOT_SET_UP.format(where))
        raise (hint if known is None or "no such table" in str(fault) else known) from None


async def _close(store: Store) -> None:
    try:
        await store.empty_journal()
    except (SQLAlchemyError, sqlite3.Error, OSError) as fault:
        # Closing must not hide why it closes; the next start empties it.
        if store.outage(fault) is None:
            raise
