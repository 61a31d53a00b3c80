"""When something is due: rules in a person's wall-clock time, and the UTC moments they mean.

A rule is kept with its zone and never as a list of instants, so 10:00 stays 10:00 when the clocks change or
the person moves. Where the clocks skip a time it moves forward by what was skipped; where they repeat one
the first is taken (RFC 5545, 3.3.5; what `fold=0` means).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from itertools import islice
from typing import assert_never
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """On one local day. `at` is naive wall-clock time, here and in every rule."""

    on: date
    at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """Every day, or every `every`-th one, counted from the last that fired."""

    at: time
    every: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """On one weekday (Monday is 0), every week or every `every`-th."""

    weekday: int
    at: time
    every: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """Monday to Friday, every working day or every `every`-th. Public holidays are not known."""

    at: time
    every: int = 1


Recurring = Daily | Weekly | WorkingDays
Rule = Once | Recurring


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time a rule fires: `day` is the local day it counts for, `due` its moment in UTC.

    They are kept apart because a skipped hour can carry the moment over midnight.
    """

    day: date
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Snoozed:
    """One occurrence, moved: `instead` is a one-off of its own, `successor` what the rule does next."""

    instead: Once
    successor: Occurrence | None


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the UTC moment of wall-clock `at` on the local day `day` in `zone`."""
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def due_at(now: datetime, *, after_days: int, at: time, zone: ZoneInfo) -> datetime:
    """Return the UTC moment of a check-in: wall-clock `at`, `after_days` local days after `now`, in `zone`."""
    # Local days, not now + timedelta: 10:00 must stay 10:00 when the clocks change.
    return moment(now.astimezone(zone).date() + timedelta(days=after_days), at, zone)


def due_after_working_days(now: datetime, *, days: int, at: time, zone: ZoneInfo) -> datetime:
    """Like `due_at`, counting Monday to Friday only; from a weekend the first is Monday."""
    today = now.astimezone(zone).date()
    working = islice(_days(WorkingDays(at=at), today), days - 1, None) if days else iter((today,))
    return moment(next(working), at, zone)


def first(rule: Rule, zone: ZoneInfo, after: datetime) -> Occurrence | None:
    """Return the rule's first occurrence later than `after`; None for a one-off that lies behind."""
    match rule:
        case Once():
            only = _occurrence(rule.on, rule.at, zone)
            return only if only.due > after else None
        case Daily() | Weekly() | WorkingDays():
            # From two days back: a gap may carry yesterday's time into today, or a whole day further.
            days = _days(rule, after.astimezone(zone).date() - 2 * _DAY)
            return _first_due(days, rule.at, zone, after)
        case _:
            assert_never(rule)


def next_after(
    rule: Rule, zone: ZoneInfo, fired: Occurrence, *, now: datetime | None = None
) -> Occurrence | None:
    """Return what follows `fired`, however late it was sent and whatever the machine's clock says.

    With `now`, occurrences already behind it are passed over (the process was down). `zone` may differ from
    the zone `fired` was planned in: a local day that had its check-in does not get another.
    """
    if isinstance(rule, Once):
        return None
    floor = max(fired.due, now) if now else fired.due
    days = islice(_days(rule, fired.day), rule.every - 1, None, rule.every)
    return _first_due(days, rule.at, zone, floor)


def moved(
    rule: Rule, zone: ZoneInfo, pending: Occurrence, *, last: Occurrence | None, now: datetime
) -> Occurrence:
    """Return the pending occurrence at its wall-clock time in a new `zone`; `last` is what fired before it.

    A one-off whose time has already passed in the new zone keeps its old moment: late beats never.
    """
    if isinstance(rule, Once) or last is None:
        return first(rule, zone, now) or pending
    return next_after(rule, zone, last, now=now) or pending


def snoozed(rule: Rule, zone: ZoneInfo, moving: Occurrence, *, to: Once) -> Snoozed:
    """Move one occurrence, fired or still to come, to `to`. The rule goes on as if it had fired in time."""
    return Snoozed(instead=to, successor=next_after(rule, zone, moving))


def later(now: datetime, by: timedelta, zone: ZoneInfo) -> Once:
    """Return "later today": the wall-clock time `by` of real time from `now`, to the minute; always ahead."""
    local = (now + by).astimezone(zone)
    if moment(local.date(), local.time(), zone) <= now:
        # In a repeated hour its first pass is meant, and that is over: the hour after it.
        local = (now + by + timedelta(hours=1)).astimezone(zone)
    return Once(on=local.date(), at=local.time().replace(second=0, microsecond=0, fold=0))


def spread(at: time, person: str, *, over: timedelta = timedelta(minutes=20)) -> time:
    """Return a default time moved later by a few whole minutes, always the same for the same `person`.

    So a thousand people don't all fall due at 09:00:00. Only for times nobody named; shown as it is.
    """
    steps = int(over / timedelta(minutes=1))
    digest = blake2b(person.encode(), digest_size=8, person=b"spread").digest()
    minutes = int.from_bytes(digest) % max(1, steps)
    total = min(at.hour * 60 + at.minute + minutes, 24 * 60 - 1)
    return at.replace(hour=total // 60, minute=total % 60)


def _occurrence(day: date, at: time, zone: ZoneInfo) -> Occurrence:
    return Occurrence(day=day, due=moment(day, at, zone))


def _first_due(days: Iterator[date], at: time, zone: ZoneInfo, floor: datetime) -> Occurrence:
    # Strictly later, so a day its zone skipped (Apia, 30 December 2011) does not fire beside the next one.
    for day in days:
        found = _occurrence(day, at, zone)
        if found.due > floor:
            return found
    raise AssertionError("a recurring rule has no end")


def _days(rule: Recurring, after: date) -> Iterator[date]:
    """Every local day of the rule later than `after`, whatever its `every`."""
    step = _DAY
    day = after + _DAY
    if isinstance(rule, Weekly):
        day += timedelta(days=(rule.weekday - day.weekday()) % 7)
        step = 7 * _DAY
    while True:
        if not isinstance(rule, WorkingDays) or day.weekday() < _SATURDAY:
            yield day
        day += step
