"""Bring a database up to the newest tables, one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot.store.address import blocking, database_url, is_sqlite, shown, sqlite_file
from bot.store.errors import StoreError, outage

SCRIPTS = Path(__file__).parents[2] / "migrations"
_LOCK = 0x0A4A_12D5  # any number; every Onward that migrates this database takes the same
_SILENT_MS, _PATIENCE_MS = 2_000, 60_000
_WAITING = "The database {} is in use by another program: waiting for it"


def migrate(url: str | URL, progress: Callable[[str], None] = lambda _line: None) -> bool:
    """Run the migrations that are missing, in one transaction; blocks, so call it from a thread or before the loop.

    Returns whether there were any. `progress` gets one line a step.
    Waits for another process that is migrating. Raises StoreError.
    """
    target = database_url(url) if isinstance(url, str) else url
    engine = _engine(target, progress)
    try:
        with engine.begin() as connection:
            _wait_for_others(connection, shown(target), progress)
            return _upgrade(connection, shown(target), progress)
    except (SQLAlchemyError, OSError) as fault:
        known = outage(fault, shown(target))
        if known is None:
            raise
        raise known from None
    finally:
        engine.dispose()


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS))
    return made


def _engine(url: URL, progress: Callable[[str], None]) -> Engine:
    if not is_sqlite(url):
        return create_engine(blocking(url), poolclass=NullPool, hide_parameters=True)
    path = sqlite_file(url)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        path.touch(mode=0o600)
    engine = create_engine(
        blocking(url), poolclass=NullPool, hide_parameters=True, connect_args={"timeout": _SILENT_MS / 1000}
    )

    # Python's driver would commit around CREATE TABLE; with these, a migration is all or nothing, and the first to
    # begin makes the others wait.
    @event.listens_for(engine, "connect")
    def _manual(connection: object, _entry: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as fault:
            if "locked" not in str(fault.orig):
                raise
            progress(f"{_WAITING.format(path)}, at most a minute")
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_PATIENCE_MS}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _wait_for_others(connection: Connection, where: str, progress: Callable[[str], None]) -> None:
    if connection.dialect.name != "postgresql":
        return
    number = {"number": _LOCK}
    told_at = monotonic() + _SILENT_MS / 1000
    while not connection.execute(text("SELECT pg_try_advisory_xact_lock(:number)"), number).scalar():
        if monotonic() < told_at:
            sleep(0.1)
            continue
        progress(_WAITING.format(where))
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), number)
        return


def _upgrade(connection: Connection, where: str, progress: Callable[[str], None]) -> bool:
    settings = config()
    script = ScriptDirectory.from_config(settings)
    heads, at = script.get_current_head(), MigrationContext.configure(connection).get_current_revision()
    if at == heads:
        return False
    if at is not None and at not in {each.revision for each in script.walk_revisions()}:
        raise StoreError(
            f"The database {where} was made by a newer Onward (revision {at}): install that version."
        )
    progress(f"Migrating {where} from {at or 'nothing'} to {heads}")
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
    progress(f"Migrated {where}")
    return True
