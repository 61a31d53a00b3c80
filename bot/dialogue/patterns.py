"""Where processes stop again and again: named when, and only when, the conditions of the catalogue hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.dialogue.effects import Value
from bot.dialogue.facts import PastRejection
from bot.dialogue.reading import Kind, Outcome, Stage

LAST, ENOUGH = 5, 3  # three of the last five
APPLICATIONS = 15  # so many without as much as a screen
NOT_AGAIN_FOR = timedelta(days=30)
NAMED = "seen.pattern"  # the place and when it was named
OF_PATTERN = frozenset({"rejection.stage", "rejection.kind", "rejection.outcome", NAMED})
_T = TypeVar("_T", bound=StrEnum)


class Place(StrEnum):
    """Where it stops: interviews and final rounds are one place, the room."""

    ROOM = "room"
    ASSESSMENT = "assessment"
    SCREEN = "screen"
    APPLICATION = "application"


_PLACES = {
    Stage.FINAL: Place.ROOM,
    Stage.INTERVIEW: Place.ROOM,
    Stage.ASSESSMENT: Place.ASSESSMENT,
    Stage.SCREEN: Place.SCREEN,
    Stage.APPLICATION: Place.APPLICATION,
}
# What is looked for elsewhere than on the market, or was lost rather than sought, stops for other reasons.
_OTHER = frozenset({Kind.PROMOTION, Kind.LAYOFF, Kind.LOVE})
_NOT_THEIRS = frozenset({Outcome.LAID_OFF, Outcome.WITHDRAWN})


def pattern_of(rejections: Sequence[PastRejection]) -> Place | None:
    """Return the place where processes of one kind keep stopping. `rejections` are newest first."""
    processes = [each for each in rejections if each.kind not in _OTHER and each.outcome not in _NOT_THEIRS]
    if not processes:
        return None
    kind = processes[0].kind or Kind.JOB
    stages = [each.stage for each in processes if (each.kind or Kind.JOB) is kind and each.stage is not None]
    places = [_PLACES[stage] for stage in stages if stage in _PLACES]
    found, times = Counter(places[:LAST]).most_common(1)[0] if places else (None, 0)
    if times < ENOUGH:
        return None
    if found is Place.APPLICATION and not _many_without_a_screen(stages):
        return None
    return found


def pattern_due(
    rejections: Sequence[PastRejection], current: int | None, variables: Mapping[str, Value], at: datetime
) -> Place | None:
    """Return the pattern that may be named at `at`: one that holds and wasn't named within a while."""
    found = pattern_of(_with_current(rejections, current, variables, at))
    named = variables.get(NAMED)
    if found is not None and isinstance(named, str):
        place, _, when = named.partition(" ")
        if place == found and at - datetime.fromisoformat(when) < NOT_AGAIN_FOR:
            return None
    return found


def _with_current(
    rejections: Sequence[PastRejection], current: int | None, variables: Mapping[str, Value], at: datetime
) -> list[PastRejection]:
    """The facts were read before this turn; what it has said of the current rejection counts already."""
    if current is None:
        return list(rejections)
    before = next((each for each in rejections if each.ref == current), None)
    now = PastRejection(
        ref=current,
        at=before.at if before else at,
        kind=_one_of(Kind, variables.get("rejection.kind")),
        stage=_one_of(Stage, variables.get("rejection.stage")),
        outcome=_one_of(Outcome, variables.get("rejection.outcome")),
    )
    others = [each for each in rejections if each.ref != current]
    return sorted([now, *others], key=lambda each: (each.at, each.ref), reverse=True)


def _one_of(kind: type[_T], value: Value) -> _T | None:
    return next((member for member in kind if member.value == value), None)


def _many_without_a_screen(stages: Sequence[Stage]) -> bool:
    latest = stages[:APPLICATIONS]
    return len(latest) == APPLICATIONS and all(stage is Stage.APPLICATION for stage in latest)
