"""What becomes of a message that can't be handled: set aside, never silently, and never past the safety gate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.dialogue.danger import LOOK_IN
from bot.dialogue.effects import Say
from bot.dialogue.engine import advance
from bot.dialogue.events import Event, TurnFailed, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.flow import Script
from bot.dialogue.message import Message, Text
from bot.dialogue.reading import Reading, Risk
from bot.dialogue.session import Session, Turn
from bot.service.decide import Mind, carry_out, clean, hear, session_of, spoken
from bot.store.codec import dump_message
from bot.store.errors import StoreError
from bot.store.inbox import Waiting
from bot.store.outbox import Kind, Unsent
from bot.store.places import Place
from bot.store.writing import Parked, Written

UNREADABLE_SESSION = "session unreadable"
_KEY = "apology"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWords:
    """Sent when even the engine's own words for a failed turn fail. `danger`: when the message spoke of danger."""

    apology: Message
    danger: Message


def last_words(script: Script, at: datetime) -> LastWords:
    """Return the content's own lines for when nothing else can be said any more."""
    alarm = Wrote(at=at, text="", reading=Reading(risk=Risk.CRISIS))
    return LastWords(apology=_said(script, TurnFailed(at=at)), danger=_said(script, alarm))


def _said(script: Script, event: Event) -> Message:
    # No look-in is announced by words that are kept for whoever needs them.
    fixed = Session(id="fixed", variables={LOOK_IN: "refused"})
    turn = advance(script, fixed, event, Facts())
    texts = [effect.message.text.plain for effect in turn.effects if isinstance(effect, Say)]
    return Message(text=Text(plain="\n\n".join(texts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A row that failed for the last time. `reason` is an exception's type, never a text.

    `free_visit`: no record carries a higher number, so that a new session can't overwrite an old one's answers.
    """

    place: Place
    row: Waiting
    reason: str
    facts: Facts
    free_visit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    written: Written
    parked: tuple[Parked, ...]


def part_with(mind: Mind, words: LastWords, failed: Failed) -> Parting:
    """Return how to set the row aside, and what to tell the person: nothing about what they didn't send themselves."""
    place, parked = failed.place, [_of_row(failed)]
    if failed.row.from_within:
        return Parting(written=_blank(failed), parked=tuple(parked))
    session = _readable(mind, place)
    if session is None:
        assert place.session is not None
        parked.append(replace(parked[0], update_id=None, reason=UNREADABLE_SESSION, payload=place.session))
    fresh = Session(id=mind.new_id(), visit=max(failed.free_visit, session.visit if session else 0))
    stay = session or fresh
    alarm = _alarm(mind, failed)
    if alarm is not None:
        turn = _advance(mind, failed, fresh, alarm) or _say(stay, words.danger)
    else:
        sorry = TurnFailed(at=failed.row.at)
        turn = _advance(mind, failed, stay, sorry) or _say(stay, words.apology)
    return Parting(written=carry_out(_blank(failed), turn), parked=tuple(parked))


def part_in_silence(words: LastWords, failed: Failed) -> Parting:
    """Return the least there is: the row set aside, and the fixed apology."""
    unsent = Unsent(kind=Kind.SAY, key=_KEY, payload=dump_message(words.apology))
    return Parting(written=replace(_blank(failed), unsent=(unsent,)), parked=(_of_row(failed),))


def _advance(mind: Mind, failed: Failed, session: Session, event: Event) -> Turn | None:
    try:
        turn = mind.advance(session, event, failed.facts)
        carry_out(_blank(failed), turn)
    except Exception:  # noqa: BLE001 - whatever failed before may fail again; the person still gets a line
        return None
    return turn


def _say(session: Session, message: Message) -> Turn:
    return Turn(session=session, effects=(Say(key=_KEY, message=message),))


def _blank(failed: Failed) -> Written:
    return Written(conversation_id=failed.place.id, inbox_id=failed.row.id, at=failed.row.at)


def _of_row(failed: Failed) -> Parked:
    return Parked(
        conversation_id=failed.place.id,
        source=failed.place.source,
        update_id=failed.row.update_id,
        reason=failed.reason,
        payload=failed.row.payload,
    )


def _readable(mind: Mind, place: Place) -> Session | None:
    try:
        return session_of(mind, place)
    except StoreError:
        return None


def _alarm(mind: Mind, failed: Failed) -> Wrote | None:
    """Return the row's words as an event when they speak of danger: the gate stands before every failure."""
    row, text = failed.row, _words(mind, failed.place, failed.row)
    try:
        reading: Reading = mind.read(text, spoken(mind, failed.facts).locale)
    except Exception:  # noqa: BLE001 - the reading itself may be what failed
        return None
    return Wrote(at=row.at, text=text, reading=reading) if reading.risk.alarms else None


def _words(mind: Mind, place: Place, row: Waiting) -> str:
    try:
        heard = hear(mind, place, row)
    except Exception:  # noqa: BLE001 - parsing may be what failed: then any words in the raw update are read
        return clean("\n".join(_strings_of(row)))
    return heard.text if heard is not None else ""


def _strings_of(row: Waiting) -> Iterator[str]:
    try:
        yield from _strings(json.loads(row.payload.open()))
    except (ValueError, RecursionError, StoreError):
        return


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _strings(each)
        case list():
            for each in value:
                yield from _strings(each)
