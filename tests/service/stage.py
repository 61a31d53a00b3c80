"""A small stage for the service tests: a clock that is moved, a script of three lines, a channel that remembers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.effects import Effect, Record, SaveTo, Say
from bot.dialogue.events import Event, Flooded, TurnFailed, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.heard import Heard, HeardKind
from bot.dialogue.message import Message, Text
from bot.dialogue.missed import Kind
from bot.dialogue.reading import Reading, Risk
from bot.dialogue.schedule import Once
from bot.dialogue.session import Session, Turn
from bot.service.decide import Mind
from bot.service.pace import Limits
from bot.service.parking import LastWords
from bot.service.pipeline import Pipeline, make_pipeline
from bot.store.database import Store
from bot.store.ports import Incoming, Outcome, Sent

SOURCE = "telegram:1"
START = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
NO_LIMITS = Limits(overall=0, per_chat=0)
APOLOGY, DANGER = "Sorry, that was lost on me.", "Please call someone now."


@dataclass(slots=True)
class Clock:
    """Sleeping moves it: no test waits."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    async def sleep(self, until: datetime) -> None:
        self.at = max(self.at, until)

    def move(self, by: timedelta) -> None:
        self.at += by


class Still(Clock):
    """Time that stands still: whatever gets done was rung for, not polled."""

    async def sleep(self, until: datetime) -> None:
        await asyncio.Event().wait()


def message(text: str) -> Message:
    return Message(text=Text(plain=text))


def check_in(key: str, due: datetime, **more: Any) -> CheckIn:
    rule = Once(on=due.date(), at=due.time())
    named: dict[str, Any] = {"kind": Kind.REMINDER, "rule": rule, "zone": "UTC", "day": due.date(), **more}
    return CheckIn(key=key, due=due, **named)


def update(
    number: int, text: str, *, to: str | None = "100", source: str = SOURCE, **more: object
) -> Incoming:
    payload = json.dumps({"kind": "text", "text": text, "message_id": f"m{number}", **more}).encode()
    return Incoming(source=source, update_id=number, address=to, payload=payload)


def parse(payload: bytes) -> Heard | None:
    raw = json.loads(payload)
    if raw.get("broken"):
        raise KeyError("a fault in the update")
    if raw.get("nothing"):
        return None
    known = {
        name: raw[name] for name in ("text", "data", "message_id", "language", "moved_to") if name in raw
    }
    return Heard(kind=HeardKind(raw["kind"]), **known)


def read(text: str, locale: str) -> Reading:
    return Reading(risk=Risk.CRISIS if "want to die" in text else Risk.NONE)


Effects = Callable[[Session, Event, Facts], tuple[Effect, ...]]


def echo(session: Session, event: Event, _facts: Facts) -> tuple[Effect, ...]:
    """Say back what was written, numbered by the turn; `boom` fails."""
    match event:
        case Wrote(reading=reading) if reading.risk.alarms:
            return (Say(key="crisis", message=message("CRISIS")),)
        case Wrote(text=text) if "boom" in text:
            raise RuntimeError("engine bug: " + text)
        case Wrote(text=text):
            return (Say(key=f"k{session.turn}", message=message(f"{session.turn}: {text}")),)
        case TurnFailed():
            return (Say(key="failed", message=message("FAILED")),)
        case Flooded():
            return (Say(key="flooded", message=message("FLOODED")),)
        case _:
            return ()


def advancing(effects: Effects) -> Callable[[Session, Event, Facts], Turn]:
    def advance(session: Session, event: Event, facts: Facts) -> Turn:
        following = replace(session, turn=session.turn + 1, visit=session.visit + 1, last_at=event.at)
        return Turn(session=following, effects=effects(session, event, facts))

    return advance


def mind(effects: Effects = echo) -> Mind:
    return Mind(
        parsers={SOURCE: parse},
        read=read,
        advance=advancing(effects),
        locales=("en", "de"),
        new_id=lambda: "s1",
    )


def save_text(ref: int, value: str, record: Record = Record.WIN) -> SaveTo:
    return SaveTo(record=record, ref=ref, field="text", value=value, at=START)


@dataclass(slots=True)
class Channel:
    """What reached whom. `outcomes` are given in turn to each call; when they run out, all is well."""

    calls: list[tuple[str, ...]] = field(default_factory=list)
    outcomes: list[Outcome | Exception] = field(default_factory=list)
    number: int = 0
    on_send: Callable[[], None] = lambda: None

    async def say(self, address: str, message: Message) -> Outcome:
        return self._done("say", address, message.text.plain)

    async def send_file(self, address: str, name: str, mime: str, content: bytes, caption: str) -> Outcome:
        return self._done("file", address, name, mime, content.decode())

    async def edit(self, address: str, message_id: str, message: Message) -> Outcome:
        return self._done("edit", address, message_id, message.text.plain)

    async def close_buttons(self, address: str, message_id: str, chosen: str | None) -> Outcome:
        return self._done("close", address, message_id, chosen or "-")

    async def delete(self, address: str, message_ids: tuple[str, ...]) -> Outcome:
        return self._done("delete", address, *message_ids)

    def said(self, address: str = "100") -> list[str]:
        return [call[2] for call in self.calls if call[0] == "say" and call[1] == address]

    def _done(self, *call: str) -> Outcome:
        self.calls.append(call)
        self.on_send()
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if isinstance(outcome, Exception):
            raise outcome
        if outcome is not None:
            return outcome
        self.number += 1
        return Sent(message_id=str(self.number) if call[0] in ("say", "file") else None)


@dataclass(slots=True)
class Stage:
    pipeline: Pipeline
    clock: Clock
    channel: Channel

    async def hear(self, *updates: Incoming) -> None:
        """Receive, take every turn, deliver all that can be."""
        await self.pipeline.receive(updates)
        await self.pipeline.drain()


def stage(
    store: Store,
    effects: Effects = echo,
    *,
    clock: Clock | None = None,
    limits: Limits = NO_LIMITS,
    channel: Channel | None = None,
    group: int = 64,
) -> Stage:
    """Put a fresh process on the stage: everything but the database is new."""
    clock, channel = clock or Clock(), channel or Channel()
    words = LastWords(apology=message(APOLOGY), danger=message(DANGER))
    pipeline = make_pipeline(
        store=store,
        clock=clock,
        mind=mind(effects),
        last_words=words,
        senders={SOURCE: channel},
        limits=limits,
        group=group,
    )
    return Stage(pipeline, clock, channel)
