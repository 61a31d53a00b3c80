"""Times and places as a person names them, understood but not yet agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol, assert_never

from bot.dialogue.schedule import Daily, Once, Rule, Weekly, WorkingDays


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """Two readings, the likelier first."""

    first: Rule
    second: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """`problem`: no_such_day, no_such_time, past or too_far."""

    problem: str


TimeRead = Clear | Unclear | Impossible | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRead:
    """A place as it is shown, and its IANA zone."""

    shown: str
    zone: str


class Readers(Protocol):
    """What reads times and places, and writes times, in a locale's words. Pure; `now` is UTC, `zone` IANA."""

    def time(
        self, text: str, now: datetime, zone: str, locale: str, *, day: date | None = None
    ) -> TimeRead: ...

    def places(self, text: str, now: datetime, locale: str) -> tuple[PlaceRead, ...]: ...

    def show(self, rule: Rule, now: datetime, zone: str, locale: str) -> str: ...

    def day(self, on: date, now: datetime, zone: str, locale: str, *, briefly: bool = False) -> str: ...

    def past_day(self, text: str, now: datetime, zone: str, locale: str) -> date | None: ...

    def join(self, shown: tuple[str, ...], locale: str) -> str: ...


def rule_to_text(rule: Rule) -> str:
    """Return a rule as one short text, for a session's variables."""
    at = rule.at.strftime("%H:%M")
    match rule:
        case Once(on=on):
            return f"once {at} {on.isoformat()}"
        case Daily(every=every):
            return f"daily {at} {every}"
        case Weekly(weekday=weekday, every=every):
            return f"weekly {at} {every} {weekday}"
        case WorkingDays(every=every):
            return f"working {at} {every}"
        case _:
            assert_never(rule)


def rule_from_text(text: str) -> Rule:
    """Return what `rule_to_text` wrote. Raises `ValueError` on anything else."""
    kind, at_text, *rest = text.split()
    at = time.fromisoformat(at_text)
    match kind, rest:
        case "once", [on]:
            return Once(on=date.fromisoformat(on), at=at)
        case "daily", [every]:
            return Daily(at=at, every=int(every))
        case "weekly", [every, weekday]:
            return Weekly(weekday=int(weekday), at=at, every=int(every))
        case "working", [every]:
            return WorkingDays(at=at, every=int(every))
        case _:
            raise ValueError(f"not a rule: {kind}")
