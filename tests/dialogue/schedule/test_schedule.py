from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.schedule import (
    Daily,
    Occurrence,
    Once,
    Rule,
    Weekly,
    WorkingDays,
    due_after_working_days,
    due_at,
    first,
    later,
    moment,
    moved,
    next_after,
    snoozed,
    spread,
)
from tests.dialogue.schedule.transitions import zones

BERLIN, NEW_YORK, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def local_times(rule: Rule, zone: ZoneInfo, after: datetime, count: int) -> list[str]:
    found = []
    one = first(rule, zone, after)
    while one is not None and len(found) < count:
        found.append(f"{one.due.astimezone(zone):%Y-%m-%d %H:%M}")
        one = next_after(rule, zone, one)
    return found


def test_a_check_in_keeps_its_wall_clock_time() -> None:
    due = due_at(at("2026-03-28 18:00"), after_days=1, at=time(10), zone=BERLIN)
    assert due == datetime(2026, 3, 29, 8, tzinfo=UTC)


def test_working_days_skip_the_weekend() -> None:
    friday, sunday = at("2026-03-06 18:00"), at("2026-03-08 18:00")
    assert due_after_working_days(friday, days=5, at=time(10), zone=BERLIN) == at("2026-03-13 10:00")
    assert due_after_working_days(friday, days=1, at=time(10), zone=BERLIN) == at("2026-03-09 10:00")
    assert due_after_working_days(sunday, days=1, at=time(10), zone=BERLIN) == at("2026-03-09 10:00")
    assert due_after_working_days(sunday, days=0, at=time(20), zone=BERLIN) == at("2026-03-08 20:00")


SKIPPED = [
    ("Pacific/Apia", "2011-12-28 12:00", ["2011-12-28 22:00", "2011-12-29 22:00", "2011-12-31 22:00"], 22),
    ("Pacific/Apia", "2011-12-28 12:00", ["2011-12-29 00:00", "2011-12-31 00:00", "2012-01-01 00:00"], 0),
    (
        "Pacific/Kwajalein",
        "1993-08-19 12:00",
        ["1993-08-20 10:00", "1993-08-22 10:00", "1993-08-23 10:00"],
        10,
    ),
]


@pytest.mark.parametrize(("zone", "after", "expected", "hour"), SKIPPED)
def test_a_day_the_zone_skipped_is_skipped(zone: str, after: str, expected: list[str], hour: int) -> None:
    place = ZoneInfo(zone)
    assert local_times(Daily(at=time(hour)), place, at(after, place), 3) == expected


def test_a_day_the_zone_had_twice_fires_once() -> None:
    manila = ZoneInfo("America/Juneau")  # 18 October 1867 came twice as it became American
    days = local_times(Daily(at=time(10)), manila, at("1867-10-16 12:00", manila), 4)
    assert len({d[:10] for d in days}) == 4


def test_a_time_skipped_at_midnight_moves_by_the_gap() -> None:
    cairo = ZoneInfo("Africa/Cairo")  # 26 April 2024 began at 01:00
    times = local_times(Daily(at=time(0, 15)), cairo, at("2024-04-25 12:00", cairo), 2)
    assert times == ["2024-04-26 01:15", "2024-04-27 00:15"]


def test_every_other_day_counts_from_the_one_that_fired() -> None:
    assert local_times(Daily(at=time(9), every=2), BERLIN, at("2026-03-27 08:00"), 3) == [
        "2026-03-27 09:00",
        "2026-03-29 09:00",
        "2026-03-31 09:00",
    ]


def test_working_days_run_from_monday_to_friday() -> None:
    assert local_times(WorkingDays(at=time(9)), BERLIN, at("2026-03-05 10:00"), 3) == [
        "2026-03-06 09:00",
        "2026-03-09 09:00",
        "2026-03-10 09:00",
    ]


def test_every_other_week() -> None:
    rule = Weekly(weekday=6, at=time(18), every=2)
    assert local_times(rule, BERLIN, at("2026-03-22 18:00"), 2) == ["2026-03-29 18:00", "2026-04-12 18:00"]


def test_a_one_off_that_lies_behind_is_none_and_has_no_successor() -> None:
    rule = Once(on=date(2026, 3, 2), at=time(9))
    assert first(rule, BERLIN, at("2026-03-02 09:00")) is None
    due = first(rule, BERLIN, at("2026-03-02 08:59"))
    assert due is not None
    assert next_after(rule, BERLIN, due) is None


def test_a_clock_set_back_does_not_fire_again() -> None:
    rule = Daily(at=time(10))
    fired = first(rule, BERLIN, at("2026-03-02 09:00"))
    assert fired is not None
    following = next_after(rule, BERLIN, fired, now=fired.due - timedelta(hours=1))
    assert following is not None
    assert following.due == at("2026-03-03 10:00")


def test_what_passed_while_the_process_was_down_is_passed_over() -> None:
    fired = Occurrence(day=date(2026, 3, 2), due=at("2026-03-02 10:00"))
    following = next_after(Daily(at=time(10), every=2), BERLIN, fired, now=at("2026-03-11 12:00"))
    assert following == Occurrence(day=date(2026, 3, 12), due=at("2026-03-12 10:00"))


class TestMoving:
    rule = Daily(at=time(10))

    def test_the_wall_clock_time_stays(self) -> None:
        pending = first(self.rule, BERLIN, at("2026-03-02 12:00"))
        last = Occurrence(day=date(2026, 3, 2), due=at("2026-03-02 10:00"))
        assert pending is not None
        new = moved(self.rule, TOKYO, pending, last=last, now=at("2026-03-02 12:00"))
        assert new.due == at("2026-03-03 10:00", TOKYO)

    def test_a_day_that_had_its_check_in_gets_no_second_one_further_west(self) -> None:
        last = Occurrence(day=date(2026, 3, 2), due=at("2026-03-02 10:00"))
        pending = next_after(self.rule, BERLIN, last)
        assert pending is not None
        new = moved(self.rule, NEW_YORK, pending, last=last, now=at("2026-03-02 12:00"))
        assert new.due == at("2026-03-03 10:00", NEW_YORK)

    def test_a_one_off_already_past_in_the_new_zone_keeps_its_moment(self) -> None:
        rule = Once(on=date(2026, 3, 2), at=time(18))
        pending = first(rule, BERLIN, at("2026-03-02 12:00"))
        assert pending is not None
        assert moved(rule, TOKYO, pending, last=None, now=at("2026-03-02 12:00")) == pending
        west = moved(rule, NEW_YORK, pending, last=None, now=at("2026-03-02 12:00"))
        assert west.due == at("2026-03-02 18:00", NEW_YORK)


def test_a_snoozed_one_off_has_no_successor() -> None:
    rule = Once(on=date(2026, 3, 2), at=time(9))
    due = Occurrence(day=rule.on, due=moment(rule.on, rule.at, BERLIN))
    to = later(due.due, timedelta(hours=3), BERLIN)
    assert to == Once(on=date(2026, 3, 2), at=time(12))
    assert snoozed(rule, BERLIN, due, to=to).successor is None


def test_later_lies_ahead_in_a_repeated_hour_too() -> None:
    second = datetime(2026, 10, 25, 1, 5, tzinfo=UTC)  # 02:05 in Berlin, for the second time
    rule = later(second, timedelta(minutes=20), BERLIN)
    due = first(rule, BERLIN, second)
    assert due is not None
    assert due.due == datetime(2026, 10, 25, 2, 25, tzinfo=UTC)


ZONES = st.sampled_from([z for z in zones() if "/" in z.key])


@given(
    old=ZONES,
    new=ZONES,
    hour=st.integers(0, 23),
    start=st.integers(0, 6 * 365),
    minutes=st.integers(0, 1440),
)
def test_in_a_new_zone_the_wall_clock_stays_and_no_day_has_two(
    old: ZoneInfo, new: ZoneInfo, hour: int, start: int, minutes: int
) -> None:
    rule = Daily(at=time(hour))
    last = first(rule, old, datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=start))
    assert last is not None
    pending = next_after(rule, old, last)
    assert pending is not None
    now = last.due + timedelta(minutes=minutes)
    again = moved(rule, new, pending, last=last, now=now)
    assert again.day > last.day
    assert again.due > now
    assert again.due == moment(again.day, rule.at, new)


@given(person=st.text(max_size=20), hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_a_spread_time_is_close_and_always_the_same(person: str, hour: int, minute: int) -> None:
    base = time(hour, minute)
    got = spread(base, person)
    assert got == spread(base, person)
    assert base <= got
    assert (got.hour - hour) * 60 + got.minute - minute < 20


def test_people_are_spread_evenly() -> None:
    counts = [0] * 20
    for n in range(4000):
        counts[spread(time(10), str(n)).minute] += 1
    assert min(counts) > 140
