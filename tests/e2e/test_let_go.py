"""After *let it go* nobody can read the words: not in the file, its log or its free pages, with the key in hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.pool import NullPool

from tests.botapi import BotApi
from tests.crash.forking import Forge
from tests.e2e.peek import Peek
from tests.e2e.process import KEY, environment, serving, until
from tests.store.remnants import stands_in

pytestmark = pytest.mark.slow
WORDS = (
    "Quixotely kept smiling at me for three weeks",
    "and the mail spelled Zaphodine wrong",
    "Vogsphereans all of them, I could scream " * 40,  # long enough to spread over several pages
)
TELLING = ("Quixotely", "Zaphodine", "Vogsphereans")


def files_of(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in folder.glob("onward.db*"))


def readable(raw: bytes) -> list[str]:
    return [word for word in TELLING if stands_in(raw, word, KEY)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> URL | None:
    """None: the SQLite file in the bot's folder."""
    return request.getfixturevalue("postgres_url") if request.param == "postgresql" else None


async def test_what_was_let_go_cannot_be_read_anywhere(
    tmp_path: Path, real_content: Path, forge: Forge, database: URL | None
) -> None:
    async with BotApi.running() as api:
        settings = environment(tmp_path, api.url, api.token, ONWARD_CONTENT_DIR=str(real_content))
        if database is not None:
            settings["DATABASE_URL"] = database.render_as_string(hide_password=False)
        peek = Peek.at(database if database is not None else tmp_path / "onward.db")
        person = api.person(501)
        async with serving(settings, tmp_path, api, starts=forge.start) as bot:

            async def done(act: object) -> None:
                await act  # type: ignore[misc]
                await until(lambda: not api.updates.pending and not peek.waiting(), bot)

            await done(person.write("they said no. final round Acme"))
            await done(person.tap("Say it"))
            for words in WORDS:
                await done(person.write(words))
            held = files_of(tmp_path) if database is None else on_disk(database)
            assert readable(held) == list(TELLING), "the search must find what is still there"
            await done(person.tap("Done"))
            await done(person.tap("Skip"))
            await done(person.tap("Let go"))
            mine = [each for each in person.chat.messages.values() if each.text in {*WORDS, WORDS[2].strip()}]
            assert [each.deleted for each in mine] == [True] * 3
            if database is None:
                # While it runs, and within seconds: not only once it has ended.
                await until(lambda: readable(files_of(tmp_path)) == [], bot, within=10)
            else:
                assert readable(in_rows(database)) == []
                assert readable(on_disk(database, full=True)) == []
        log = bot.said()
    assert not any(word in log for word in TELLING)
    if database is None:
        assert readable(files_of(tmp_path)) == []


def in_rows(database: URL) -> bytes:
    """Return every value of every row."""
    engine = create_engine(database, poolclass=NullPool)
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        rows = [
            value
            for (table,) in tables.all()
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
            for value in row
        ]
    return b"\0".join(
        bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode() for each in rows
    )


def on_disk(database: URL, *, full: bool = False) -> bytes:
    """Return the database's table files; `full`: after the rewriting that an operator can ask for."""
    engine = create_engine(database, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if full:
            connection.execute(text("VACUUM FULL"))
        connection.execute(text("CHECKPOINT"))
        data = connection.execute(text("SHOW data_directory")).scalar_one()
        number = connection.execute(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
    return b"\0".join(each.read_bytes() for each in (Path(data) / "base" / str(number)).iterdir())
