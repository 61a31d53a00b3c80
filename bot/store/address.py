"""Database URLs: what people write, and the driver each use needs."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.store.errors import StoreError


def database_url(text: str) -> URL:
    """Return `text` for the async drivers: SQLite by aiosqlite, PostgreSQL by psycopg 3. Raises StoreError."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise StoreError(
            "DATABASE_URL can't be read: write sqlite:///data/onward.db or postgresql://…"
        ) from None
    kind = url.drivername.partition("+")[0]
    match kind:
        case "sqlite":
            if not url.database or url.database == ":memory:":
                raise StoreError("DATABASE_URL names no file: write sqlite:///data/onward.db")
            return url.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres":
            return url.set(drivername="postgresql+psycopg")
        case _:
            message = f"DATABASE_URL names {kind!r}: only sqlite and postgresql are supported."
            raise StoreError(message)


def blocking(url: URL) -> URL:
    """Return the same database for code that doesn't await: migrations."""
    return url.set(drivername="sqlite+pysqlite") if is_sqlite(url) else url


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def sqlite_file(url: URL) -> Path:
    assert url.database is not None
    return Path(url.database)


def shown(url: URL) -> str:
    """Return the URL as it may be shown: without its password, which may stand behind a ? as well."""
    if is_sqlite(url):
        return str(sqlite_file(url))
    return url.difference_update_query(["password", "sslpassword"]).render_as_string(hide_password=True)
