"""Keys are changed while the bot serves a crowd: nothing is lost, and nothing stays under the old key."""

from __future__ import annotations

import asyncio
import os
import random
import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import URL, create_engine, text
from sqlalchemy.pool import NullPool

from bot.store.cipher import Cipher
from bot.store.errors import Unopenable
from bot.store.tables import metadata
from tests.botapi import BotApi
from tests.crash.forking import Forge
from tests.e2e.process import KEY, Bot, environment, serving, until

pytestmark = pytest.mark.slow
PEOPLE, UPDATES = 8, 25


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        url: URL = request.getfixturevalue("postgres_url")
        return url.render_as_string(hide_password=False)
    return f"sqlite:///{tmp_path / 'onward.db'}"


def unanswered(api: BotApi, upto: int) -> int:
    said = {
        (chat.id, posted.text)
        for chat in api.methods.chats.values()
        for posted in chat.messages.values()
        if posted.by_bot
    }
    wanted = {(chat, f"update {n}, {n} before it") for chat in range(1, PEOPLE + 1) for n in range(upto)}
    return len(wanted - said)


async def write_all(api: BotApi, numbers: range, pause: float) -> None:
    dice = random.Random(4)
    for number in numbers:
        for chat in range(1, PEOPLE + 1):
            await api.person(chat).write(f"update {number}")
        await asyncio.sleep(dice.uniform(0, pause))


async def test_a_key_is_changed_under_load_and_nothing_is_lost_or_unreadable(
    tmp_path: Path, echo_content: Path, forge: Forge, database: str
) -> None:
    keys = tmp_path / "keys"
    keys.write_text(KEY + "\n")
    keys.chmod(0o600)
    async with BotApi.running() as api:
        settings = environment(
            tmp_path,
            api.url,
            api.token,
            ONWARD_CONTENT_DIR=str(echo_content),
            ONWARD_ENCRYPTION_KEYS="",
            ONWARD_ENCRYPTION_KEYS_FILE=str(keys),
            DATABASE_URL=database,
        )
        async with serving(settings, tmp_path, api, starts=forge.start) as bot:
            for chat in range(1, PEOPLE + 1):
                await api.person(chat).write("/start")
            feeding = asyncio.create_task(write_all(api, range(UPDATES), 0.3))
            await until(lambda: unanswered(api, UPDATES) < PEOPLE * (UPDATES - 3), bot)
            code, said = await forge.onward(settings, tmp_path, "rotate-keys", "--new")
            assert (code, "sealed anew" in said) == (0, True), said
            await feeding
            await answered(api, bot, UPDATES)
            # It has read what was sealed with the new key, so it has the new key: no need to wait for that.
            an_hour_ago = time.time() - 3600
            os.utime(keys, (an_hour_ago, an_hour_ago))
            feeding = asyncio.create_task(write_all(api, range(UPDATES, UPDATES + 5), 0.2))
            code, said = await forge.onward(settings, tmp_path, "rotate-keys", "--drop")
            assert (code, "1 older keys dropped" in said) == (0, True), said
            await feeding
            await answered(api, bot, UPDATES + 5)
        (newest,) = keys.read_text().split()
        assert newest != KEY
        assert sealed_otherwise(database, newest) == []
        async with serving(settings, tmp_path, api, starts=forge.start) as bot:
            await write_all(api, range(UPDATES + 5, UPDATES + 7), 0)
            await answered(api, bot, UPDATES + 7)
        assert "Traceback" not in bot.said()
        assert "parked" not in bot.said()


async def answered(api: BotApi, bot: Bot, upto: int) -> None:
    await until(lambda: unanswered(api, upto) == 0, bot, within=60)


def sealed_otherwise(database: str, key: str) -> list[str]:
    """Return the columns in which some value doesn't open with `key`."""
    cipher, found = Cipher([key]), set()
    url = database.replace("postgresql://", "postgresql+psycopg://")
    with create_engine(url, poolclass=NullPool).connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(text(f"SELECT * FROM {table.name}")).mappings():
                for name, value in row.items():
                    if isinstance(value, bytes | memoryview) and bytes(value).startswith(b"gAAAA"):
                        try:
                            cipher.open(bytes(value))
                        except Unopenable:
                            found.add(f"{table.name}.{name}")
    return sorted(found)


def test_the_look_for_other_keys_finds_them(tmp_path: Path, sqlite_url: URL) -> None:
    engine = create_engine(sqlite_url.set(drivername="sqlite"), poolclass=NullPool)
    with engine.begin() as connection:
        token = Fernet(KEY).encrypt(b"x")
        connection.execute(text("INSERT INTO known_value VALUES (1, :v)"), {"v": token})
    url = str(sqlite_url.set(drivername="sqlite"))
    assert sealed_otherwise(url, KEY) == []
    assert sealed_otherwise(url, Fernet.generate_key().decode()) == ["known_value.value"]
