"""Dialogue values as JSON bytes and back. Sessions carry a format number and are brought up to date when read."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.dialogue.effects import SendCalendar, SendChart, SendExport, SendLetter, Value
from bot.dialogue.facts import Facts
from bot.dialogue.message import Message
from bot.dialogue.session import FORMAT, Session
from bot.store.errors import SessionUnreadable
from bot.store.grounds import IN_FACTS, NEWEST, Grounds

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

# From format n to n + 1. Add one with every change of bot.dialogue.session that old JSON wouldn't survive, and a
# stored sample to tests/store/samples.
UPCASTERS: Mapping[int, Upcaster] = {}

_SESSION = TypeAdapter(Session)
_FACTS = TypeAdapter(Facts)
_GROUNDS = TypeAdapter(Grounds)
_MESSAGE = TypeAdapter(Message)
_CALENDAR = TypeAdapter(SendCalendar)
_EXPORT = TypeAdapter(SendExport)
_CHART = TypeAdapter(SendChart)
_LETTER = TypeAdapter(SendLetter)
_DATA = TypeAdapter(dict[str, Value])
_IDS = TypeAdapter(tuple[str, ...])
# A field that is new would read as its default; so cached facts name the shape they were written in.
_SHAPES = (_FACTS.json_schema(), _GROUNDS.json_schema(), IN_FACTS, NEWEST)
_FACTS_SHAPE = f"{zlib.crc32(json.dumps(_SHAPES, sort_keys=True).encode()):08x}".encode()
# Opened at every turn: whose grounds are more (years of exercises) has them read again after a turn that saved.
GROUNDS_ROOM = 8_192


def dump_session(session: Session) -> bytes:
    return _SESSION.dump_json(session, exclude_defaults=False)


def load_session(stored: bytes) -> Session:
    """Raise SessionUnreadable for JSON of no known format, a newer version's included."""
    try:
        session = _SESSION.validate_json(stored)
    except ValidationError:
        session = None
    return session if session is not None and session.format == FORMAT else _bring_up_to_date(stored)


def _bring_up_to_date(stored: bytes) -> Session:
    try:
        raw = upcast(json.loads(stored), UPCASTERS, FORMAT)
        return _SESSION.validate_json(json.dumps(raw))
    except (ValueError, LookupError, TypeError) as fault:
        # `from None`: the fault quotes what people wrote.
        raise SessionUnreadable(f"A stored session can't be read ({type(fault).__name__}).") from None


def upcast(raw: dict[str, Any], upcasters: Mapping[int, Upcaster], to: int) -> dict[str, Any]:
    """Return `raw` in format `to`. Raises LookupError when a step is missing or it is from a newer version."""
    while (current := int(raw["format"])) != to:
        if current > to:
            raise LookupError("written by a newer version")
        raw = {**upcasters[current](raw), "format": current + 1}
    return raw


def dump_facts(facts: Facts, grounds: bytes = b"") -> bytes:
    """Return the cache: facts, and the grounds as they were dumped, unless those take too much room."""
    told = _FACTS.dump_json(facts, exclude={"kept"})  # looked up for one turn, and not cached
    return b"%b%d\n%b%b" % (_FACTS_SHAPE, len(told), told, grounds if len(grounds) <= GROUNDS_ROOM else b"")


def load_facts(stored: bytes) -> tuple[Facts, bytes]:
    """Return facts and grounds, these as they were dumped or empty.

    Raises ValueError for facts of another shape: a cache, to be filled anew from the records.
    """
    if not stored.startswith(_FACTS_SHAPE):
        raise ValueError("facts of another version")
    length, _, told = stored[len(_FACTS_SHAPE) :].partition(b"\n")
    return _FACTS.validate_json(told[: int(length)]), told[int(length) :]


def dump_grounds(grounds: Grounds) -> bytes:
    return _GROUNDS.dump_json(grounds)


def load_grounds(stored: bytes) -> Grounds:
    return _GROUNDS.validate_json(stored)


def dump_message(message: Message) -> bytes:
    return _MESSAGE.dump_json(message)


def load_message(stored: bytes) -> Message:
    return _MESSAGE.validate_json(stored)


def dump_calendar(calendar: SendCalendar) -> bytes:
    return _CALENDAR.dump_json(calendar)


def load_calendar(stored: bytes) -> SendCalendar:
    return _CALENDAR.validate_json(stored)


def dump_export(export: SendExport) -> bytes:
    return _EXPORT.dump_json(export)


def load_export(stored: bytes) -> SendExport:
    return _EXPORT.validate_json(stored)


def dump_chart(sending: SendChart) -> bytes:
    return _CHART.dump_json(sending)


def load_chart(stored: bytes) -> SendChart:
    return _CHART.validate_json(stored)


def dump_letter(letter: SendLetter) -> bytes:
    return _LETTER.dump_json(letter)


def load_letter(stored: bytes) -> SendLetter:
    return _LETTER.validate_json(stored)


def dump_data(data: Mapping[str, Value]) -> bytes:
    return _DATA.dump_json(dict(data))


def load_data(stored: bytes) -> dict[str, Value]:
    return _DATA.validate_json(stored)


def dump_ids(ids: tuple[str, ...]) -> bytes:
    return _IDS.dump_json(ids)


def load_ids(stored: bytes) -> tuple[str, ...]:
    return _IDS.validate_json(stored)
