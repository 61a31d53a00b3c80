"""Lines with people at the other end: which to show for a country at a moment.

Pure. The directory is read from `content/helplines.yaml` and handed in; numbers are texts and never rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MAX_LINES = 3
_DAY = 24 * 60  # minutes
_WEEK = 7 * _DAY
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = r"\d{1,2}:\d{2}-\d{1,2}:\d{2}"
_SPANS = rf"{_SPAN}(?:\s+and\s+{_SPAN})*"
_DAILY = re.compile(rf"({_SPANS})\s+daily", re.IGNORECASE)
_ON_DAYS = re.compile(rf"({'|'.join(_DAYS)})(?:-({'|'.join(_DAYS)}))?\s+({_SPANS})", re.IGNORECASE)


class Topic(StrEnum):
    CRISIS = "crisis"
    SUPPORT = "support"


class Audience(StrEnum):
    EVERYONE = "everyone"
    BEREAVED = "bereaved"
    YOUTH = "youth"
    WOMEN = "women"
    VETERANS = "veterans"


class Confidence(StrEnum):
    """Of the number, and that the service exists."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """`spans` are minutes of the week from Monday 00:00, an end may lie beyond it; None where only words are known."""

    written: str
    spans: tuple[tuple[int, int], ...] | None = None

    @property
    def always(self) -> bool:
        return self.spans == ((0, _WEEK),)

    def open_at(self, local: datetime) -> bool:
        """Whether it is open at a local moment; only for hours that are understood."""
        minute = local.weekday() * _DAY + local.hour * 60 + local.minute
        return any(start <= now < end for start, end in self.spans or () for now in (minute, minute + _WEEK))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One service. `free` None is unknown; `show` is a caveat the person must see; by locale, like `region`."""

    name: str
    hours: Hours
    languages: tuple[str, ...]
    topic: Topic
    confidence: Confidence
    seen: date
    confirmed: date | None = None
    audience: Audience = Audience.EVERYONE
    call: str | None = None
    call_alt: tuple[str, ...] = ()
    menu: str | None = None
    text: str | None = None
    keyword: str | None = None
    whatsapp: str | None = None
    chat: str | None = None
    website: str | None = None
    free: bool | None = None
    region: Mapping[str, str] = field(default_factory=dict)
    show: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """`emergency` numbers, the first to dial first; `hours_zone` is the clock its hours go by, if it is one for all."""

    code: str
    emergency: tuple[str, ...]
    lines: tuple[Line, ...]
    emergency_show: Mapping[str, str] = field(default_factory=dict)
    hours_zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """`shown_as`: country to locale to name. `spellings`: folded words to country, None where they mean none for sure.

    `words`: locale to patterns; `languages`: locale to names by code; `in_hours`: locale to its words for those of the
    hours, which are written in English; `zones`: IANA zone to country.
    """

    countries: Mapping[str, Country]
    anywhere: tuple[str, ...]
    finders: tuple[str, ...]
    words: Mapping[str, Mapping[str, str]]
    languages: Mapping[str, Mapping[str, str]]
    in_hours: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shown_as: Mapping[str, Mapping[str, str]]
    spellings: Mapping[str, str | None]
    shouted: frozenset[str] = frozenset()
    zones: Mapping[str, str] = field(default_factory=dict)

    @property
    def unconfirmed(self) -> int:
        """How many lines no operator has confirmed."""
        return sum(line.confirmed is None for each in self.countries.values() for line in each.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One line and whether it is open; None when that can't be known."""

    line: Line
    open: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What to show. `country` None means that it is unknown, or has no entry."""

    country: Country | None
    emergency: tuple[str, ...]
    lines: tuple[Offered, ...]
    finder: str

    @property
    def all_closed(self) -> bool:
        return bool(self.lines) and all(each.open is False for each in self.lines)


def lines_for(
    directory: Directory,
    country: str | None,
    at: datetime,
    zone: str | None,
    *,
    audience: Audience = Audience.EVERYONE,
    topic: Topic = Topic.CRISIS,
) -> Offer:
    """Return the emergency numbers and at most three lines, best first, at the UTC moment `at`.

    `zone` is the person's. It only counts where it lies in `country` and the country's own clock isn't known.
    """
    entry = directory.countries.get(country or "")
    if entry is None:
        return Offer(country=None, emergency=directory.anywhere, lines=(), finder=directory.finders[0])
    clock = _clock(directory, entry, zone)
    local = at.astimezone(clock) if clock else None
    offered = [
        Offered(line=line, open=_is_open(line.hours, local))
        for line in entry.lines
        if line.audience in (Audience.EVERYONE, audience)
    ]
    offered.sort(key=lambda each: _rank(each, audience, topic))
    return Offer(
        country=entry,
        emergency=entry.emergency,
        lines=tuple(offered[:MAX_LINES]),
        finder=directory.finders[0],
    )


def read_hours(written: str) -> Hours:
    """Understand hours written in one of the few exact ways; anything else stays words."""
    text = written.strip()
    if text == "24/7":
        return Hours(written=text, spans=((0, _WEEK),))
    if daily := _DAILY.fullmatch(text):
        spans = [span for day in range(7) for span in _times(daily[1], day)]
        return Hours(written=text, spans=_sound(spans))
    spans = []
    for part in text.split(","):
        on = _ON_DAYS.fullmatch(part.strip())
        if on is None:
            return Hours(written=text)
        first = _DAYS.index(on[1].lower())
        last = _DAYS.index((on[2] or on[1]).lower())
        for day in range(first, first + (last - first) % 7 + 1):
            spans += _times(on[3], day % 7)
    return Hours(written=text, spans=_sound(spans))


def _times(text: str, day: int) -> Iterable[tuple[int, int]]:
    for span in re.findall(_SPAN, text):
        start, end = (int(clock[:-3]) * 60 + int(clock[-2:]) for clock in span.split("-"))
        wrong = start >= _DAY or end > _DAY or any(int(c[-2:]) > 59 for c in span.split("-"))
        yield (-1, -1) if wrong else (day * _DAY + start, day * _DAY + (end if end > start else end + _DAY))


def _sound(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...] | None:
    return tuple(sorted(spans)) if all(start >= 0 for start, _ in spans) else None


def _clock(directory: Directory, country: Country, zone: str | None) -> ZoneInfo | None:
    theirs = zone if directory.zones.get(zone or "") == country.code else None
    name = country.hours_zone or theirs
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _is_open(hours: Hours, local: datetime | None) -> bool | None:
    if hours.always:
        return True
    return hours.open_at(local) if hours.spans is not None and local is not None else None


def _rank(each: Offered, audience: Audience, topic: Topic) -> tuple[object, ...]:
    line = each.line
    return (
        line.confidence is Confidence.LOW,
        line.audience is not audience,
        each.open is False,
        line.topic is not topic,
        bool(line.region),
        list(Confidence).index(line.confidence),
        each.open is None,
    )
