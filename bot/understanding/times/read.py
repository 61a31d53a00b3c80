"""From a person's words to a rule, to two readings to ask back, or to why it cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import product
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.dialogue.schedule import Daily, Once, Recurring, Rule, Weekly, WorkingDays, first, later, moment
from bot.understanding.times.clocks import Hour, hours_of
from bot.understanding.times.days import Day, days_of, plus_months
from bot.understanding.times.grammar import Part, PartKind, parts_of
from bot.understanding.times.lexicon import Kind, Lexicon
from bot.understanding.times.spans import Span, span_of
from bot.understanding.times.symbols import symbols_of

USUAL = time(10)
FURTHEST = timedelta(days=400)
_MOST_READINGS = 4
_MOST_WEEKS_APART = 52


class Reason(StrEnum):
    """Why a time cannot be."""

    NO_SUCH_DAY = "no_such_day"
    NO_SUCH_TIME = "no_such_time"
    PAST = "past"
    TOO_FAR = "too_far"
    RHYTHM = "rhythm"  # every hour, every month: not on offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time that was understood. `due` (UTC) is its first moment; for "in 20 minutes" it alone is exact.

    `words` are the person's own, from the first that names the time to the last. `hour_said` is false where
    the hour is a default: then it may be spread and kept out of quiet hours.
    """

    rule: Rule
    due: datetime
    words: str
    hour_said: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """Two readings, as a rule (four at most), the earlier first: to be asked back as buttons."""

    readings: tuple[Moment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    reason: Reason
    words: str


TimeRead = Moment | Unclear | Impossible


@dataclass(frozen=True, slots=True)
class _Asked:
    """Everything the readings are worked out from."""

    now: datetime
    zone: ZoneInfo
    lexicon: Lexicon
    usual: time
    furthest: timedelta
    words: str
    parts: Sequence[Part]
    day: date | None = None

    @property
    def local(self) -> datetime:
        return self.now.astimezone(self.zone)

    def of(self, *kinds: PartKind) -> list[Part]:
        return [p for p in self.parts if p.kind in kinds]

    def impossible(self, reason: Reason) -> Impossible:
        return Impossible(reason=reason, words=self.words)


def read_time(
    text: str,
    now: datetime,
    zone: ZoneInfo,
    lexicon: Lexicon,
    *,
    usual: time = USUAL,
    furthest: timedelta = FURTHEST,
    day: date | None = None,
) -> TimeRead | None:
    """Read the time `text` names, `now` being the present (aware); None if it names none.

    `usual` is the hour of a day named without one, `day` the one an hour alone is meant on: it was spoken of.
    Never raises, whatever the text; time grows with its length alone.
    """
    parts = [p for p in parts_of(symbols_of(text, lexicon)) if p.kind is not PartKind.OR]
    if any(p.kind is not PartKind.BARE_SPAN for p in parts):
        parts = [p for p in parts if p.kind is not PartKind.BARE_SPAN]
    if not parts:
        return None
    words = text[min(p.symbols[0].start for p in parts) : max(p.symbols[-1].end for p in parts)]
    asked = _Asked(now.astimezone(UTC), zone, lexicon, usual, furthest, words, parts, day)
    if every := asked.of(PartKind.EVERY):
        return _recurring(asked, every[0])
    spans = [span_of(p) for p in asked.of(PartKind.SPAN, PartKind.BARE_SPAN)]
    if spans and spans[0] == Span():
        return asked.impossible(Reason.PAST)
    if spans and spans[0].minutes:
        return _exactly(asked, spans[0])
    return _one_off(asked, spans)


def _exactly(asked: _Asked, span: Span) -> TimeRead:
    if span.months or span.minutes / 1440 + span.days > asked.furthest.days:
        return asked.impossible(Reason.TOO_FAR)
    due = asked.now + timedelta(minutes=span.minutes, days=span.days)
    return Moment(rule=later(asked.now, due - asked.now, asked.zone), due=due, words=asked.words)


def _one_off(asked: _Asked, spans: Sequence[Span]) -> TimeRead:
    days = _days(asked, spans)
    if isinstance(days, Reason):
        return asked.impossible(days)
    hours = _hours(asked)
    if hours is None:
        return asked.impossible(Reason.NO_SUCH_TIME)
    said = bool(hours)
    if not days and said and asked.day is not None:
        days = [Day(asked.day)]
    if not days:
        return _decided(asked, _nearest(asked, [_on(asked, _today(asked), h, said) for h in hours]))
    if not said:
        hours = _unsaid_hours(asked, days)
    if len(days) > 1 and len(hours) > 1:
        # "Next Friday at six": two days are asked about, not four moments.
        hours = [min(hours, key=lambda h: abs(h.at.hour - 13))]
    return _decided(asked, [_on(asked, d, h, said) for d, h in product(days, hours)])


def _today(asked: _Asked) -> Day:
    return Day(asked.local.date(), 1)


def _days(asked: _Asked, spans: Sequence[Span]) -> list[Day] | Reason:
    today = asked.local.date()
    found: list[Day] = []
    weekdays: list[Day] = []
    for span in spans[:1]:
        if span.months * 28 + span.days > asked.furthest.days:
            return Reason.TOO_FAR
        found.append(Day(plus_months(today, span.months) + timedelta(days=span.days)))
    for part in asked.of(PartKind.DATE)[:3]:
        days = days_of(part, today, asked.lexicon)
        if not days:
            return Reason.NO_SUCH_DAY
        (weekdays if part.letters == Kind.WEEKDAYS else found).extend(days)
    # "Monday 3 March" and "tomorrow, Friday" name one day, not two.
    named = {d.on.weekday() for d in found}
    return list(dict.fromkeys(found + [d for d in weekdays if d.on.weekday() not in named]))


def _hours(asked: _Asked) -> list[Hour] | None:
    """Every time the clock parts can mean, else the parts of the day; none when nothing was said."""
    names = [v for p in asked.of(PartKind.PART, PartKind.EVERY) for v in p.values(Kind.PARTS)]
    parts_of_day = [asked.lexicon.parts[n] for n in names[:2]]
    within = parts_of_day[0] if parts_of_day else None
    clocks = asked.of(PartKind.CLOCK) or asked.of(PartKind.BARE)
    found: list[Hour] = []
    for clock in clocks[:2]:
        hours = hours_of(clock, within)
        if hours is None:
            return None
        found.extend(hours)
    if not clocks:
        found = [Hour(part.usual) for part in parts_of_day]
    elif any(p.letters == Kind.ISO_DATE for p in asked.parts) and Kind.CLOCK in clocks[0].letters:
        # Who writes 2026-03-03 writes 10:00 the same way.
        found = [
            h for h in found if h.at.isoformat().startswith(clocks[0].values(Kind.CLOCK)[0][:2])
        ] or found
    return list(dict.fromkeys(found))


def _unsaid_hours(asked: _Asked, days: Sequence[Day]) -> list[Hour]:
    """The usual hour; later today, the next part of the day that is still to come."""
    today, now = asked.local.date(), asked.local.time()
    if [d.on for d in days] == [today] and not days[0].every_days and asked.usual <= now:
        return [Hour(h) for h in sorted(p.usual for p in asked.lexicon.parts.values()) if h > now][:1] or [
            Hour(asked.usual)
        ]
    return [Hour(asked.usual)]


@dataclass(frozen=True, slots=True)
class _Candidate:
    on: Day
    at: time
    said: bool
    named: Day
    shifted: bool = False


def _on(asked: _Asked, day: Day, hour: Hour, said: bool) -> _Candidate:
    on = replace(day, on=day.on + timedelta(days=1)) if hour.day_later else day
    candidate = _Candidate(on, hour.at, said, day)
    if on.every_days and on.on <= asked.local.date() and moment(on.on, hour.at, asked.zone) <= asked.now:
        return replace(candidate, on=replace(on, on=on.on + timedelta(days=on.every_days)), shifted=True)
    return candidate


def _nearest(asked: _Asked, candidates: Sequence[_Candidate]) -> Sequence[_Candidate]:
    """An hour without a day: at four in the afternoon "at six" is today's six."""
    return [c for c in candidates if c.on.on == asked.local.date()] or candidates


def _decided(asked: _Asked, candidates: Sequence[_Candidate]) -> TimeRead:
    # On a Friday morning "Friday at six" is today's six, not the one a week on.
    ahead = {c.named for c in candidates if not c.shifted}
    candidates = [c for c in candidates if not c.shifted or c.named not in ahead]
    latest = asked.local.date() + asked.furthest
    near = [c for c in candidates if c.on.on <= latest]
    if not near:
        return asked.impossible(Reason.TOO_FAR)
    readings = [
        Moment(rule=Once(on=c.on.on, at=c.at), due=due, words=asked.words, hour_said=c.said)
        for c in near
        if c.on.on >= asked.local.date() and (due := moment(c.on.on, c.at, asked.zone)) > asked.now
    ]
    return _asked_back(readings) if readings else asked.impossible(Reason.PAST)


def _asked_back(readings: Iterable[Moment]) -> TimeRead:
    different = sorted(set(readings), key=_order)[:_MOST_READINGS]
    return different[0] if len(different) == 1 else Unclear(readings=tuple(different))


def _order(reading: Moment) -> tuple[str, str]:
    on = reading.rule.on.isoformat() if isinstance(reading.rule, Once) else ""
    return on, f"{reading.rule.at} {reading.rule}"


def _recurring(asked: _Asked, every: Part) -> TimeRead:
    hours = _hours(asked)
    if hours is None:
        return asked.impossible(Reason.NO_SUCH_TIME)
    said = bool(hours)
    rules = [_rule(asked, every, h) for h in hours or [Hour(asked.usual)]]
    readings = []
    for rule in rules:
        if rule is None or not 1 <= rule.every <= _MOST_WEEKS_APART:
            return asked.impossible(Reason.RHYTHM)
        due = first(rule, asked.zone, asked.now)
        assert due is not None  # what recurs always comes again
        readings.append(Moment(rule=rule, due=due.due, words=asked.words, hour_said=said))
    return _asked_back(readings)


def _rule(asked: _Asked, every: Part, hour: Hour) -> Recurring | None:
    numbers = every.values(Kind.NUMBERS)
    apart = int(numbers[0]) if numbers else 1
    weekday = _weekday_of(asked, every)
    named = (Kind.WEEKDAYS, Kind.EVERY_WEEKDAY)
    if len({v for p in asked.of(PartKind.EVERY, PartKind.DATE) for k in named for v in p.values(k)}) > 1:
        return None  # one day a week or all of them; nothing in between
    if every.values(Kind.WORKING_DAYS):
        return WorkingDays(at=hour.at)
    if weekday is not None:
        return Weekly(weekday=(weekday + hour.day_later) % 7, at=hour.at, every=apart)
    units = every.values(Kind.UNITS) or every.values(Kind.EVERY_UNIT) or ["day"]
    return Daily(at=hour.at, every=apart) if units[0] == "day" else None


def _weekday_of(asked: _Asked, every: Part) -> int | None:
    named = every.values(Kind.WEEKDAYS) or every.values(Kind.EVERY_WEEKDAY)
    if named:
        return int(named[0])
    if every.values(Kind.WEEKEND):
        return 5
    if "week" not in (*every.values(Kind.UNITS), *every.values(Kind.EVERY_UNIT)):
        return None
    beside = [v for p in asked.of(PartKind.DATE) for v in p.values(Kind.WEEKDAYS)]
    return int(beside[0]) if beside else asked.local.weekday()


def readings_of(read: TimeRead | None) -> tuple[Moment, ...]:
    """The moments to choose from: one, several, or none."""
    match read:
        case Moment():
            return (read,)
        case Unclear():
            return read.readings
        case Impossible() | None:
            return ()
        case _:
            assert_never(read)
