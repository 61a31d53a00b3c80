"""SQLite for asyncio without a hop for every statement: only what waits for the disk or a lock leaves the event loop.

The driver hands every call to a thread of its own and back, and SQLAlchemy awaits each of five calls a statement; both
took most of a turn's time. A statement here takes microseconds, a commit milliseconds.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_

PATIENCE_MS = 5_000  # for another process that is writing: an operator's command


async def connect(path: Path) -> aiosqlite.Connection:
    """Open a file that exists."""
    connection = PromptConnection(partial(_open, path), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does with the driver's own
    return await connection


class PromptConnection(aiosqlite.Connection):
    """The driver's connection, whose statements run where they are asked for."""

    _committed = 0  # of sqlite3's total_changes

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.run(partial(fn, *args, **kwargs))

    async def run(self, call: Callable[[], Any]) -> Any:
        """Run a statement: here, unless another process holds the lock; then aside."""
        if self._connection is None or not self._running:
            raise ValueError("Connection closed")
        try:
            return call()
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        return await self._aside(self._patiently, call)

    def cursor_at_once(self) -> sqlite3.Cursor:
        return self._conn.cursor()

    async def commit(self) -> None:
        if self._conn.total_changes == self._committed:  # nothing to wait for
            self._conn.commit()
            return
        self._committed = self._conn.total_changes
        await self._aside(self._conn.commit)

    async def fetch_from_disk(self, sql: str, *, patience_ms: int) -> Iterable[Any]:
        """Run a statement that waits for the disk, and at most so long for other connections."""
        rows: Iterable[Any] = await self._aside(
            self._patiently, partial(self._execute_fetchall, sql, ()), patience_ms
        )
        return rows

    async def _aside(self, fn: Callable[..., Any], *args: Any) -> Any:
        return await super()._execute(fn, *args)  # type: ignore[no-untyped-call]

    def _patiently(self, call: Callable[[], Any], patience_ms: int = PATIENCE_MS) -> Any:
        self._conn.execute(f"PRAGMA busy_timeout={patience_ms}")
        try:
            return call()
        finally:
            self._conn.execute("PRAGMA busy_timeout=0")


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """SQLAlchemy's cursor, on sqlite3's own: one call is awaited for a statement, as SQLAlchemy demands, not five."""

    __slots__ = ()
    _awaitable_cursor_close = False

    _connection: PromptConnection  # type: ignore[assignment]

    def _make_new_cursor(self, connection: PromptConnection) -> Any:  # type: ignore[override]
        return connection.cursor_at_once()

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._connection.run(partial(self._cursor.execute, operation, parameters or ()))
        if self._cursor.description:
            self._rows = deque(await self._connection.run(self._cursor.fetchall))

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        await self._connection.run(partial(self._cursor.executemany, operation, seq_of_parameters))


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _Cursor


class PromptDriver(AsyncAdapt_aiosqlite_dbapi):
    """What SQLAlchemy takes for the driver. Its `connect` is given how to open: `connect` above."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, async_creator_fn: Callable[..., Awaitable[Any]], **kw: Any) -> _Connection:
        return _Connection(self, await_(async_creator_fn(*arg, **kw)))


def _open(path: Path) -> sqlite3.Connection:
    # One thread at a time uses it: the event loop's, or for as long as that waits, the connection's own.
    return sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)
