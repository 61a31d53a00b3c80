"""Quiet hours, what was missed, merging, silence and the series."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.merging import WITHIN, Planned, merged
from bot.dialogue.missed import Kind, judge
from bot.dialogue.quiet import QuietHours, outside
from bot.dialogue.schedule import Daily, Occurrence, Once, Rule, Weekly, WorkingDays
from bot.dialogue.series import SeriesStep, restarted, series
from bot.dialogue.silence import Pace, at_pace, pace_after

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


QUIET = [
    ("2026-03-02 20:59", "2026-03-02 20:59"),
    ("2026-03-02 21:00", "2026-03-03 08:00"),
    ("2026-03-03 00:00", "2026-03-03 08:00"),
    ("2026-03-03 07:59", "2026-03-03 08:00"),
    ("2026-03-03 08:00", "2026-03-03 08:00"),
    ("2026-03-28 23:00", "2026-03-29 08:00"),
]


@pytest.mark.parametrize(("proposed", "sent"), QUIET)
def test_quiet_hours_wait_for_the_morning(proposed: str, sent: str) -> None:
    assert outside(QuietHours(), at(proposed), BERLIN) == at(sent)


def test_equal_ends_mean_no_quiet_hours() -> None:
    assert not QuietHours(start=time(8), end=time(8)).covers(at("2026-03-02 08:00"), BERLIN)


def test_quiet_hours_ending_in_a_repeated_hour_end_again() -> None:
    quiet = QuietHours(start=time(22), end=time(2, 30))
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 02:15 in Berlin, for the second time
    assert outside(quiet, second, BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Missed:
    name: str
    kind: Kind
    rule: Rule
    due: str
    now: str
    sent: str | None
    then: str | None = None
    named: bool = False


TEN, LATE = Daily(at=time(10)), Once(on=date(2026, 3, 2), at=time(23))
EVENING = Once(on=date(2026, 3, 2), at=time(20))
MONDAYS = Weekly(weekday=0, at=time(10))
DAILY, DUE = Kind.DAILY, "03-02 10:00"
MISSED = [
    Missed(
        name="on time",
        kind=DAILY,
        rule=TEN,
        due=DUE,
        now="03-02 10:01",
        sent="03-02 10:01",
        then="03-03 10:00",
    ),
    Missed(
        name="an hour",
        kind=DAILY,
        rule=TEN,
        due=DUE,
        now="03-02 11:00",
        sent="03-02 11:00",
        then="03-03 10:00",
    ),
    Missed(name="a day", kind=DAILY, rule=TEN, due=DUE, now="03-02 17:00", sent=None, then="03-03 10:00"),
    Missed(name="a week", kind=DAILY, rule=TEN, due=DUE, now="03-09 09:00", sent=None, then="03-09 10:00"),
    Missed(
        name="a named late hour",
        kind=Kind.REMINDER,
        rule=LATE,
        due="03-02 23:00",
        now="03-02 23:01",
        sent="03-02 23:01",
        named=True,
    ),
    Missed(
        name="a named late hour, delayed",
        kind=Kind.REMINDER,
        rule=LATE,
        due="03-02 23:00",
        now="03-03 02:00",
        sent="03-03 08:00",
        named=True,
    ),
    Missed(
        name="timed write",
        kind=Kind.TIMED_WRITE,
        rule=EVENING,
        due="03-02 20:00",
        now="03-02 21:30",
        sent=None,
    ),
    Missed(
        name="plan", kind=Kind.PLAN, rule=EVENING, due="03-02 20:00", now="03-03 22:00", sent="03-04 08:00"
    ),
    Missed(
        name="weekly, at night",
        kind=Kind.WEEKLY,
        rule=MONDAYS,
        due=DUE,
        now="03-02 22:00",
        sent="03-03 08:00",
        then="03-09 10:00",
    ),
    Missed(
        name="daily, over the night",
        kind=DAILY,
        rule=Daily(at=time(20)),
        due="03-02 20:00",
        now="03-02 21:30",
        sent=None,
        then="03-03 20:00",
    ),
]


@pytest.mark.parametrize("case", MISSED, ids=lambda m: m.name)
def test_what_was_missed_is_sent_once_or_dropped_with_its_successor_planned(case: Missed) -> None:
    due, now = at(f"2026-{case.due}"), at(f"2026-{case.now}")
    occurrence = Occurrence(day=due.astimezone(BERLIN).date(), due=due)
    verdict = judge(case.kind, case.rule, BERLIN, occurrence, now=now, quiet=QuietHours(), named=case.named)
    assert verdict.send_at == (at(f"2026-{case.sent}") if case.sent else None)
    assert (verdict.successor.due if verdict.successor else None) == (
        at(f"2026-{case.then}") if case.then else None
    )


NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def plans(*minutes: tuple[int, bool]) -> list[Planned]:
    due = [(NINE + timedelta(minutes=m), named) for m, named in minutes]
    return [Planned(key=f"{i}", due=d, named=named) for i, (d, named) in enumerate(due)]


def test_two_close_ones_become_one() -> None:
    (only,) = merged(plans((0, False), (30, False)))
    assert (only.at, only.keys) == (NINE, ("0", "1"))


def test_what_is_proposed_joins_the_hour_the_person_named() -> None:
    (only,) = merged(plans((0, False), (20, True)))
    assert (only.at, only.keys) == (NINE + timedelta(minutes=20), ("0", "1"))


def test_a_row_of_close_ones_does_not_melt_into_one() -> None:
    assert [g.keys for g in merged(plans((0, False), (20, False), (40, False)))] == [("0", "1"), ("2",)]


@given(st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=12))
def test_merging_loses_nothing_and_moves_no_named_hour(minutes: list[tuple[int, bool]]) -> None:
    planned = plans(*minutes)
    groups = merged(reversed(planned))
    assert groups == merged(planned)
    assert sorted(k for g in groups for k in g.keys) == sorted(p.key for p in planned)
    at_of = {k: g.at for g in groups for k in g.keys}
    named = {p.due for p in planned if p.named}
    for one in planned:
        assert abs(at_of[one.key] - one.due) <= (timedelta(0) if one.named else WITHIN)
    moments = [g.at for g in groups]
    for early, late in pairwise(moments):
        assert late - early > WITHIN or {early, late} <= named


def test_silence_halves_then_pauses() -> None:
    assert [pace_after(n) for n in range(5)] == [Pace.USUAL, Pace.USUAL, Pace.HALF, Pace.PAUSED, Pace.PAUSED]


def test_half_as_often() -> None:
    once = Once(on=date(2026, 3, 2), at=time(9))
    assert at_pace(Daily(at=time(9)), Pace.HALF) == Daily(at=time(9), every=2)
    assert at_pace(Weekly(weekday=1, at=time(9), every=2), Pace.HALF) == Weekly(
        weekday=1, at=time(9), every=4
    )
    assert at_pace(WorkingDays(at=time(9)), Pace.USUAL) == WorkingDays(at=time(9))
    assert at_pace(once, Pace.HALF) == once
    assert at_pace(once, Pace.PAUSED) is None


def test_the_series_stands_at_local_times_through_a_clock_change() -> None:
    items = series(at("2026-03-25 23:30"), BERLIN, time(10), ten_weeks=True)
    assert [(i.step, i.due.due) for i in items] == [
        (SeriesStep.NEXT_DAY, at("2026-03-26 10:00")),
        (SeriesStep.THREE_DAYS, at("2026-03-28 10:00")),
        (SeriesStep.ONE_WEEK, at("2026-04-01 10:00")),
        (SeriesStep.TEN_WEEKS, at("2026-06-03 10:00")),
    ]


STEPS = list(SeriesStep)


@given(st.sets(st.sampled_from(STEPS)), st.booleans())
def test_a_restart_never_stacks(pending: set[SeriesStep], had_ten_weeks: bool) -> None:
    again = restarted(at("2026-03-25 12:00"), BERLIN, time(10), pending=pending, had_ten_weeks=had_ten_weeks)
    left = [s for s in pending if s not in again.withdrawn]
    after = left + [i.step for i in again.items]
    assert len(after) == len(set(after))
    assert {SeriesStep.NEXT_DAY, SeriesStep.THREE_DAYS, SeriesStep.ONE_WEEK} <= set(after)
    if had_ten_weeks:
        assert SeriesStep.TEN_WEEKS not in [i.step for i in again.items]
