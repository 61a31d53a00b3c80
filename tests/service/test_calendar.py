from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from bot.dialogue.effects import Effect, SendCalendar
from bot.dialogue.events import Event as Happened
from bot.dialogue.facts import Facts
from bot.dialogue.missed import Kind
from bot.dialogue.schedule import Daily, Rule, Weekly, WorkingDays, moment
from bot.dialogue.session import Session
from bot.service.calendar import as_file
from bot.store.database import Store
from bot.store.ports import Unsure
from tests.service.stage import START, Channel, check_in, stage, update

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 3, 27)  # a Friday; the clocks change on Sunday


def appointments(*rules: Rule) -> list[Event]:
    promised = tuple(
        replace(
            check_in(f"k{n}", moment(DAY, time(10), BERLIN), kind=Kind.DAILY, words="private"),
            rule=rule,
            zone="Europe/Berlin",
            day=DAY,
        )
        for n, rule in enumerate(rules)
    )
    made = SendCalendar(key="k", title="A moment for you", file_name="c.ics", check_ins=promised)
    file = as_file(made, of=1, made_at=START)
    assert b"private" not in file
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    return list(Calendar.from_ical(file).walk("VEVENT"))


def test_a_single_one_stands_in_utc() -> None:
    promised = check_in("k", START)
    made = SendCalendar(key="k", title="A moment for you", file_name="c.ics", check_ins=(promised,))
    (event,) = Calendar.from_ical(as_file(made, of=1, made_at=START)).walk("VEVENT")
    assert event["DTSTART"].dt == START
    assert event["DTSTART"].to_ical() == b"20260302T181000Z"
    assert "RRULE" not in event
    assert event["SUMMARY"] == "A moment for you"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        pytest.param(Daily(at=time(10)), b"FREQ=DAILY;INTERVAL=1", id="daily"),
        pytest.param(Daily(at=time(10), every=2), b"FREQ=DAILY;INTERVAL=2", id="every-other-day"),
        pytest.param(Weekly(weekday=4, at=time(10)), b"FREQ=WEEKLY;INTERVAL=1;BYDAY=FR", id="weekly"),
        pytest.param(WorkingDays(at=time(10)), b"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", id="working-days"),
    ],
)
def test_a_recurring_one_keeps_its_wall_clock_time(rule: Rule, said: bytes) -> None:
    (event,) = appointments(rule)
    assert event["RRULE"].to_ical() == said
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert event["DTSTART"].to_ical() == b"20260327T100000"


def test_a_rule_the_format_can_t_say_is_shown_once() -> None:
    (event,) = appointments(WorkingDays(at=time(10), every=2))
    assert "RRULE" not in event
    assert event["DTSTART"].dt == datetime(2026, 3, 27, 9, tzinfo=UTC)


def test_its_zone_stands_in_the_file() -> None:
    promised = replace(
        check_in("k", moment(DAY, time(10), BERLIN)), rule=Daily(at=time(10)), zone="Europe/Berlin", day=DAY
    )
    made = SendCalendar(key="k", title="t", file_name="c.ics", check_ins=(promised,))
    zones = Calendar.from_ical(as_file(made, of=1, made_at=START)).walk("VTIMEZONE")
    assert [str(zone["TZID"]) for zone in zones] == ["Europe/Berlin"]


def test_the_same_promise_is_the_same_appointment() -> None:
    one, other = (appointments(Daily(at=time(10)), Daily(at=time(11))) for _ in range(2))
    assert [event["UID"] for event in one] == [event["UID"] for event in other]
    assert one[0]["UID"] != one[1]["UID"]


def asking(session: Session, event: Happened, facts: Facts) -> tuple[Effect, ...]:
    promised = (check_in("k", START + timedelta(days=1)),)
    return (SendCalendar(key="cal", title="A moment", file_name="check-ins.ics", check_ins=promised),)


async def test_the_file_is_made_and_sent_again_when_no_answer_came(store: Store) -> None:
    on = stage(store, asking, channel=Channel(outcomes=[Unsure()]))
    await on.pipeline.receive([update(1, "calendar")])
    while (due := await on.pipeline.drain()) is not None:
        on.clock.at = due
    assert [call[:4] for call in on.channel.calls] == [("file", "100", "check-ins.ics", "text/calendar")] * 2
    assert on.channel.calls[0][4].startswith("BEGIN:VCALENDAR")
