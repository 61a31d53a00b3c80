"""The checks of the flows, all together."""

from __future__ import annotations

from bot.script.compile import ReadFlow, variable_types
from bot.script.diagnostics import Code, Diagnostic
from bot.script.lint_exercises import check_exercises
from bot.script.lint_guesses import check_guesses
from bot.script.lint_saves import check_saves
from bot.script.lint_starts import check_engine_steps, check_starts
from bot.script.lint_steps import check_step
from bot.script.lint_texts import check_texts
from bot.script.lint_ways import check_ways
from bot.script.place import Place, places_of


def check_flows(
    flows: tuple[ReadFlow, ...], *, never_says: tuple[str, ...] = (), thoroughly: bool
) -> list[Diagnostic]:
    """Return every finding about flows of the right shape."""
    places, types = places_of(flows), variable_types(flows)
    found = [*check_starts(flows), *check_engine_steps(flows, places), *check_guesses(flows, places)]
    all_there = not any(each.code is Code.MISSING_ENGINE_STEP for each in found)
    found += check_ways(flows, places, all_there=all_there)
    for place in places.values():
        found += _check_place(place, types)
    found += check_exercises(flows)
    return found + list(check_texts(flows, never_says=never_says, thoroughly=thoroughly))


def _check_place(place: Place, types: dict[str, str]) -> list[Diagnostic]:
    return [*check_step(place), *check_saves(place, types)]
