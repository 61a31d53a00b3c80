"""Hours: what a clock part can mean, alone and with a part of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from bot.understanding.times.grammar import Part, PartKind
from bot.understanding.times.lexicon import Kind, PartHours

# An hour said without saying which half of the day is taken to be one at which people are up.
_UP_FROM, _UP_TO = 6, 21


@dataclass(frozen=True, slots=True)
class Hour:
    """A time of day, `day_later` when it falls after midnight of the night that was named."""

    at: time
    day_later: bool = False


def hours_of(part: Part, within: PartHours | None) -> tuple[Hour, ...] | None:
    """Return the one or two times the part can mean; None if there is no such time."""
    hour, minute, exact = _said(part)
    if not (0 <= hour <= 24 and 0 <= minute <= 59) or (hour == 24 and minute):
        return None
    if hour == 24:
        return (Hour(time(0), day_later=True),)
    meridiem = part.values(Kind.MERIDIEM)
    if meridiem:
        return _with_meridiem(hour, minute, meridiem[0], within)
    if Kind.EXACT in part.letters and (hour, minute) == (0, 0):
        # Midnight begins a day for some and ends it for others.
        return Hour(time(0)), Hour(time(0), day_later=True)
    if hour == 12 and within is not None and within.start.hour >= 16:
        return (Hour(time(0, minute), day_later=True),)
    if exact and (within is None or not 0 < hour < 12):
        return (Hour(time(hour, minute), day_later=hour == 0 and _is_night(within)),)
    both = [Hour(time(h, minute)) for h in (hour % 12, hour % 12 + 12)]
    if within is not None and (fitting := _within(both, within)):
        return fitting
    if hour == 12:
        return (both[1],)
    return tuple(h for h in both if _UP_FROM <= h.at.hour <= _UP_TO)


def _said(part: Part) -> tuple[int, int, bool]:
    """Hour, minute, and whether the hour leaves no doubt about the half of the day."""
    if part.kind is PartKind.BARE:
        return (*_whole(int(part.values(Kind.NUMBERS)[0])), int(part.values(Kind.NUMBERS)[0]) > 12)
    clock, numbers = part.values(Kind.CLOCK) or part.values(Kind.EXACT), part.values(Kind.NUMBERS)
    letters = part.letters
    if clock and not numbers and not part.values(Kind.HALF_PAST):
        hour, minute = (int(n) for n in clock[0].split(":")[:2])
        return hour, minute, hour > 12 or clock[0].startswith("0") or Kind.EXACT in letters
    if Kind.MINUTES_OF in letters or Kind.HALF_PAST in letters:
        return _minutes_first(part, clock)
    hour, minute = _whole(int(numbers[0]))
    if (sign := part.values(Kind.HOUR_THEN)) and len(numbers) > 1:
        hour, minute = _shifted(hour, int(sign[-1]) * int(numbers[1]))
    if added := part.values(Kind.ADDED):
        hour, minute = _shifted(hour, int(added[0]))
    return hour, minute, int(numbers[0]) > 12 or numbers[0].startswith("0")


def _minutes_first(part: Part, clock: list[str]) -> tuple[int, int, bool]:
    """Half past seven, ten to noon."""
    numbers = part.values(Kind.NUMBERS)
    hour = int(clock[0].split(":")[0]) if clock else int(numbers[-1])
    if shift := part.values(Kind.HALF_PAST):
        by = int(shift[0])
    else:
        by = int(part.values(Kind.MINUTES_OF)[0]) * int(numbers[0])
    return (*_shifted(hour, by), bool(clock) or hour > 12)


def _whole(number: int) -> tuple[int, int]:
    """1430 is 14:30."""
    return divmod(number, 100) if number >= 100 else (number, 0)


def _shifted(hour: int, by: int) -> tuple[int, int]:
    if not (0 <= hour <= 24 and -59 <= by <= 59):
        return 99, 0
    total = (hour * 60 + by) % (24 * 60)
    return total // 60, total % 60


def _with_meridiem(
    hour: int, minute: int, meridiem: str, within: PartHours | None
) -> tuple[Hour, ...] | None:
    if hour > 12:
        return (Hour(time(hour, minute)),) if meridiem == "pm" else None
    at = time(hour % 12 + (12 if meridiem == "pm" else 0), minute)
    return (Hour(at, day_later=at.hour < 5 and _is_night(within)),)


def _within(hours: list[Hour], part: PartHours) -> tuple[Hour, ...]:
    if not _is_night(part):
        return tuple(h for h in hours if part.start <= h.at <= part.end)
    # The night begins on the day that was named and ends on the next.
    late = [h for h in hours if h.at >= part.start]
    return tuple(late or [Hour(h.at, day_later=True) for h in hours if h.at <= part.end])


def _is_night(part: PartHours | None) -> bool:
    return part is not None and part.end < part.start
