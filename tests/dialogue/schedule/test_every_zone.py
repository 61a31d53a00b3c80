"""Over every IANA zone and every clock change of 2024-2030."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.quiet import QuietHours, outside
from bot.dialogue.schedule import Daily, Occurrence, Once, Recurring, Weekly, first, next_after, snoozed
from tests.dialogue.schedule.transitions import END, START, Change, changes, distinct_zones, zones

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
TIMES = [time(10), time(2, 30), time(0), time(0, 30), time(1, 59), time(3), time(23, 30)]


def test_the_zones_and_changes_are_really_all_there() -> None:
    assert len(zones()) > 590
    assert len(changes()) > 2500
    assert any(c.before > c.after for c in changes())
    assert any((c.at + c.before).time() == time(0) and c.before < c.after for c in changes()), (
        "a midnight gap"
    )


@pytest.mark.parametrize("at", TIMES, ids=str)
def test_a_daily_time_fires_once_for_each_local_day_at_each_change(at: time) -> None:
    for change in changes():
        day = (change.at + change.before).date() - 3 * DAY
        expected = [_by_hand(change, day + n * DAY, at) for n in range(7)]
        assert _walk(Daily(at=at), change.zone, expected[0] - DAY / 2, 7) == expected, change.name


@pytest.mark.parametrize("at", [time(10), time(2, 30)], ids=str)
def test_no_local_day_of_seven_years_is_left_out_or_had_twice(at: time) -> None:
    for zone in distinct_zones():
        fired = _walk_until(Daily(at=at), zone, START, END)
        days = [due.astimezone(zone).date() for due in fired]
        assert days == [days[0] + n * DAY for n in range(len(days))], zone.key
        assert (days[0], days[-1]) in _whole_span(zone, at), zone.key
        gaps = {c.after - c.before for c in changes() if c.zone == zone and c.after > c.before}
        allowed = {at} if at == time(10) else {at} | {(datetime.combine(START, at) + g).time() for g in gaps}
        assert {due.astimezone(zone).time() for due in fired} <= allowed, zone.key


@pytest.mark.parametrize("at", [time(10), time(2, 30)], ids=str)
def test_a_snooze_never_changes_what_follows(at: time) -> None:
    rule = Daily(at=at)
    for change in changes():
        plain = first(rule, change.zone, change.at - 3 * DAY)
        also = plain
        for n in range(6):
            assert plain is not None
            assert plain == also, change.name
            later = (plain.due + timedelta(hours=20 + n)).astimezone(change.zone)
            moved = snoozed(rule, change.zone, plain, to=Once(on=later.date(), at=later.time()))
            plain, also = next_after(rule, change.zone, plain), moved.successor


def test_a_weekly_time_keeps_its_weekday_and_hour() -> None:
    for change in changes():
        weekday = (change.at + change.before).weekday()
        rule = Weekly(weekday=weekday, at=time(10))
        for due in _walk(rule, change.zone, change.at - 8 * DAY, 3):
            local = due.astimezone(change.zone)
            assert (local.weekday(), local.time()) == (weekday, time(10)), change.name


@pytest.mark.parametrize(
    "quiet",
    [
        QuietHours(),
        QuietHours(start=time(23, 30), end=time(2, 30)),
        QuietHours(start=time(1, 30), end=time(2, 15)),
        QuietHours(start=time(22), end=time(0)),
    ],
    ids=lambda q: f"{q.start:%H%M}-{q.end:%H%M}",
)
def test_nothing_is_proposed_in_quiet_hours_nor_later_than_needed(quiet: QuietHours) -> None:
    around = [timedelta(minutes=20 * n) for n in range(-6, 7)] + [
        timedelta(hours=h) for h in (-20, -9, 9, 20)
    ]
    for change in changes():
        for at in (change.at + gap for gap in around):
            send = outside(quiet, at, change.zone)
            assert send >= at, change.name
            assert not quiet.covers(send, change.zone), change.name
            if send != at:
                assert quiet.covers(at, change.zone), change.name
                assert send - at < timedelta(hours=13), change.name
    for change in changes()[::20]:
        _check_least(quiet, change, around)


def _check_least(quiet: QuietHours, change: Change, around: list[timedelta]) -> None:
    """No earlier quarter of an hour would have done, a quarter skipped by the clocks apart."""
    for at in (change.at + gap for gap in around):
        send = outside(quiet, at, change.zone)
        moment = at + timedelta(minutes=15)
        while moment < send:
            if not quiet.covers(moment, change.zone):
                assert abs(moment - change.at) <= timedelta(hours=1), change.name
            moment += timedelta(minutes=15)


def _by_hand(change: Change, day: date, at: time) -> datetime:
    """The moment by arithmetic on the two offsets, without asking the library about folds and gaps."""
    wall = datetime.combine(day, at, UTC)
    valid = [
        moment
        for moment in (wall - change.before, wall - change.after)
        if moment.astimezone(change.zone).replace(tzinfo=UTC) == wall
    ]
    return min(valid) if valid else wall - change.before


def _walk(rule: Recurring, zone: ZoneInfo, after: datetime, times: int) -> list[datetime]:
    found: list[datetime] = []
    one = first(rule, zone, after)
    while one is not None and len(found) < times:
        found.append(one.due)
        one = next_after(rule, zone, one)
    return found


def _walk_until(rule: Recurring, zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    found = []
    one: Occurrence | None = first(rule, zone, start)
    while one is not None and one.due < end:
        found.append(one.due)
        assert len(found) <= (end - start) / DAY + 1, "it fires without an end"
        one = next_after(rule, zone, one)
    return found


def _whole_span(zone: ZoneInfo, at: time) -> set[tuple[date, date]]:
    starts = START.astimezone(zone)
    ends = END.astimezone(zone)
    first_day = starts.date() if starts.time() < at else starts.date() + DAY
    last_day = ends.date() if ends.time() > at else ends.date() - DAY
    return {(first_day, last_day)}
