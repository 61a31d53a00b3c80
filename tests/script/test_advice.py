"""Every piece of the catalogue is reached, under its conditions, and the page says how."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.effects import Value
from bot.script import advice
from bot.script.advice import BrokenCondition, advice_page, find_advice
from bot.script.catalogue import CATALOGUE
from bot.script.conditions import ANY_TIME, CONDITIONS, Condition, Told
from tests.real_content import real_content

ROOT = Path(__file__).parents[2]
LIVES = ROOT / "content" / "editorial" / "lives.yaml"
CONTENT = real_content()


@pytest.mark.slow
def test_every_piece_is_reached_and_the_page_says_how() -> None:
    found = find_advice(CONTENT, LIVES, turns=2500)  # raises where a condition isn't kept
    assert set(found) == set(CATALOGUE)
    assert len(CATALOGUE) == 40
    page = (ROOT / "docs" / "advice.md").read_text(encoding="utf-8")
    assert page == advice_page(CONTENT, found), (
        "write it anew: onward check --advice --table > docs/advice.md"
    )


def test_a_piece_given_against_its_conditions_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    never = Condition(when="no time at all", holds=lambda told: False)
    monkeypatch.setattr(advice, "CONDITIONS", {"your-move": never})
    with pytest.raises(BrokenCondition, match="your-move is for no time at all"):
        find_advice(CONTENT, LIVES)


def known(**values: object) -> dict[str, Value]:
    return {name.replace("__", "."): value for name, value in values.items()}  # type: ignore[misc]


BIAS = known(acknowledge__unfair=True, rejection__stage="final")
FINAL, SCREEN = known(rejection__stage="final"), known(rejection__stage="screen")
APPLICATION, TASK = known(rejection__stage="application"), known(rejection__stage="assessment")
RELIEVED, ANGRY = known(rejection__feelings=("relief",)), known(rejection__feelings=("anger",))
GHOSTED, LAID_OFF = known(rejection__outcome="ghosted"), known(rejection__outcome="laid_off")
WITHDRAWN, PASSED_OVER = known(rejection__outcome="withdrawn"), known(rejection__kind="promotion")


@pytest.mark.parametrize(
    ("piece", "may", "may_not"),
    [
        (
            "happens-to-everyone",
            [Told(known=APPLICATION), Told(known=SCREEN)],
            [Told(known=FINAL), Told(known={})],
        ),
        ("not-personal", [Told(known=FINAL)], [Told(known=BIAS)]),
        ("slump-is-normal", [Told(known=known(rejection__count=5))], [Told(known=known(rejection__count=4))]),
        ("stay-present", [Told(known={}, noes=3)], [Told(known={}, noes=2)]),
        ("own-your-part", [Told(known=FINAL)], [Told(known=GHOSTED)]),
        (
            "employers-view",
            [Told(known=FINAL), Told(known=PASSED_OVER)],
            [Told(known=BIAS), Told(known=SCREEN)],
        ),
        ("maybe-not-the-fit", [Told(known=RELIEVED), Told(known={}, keys=("unsure",))], [Told(known=ANGRY)]),
        ("repeated-stage", [Told(known=known(pattern__place="room"))], [Told(known=FINAL, noes=9)]),
        ("interview-is-a-win", [Told(known=SCREEN)], [Told(known=TASK), Told(known=APPLICATION)]),
        ("practice-is-a-win", [Told(known=TASK)], [Told(known=APPLICATION), Told(known=GHOSTED)]),
        ("clarity-is-a-win", [Told(known=RELIEVED)], [Told(known={})]),
        ("stretch-yourself", [Told(known=RELIEVED)], [Told(known=ANGRY)]),
        ("money-first", [Told(known=LAID_OFF), Told(known={}, keys=("money",))], [Told(known=FINAL)]),
        ("watch-the-slide", [Told(known={}, keys=("slide",))], [Told(known={})]),
        ("unfair-treatment", [Told(known=BIAS), Told(known=WITHDRAWN)], [Told(known=FINAL)]),
    ],
)
def test_when_a_piece_may_be_given(piece: str, may: list[Told], may_not: list[Told]) -> None:
    condition = CONDITIONS[piece]
    assert all(condition.holds(told) for told in may)
    assert not any(condition.holds(told) for told in may_not)


def test_every_condition_is_of_a_piece_of_the_catalogue_and_on_the_page() -> None:
    page = (ROOT / "docs" / "advice.md").read_text(encoding="utf-8")
    assert set(CONDITIONS) <= set(CATALOGUE)
    for piece in CATALOGUE:
        when = CONDITIONS[piece].when if piece in CONDITIONS else ANY_TIME
        assert f"| `{piece}` | {when} |" in page
