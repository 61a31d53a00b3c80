"""What to do with a check-in whose time came: send it now, in the morning, or let it go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.dialogue.quiet import QuietHours, outside
from bot.dialogue.schedule import Occurrence, Rule, next_after


class Kind(StrEnum):
    """What a check-in is for."""

    SERIES = "series"
    TEN_WEEKS = "ten_weeks"
    PLAN = "plan"
    TIME_BOX = "time_box"
    TIMED_WRITE = "timed_write"
    REMINDER = "reminder"
    DAILY = "daily"
    WEEKLY = "weekly"
    LETTER = "letter"
    LOOK_IN = "look_in"  # fifteen minutes after a safety question, announced and refusable
    FOLLOW_UP = "follow_up"  # the day after danger, and on day seven, with leave


# How long after its moment each kind still makes sense, the wait for quiet hours to end included.
GRACE: Mapping[Kind, timedelta] = {
    Kind.SERIES: timedelta(days=1),  # "yesterday was heavy" is wrong two days on
    Kind.TEN_WEEKS: timedelta(days=7),
    Kind.PLAN: timedelta(days=2),  # how it went can be asked the day after
    Kind.TIME_BOX: timedelta(days=1),
    Kind.TIMED_WRITE: timedelta(hours=1),  # the end of a vent is of no use to somebody long gone
    Kind.REMINDER: timedelta(days=1),  # they asked for it: late, and saying so, beats never
    Kind.DAILY: timedelta(hours=6),
    Kind.WEEKLY: timedelta(days=1),
    Kind.LETTER: timedelta(days=3),
    Kind.LOOK_IN: timedelta(hours=1),  # announced for a moment that has passed by then
    Kind.FOLLOW_UP: timedelta(days=1),
}

ON_TIME = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`send_at` is the moment to send it, UTC, or None to drop it; `successor` is to be planned either way."""

    send_at: datetime | None
    successor: Occurrence | None


def judge(
    kind: Kind,
    rule: Rule,
    zone: ZoneInfo,
    due: Occurrence,
    *,
    now: datetime,
    quiet: QuietHours,
    named: bool,
    grace: Mapping[Kind, timedelta] = GRACE,
) -> Verdict:
    """Decide about a check-in that is due. `named`: the person chose this very hour.

    However many of its occurrences lie behind, one is sent at most; the successor lies ahead of `now`.
    """
    successor = next_after(rule, zone, due, now=now)
    late = now - due.due > ON_TIME
    # Past midnight is not the hour they named, even if it was meant for eleven.
    send_at = now if named and not late else outside(quiet, now, zone)
    in_time = send_at - due.due <= grace[kind] and (successor is None or send_at < successor.due)
    return Verdict(send_at=send_at if in_time else None, successor=successor)
