from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import URL, text

from bot.store.address import database_url, shown, sqlite_file
from bot.store.database import Store, open_store
from bot.store.errors import StoreError
from tests.conftest import KEY

OTHER = Fernet.generate_key().decode()


async def test_a_wrong_key_stops_the_start(any_url: URL) -> None:
    async with open_store(any_url, [KEY]):
        pass
    with pytest.raises(StoreError, match="keys don't fit"):
        async with open_store(any_url, [OTHER]):
            pass


async def test_a_new_key_before_the_old_one_opens(any_url: URL) -> None:
    async with open_store(any_url, [KEY]) as store:
        found = store.lookup.of("telegram:1", "100")
    async with open_store(any_url, [OTHER, KEY]) as store:
        assert store.lookup.of("telegram:1", "100") == found


@pytest.mark.parametrize("there", [False, True], ids=["no-file", "no-tables"])
async def test_a_database_without_tables_says_migrate(tmp_path: Path, *, there: bool) -> None:
    if there:
        (tmp_path / "new.db").touch()
    with pytest.raises(StoreError, match="onward migrate"):
        async with open_store(f"sqlite:///{tmp_path / 'new.db'}", [KEY]):
            pass


async def test_one_process_serves_one_file(sqlite_url: URL) -> None:
    async with open_store(sqlite_url, [KEY], exclusive=True):
        with pytest.raises(StoreError, match="Another process"):
            async with open_store(sqlite_url, [KEY], exclusive=True):
                pass
        async with open_store(sqlite_url, [KEY]):  # looking is allowed: export, stats
            pass
    async with open_store(sqlite_url, [KEY], exclusive=True):
        pass


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(b"just some notes, nothing else" * 100)
    with pytest.raises(StoreError, match=r"notes\.db is not a database"):
        async with open_store(f"sqlite:///{path}", [KEY]):
            pass


async def test_a_path_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="can't be opened"):
        async with open_store(f"sqlite:///{tmp_path}", [KEY]):
            pass


def test_a_password_behind_the_question_mark_is_not_shown_either() -> None:
    url = database_url("postgresql://onward@db/onward?password=s3cret&sslmode=require")
    assert "s3cret" not in shown(url)
    assert "sslmode=require" in shown(url)


async def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StoreError, match="reachable") as fault:
        async with open_store("postgresql://me:hunter2@127.0.0.1:1/onward?connect_timeout=2", [KEY]):
            pass
    assert "hunter2" not in str(fault.value)


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_a_url_that_is_of_no_use_says_what_to_write(url: str) -> None:
    with pytest.raises(StoreError, match="DATABASE_URL"):
        database_url(url)


async def test_a_locked_database_is_an_outage_not_a_bug(
    sqlite_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database._PRAGMAS", ("PRAGMA journal_mode=WAL", "PRAGMA busy_timeout=1"))
    async with open_store(sqlite_url, [KEY]) as store:
        with closing(sqlite3.connect(sqlite_file(sqlite_url), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            known = await _fault_of_writing(store)
            assert "is locked" in str(known)
            other.execute("ROLLBACK")
        assert await _fault_of_writing(store) is None


async def test_a_full_database_is_an_outage_not_a_bug(store: Store) -> None:
    if store.shared:
        return
    async with store.write() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count={pages}"))
        fault = None
        try:
            await connection.execute(
                text("INSERT INTO seen SELECT hex(randomblob(100000)), 1, '2026-01-01 00:00:00.000000'")
            )
        except Exception as caught:  # noqa: BLE001
            fault = caught
    assert fault is not None
    assert "disk is full" in str(store.outage(fault))


@pytest.mark.skipif(os.name != "posix", reason="permissions")
async def test_a_read_only_database_is_an_outage_not_a_bug(sqlite_url: URL) -> None:
    # SQLite's own switch: root may write whatever the file's mode says.
    async with open_store(sqlite_url, [KEY]) as store:
        async with store.read() as connection:
            await connection.exec_driver_sql("PRAGMA query_only=ON")
        known = await _fault_of_writing(store)
        async with store.read() as connection:
            await connection.exec_driver_sql("PRAGMA query_only=OFF")
    assert "can't be written to" in str(known)


async def test_a_commit_is_on_the_disk_and_what_is_purged_is_overwritten(sqlite_url: URL) -> None:
    async with open_store(sqlite_url, [KEY]) as store, store.read() as connection:
        found = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]
    assert found == ["wal", 2, 1, 1]


async def test_the_journal_is_empty_after_closing(sqlite_url: URL) -> None:
    async with open_store(sqlite_url, [KEY]) as store:
        await _fault_of_writing(store)
        assert _journal_bytes(sqlite_url) > 0
        await store.empty_journal()
        assert _journal_bytes(sqlite_url) == 0
    assert _journal_bytes(sqlite_url) == 0


def _journal_bytes(url: URL) -> int:
    journal = Path(f"{sqlite_file(url)}-wal")
    return journal.stat().st_size if journal.exists() else 0


async def _fault_of_writing(store: Store) -> StoreError | None:
    try:
        async with store.write() as connection:
            await connection.execute(
                text("INSERT INTO risk_counts VALUES ('2026-01-01', 'x', hex(randomblob(4)), 1)")
            )
    except Exception as fault:  # noqa: BLE001
        return store.outage(fault)
    return None
