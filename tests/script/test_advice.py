"""Every piece of the catalogue is reached, under its conditions, and the page says how."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.script import advice
from bot.script.advice import BrokenCondition, advice_page, find_advice
from bot.script.catalogue import CATALOGUE
from tests.real_content import real_content

ROOT = Path(__file__).parents[2]
LIVES = ROOT / "content" / "editorial" / "lives.yaml"
CONTENT = real_content()


@pytest.mark.slow
def test_every_piece_is_reached_and_the_page_says_how() -> None:
    found = find_advice(CONTENT, LIVES)
    assert set(found) == set(CATALOGUE)
    assert len(CATALOGUE) == 40
    page = (ROOT / "docs" / "advice.md").read_text(encoding="utf-8")
    assert page == advice_page(CONTENT, found), (
        "write it anew: onward check --advice --table > docs/advice.md"
    )


def test_a_piece_given_against_its_conditions_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advice, "CONDITIONS", {"your-move": lambda known, keys: False})
    with pytest.raises(BrokenCondition, match="your-move"):
        find_advice(CONTENT, LIVES)
