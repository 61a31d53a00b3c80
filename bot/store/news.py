"""What comes into a conversation from within the bot rather than from its person, as the inbox keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.events import Blocked, CheckInDue, Expired


class _Kind(StrEnum):
    BLOCKED = "blocked"
    DUE = "due"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    kind: _Kind
    check_in: CheckIn | None = None
    key: str = ""


News = Blocked | CheckInDue | Expired

_NEWS = TypeAdapter(_News)


def blocked() -> bytes:
    return _NEWS.dump_json(_News(kind=_Kind.BLOCKED))


def coming_due(check_in: CheckIn) -> bytes:
    """Return the news that the check-in is due: this is how it is kept from the start, so that firing only moves it."""
    return _NEWS.dump_json(_News(kind=_Kind.DUE, check_in=check_in))


def expired(key: str) -> bytes:
    """`key` is that of the message that was dropped."""
    return _NEWS.dump_json(_News(kind=_Kind.EXPIRED, key=key))


def load_news(stored: bytes, at: datetime) -> News:
    """Raise ValueError for anything else than what this module wrote."""
    news = _NEWS.validate_json(stored)
    match news.kind:
        case _Kind.BLOCKED:
            return Blocked(at=at)
        case _Kind.DUE:
            return CheckInDue(at=at, check_in=_promised(news))
        case _Kind.EXPIRED:
            return Expired(at=at, key=news.key)


def load_check_in(stored: bytes) -> CheckIn:
    """Read back what `coming_due` wrote."""
    return _promised(_NEWS.validate_json(stored))


def _promised(news: _News) -> CheckIn:
    if news.check_in is None:
        raise ValueError("news of a check-in without one")
    return news.check_in
