"""What a turn asks the shell to do. Data only; the shell applies all of a turn's effects in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.dialogue.chart import Chart
from bot.dialogue.check_ins import CheckIn
from bot.dialogue.message import Message


class Record(StrEnum):
    """The kinds of record a conversation can write. What each may hold is declared in `targets.py`."""

    PERSON = "person"
    REJECTION = "rejection"
    PLAN = "plan"
    WIN = "win"
    LESSON = "lesson"
    JOURNAL = "journal"
    MOOD = "mood"
    EXERCISE = "exercise"
    LINE = "line"  # to themselves, for the next no
    LETTER = "letter"


Value = str | int | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Send a message. `key` names it within the conversation, so that it can be edited or deleted later.

    `valid_until` (UTC) is set on what nobody asked for at this moment: it gives way to replies, and when it
    could not be sent by then it is dropped and comes back as `Expired`.
    """

    key: str
    message: Message
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCalendar:
    """Send the check-ins as an .ics file. `title` is the words each appointment carries; never a company or feeling."""

    key: str
    title: str
    file_name: str
    check_ins: tuple[CheckIn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendExport:
    """Send everything kept of this person: a page to read, and the same as JSON. Both are made when they are sent.

    `words` names the page's parts in the person's language.
    """

    key: str
    file_name: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendChart:
    """Send a picture of how it went. It holds the data and the words; the picture is made when it is sent."""

    key: str
    file_name: str
    chart: Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLetter:
    """Send a letter as an .eml file, which a mail program opens as an unsent draft. `to` may be left out."""

    key: str
    file_name: str
    subject: str
    body: str
    to: str | None = None
    to_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleCheckIn:
    """Promise a check-in, or move the one with this key."""

    check_in: CheckIn


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelCheckIn:
    """Take a promise back; one that isn't there is no fault. What it left unsent is withdrawn."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace the text and buttons of the message `key`; sent anew if that message isn't known."""

    key: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseButtons:
    """Replace the buttons of the message `key` by what was chosen (None: take them away). Not sent anew."""

    key: str
    chosen: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Delete the bot's own message `key`, where the platform still allows it."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetMessages:
    """Delete the person's own messages received from `since` on (UTC), where the platform allows it (48 h)."""

    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveTo:
    """Set `field` of one record; the record is made if it isn't there yet.

    `ref` identifies the record within the conversation (it is a visit number), so the same answer given
    again after `back` replaces the earlier one. A `value` of None clears the field.
    """

    record: Record
    ref: int
    field: str
    value: Value
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsave:
    """Remove one record: the answer that made it was taken back."""

    record: Record
    ref: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawUnsent:
    """Drop everything of this conversation that waits to be sent: a crisis answer goes alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRisk:
    """Count, without any words, that the gate spoke. `level` and `about` are values of the reading."""

    level: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseEverything:
    """Delete every row of this person. `last` is the one fixed line still to be sent, then deleted too."""

    last: Message


Effect = (
    Say
    | SendCalendar
    | SendExport
    | SendChart
    | SendLetter
    | ScheduleCheckIn
    | CancelCheckIn
    | Edit
    | CloseButtons
    | Delete
    | ForgetMessages
    | SaveTo
    | Unsave
    | WithdrawUnsent
    | CountRisk
    | EraseEverything
)
