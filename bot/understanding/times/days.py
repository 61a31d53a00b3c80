"""Days: what a date part can mean, counted from the person's own today."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.understanding.times.grammar import Part
from bot.understanding.times.lexicon import Kind, Lexicon

_FRIDAY, _SATURDAY = 4, 5
_MOST = 999  # so that no sum leaves the calendar


@dataclass(frozen=True, slots=True)
class Day:
    """A local day. If its time has passed already, it means `every_days` later (0: it lies in the past)."""

    on: date
    every_days: int = 0


def days_of(part: Part, today: date, lexicon: Lexicon) -> tuple[Day, ...]:
    """Return the days the part can mean, at most two; none if there is no such day."""
    if part.letters[0] in (Kind.NUMBERS, Kind.AN) and part.values(Kind.UNITS):
        return _counted_from(part, today, lexicon)
    if iso := part.values(Kind.ISO_DATE):
        return _one(*(int(n) for n in iso[0].split("-")))
    if slash := part.values(Kind.SLASH_DATE):
        return _slash(slash[0], today, lexicon)
    if part.values(Kind.END):
        return _end(part, today)
    if months := part.values(Kind.MONTHS):
        year = [int(y) for y in part.values(Kind.YEAR)]
        return _month_day(int(months[0]), int(part.values(Kind.NUMBERS)[0]), year[0] if year else None, today)
    if part.values(Kind.NUMBERS):
        return _day_of_month(int(part.values(Kind.NUMBERS)[0]), today)
    if part.values(Kind.WEEKDAYS):
        return _weekday(part, today, lexicon)
    if part.values(Kind.WEEKEND):
        return _weekend(part, today, lexicon)
    if day := part.values(Kind.DAYS):
        return (Day(today + timedelta(days=int(day[0]))),)
    return _next_unit(part.values(Kind.UNITS)[0], today)


def _counted_from(part: Part, today: date, lexicon: Lexicon) -> tuple[Day, ...]:
    """A week on Friday, two weeks today."""
    base = days_of(replace(part, symbols=part.symbols[2:]), today, lexicon)
    count = int((part.values(Kind.NUMBERS) or ["1"])[0])
    days = {"day": 1, "week": 7}.get(part.values(Kind.UNITS)[0], 0)
    return tuple(Day(d.on + timedelta(days=count * days)) for d in base) if count <= _MOST else ()


def _one(year: int, month: int, day: int) -> tuple[Day, ...]:
    try:
        return (Day(date(year, month, day)),)
    except ValueError:
        return ()


def _slash(said: str, today: date, lexicon: Lexicon) -> tuple[Day, ...]:
    first, second, *year = (int(n) for n in said.replace(".", "/").split("/"))
    named = year[0] + (2000 if year[0] < 100 else 0) if year else None
    day_first = _month_day(second, first, named, today)
    if lexicon.slash_day_first or "." in said:
        return day_first
    month_first = _month_day(first, second, named, today)
    return tuple(dict.fromkeys((*day_first, *month_first)))


def _month_day(month: int, day: int, year: int | None, today: date) -> tuple[Day, ...]:
    """Without a year, the next one that has that day and is not behind."""
    if year is not None:
        return _one(year, month, day)
    for candidate in range(today.year, today.year + 9):
        found = _one(candidate, month, day)
        if found and found[0].on >= today:
            return found
    return ()


def _day_of_month(day: int, today: date) -> tuple[Day, ...]:
    month = today.replace(day=1)
    for _ in range(13):
        found = _one(month.year, month.month, day)
        if found and found[0].on >= today:
            return found
        month = (month + timedelta(days=32)).replace(day=1)
    return ()


def _end(part: Part, today: date) -> tuple[Day, ...]:
    shift = 1 if part.values(Kind.NEXT) else 0
    if months := part.values(Kind.MONTHS):
        year = today.year + (int(months[0]) < today.month)
        return _one(year, int(months[0]), monthrange(year, int(months[0]))[1])
    match part.values(Kind.UNITS)[0]:
        case "week":
            friday = today + timedelta(days=_FRIDAY - today.weekday() + 7 * shift)
            return (Day(friday if friday >= today else friday + timedelta(days=7), 7),)
        case "month":
            month = _plus_months(today.replace(day=1), shift)
            return _one(month.year, month.month, monthrange(month.year, month.month)[1])
        case "day":
            return (Day(today),)
        case _:
            return ()


def _weekday(part: Part, today: date, lexicon: Lexicon) -> tuple[Day, ...]:
    weekday = int(part.values(Kind.WEEKDAYS)[0])
    ahead = (weekday - today.weekday()) % 7
    coming, week_after = today + timedelta(days=ahead), today + timedelta(days=ahead or 7)
    if part.values(Kind.UNITS):
        return (Day(today + timedelta(days=7 - today.weekday() + weekday)),)
    if not part.values(Kind.NEXT):
        return (Day(coming, 7),)
    if lexicon.next_is_coming or weekday <= today.weekday():
        return (Day(week_after),)
    return Day(coming), Day(coming + timedelta(days=7))


def _weekend(part: Part, today: date, lexicon: Lexicon) -> tuple[Day, ...]:
    saturday = today + timedelta(days=(_SATURDAY - today.weekday()) % 7)
    following = Day(saturday + timedelta(days=7))
    if not part.values(Kind.NEXT):
        return (Day(saturday, 7),)
    if lexicon.next_is_coming:
        return (Day(saturday) if saturday > today else following,)
    return Day(saturday), following


def _next_unit(unit: str, today: date) -> tuple[Day, ...]:
    match unit:
        case "day":
            return (Day(today + timedelta(days=1)),)
        case "week":
            return (Day(today + timedelta(days=7 - today.weekday())),)
        case "month":
            return (Day(_plus_months(today, 1)),)
        case _:
            return ()


def _plus_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def plus_months(day: date, months: int) -> date:
    """The same day `months` on, or that month's last day if it is shorter."""
    return _plus_months(day, months)
