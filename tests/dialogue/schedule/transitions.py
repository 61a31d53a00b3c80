"""Every clock change of every IANA zone from 2024 to 2030, found once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

START = datetime(2024, 1, 1, tzinfo=UTC)
END = datetime(2031, 1, 1, tzinfo=UTC)
_PROBE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`at` is the first moment of the new offset, UTC."""

    zone: ZoneInfo
    at: datetime
    before: timedelta
    after: timedelta

    @property
    def name(self) -> str:
        return f"{self.zone.key} at {self.at:%Y-%m-%d %H:%M}"


@cache
def zones() -> tuple[ZoneInfo, ...]:
    return tuple(ZoneInfo(name) for name in sorted(available_timezones()))


@cache
def changes() -> tuple[Change, ...]:
    probes = [START + _PROBE * n for n in range(int((END - START) / _PROBE) + 1)]
    return tuple(change for zone in zones() for change in _changes_of(zone, probes))


@cache
def distinct_zones() -> tuple[ZoneInfo, ...]:
    """One zone for each different history of 2024-2030; the other names are its twins."""
    of_zone: dict[str, list[tuple[datetime, timedelta]]] = {z.key: [] for z in zones()}
    for change in changes():
        of_zone[change.zone.key].append((change.at, change.after))
    found: dict[object, ZoneInfo] = {}
    for zone in zones():
        found.setdefault((_offset(zone, START), tuple(of_zone[zone.key])), zone)
    return tuple(found.values())


def _changes_of(zone: ZoneInfo, probes: list[datetime]) -> list[Change]:
    found = []
    earlier, before = probes[0], _offset(zone, probes[0])
    for probe in probes[1:]:
        after = _offset(zone, probe)
        if after != before:
            found.append(Change(zone=zone, at=_between(zone, earlier, probe), before=before, after=after))
        earlier, before = probe, after
    return found


def _between(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    before = _offset(zone, early)
    low, high = int(early.timestamp()), int(late.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        same = _offset(zone, datetime.fromtimestamp(middle, UTC)) == before
        low, high = (middle, high) if same else (low, middle)
    return datetime.fromtimestamp(high, UTC)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset
