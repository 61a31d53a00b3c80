"""Check-ins as an iCalendar file (RFC 5545), for the person's own calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.effects import SendCalendar
from bot.dialogue.schedule import Daily, Once, Rule, Weekly, WorkingDays

MIME = "text/calendar"
_PRODUCT = "-//Onward//check-ins//EN"
_LASTS = timedelta(minutes=5)
_YEAR = timedelta(days=365)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def as_file(calendar: SendCalendar, *, of: int, made_at: datetime) -> bytes:
    """Return the .ics file of conversation `of`. Slow the first time (it loads its library): call it in a thread."""
    from icalendar import Calendar  # noqa: PLC0415

    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    for check_in in calendar.check_ins:
        made.add_component(_appointment(check_in, of, calendar.title, made_at))
    # What TZID means is to stand in the file itself (RFC 5545, 3.2.19).
    today = made_at.date()
    made.add_missing_timezones(first_date=today - _YEAR, last_date=today + 20 * _YEAR)
    content: bytes = made.to_ical()
    return content


def _appointment(check_in: CheckIn, of: int, title: str, made_at: datetime) -> Any:
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    event.add("uid", _uid(check_in, of))
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("summary", title)
    event.add("duration", _LASTS)
    if repeats := _repeats(check_in.rule):
        # In the person's wall-clock time, so that it follows their clocks as ours does.
        event.add("dtstart", datetime.combine(check_in.day, check_in.rule.at, ZoneInfo(check_in.zone)))
        event.add("rrule", repeats)
    else:
        event.add("dtstart", check_in.due.astimezone(UTC).replace(microsecond=0))
    return event


def _uid(check_in: CheckIn, of: int) -> str:
    # A promise that was moved is the same appointment when the file is asked for again.
    return f"{blake2b(f'{of} {check_in.key}'.encode(), digest_size=12).hexdigest()}@onward"


def _repeats(rule: Rule) -> dict[str, Any]:
    match rule:
        case Once():
            return {}
        case Daily(every=every):
            return {"freq": "daily", "interval": every}
        case Weekly(weekday=weekday, every=every):
            return {"freq": "weekly", "interval": every, "byday": _WEEKDAYS[weekday]}
        case WorkingDays(every=every) if every > 1:
            return {}  # every second working day: no rule of the format says that
        case WorkingDays():
            return {"freq": "weekly", "byday": list(_WEEKDAYS[:5])}
        case _:
            assert_never(rule)
