"""Where it stops again and again: named when and only when the catalogue's conditions hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.facts import PastRejection
from bot.dialogue.patterns import NAMED, Place, pattern_due, pattern_of
from bot.dialogue.reading import Kind, Outcome, Stage

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)
STAGES = {"a": "application", "s": "screen", "t": "assessment", "i": "interview", "f": "final", "o": "offer"}


def past(letters: str, **more: object) -> list[PastRejection]:
    """Newest first; `-` is one whose stage isn't known."""
    return [
        PastRejection(
            ref=99 - n,
            at=AT - timedelta(days=n),
            stage=Stage(STAGES[letter]) if letter != "-" else None,
            **more,  # type: ignore[arg-type]
        )
        for n, letter in enumerate(letters)
    ]


@pytest.mark.parametrize(
    ("letters", "place"),
    [
        ("", None),
        ("ii", None),
        ("iii", Place.ROOM),
        ("iaisi", Place.ROOM),
        ("faisi", Place.ROOM),
        ("iaasi", None),
        ("iasaiiii", None),
        ("sasas", Place.SCREEN),
        ("tatat", Place.ASSESSMENT),
        ("aaaaa", None),
        ("a" * 14, None),
        ("a" * 15, Place.APPLICATION),
        ("a" * 14 + "s", None),
        ("a" * 15 + "i", Place.APPLICATION),
        ("-i-i-i", Place.ROOM),
        ("ooo", None),
    ],
)
def test_a_place_is_named_when_and_only_when_it_holds(letters: str, place: Place | None) -> None:
    assert pattern_of(past(letters)) is place


@pytest.mark.parametrize("kind", [Kind.LOVE, Kind.PROMOTION, Kind.LAYOFF])
def test_what_is_no_search_is_left_out(kind: Kind) -> None:
    assert pattern_of(past("iii", kind=kind)) is None


def test_only_the_same_kind_counts() -> None:
    assert pattern_of([*past("i", kind=Kind.GRANT), *past("ii", kind=Kind.JOB)]) is None
    assert pattern_of([*past("i"), *past("ii", kind=Kind.JOB)]) is Place.ROOM


def test_an_offer_taken_back_is_no_pattern_of_theirs() -> None:
    assert pattern_of(past("iii", outcome=Outcome.WITHDRAWN)) is None


def test_it_is_not_named_again_within_a_month_and_another_place_is() -> None:
    named = {NAMED: f"room {(AT - timedelta(days=20)).isoformat()}"}
    assert pattern_due(past("iii"), None, named, AT) is None
    assert pattern_due(past("sss"), None, named, AT) is Place.SCREEN
    assert pattern_due(past("iii"), None, named, AT + timedelta(days=11)) is Place.ROOM


def test_what_was_said_of_this_one_just_now_counts_already() -> None:
    before = past("ii")
    assert pattern_due(before, 120, {"rejection.stage": "interview"}, AT) is Place.ROOM
    assert pattern_due(before, 120, {"rejection.stage": "screen"}, AT) is None
