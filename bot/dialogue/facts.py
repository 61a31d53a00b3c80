"""What the records say that a step may need. Loaded before a turn; never written to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.reading import Kind, Outcome, Stage


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
class Facts:
    """`zone` is an IANA name or None; `rejections` are newest first, at most ten, the current one included."""

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
    lesson_count: int = 0
    last_lesson: str | None = None
    last_plan: str | None = None
    check_ins: tuple[CheckIn, ...] = ()  # what is promised, soonest first
