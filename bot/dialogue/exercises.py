"""The exercises there are. What each says, and why, is content: `flows/exercises.yaml` and `flows/why.yaml`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot.dialogue.facts import Done

REST = timedelta(days=14)  # so long none is offered again, unless asked for
ENOUGH = 3  # times with a mood before and after, until one is offered by what they were


class Exercise(StrEnum):
    WRITING = "writing"
    VALUES = "values"
    KINDNESS = "kindness"  # self-compassion, in the second person
    DISTANCE = "distance"
    IF_THEN = "if-then"
    SETBACK = "setback"  # preparing for the next one
    GOOD_THINGS = "good-things"
    STRETCH = "stretch"


def offered_again(done: Sequence[Done], preferred: str | None, at: datetime) -> Done | None:
    """Return what may be offered at `at` by how it went before: the one that stands out, or else the one after which
    the mood was higher most often, and more often than not. Nothing within two weeks of the last time.
    """
    rested = [each for each in done if at - each.last_at >= REST]
    standing_out = next((each for each in rested if each.name == preferred), None)
    fair = [each for each in rested if each.measured >= ENOUGH and each.higher * 2 > each.measured]
    return standing_out or max(fair, key=lambda each: (each.higher, each.last_at, each.name), default=None)
