from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from bot.store.address import blocking, is_sqlite
from bot.store.errors import StoreError
from bot.store.migrate import _LOCK, config, migrate
from bot.store.tables import metadata


def test_the_migrations_make_the_tables_the_code_uses(any_url: URL) -> None:
    engine = create_engine(blocking(any_url), poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_every_migration_can_be_undone(any_url: URL) -> None:
    engine = create_engine(blocking(any_url), poolclass=NullPool)
    settings = config()
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")
    migrate(any_url)


def test_it_tells_what_it_does_and_is_quiet_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    url, lines = f"sqlite:///{tmp_path}/sub/onward.db", list[str]()
    migrate(url, lines.append)
    assert len(lines) == 2
    assert "from nothing to 0006" in lines[0]
    migrate(url, lines.append)
    assert len(lines) == 2


def test_two_at_once_wait_for_each_other(tmp_path: Path, postgres: str) -> None:
    server = make_url(postgres)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE twice")
    for url in (
        f"sqlite:///{tmp_path}/twice.db",
        server.set(database="twice").render_as_string(hide_password=False),
    ):
        lines: list[str] = []
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _, url=url, lines=lines: migrate(url, lines.append), range(4)))
        assert len(lines) == 2


def test_whoever_waits_for_another_program_is_told(any_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.migrate._SILENT_MS", 50)
    lines: list[str] = []
    with (
        ThreadPoolExecutor(1) as pool,
        create_engine(blocking(any_url), poolclass=NullPool).connect() as other,
    ):
        if is_sqlite(any_url):
            other.connection.driver_connection.isolation_level = None  # type: ignore[union-attr]
            other.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            other.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        waiting = pool.submit(migrate, any_url, lines.append)
        for _ in range(500):
            if lines:
                break
            sleep(0.01)
        assert not waiting.done()
        other.exec_driver_sql("ROLLBACK")
        waiting.result(timeout=30)
    assert len(lines) == 1
    assert "in use by another program" in lines[0]


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_a_new_database_and_its_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/new/onward.db")
    made = (tmp_path / "new", tmp_path / "new" / "onward.db")
    assert [path.stat().st_mode & 0o777 for path in made] == [0o700, 0o600]


def test_a_database_of_a_newer_version_is_left_alone(any_url: URL) -> None:
    engine = create_engine(blocking(any_url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer Onward"):
        migrate(any_url)
