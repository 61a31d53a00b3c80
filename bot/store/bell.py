"""Several processes on one PostgreSQL: which of them asks for updates, and how one calls the others to the work.

On SQLite there is one process: it always is the one that asks, and has nobody to call.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NoReturn

import psycopg
import structlog
from sqlalchemy import BigInteger, bindparam, func, literal, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Store
from bot.store.errors import StoreError
from bot.store.prepared import Prepared

log = structlog.get_logger(__name__)

LOOK_AGAIN = timedelta(seconds=1)
_CHANNEL = "onward"
_CALL = Prepared(select(func.pg_notify(_CHANNEL, "")))
_TRY = select(func.pg_try_advisory_lock(bindparam("number", type_=BigInteger)))
_ALIVE = select(literal(1))


async def call_others(connection: AsyncConnection) -> None:
    """Tell every process, when this transaction commits, that something waits for its turn."""
    await _CALL.run(connection, {})


async def hear_calls(store: Store, ring: Callable[[], None]) -> NoReturn:
    """Ring whenever a process calls, until cancelled; a connection that breaks is made anew."""
    while True:
        with suppress(psycopg.Error, OSError):
            await _listen(store, ring)
        # Nothing is lost meanwhile: whoever hears no call looks by itself every two seconds.
        await asyncio.sleep(LOOK_AGAIN.total_seconds())


async def _listen(store: Store, ring: Callable[[], None]) -> None:
    address = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
        await connection.execute(f"LISTEN {_CHANNEL}".encode())
        ring()
        async for _ in connection.notifies():
            ring()


@dataclass(slots=True, kw_only=True)
class Turnstile:
    """Lets one of several processes ask for the updates of `source`; when it dies, the next one.

    The lock is the database's own and hangs on a connection, so a killed process holds it no longer than that.
    """

    store: Store
    source: str
    _connection: AsyncConnection | None = field(init=False, default=None)
    _ours: bool = field(init=False, default=False)

    async def wait(self) -> None:
        """Return when this process is the one.

        A database out of reach is waited for here, a second at a time: counted as failures of polling, the restarts
        of a long life standing by would add up to its longest pause.
        """
        if not self.store.shared:
            return
        told = ""
        while (reason := await self._why_not()) is not None:
            if reason != told:
                log.info("this process does not ask for updates", reason=reason)
            told = reason
            await asyncio.sleep(LOOK_AGAIN.total_seconds())

    async def _why_not(self) -> str | None:
        try:
            return None if await self._held() else "another one does; it stands by"
        except StoreError as fault:
            return str(fault)

    async def close(self) -> None:
        connection, self._connection, self._ours = self._connection, None, False
        if connection is not None:
            # Not back into the pool: the lock would go with it.
            await connection.invalidate()
            await connection.close()

    async def _held(self) -> bool:
        try:
            if self._connection is None:
                connection = await self.store.engine.connect()
                self._connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            if self._ours:
                await self._connection.execute(_ALIVE)
            else:
                number = int.from_bytes(hashlib.sha256(self.source.encode()).digest()[:8], signed=True)
                tried = await self._connection.execute(_TRY, {"number": number})
                self._ours = bool(tried.scalar_one())
        except (SQLAlchemyError, OSError) as fault:
            with suppress(SQLAlchemyError, OSError):
                await self.close()
            raise self.store.outage(fault) or fault from None
        return self._ours
