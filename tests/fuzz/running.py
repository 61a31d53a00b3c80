"""The whole bot in this process, fed with made-up updates by polling and by webhook; only the network is left out."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
from sqlalchemy import func, select

from bot.app import mind_of
from bot.channels.telegram.errors import refusal
from bot.channels.telegram.instant import InstantSigns
from bot.channels.telegram.parse import parse
from bot.channels.telegram.poll import poll
from bot.channels.telegram.send import TelegramSender
from bot.channels.telegram.webhook import _take
from bot.dialogue.effects import Edit, EraseEverything, Say
from bot.dialogue.events import Commanded, Event, Flooded, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.heard import Heard
from bot.dialogue.session import Session, Turn
from bot.script.load import Content
from bot.service.decide import Mind
from bot.service.pace import Limits
from bot.service.parking import last_words
from bot.service.pipeline import Pipeline, make_pipeline
from bot.store.database import open_store
from bot.store.migrate import migrate
from bot.store.tables import parked
from tests.botapi.checks import Arguments, Refusal
from tests.botapi.methods import Methods
from tests.conftest import KEY
from tests.fuzz.generating import Generator

BATCH = 100
PEOPLE = 250
A_GENERATION = 20_000  # updates after which others come: a person has so much on record, not ever more
KEPT_MESSAGES = 6
_MEMORY, _ROOM_BYTES = Path("/dev/shm"), 4 * 2**30


class NotAnUpdateError(Exception):
    """What the parser refuses, told apart from any other ValueError."""


@dataclass(slots=True, kw_only=True)
class Found:
    """`silent`: texts without an answer where the step doesn't listen. `parked` by reason; `refused`: calls the API
    would not take. `memory`: megabytes, after each tenth."""

    updates: int = 0
    texts: int = 0
    answered: int = 0
    limited: int = 0
    listened: int = 0
    silent: list[str] = field(default_factory=list)
    parked: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    memory: list[float] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """What is not as promised, a line each."""
        expected = ("NotAnUpdateError", "no address")
        faults = [f"{n} updates failed by {why}" for why, n in self.parked.items() if why not in expected]
        faults += [f"a text got no answer at {each}" for each in self.silent[:20]]
        faults += [
            f"{n} calls were refused: {why}" for why, n in self.refused.items() if "chat not found" not in why
        ]
        # The first tenth warms up.
        if len(self.memory) > 2 and max(self.memory) > 1.2 * self.memory[1]:
            faults.append(f"memory grew: {self.memory}")
        return faults

    def __str__(self) -> str:
        return (
            f"{self.updates:,} updates, {self.texts:,} texts and commands: {self.answered:,} answered,"
            f" {self.listened:,} listened to, {len(self.silent)} silent; {self.limited:,} floods met;"
            f" parked {dict(self.parked)}; {max(self.memory, default=0):.0f} MB"
        )


@dataclass(slots=True)
class Clock:
    at: datetime = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    async def sleep(self, until: datetime) -> None:
        await asyncio.Event().wait()


class Platform:
    """The API without a network: gives updates to whoever asks, and checks every call as the loopback one does."""

    source = "telegram:1"

    def __init__(self, found: Found, between: Callable[[], Any]) -> None:
        self.methods = Methods({"id": 1, "is_bot": True, "first_name": "B", "username": "b"}, lambda: 1.79e9)
        self.bot = SimpleNamespace(send_document=self._file, send_photo=self._file)
        self._found, self._between = found, between

    async def call(self, method: str, parameters: dict[str, Any], *, read_timeout: Any = None) -> Any:
        if method == "getUpdates":
            return await self._between()
        if method == "deleteWebhook":
            return True
        given = json.loads(json.dumps(parameters))
        name = "".join(f"_{each.lower()}" if each.isupper() else each for each in method)
        try:
            return getattr(self.methods, name)(Arguments(given))
        except Refusal as no:
            if not method.startswith(("delete", "edit", "answer")):
                self._found.refused[f"{method}: {no.description}"] += 1
            answer = {"ok": False, "error_code": no.code, "description": no.description}
            raise refusal(no.code, json.dumps(answer).encode()) from None

    async def _file(self, chat: int, *_: Any, **__: Any) -> Any:
        return SimpleNamespace(
            message_id=self.methods.chat(chat).post(by_bot=True, date=0, versions=["f"]).id
        )


async def fuzz(
    content: Content,
    *,
    updates: int,
    seed: int,
    seconds: float | None = None,
    told: Callable[[Found], None] = lambda _: None,
) -> Found:
    """Feed so many updates, or as many as fit into `seconds`. Raises whatever ends polling."""
    found = Found()
    with tempfile.TemporaryDirectory(prefix="onward-fuzz-", dir=_in_memory()) as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'onward.db'}"
        migrate(url)
        async with open_store(url, [KEY]) as store:
            run = _Run(content, store, found, updates, seed, told)
            run.ends_at = None if seconds is None else time.monotonic() + seconds
            await run.play()
            async with store.read() as connection:
                counted = select(parked.c.reason, func.count().label("n")).group_by(parked.c.reason)
                found.parked = Counter({row.reason: row.n for row in await connection.execute(counted)})
    return found


def _in_memory() -> str | None:
    """A folder that waits for no disk, where there is one with room: durability is not what is tried here."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
    return str(_MEMORY) if roomy else None


class _Run:
    def __init__(  # noqa: PLR0917 - wired in one place
        self,
        content: Content,
        store: Any,
        found: Found,
        updates: int,
        seed: int,
        told: Callable[[Found], None],
    ) -> None:
        self._found, self._wanted, self._told = found, updates, told
        self.ends_at: float | None = None
        self._clock, self._dice = Clock(), random.Random(seed)
        self._made = Generator(self._dice, [])
        self._script = content.script
        self._platform = Platform(found, self._between)
        source = self._platform.source
        sender = TelegramSender(self._platform)  # type: ignore[arg-type]
        self._pipeline: Pipeline = make_pipeline(
            store=store, clock=self._clock, mind=self._watched(mind_of(lambda: content, source, _strict)),
            last_words=last_words(content.script, self._clock.now()), senders={source: sender},
            limits=Limits(overall=0, per_chat=0),
        )  # fmt: skip
        self._signs = InstantSigns(self._platform)  # type: ignore[arg-type]

    async def play(self) -> None:
        try:
            await poll(self._platform, self._pipeline.receive, notice=self._signs.notice, sleep=_no_pause)  # type: ignore[arg-type]
        except _EnoughError:
            await self._signs.close()

    async def _between(self) -> list[Any]:
        """Handle what the last question brought, then give the next batch: half of it by polling, half by webhook."""
        await self._handle()
        late = self.ends_at is not None and time.monotonic() > self.ends_at
        if self._found.updates >= self._wanted or late:
            raise _EnoughError
        first = self._found.updates
        generation = first // A_GENERATION
        self._made.people = [generation * 10_000 + 1 + number for number in range(PEOPLE)]
        for person in self._made.people:
            self._platform.methods.chat(person)
        batch = [self._made.update(1 + first + number) for number in range(BATCH)]
        self._found.updates += len(batch)
        # Webhooks come side by side and share a commit; begun in their order, they are taken in it.
        answers = await asyncio.gather(*(self._post(each) for each in batch[::2]))
        assert {each.status for each in answers} == {200}, answers
        return batch[1::2]

    async def _post(self, update: Any) -> Any:
        body = json.dumps(update).encode()
        return await _take(self._platform.source, body, self._pipeline.receive, self._signs.notice)

    async def _handle(self) -> None:
        await self._pipeline.drain()
        self._clock.at += timedelta(minutes=self._dice.randrange(1, 30))
        chats = self._platform.methods.chats
        for number, chat in chats.items():
            self._made.buttons[number] = [
                (button["callback_data"], posted.id)
                for posted in chat.messages.values()
                for button in posted.buttons
                if "callback_data" in button
            ][-12:]
            for old in list(chat.messages)[:-KEPT_MESSAGES]:
                del chat.messages[old]
        if self._found.updates % A_GENERATION == 0:
            chats.clear()
            self._made.buttons.clear()
        if self._found.updates * 10 // self._wanted > len(self._found.memory):
            self._found.memory.append(psutil.Process().memory_info().rss / 1e6)
            self._told(self._found)

    def _watched(self, mind: Mind) -> Mind:
        def advance(session: Session, event: Event, facts: Facts) -> Turn:
            turn = mind.advance(session, event, facts)
            if isinstance(event, Wrote | Commanded) and not turn.looks_up:
                self._look_at(event, turn)
            self._found.limited += isinstance(event, Flooded)
            return turn

        return Mind(
            parsers=mind.parsers, read=mind.read, advance=advance, locales=mind.locales, new_id=mind.new_id
        )

    def _look_at(self, event: Wrote | Commanded, turn: Turn) -> None:
        self._found.texts += 1
        if any(isinstance(effect, Say | Edit | EraseEverything) for effect in turn.effects):
            self._found.answered += 1
            return
        place = turn.session.stack[-1].place if turn.session.stack else ""
        step = self._script.steps.get(place)
        if step is not None and step.ask is not None and step.ask.listens:
            self._found.listened += 1
        else:
            self._found.silent.append(f"{place}: {event!r:.200}")


class _EnoughError(BaseException):
    """Everything is fed: a poll that ends."""


def _strict(payload: bytes) -> Heard | None:
    try:
        return parse(payload, username="b")
    except ValueError as error:
        raise NotAnUpdateError from error


async def _no_pause(_: float) -> None:
    raise AssertionError("polling rests: a batch was not taken")
