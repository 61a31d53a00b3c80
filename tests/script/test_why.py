"""Every exercise says what it rests on, and the page of evidence is what the bot says."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.exercises import Exercise
from bot.script.evidence import evidence_page
from tests.real_content import real_content

ROOT = Path(__file__).parents[2]
CONTENT = real_content()


@pytest.mark.parametrize("exercise", Exercise)
def test_every_exercise_says_plainly_what_it_rests_on_its_source_and_a_caution(exercise: Exercise) -> None:
    step = CONTENT.script.steps[f"why/{exercise}"]
    assert [line.key.rpartition("/")[2] for line in step.say] == ["plain", "source", "caution"]


@pytest.mark.parametrize("exercise", Exercise)
def test_every_exercise_can_be_begun_and_asks_a_mood_that_may_be_skipped(exercise: Exercise) -> None:
    script = CONTENT.script
    assert script.steps[f"exercises/{exercise}"].sets["exercises.name"] == exercise
    for step in ("number-before", "number-after"):
        ask = script.steps[f"exercises/{step}"].ask
        assert ask is not None
        assert ask.scale
        assert ask.skip


def test_the_page_of_evidence_is_what_the_bot_says() -> None:
    page = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    assert page == evidence_page(CONTENT), "`make docs` writes it anew"
