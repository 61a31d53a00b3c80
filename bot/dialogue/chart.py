"""How it went, as a picture's data and words. The picture itself is made when it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodPoint:
    """A mood from 0 to 10; `after` None: it was given once, with nothing in between."""

    on: date
    before: int
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartWords:
    """All words of the picture, in the person's language."""

    title: str
    moods: str
    before: str
    after: str
    single: str
    stops: str
    wins: str
    nothing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Moods are oldest first; `first` and `last` are the ends of the time shown, in words beside the days."""

    words: ChartWords
    first: date
    last: date
    first_label: str
    last_label: str
    moods: tuple[MoodPoint, ...] = ()
    stops: tuple[Bar, ...] = ()
    wins: tuple[date, ...] = ()
