"""What can happen to a conversation. A closed union; every event carries its UTC moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.reading import Reading


class SharedKind(StrEnum):
    """What a person can send that is not their own text."""

    VOICE = "voice"
    PHOTO = "photo"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    POLL = "poll"
    FORWARD = "forward"
    FILE = "file"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The person pressed Start or sent a bare /start."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """The person's own words: a message, an edit of one, or a caption."""

    at: datetime
    text: str
    reading: Reading
    edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chose:
    """A tap on a button; `data` is what the button carried and may be old or forged."""

    at: datetime
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """A slash command, without the slash, lower-case. `reading` is of the argument."""

    at: datetime
    command: str
    argument: str
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Something that is not the person's own text. A forward may carry text, which was read."""

    at: datetime
    kind: SharedKind
    text: str
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The person blocked the bot: nothing more can be sent."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """The person unblocked the bot."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnFailed:
    """A message of theirs could not be handled after several tries; it was parked."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Flooded:
    """So many messages of theirs waited at once that some were left out, none of them speaking of danger."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """Something was said in a group, where this bot does not coach."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInDue:
    """A promised moment has come. The promise is no longer kept anywhere but here."""

    at: datetime
    check_in: CheckIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """A message nobody had asked for could not be sent while it made sense; it was dropped."""

    at: datetime
    key: str


Event = (
    Started
    | Wrote
    | Chose
    | Commanded
    | Shared
    | Blocked
    | Returned
    | TurnFailed
    | Flooded
    | Grouped
    | CheckInDue
    | Expired
)
