"""The exercises there are. What each says, and why, is content: `flows/exercises.yaml` and `flows/why.yaml`."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

REST = timedelta(days=14)  # so long none is offered again, unless asked for


class Exercise(StrEnum):
    WRITING = "writing"
    VALUES = "values"
    KINDNESS = "kindness"  # self-compassion, in the second person
    DISTANCE = "distance"
    IF_THEN = "if-then"
    SETBACK = "setback"  # preparing for the next one
    GOOD_THINGS = "good-things"
    STRETCH = "stretch"
