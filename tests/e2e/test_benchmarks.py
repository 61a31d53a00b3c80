"""The comparison stays one: both bots do the same for a turn."""

from __future__ import annotations

import pytest

from benchmarks.measure import IN_MEMORY, ORDINARY, OURS, Case, measure

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("bot", [OURS, ORDINARY, IN_MEMORY])
async def test_a_turn_costs_the_same_calls_whichever_bot_takes_it(bot: str) -> None:
    found = await measure(Case(bot=bot, delay=0.0, seconds=1.5), 10, lambda _: None)
    assert found.turns > 10
    assert found.stalled == 0
    # Three for a text, four for a tap; what was under way at either end of the time makes the rest.
    assert found.calls_per_turn == pytest.approx(3.5, abs=0.6)
