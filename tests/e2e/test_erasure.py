"""Erased in the middle of things: nothing is sent afterwards but the one line, and at most the request under way."""

from __future__ import annotations

import asyncio
import json
import stat
import time
from collections.abc import Awaitable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.effects import ScheduleCheckIn
from bot.dialogue.missed import Kind
from bot.dialogue.schedule import Once
from bot.store import check_ins, kept
from bot.store.database import open_store
from tests.botapi import BotApi, Person
from tests.crash.forking import Forge
from tests.e2e.peek import Peek
from tests.e2e.process import KEY, ROOT, Bot, environment, free_port, serving, until, webhook

pytestmark = pytest.mark.slow
ADA, BEN = 601, 602
LINE = "Everything I had of you is deleted"
_SAYS = {
    "sendMessage",
    "editMessageText",
    "sendDocument",
    "sendPhoto",
    "editMessageReplyMarkup",
    "sendChatAction",
}


def record(api: BotApi) -> list[tuple[int, object, str]]:
    """Return what will hold every update the bot is handed, to hand it over again."""
    handed: list[tuple[int, object, str]] = []
    queue = api.updates._queue

    def recording(number: int, chat: object, text: str) -> None:
        handed.append((number, chat, text))
        queue(number, chat, text)

    api.updates._queue = recording  # type: ignore[method-assign]
    return handed


def said_to(api: BotApi, chat: int, since: float) -> list[str]:
    """Return what was said to a chat after a moment (monotonic seconds)."""
    return [
        call.arguments.get("text", call.method)
        for call in api.calls()
        if call.at > since and call.method in _SAYS and call.arguments.get("chat_id") == chat
    ]


def rows_of_people(folder: Path) -> int:
    with closing(connect(f"file:{folder / 'onward.db'}?mode=ro", uri=True)) as database:
        tables = (
            "conversations",
            "inbox",
            "outbox",
            "check_ins",
            "sent",
            "parked",
            "rejections",
            "people",
            "wins",
        )
        return sum(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)


class Talk:
    """Does one thing after the other, each once the one before is answered."""

    def __init__(self, api: BotApi, peek: Peek, bot: Bot) -> None:
        self.api, self.peek, self.bot = api, peek, bot

    async def do(self, *acts: Awaitable[Any]) -> None:
        for act in acts:
            await act
            await self.settled()

    async def settled(self) -> None:
        await until(lambda: not self.api.updates.pending and not self.peek.waiting(), self.bot)


async def in_a_vent(talk: Talk, person: Person) -> None:
    await talk.do(person.write("they said no. final round Acme"))
    await talk.do(person.tap("Say it"))
    await talk.do(person.write("three weeks for nothing"))


async def test_in_the_middle_of_a_flow_and_with_every_update_delivered_again(
    tmp_path: Path, real_content: Path, forge: Forge
) -> None:
    async with BotApi.running() as api:
        handed = record(api)
        settings = environment(
            tmp_path, api.url, api.token, ONWARD_CONTENT_DIR=str(real_content), **webhook(free_port())
        )
        async with serving(settings, tmp_path, api, starts=forge.start) as bot:
            talk, person = Talk(api, Peek.at(tmp_path / "onward.db"), bot), api.person(ADA)
            await until(lambda: bool(api.updates.webhook), bot)
            await in_a_vent(talk, person)
            await talk.do(person.write("/delete"))
            asked_at = time.monotonic()
            await talk.do(person.tap("Delete everything"))
            said = [text for text in said_to(api, ADA, asked_at) if text != "sendChatAction"]
            assert [LINE in text for text in said] == [True], said
            ours = [each for each in person.chat.messages.values() if each.by_bot]
            assert [LINE in each.text for each in ours if not each.deleted] == [True]
            assert rows_of_people(tmp_path) == 0
            again_at = time.monotonic()
            for number, chat, text in list(handed):
                api.updates.push_raw(text, number=number, chat=chat)
            await until(lambda: not api.updates.pending, bot)
            await talk.settled()
            await asyncio.sleep(1)
            assert [text for text in said_to(api, ADA, again_at) if text != "sendChatAction"] == []
            assert rows_of_people(tmp_path) == 0


async def test_by_the_operator_while_messages_are_being_sent(
    tmp_path: Path, real_content: Path, forge: Forge
) -> None:
    async with BotApi.running() as api:
        settings = environment(
            tmp_path,
            api.url,
            api.token,
            ONWARD_CONTENT_DIR=str(real_content),
            ONWARD_SENDS_PER_CHAT_PER_SECOND="0.7",
        )
        async with serving(settings, tmp_path, api, starts=forge.start) as bot:
            person = api.person(ADA)
            for _ in range(12):
                await person.write("/help")
            await until(lambda: len(api.calls("sendMessage")) >= 3, bot)
            code, out = await forge.onward(
                settings, tmp_path, "person", "erase", "telegram", str(ADA), "--yes"
            )
            erased_at = time.monotonic()
            assert (code, "Erased" in out) == (0, True), out
            assert len(api.calls("sendMessage")) < 20, (
                "all was sent before it was erased: nothing is shown by this"
            )
            await asyncio.sleep(4)
            assert len(said_to(api, ADA, erased_at)) <= 1
            assert rows_of_people(tmp_path) == 0
            code, out = await forge.onward(
                settings, tmp_path, "person", "erase", "telegram", str(ADA), "--yes"
            )
            assert (code, "Nobody is known" in out) == (1, True), out


async def test_with_a_check_in_due(tmp_path: Path, real_content: Path, forge: Forge) -> None:
    async with BotApi.running() as api:
        settings = environment(tmp_path, api.url, api.token, ONWARD_CONTENT_DIR=str(real_content))
        async with serving(settings, tmp_path, api, starts=forge.start) as bot:
            talk = Talk(api, Peek.at(tmp_path / "onward.db"), bot)
            for chat in (ADA, BEN):
                await talk.do(api.person(chat).write("/start"))
        await promise(tmp_path, api, datetime.now(UTC) + timedelta(days=1))
        async with serving(settings, tmp_path, api, starts=forge.start) as bot:
            talk = Talk(api, Peek.at(tmp_path / "onward.db"), bot)
            before = time.monotonic()
            await talk.do(api.person(ADA).write("/delete"))
            await talk.do(api.person(ADA).tap("Delete everything"))
            await until(lambda: any(LINE in text for text in said_to(api, ADA, before)), bot)
        erased = time.monotonic()
        assert come_due(tmp_path) == 1, "hers is gone, his is still promised"
        async with serving(settings, tmp_path, api, starts=forge.start) as bot:
            await until(lambda: any("Zaphod" in text for text in said_to(api, BEN, before)), bot)
        assert [text for text in said_to(api, ADA, erased) if text != "sendChatAction"] == []


def come_due(folder: Path) -> int:
    """Let the moment of whatever is promised have come, without waiting for it; return how many that is."""
    with closing(connect(folder / "onward.db")) as database, database:
        now = datetime.now(UTC).replace(tzinfo=None)
        return database.execute("UPDATE check_ins SET due = ?", (now.isoformat(" "),)).rowcount


async def promise(folder: Path, api: BotApi, due: datetime) -> None:
    """Promise both the same reminder for the same moment."""
    source = f"telegram:{api.token.partition(':')[0]}"
    each = CheckIn(
        key="reminder.1",
        kind=Kind.REMINDER,
        rule=Once(on=due.date(), at=due.time()),
        zone="UTC",
        day=due.date(),
        due=due,
        named=True,
        words="call Zaphod",
    )
    async with open_store(f"sqlite:///{folder / 'onward.db'}", [KEY]) as store, store.write() as connection:
        for chat in (ADA, BEN):
            found = await kept.find(connection, store.lookup, source, str(chat))
            assert found is not None
            await check_ins.keep(connection, [(found, ScheduleCheckIn(check_in=each))])


async def test_the_operators_commands_say_what_they_do_and_what_is_wrong(
    tmp_path: Path, real_content: Path, forge: Forge
) -> None:
    async with BotApi.running() as api:
        settings = environment(tmp_path, api.url, api.token, ONWARD_CONTENT_DIR=str(real_content))
        async with serving(settings, tmp_path, api, starts=forge.start) as bot:
            await in_a_vent(Talk(api, Peek.at(tmp_path / "onward.db"), bot), api.person(ADA))
            told = "three weeks for nothing"
            file = tmp_path / "out.json"
            code, out = await forge.onward(
                settings, tmp_path, "person", "export", "telegram", str(ADA), "-o", str(file)
            )
            assert (code, told in out) == (0, False)
            made = json.loads(file.read_text())
            Draft202012Validator(json.loads((ROOT / "docs" / "export.schema.json").read_text())).validate(
                made
            )
            assert told in file.read_text()
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            code, out = await forge.onward(
                settings, tmp_path, "person", "export", "telegram", str(ADA), "-o", str(file)
            )
            assert (code, "exists already" in out, told in out) == (2, True, False)
            code, out = await forge.onward(
                settings, tmp_path, "person", "export", "telegram", str(ADA), "--page"
            )
            assert (code, told in out, "<!doctype html>" in out) == (0, True, True)
            code, out = await forge.onward(settings, tmp_path, "person", "export", "telegram", "999")
            assert (code, "Nobody is known at telegram 999" in out) == (1, True)
            code, out = await forge.onward(settings, tmp_path, "person", "erase", "telegram", str(ADA))
            assert (code, "say --yes" in out) == (2, True)
            code, out = await forge.onward(settings, tmp_path, "stats", "--json")
            assert (code, json.loads(out)["people"]["in_all"]) == (0, None)
            code, out = await forge.onward(settings, tmp_path, "stats")
            assert (code, "under 5" in out) == (0, True)
            code, out = await forge.onward(settings, tmp_path, "rotate-keys", "--new")
            assert (code, "ONWARD_ENCRYPTION_KEYS" in out) == (3, True)
        assert told not in bot.said()
