"""What a channel heard, before anything was understood; and how it becomes an event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.dialogue.events import (
    Blocked,
    Chose,
    Commanded,
    Event,
    Grouped,
    Returned,
    Shared,
    SharedKind,
    Started,
    Wrote,
)
from bot.dialogue.reading import Reading


class HeardKind(StrEnum):
    TEXT = "text"  # `text`: a message or a caption
    EDIT = "edit"  # `text`: an earlier message, as it reads now
    TAP = "tap"  # `data`
    SHARED = "shared"  # `shared`, and `text` for a forward that carries some; a location's is "geo:latitude,longitude"
    BLOCKED = "blocked"
    RETURNED = "returned"
    GROUP = "group"  # anything said where others can read it
    MOVED = "moved"  # `moved_to`: the address this conversation has from now on


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One thing heard. `message_id` and `tap_id` are the platform's own; `language` the client's (BCP 47)."""

    kind: HeardKind
    text: str = ""
    data: str = ""
    shared: SharedKind | None = None
    message_id: str | None = None
    language: str | None = None
    moved_to: str | None = None


def as_event(heard: Heard, at: datetime, read: Callable[[str], Reading]) -> Event | None:
    """Return what happened, or None when only the address changed. `read` understands a text."""
    match heard.kind:
        case HeardKind.TEXT | HeardKind.EDIT:
            return _written(heard, at, read)
        case HeardKind.TAP:
            return Chose(at=at, data=heard.data)
        case HeardKind.SHARED:
            kind = heard.shared or SharedKind.OTHER
            return Shared(at=at, kind=kind, text=heard.text, reading=read(heard.text))
        case HeardKind.BLOCKED:
            return Blocked(at=at)
        case HeardKind.RETURNED:
            return Returned(at=at)
        case HeardKind.GROUP:
            return Grouped(at=at)
        case HeardKind.MOVED:
            return None


def _written(heard: Heard, at: datetime, read: Callable[[str], Reading]) -> Event:
    text = heard.text
    if (
        not text.startswith("/")
        or text[1:2] in ("", "/")
        or text[1:2].isspace()
        or heard.kind is HeardKind.EDIT
    ):
        return Wrote(at=at, text=text, reading=read(text), edited=heard.kind is HeardKind.EDIT)
    head, *rest = text[1:].split(None, 1)
    command, argument = head.partition("@")[0].lower(), "".join(rest).strip()
    # The gate reads the whole: "/vent i want to die" and "/kill myself" are danger signals.
    whole = read(text[1:])
    reading = whole if whole.risk.alarms else read(argument)
    if command == "start" and not reading.risk.alarms:
        return Started(at=at)
    return Commanded(at=at, command=command, argument=argument, reading=reading)
