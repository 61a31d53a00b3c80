"""What follows from how a delivery ended. A table in code: no database and no clock in here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.store import news
from bot.store.marking import Mark
from bot.store.outbox import Kind, Letter
from bot.store.ports import Gone, Moved, Outcome, Refused, Sent, TryLater, Unsure

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)
# A network that resets connections for some seconds must not lose words; what did arrive each time comes five times.
UNSURE_NEW = 4
UNSURE_EDITS = 5  # an edit or deletion does no harm twice
_BLOCKED = news.blocked()
_NEW = frozenset({Kind.SAY, Kind.CALENDAR, Kind.CHART, Kind.PAGE, Kind.DATA, Kind.EML})


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """`message_id` is that of a new message."""

    message_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """To be sent again, not before `until` (UTC; None: at once). `whole`: nothing else is to be sent before then."""

    kind: Kind
    tries: int
    unsure: int
    until: datetime | None
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Nobody is there any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relocated:
    to: str


Verdict = Delivered | Again | Dropped | Left | Relocated


def backoff(tries: int) -> timedelta:
    """Return how long to wait after `tries` failures in a row: 1 s, doubled each time, at most 5 minutes."""
    doubled: int = 1 << min(tries, 20)
    return min(LONGEST_PAUSE, FIRST_PAUSE * doubled)


def judge(letter: Letter, outcome: Outcome, now: datetime, *, failures: int = 0) -> Verdict:
    """Return what becomes of the letter. `failures`: how often in a row the API as a whole was out of reach."""
    match outcome:
        case Sent(message_id=message_id):
            return Delivered(message_id=message_id if sent_as(letter) in _NEW else None)
        case TryLater(after=after, whole=True):
            # Not the letter's fault: its own count stays.
            until = now + (after if after is not None else backoff(failures))
            return Again(kind=letter.kind, tries=letter.tries, unsure=letter.unsure, until=until, whole=True)
        case TryLater(after=after):
            until = now + (after if after is not None else backoff(letter.tries))
            return Again(kind=letter.kind, tries=letter.tries + 1, unsure=letter.unsure, until=until)
        case Unsure():
            return _unsure(letter, now)
        case Refused(reason=reason):
            # The message to edit may be gone; its words are still to be said.
            if letter.kind is Kind.EDIT and letter.message_id is not None:
                return Again(kind=Kind.SAY, tries=letter.tries + 1, unsure=letter.unsure, until=None)
            return Dropped(reason=reason)
        case Gone():
            return Left()
        case Moved(to=to):
            return Relocated(to=to)
        case _:
            assert_never(outcome)


def sent_as(letter: Letter) -> Kind:
    """Return what the letter is sent as: an edit of a message that isn't known is a new message."""
    return Kind.SAY if letter.kind is Kind.EDIT and letter.message_id is None else letter.kind


def _unsure(letter: Letter, now: datetime) -> Verdict:
    most = UNSURE_NEW if sent_as(letter) in _NEW else UNSURE_EDITS
    if letter.unsure >= most:
        return Dropped(reason="no answer came, several times")
    until = now + backoff(letter.unsure)
    return Again(kind=letter.kind, tries=letter.tries, unsure=letter.unsure + 1, until=until)


def as_mark(letter: Letter, verdict: Verdict) -> Mark:
    """Return what the database is to be told of a delivery."""
    about = Mark(row_id=letter.id, conversation_id=letter.conversation_id, key=letter.key, kind=letter.kind)
    return _with(about, verdict, deleted=letter.kind is Kind.DELETE)


def _with(about: Mark, verdict: Verdict, *, deleted: bool) -> Mark:
    match verdict:
        case Delivered(message_id=message_id):
            return replace(about, finished=True, message_id=message_id, forget_key=deleted)
        case Again(kind=kind, tries=tries, unsure=unsure, until=until):
            return replace(about, kind=kind, tries=tries, unsure=unsure, until=until)
        case Dropped():
            return replace(about, finished=True)
        case Left():
            return replace(about, left=True, news=_BLOCKED)
        case Relocated(to=to):
            return replace(about, moved_to=to)
        case _:
            assert_never(verdict)
