"""Feelings a text names, the heat in it, and a mood given as a number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.dialogue.reading import Feeling, Temper
from bot.understanding.rules import Hit

_SCALE = re.compile(r" (?:(10|\d)|(10|\d)/10|(10|\d) out of 10) ")


def feelings_in(found: Sequence[Hit]) -> tuple[Feeling, ...]:
    """The feelings named, in the order they stand in the text."""
    if not found:
        return ()
    ordered = sorted(found, key=lambda hit: hit.start)
    return tuple(dict.fromkeys(Feeling(hit.rule.says["feeling"]) for hit in ordered))


def temper_in(found: Sequence[Hit]) -> Temper | None:
    """What first speaks of a heat that a letter would better not have."""
    if not found:
        return None
    return min((hit.start, Temper(hit.rule.says["temper"])) for hit in found)[1]


def mood_in(core: str) -> int | None:
    """The number from 0 to 10 that is all a text says, or None."""
    match = _SCALE.fullmatch(core)
    return int(next(g for g in match.groups() if g is not None)) if match else None
