"""Quiet hours: when nothing is sent that the person did not ask for at that very time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_CLOCK = "%H:%M"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Local wall-clock times, usually across midnight; `end` itself is no longer quiet. Equal: never quiet."""

    start: time = time(21)
    end: time = time(8)

    @property
    def words(self) -> dict[str, object]:
        """What a text may print: `from` and `until`, as a clock shows them."""
        return {"from": self.start.strftime(_CLOCK), "until": self.end.strftime(_CLOCK)}

    def holds(self, wall: time) -> bool:
        """Whether a wall-clock time lies in them."""
        if self.start <= self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end

    def covers(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether the moment `at` (aware) is quiet by the clock on the person's wall."""
        return self.holds(at.astimezone(zone).time())


def as_text(start: time, end: time) -> str:
    """Return quiet hours as they are kept, "22:00-07:00"."""
    return f"{start.strftime(_CLOCK)}-{end.strftime(_CLOCK)}"


def quiet_hours(kept: object) -> QuietHours:
    """Return the quiet hours a person set (`as_text`), or the usual ones when they set none."""
    try:
        start, end = str(kept).split("-")
        return QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end))
    except ValueError:
        return QuietHours()


def outside(quiet: QuietHours, at: datetime, zone: ZoneInfo) -> datetime:
    """Return `at`, or the next end of quiet hours when `at` falls into them; UTC.

    For whatever the bot proposes and whatever is late; a time the person named is not asked about.
    """
    if not quiet.covers(at, zone):
        return at.astimezone(UTC)
    today = at.astimezone(zone).date()
    ends = [
        datetime.combine(today + timedelta(days=days), quiet.end.replace(fold=fold), zone).astimezone(UTC)
        for days in (0, 1, 2)
        for fold in (0, 1)  # quiet hours that end in a repeated hour end twice
    ]
    return min(end for end in ends if end > at and not quiet.covers(end, zone))
