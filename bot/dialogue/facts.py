"""What the records say that a step may need. Loaded before a turn; never written to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.effects import Record, Value
from bot.dialogue.reading import Kind, Outcome, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One record. `at` is UTC, the moment it was begun; `ref` is its number within the conversation and kind."""

    record: Record
    ref: int
    at: datetime
    fields: Mapping[str, Value] = field(default_factory=dict)

    def words(self, name: str) -> str | None:
        value = self.fields.get(name)
        return value if isinstance(value, str) and value else None

    def number(self, name: str) -> int | None:
        value = self.fields.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def day(self) -> datetime:
        """The moment it belongs to: the day the person corrected it to, or when it was begun. UTC."""
        try:
            return datetime.combine(date.fromisoformat(self.words("day") or ""), time(12), UTC)
        except ValueError:
            return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRejection:
    """One earlier rejection; `at` is UTC."""

    ref: int
    at: datetime
    company: str | None = None
    role: str | None = None
    kind: Kind | None = None
    stage: Stage | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How often an exercise was done, how often with a mood before and after, and how often that was higher."""

    name: str
    last_at: datetime
    times: int = 0
    measured: int = 0
    higher: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """A line they wrote to themselves on a good day, for the next no."""

    ref: int
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`zone` is an IANA name or None; `rejections` are newest first, at most 24, the current one included.

    `wins` are newest first, at most twelve; so are `letters`, at most ten.
    `preferred` is the exercise that stands out, if one does (`comparing.preferred`).
    """

    locale: str = "en"
    name: str | None = None
    zone: str | None = None
    country: str | None = None  # ISO 3166, by their own word; language is not country
    quiet: str | None = None  # quiet hours they set, "22:00-07:00"
    tempo: str | None = None  # usual or fewer
    trusted: str | None = None  # somebody they could tell
    signs: str | None = None  # their card for bad hours: how it begins, what helps, who
    helps: str | None = None
    who: str | None = None
    rejection_count: int = 0
    rejections: tuple[PastRejection, ...] = field(default=())
    win_count: int = 0
    last_win: str | None = None
    wins: tuple[str, ...] = ()
    lesson_count: int = 0
    last_lesson: str | None = None
    last_plan: str | None = None
    letters: tuple[Kept, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()  # what is promised, soonest first
    exercises: tuple[Done, ...] = ()
    preferred: str | None = None
    waiting_line: WaitingLine | None = None
    last_line_at: datetime | None = None
    kept: tuple[Kept, ...] | None = None  # everything on record; only in a turn that looks something up

    @property
    def letter_out(self) -> bool:
        """Whether a letter was sent, and neither an answer nor silence is noted yet."""
        return any(each.fields.get("status") == "sent" for each in self.letters)
