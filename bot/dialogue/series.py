"""The check-ins after a rejection: next day, three days, a week, and once per search after ten weeks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.dialogue.schedule import Occurrence, Once, first


class SeriesStep(StrEnum):
    NEXT_DAY = "next_day"
    THREE_DAYS = "three_days"
    ONE_WEEK = "one_week"
    TEN_WEEKS = "ten_weeks"


# Ten weeks: spirits often fall again two to three months into a search (design, conversation §7).
AFTER_DAYS: Mapping[SeriesStep, int] = {
    SeriesStep.NEXT_DAY: 1,
    SeriesStep.THREE_DAYS: 3,
    SeriesStep.ONE_WEEK: 7,
    SeriesStep.TEN_WEEKS: 70,
}

DEFAULT_AT = time(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesItem:
    """A person has at most one item for each step; its rule is the wall-clock time it was promised for."""

    step: SeriesStep
    rule: Once
    due: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted:
    """`withdrawn` are the steps of the earlier rejection that give way; `items` is what is planned anew."""

    withdrawn: tuple[SeriesStep, ...]
    items: tuple[SeriesItem, ...]


def series(now: datetime, zone: ZoneInfo, at: time, *, ten_weeks: bool) -> tuple[SeriesItem, ...]:
    """Plan the series from the local day of `now` at wall-clock `at`, in order."""
    today = now.astimezone(zone).date()
    items = []
    for step, days in AFTER_DAYS.items():
        if step is SeriesStep.TEN_WEEKS and not ten_weeks:
            continue
        rule = Once(on=today + timedelta(days=days), at=at)
        due = first(rule, zone, now)
        assert due is not None  # a day ahead at least
        items.append(SeriesItem(step=step, rule=rule, due=due))
    return tuple(items)


def restarted(
    now: datetime, zone: ZoneInfo, at: time, *, pending: Collection[SeriesStep], had_ten_weeks: bool
) -> Restarted:
    """Plan the series for a new rejection in the same search; it replaces what is pending, never adds to it.

    The ten weeks count from the search's first rejection, so a pending one stays as it is.
    """
    keeps = SeriesStep.TEN_WEEKS in pending
    withdrawn = tuple(s for s in SeriesStep if s in pending and s is not SeriesStep.TEN_WEEKS)
    items = series(now, zone, at, ten_weeks=not (keeps or had_ten_weeks))
    return Restarted(withdrawn=withdrawn, items=items)
