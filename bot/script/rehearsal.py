"""One conversation played in memory: the real engine, with records kept in a dictionary. For transcripts and tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.effects import (
    CancelCheckIn,
    Delete,
    Edit,
    Effect,
    EraseEverything,
    ForgetMessages,
    Record,
    SaveTo,
    Say,
    ScheduleCheckIn,
    SendCalendar,
    SendChart,
    SendLetter,
    Unsave,
    Value,
)
from bot.dialogue.engine import advance
from bot.dialogue.events import CheckInDue, Chose, Event
from bot.dialogue.facts import Facts, Kept
from bot.dialogue.heard import Heard, HeardKind, as_event
from bot.dialogue.kept import applied, facts_of
from bot.dialogue.languages import read_as_written
from bot.dialogue.message import Button, Message
from bot.dialogue.session import Session, Turn
from bot.script.load import Content

Rows = dict[tuple[Record, int], dict[str, Value]]


class NoSuchButton(ValueError):
    """The person taps a button that isn't there. The message names those that are."""


class Rehearsal:
    """A conversation with one person. `now` is UTC and moves only when told to."""

    def __init__(
        self, content: Content, *, now: datetime, zone: str | None = None, locale: str = "en"
    ) -> None:
        self._content, self._zone, self._locale = content, zone, locale
        self.now = now
        self.session = Session(id="rehearse")
        self.kept: tuple[Kept, ...] = ()
        self.check_ins: dict[str, CheckIn] = {}
        self.turns: list[Turn] = []

    def write(self, text: str) -> tuple[Effect, ...]:
        return self.hear(Heard(kind=HeardKind.TEXT, text=text))

    def hear(self, heard: Heard) -> tuple[Effect, ...]:
        def read(text: str) -> object:
            content = self._content
            return read_as_written(
                content.understanding.read, text, self.facts.locale, content.script.locales
            )

        event = as_event(heard, self.now, read)  # type: ignore[arg-type]
        return self.happen(event) if event is not None else ()

    @property
    def zone(self) -> str:
        """The person's zone as far as it is known, otherwise UTC."""
        return str(self.records.get((Record.PERSON, 0), {}).get("zone") or self._zone or "UTC")

    def tap(self, label: str) -> tuple[Effect, ...]:
        """Tap the open button with this label. Raises `NoSuchButton`."""
        for button in self.buttons:
            if button.label.removeprefix("✓ ") == label and button.data is not None:
                return self.happen(Chose(at=self.now, data=button.data))
        shown = " ".join(f"[{button.label}]" for button in self.buttons)
        instead = f"there are: {shown}" if shown else "none is open. Is it no longer asked? Delete this line"
        raise NoSuchButton(f"there is no [{label}] here; {instead}")

    def happen(self, event: Event) -> tuple[Effect, ...]:
        turn = advance(self._content.script, self.session, event, self.facts)
        if turn.looks_up:
            facts = replace(self.facts, kept=self.kept)
            turn = advance(self._content.script, self.session, event, facts)
        self.turns.append(turn)
        self.session = turn.session
        for effect in turn.effects:
            self._apply(effect)
        return turn.effects

    def wait(self, span: timedelta) -> list[tuple[datetime, tuple[Effect, ...]]]:
        """Let time pass; what falls due on the way comes at its moment. Returns each with its UTC moment."""
        until = self.now + span
        came: list[tuple[datetime, tuple[Effect, ...]]] = []
        while due := self._next_due(until):
            self.now = max(self.now, due.due)
            del self.check_ins[due.key]
            came.append((self.now, self.happen(CheckInDue(at=self.now, check_in=due))))
        self.now = until
        return came

    def _next_due(self, until: datetime) -> CheckIn | None:
        waiting = [each for each in self.check_ins.values() if each.due <= until]
        return min(waiting, key=lambda each: (each.due, each.key), default=None)

    @property
    def buttons(self) -> tuple[Button, ...]:
        question = self.session.question
        return tuple(button for row in question.rows for button in row) if question else ()

    @property
    def facts(self) -> Facts:
        zone = self.zone if self.zone != "UTC" else self._zone
        promised = tuple(sorted(self.check_ins.values(), key=lambda each: (each.due, each.key)))
        facts = facts_of(self.kept, locale=self._locale, check_ins=promised)
        return replace(facts, zone=zone)

    @property
    def records(self) -> Rows:
        """What is on record, by kind and number."""
        return {(each.record, each.ref): dict(each.fields) for each in self.kept}

    def _apply(self, effect: Effect) -> None:
        match effect:
            case SaveTo() | Unsave():
                self.kept = applied(self.kept, (effect,))
            case ScheduleCheckIn(check_in=check_in):
                self.check_ins[check_in.key] = check_in
            case CancelCheckIn(key=key):
                self.check_ins.pop(key, None)
            case EraseEverything():
                self.kept = ()
                self.check_ins.clear()
                self.session = Session(id="rehearse")
            case _:
                pass


def shown(effects: tuple[Effect, ...]) -> list[str]:
    """Return what the person sees of a turn, one line for each thing, as transcripts write it."""
    lines: list[str] = []
    for effect in effects:
        match effect:
            case Say(message=message) | EraseEverything(last=message):
                lines.append(_bubble("Onward", message))
            case Edit(message=message):
                lines.append(_bubble("Onward edits", message))
            case ForgetMessages():
                lines.append("(deletes what you wrote)")
            case SendChart(file_name=name, chart=chart):
                drawn = f"{len(chart.moods)} moods, {len(chart.stops)} stages, {len(chart.wins)} wins"
                lines.append(f"(sends {name}: {drawn})")
            case SendCalendar(file_name=name, check_ins=check_ins):
                lines.append(f"(sends {name} with {len(check_ins)} entries)")
            case SendLetter(file_name=name, to=to):
                lines.append(f"(sends {name}{f' for {to}' if to else ''})")
            case Delete():
                lines.append("(deletes its draft above)")
            case _:
                pass
    return lines


def _bubble(who: str, message: Message) -> str:
    text = message.text.plain.replace("\n", "\n    ")
    buttons = " ".join(f"[{button.label}]" for row in message.rows for button in row)
    return f"{who}: {text}" + (f"   {buttons}" if buttons else "")
