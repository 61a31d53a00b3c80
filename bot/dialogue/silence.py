"""Backing off when nobody answers."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from bot.dialogue.schedule import Once, Rule


class Pace(StrEnum):
    """How often check-ins come. At `PAUSED` nothing comes until the person does; that is said once."""

    USUAL = "usual"
    HALF = "half"
    PAUSED = "paused"


def pace_after(unanswered: int) -> Pace:
    """Return the pace after `unanswered` check-ins in a row; any sign of life sets the count to 0."""
    if unanswered >= 3:
        return Pace.PAUSED
    return Pace.HALF if unanswered == 2 else Pace.USUAL


def at_pace(rule: Rule, pace: Pace) -> Rule | None:
    """Return the rule to plan by; None while it pauses. The rule kept in the records stays as it was.

    A one-off stays at half pace: it comes once anyway.
    """
    if pace is Pace.PAUSED:
        return None
    if pace is Pace.USUAL or isinstance(rule, Once):
        return rule
    return replace(rule, every=rule.every * 2)
