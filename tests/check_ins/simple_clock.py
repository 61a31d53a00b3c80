"""What should come to one person, and when: an account of its own, by walking local days. None of the bot's code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
GRACE_HOURS = {"series": 24, "ten_weeks": 168, "plan": 48, "reminder": 24, "daily": 6, "weekly": 24}
HELLOS = {"series", "ten_weeks", "daily", "weekly"}  # asked by the bot: silence slows and ends them
AFTER = {"next_day": 1, "three_days": 3, "one_week": 7}


@lru_cache(maxsize=200_000)
def moment(day: date, at: time, zone: str) -> datetime:
    """Return the UTC moment a wall clock in `zone` first shows this; if it never does, later by what was skipped."""
    tz, naive = ZoneInfo(zone), datetime.combine(day, at)
    near = [naive.replace(tzinfo=UTC) + timedelta(days=days) for days in (-1, 1)]
    offsets = [each.astimezone(tz).utcoffset() or timedelta() for each in near]
    readings = sorted((naive - offset).replace(tzinfo=UTC) for offset in offsets)
    right = [each for each in readings if each.astimezone(tz).replace(tzinfo=None) == naive]
    return right[0] if right else (naive - offsets[0]).replace(tzinfo=UTC)


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def is_quiet(at: datetime, zone: str) -> bool:
    return not 8 <= local(at, zone).hour < 21


def awake(at: datetime, zone: str) -> datetime:
    """Return `at`, or eight in the morning after it."""
    if not is_quiet(at, zone):
        return at
    today = local(at, zone).date()
    mornings = (moment(today + DAY * days, time(8), zone) for days in (0, 1))
    return next(each for each in mornings if each > at)


@dataclass(slots=True, kw_only=True)
class Promised:
    """`repeats`: days from one to the next, 0 for once. `of`: the key it was first promised under."""

    key: str
    of: str
    kind: str
    day: date
    at: time
    zone: str
    due: datetime
    repeats: int = 0
    fewer: int = 1
    named: bool = False

    def following(self, now: datetime) -> tuple[date, datetime]:
        """Return the next of its days whose moment is later than this one and than now."""
        day = self.day
        while True:
            day += DAY * self.repeats * self.fewer
            due = moment(day, self.at, self.zone)
            if due > self.due and due > now:
                return day, due


@dataclass(slots=True, kw_only=True)
class Ledger:
    """What is owed to one person and what should have come: `came` holds moment, kind and whether it was named."""

    hello_at: time
    zone: str
    owed: dict[str, Promised] = field(default_factory=dict)
    came: list[tuple[datetime, str]] = field(default_factory=list)
    unanswered: int = 0
    skipped_one: bool = False
    had_ten_weeks: bool = False
    venting: datetime | None = None  # since when, without a word
    blocked: bool = False
    open: Promised | None = None
    dropped: int = 0
    late: int = 0
    joined: int = 0
    put_off: int = 0

    # -- what the person does -------------------------------------------------------------------------

    def life(self) -> None:
        self.unanswered, self.blocked = 0, False

    def rejection(self, now: datetime) -> None:
        for each in [each for each in self.owed.values() if each.kind == "series"]:
            del self.owed[each.key]
        steps = AFTER if self.had_ten_weeks else AFTER | {"ten_weeks": 70}
        self.had_ten_weeks = True
        for step, days in steps.items():
            kind = "ten_weeks" if step == "ten_weeks" else "series"
            self._owe(
                f"series.{step}", kind, local(now, self.zone).date() + DAY * days, self.hello_at, named=False
            )

    def once(self, key: str, kind: str, day: date, at: time) -> None:
        self._owe(key, kind, day, at, named=True)

    def again_and_again(
        self, key: str, kind: str, at: time, now: datetime, weekday: int | None = None
    ) -> None:
        day = local(now, self.zone).date() - DAY
        while moment(day, at, self.zone) <= now or (weekday is not None and day.weekday() != weekday):
            day += DAY
        self._owe(key, kind, day, at, named=True)
        self.owed[key].repeats = 1 if weekday is None else 7

    def moves_to(self, zone: str, now: datetime) -> None:
        self.zone = zone
        for each in self.owed.values():
            if each.zone == zone:
                continue
            each.zone = zone
            day = each.day
            while each.repeats and moment(day, each.at, zone) <= now:
                day += DAY * each.repeats
            due = moment(day, each.at, zone)
            if due > now:
                each.day, each.due = day, due

    def snooze(self, now: datetime, key: str, *, tomorrow: bool) -> None:
        assert self.open is not None
        there = local(now + timedelta(hours=3), self.zone)
        day, at = there.date(), there.time().replace(second=0, microsecond=0)
        if tomorrow:
            day, at = local(now, self.zone).date() + DAY, self.hello_at
        if moment(day, at, self.zone) <= now:
            return
        self._owe(key, self.open.kind, day, at, named=False)
        again = self.owed[key]
        again.of, again.due = self.open.of, awake(again.due, self.zone)

    def fewer(self) -> None:
        self.owed.pop("series.three_days", None)
        for each in self.owed.values():
            each.fewer *= 2

    def stop_this(self) -> None:
        assert self.open is not None
        self._forget(lambda each: self.open is not None and each.of == self.open.of)

    def stop_hellos(self) -> None:
        self.stop_this()
        self._forget(lambda each: each.kind in HELLOS)

    def _forget(self, which: object) -> None:
        self.owed = {key: each for key, each in self.owed.items() if not which(each)}  # type: ignore[operator]

    def _owe(self, key: str, kind: str, day: date, at: time, *, named: bool) -> None:
        due = moment(day, at, self.zone)
        self.owed[key] = Promised(
            key=key, of=key, kind=kind, day=day, at=at, zone=self.zone, due=due, named=named
        )

    # -- what time does -------------------------------------------------------------------------------

    def until(self, now: datetime, *, down_since: datetime | None = None) -> None:
        """Let everything fall due up to `now`; while the bot was down all of it waits for `now`."""
        while self.owed:
            first = min(self.owed.values(), key=lambda each: (each.due, each.key))
            if first.due > now:
                return
            late = down_since is not None and first.due >= down_since
            self._due(first, now if late else first.due)

    def _due(self, it: Promised, now: datetime) -> None:
        del self.owed[it.key]
        if self.blocked:
            return
        hello = it.kind in HELLOS
        rests = False
        if hello and it.repeats:
            rests = self.unanswered == 2 and not self.skipped_one
            self.skipped_one = rests
        if it.repeats:
            day, due = it.following(now)
            self.owed[it.key] = Promised(
                key=it.key, of=it.of, kind=it.kind, day=day, at=it.at, zone=it.zone, due=due,
                repeats=it.repeats, fewer=it.fewer, named=it.named,
            )  # fmt: skip
        if rests:
            return
        was_down = now - it.due > 5 * MINUTE
        send = now if it.named and not was_down else awake(now, it.zone)
        too_late = send - it.due > timedelta(hours=GRACE_HOURS[it.kind])
        if too_late or (it.repeats and send >= self.owed[it.key].due):
            self.dropped += 1
            return
        if self.venting and now - self.venting < timedelta(hours=1):
            send = max(send, now + 30 * MINUTE)
        if hello and not it.named and send == now and (beside := self._named_soon(now)) is not None:
            send = max(beside.due, now + MINUTE)
        if send > now:
            self.put_off += 1
            key = f"late.{it.key}" if it.key in self.owed else it.key
            self.owed[key] = Promised(
                key=key, of=it.of, kind=it.kind, day=it.day, at=it.at, zone=it.zone, due=send, named=it.named
            )
            return
        self.late += was_down
        self._comes(it, now)

    def _named_soon(self, now: datetime) -> Promised | None:
        soon = [each for each in self.owed.values() if each.named and each.due <= now + 30 * MINUTE]
        return min(soon, key=lambda each: (each.due, each.key), default=None)

    def _comes(self, it: Promised, now: datetime) -> None:
        hello = it.kind in HELLOS
        self.unanswered += hello
        pauses = hello and self.unanswered >= 3
        mate = next(
            (
                each
                for each in sorted(self.owed.values(), key=lambda e: (e.due, e.key))
                if self._joins(each, now)
            ),
            None,
        )
        self.open = None if pauses else it
        self.came.append((now, "pause" if pauses else it.kind))
        if mate is not None:
            del self.owed[mate.key]
            self.joined += 1
            if not pauses:
                self.came.append((now, mate.kind))
        if pauses:
            self._forget(lambda each: each.kind in HELLOS)

    def _joins(self, it: Promised, now: datetime) -> bool:
        near = it.due <= now + 30 * MINUTE and now - it.due <= timedelta(hours=GRACE_HOURS[it.kind])
        return near and it.kind in HELLOS and not it.named and not it.repeats
