"""Floors on our own sentences. A floor is a little under what is reached, and above what is asked for.

Half of each file may be looked at while rules are written (`tuned`), the rest (`held_out`) only counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from bot.dialogue.reading import Outcome, Reading, Risk

Read = Callable[[str], Reading]
Sentences = Callable[[str], Any]

ALARMING = {
    "explicit": 0.95,
    "overdose_and_slang": 0.95,
    "oblique": 0.8,
    "means_after_loss": 0.99,
    "self_harm": 0.95,
    "past": 0.95,
    "other": 0.95,
    "sideways": 0.9,
    "afterwards": 0.5,
}
QUIET = {
    "idiom": 0.1,
    "sad": 0.03,
    "mention": 0.3,
    "everyday": 0.0,
    "bereaved": 0.0,
    "distress": 0.3,
    "calm": 0.05,
}


def halves_of(kind: str) -> list[str]:
    """Return the halves a kind of danger sentence was written in: `sideways` and `afterwards` have one each."""
    return {"sideways": ["tuned"], "afterwards": ["held_out"]}.get(kind, ["tuned", "held_out"])


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found)


@pytest.mark.parametrize(("kind", "half"), [(kind, half) for kind in ALARMING for half in halves_of(kind)])
def test_danger_is_seen(kind: str, half: str, read: Read, sentences: Sentences) -> None:
    rows = sentences("crisis")[kind][half]
    floor = ALARMING[kind] - (0.05 if half == "held_out" else 0)
    assert _share(read(text).risk.alarms for text in rows) >= floor


@pytest.mark.parametrize(("kind", "half"), [(kind, half) for kind in QUIET for half in halves_of(kind)])
def test_what_is_no_danger_does_not_alarm(kind: str, half: str, read: Read, sentences: Sentences) -> None:
    rows = sentences("crisis")[kind][half]
    assert _share(read(text).risk.alarms for text in rows) <= QUIET[kind]


@pytest.mark.parametrize("half", ["tuned", "held_out"])
def test_hopelessness_is_distress(half: str, read: Read, sentences: Sentences) -> None:
    rows = sentences("crisis")["distress"][half]
    assert _share(read(text).risk is not Risk.NONE for text in rows) >= 0.75


@pytest.mark.parametrize(("half", "floor"), [("tuned", 0.97), ("held_out", 0.92)])
def test_wishes_are_understood(half: str, floor: float, read: Read, sentences: Sentences) -> None:
    rows = [(text, wish) for wish, texts in sentences("intents")[half].items() for text in texts]
    assert _share(read(text).intent == wish for text, wish in rows) >= floor


@pytest.mark.parametrize("half", ["tuned", "held_out"])
def test_what_is_none_of_ours_is_left_alone(half: str, read: Read, sentences: Sentences) -> None:
    rows = sentences("intents")["off_topic"][half]
    readings = [read(text) for text in rows]
    assert _share(r.intents == ("other",) and not r.rejection.says_something for r in readings) >= 0.97


@pytest.mark.parametrize("half", ["tuned", "held_out"])
@pytest.mark.parametrize(
    ("key", "floor"), [("company", 0.9), ("role", 0.9), ("stage", 0.9), ("outcome", 0.9)]
)
def test_rejections_are_read(key: str, floor: float, half: str, read: Read, sentences: Sentences) -> None:
    rows = sentences("rejections")[half]
    assert _share(getattr(read(row["text"]).rejection, key) == row.get(key) for row in rows) >= floor


@pytest.mark.parametrize("half", ["tuned", "held_out"])
def test_nothing_is_invented(half: str, read: Read, sentences: Sentences) -> None:
    rows = sentences("rejections")["nothing"][half]
    assert not [text for text in rows if read(text).rejection.says_something]


@pytest.mark.parametrize(("half", "floor"), [("tuned", 0.99), ("held_out", 0.95)])
def test_pasted_letters_tell_rejection_from_the_rest(
    half: str, floor: float, read: Read, sentences: Sentences
) -> None:
    noes = {Outcome.REJECTED, Outcome.WITHDRAWN}
    rows = sentences("letters")[half]
    assert (
        _share((read(r["text"]).rejection.outcome in noes) == (r["outcome"] in noes) for r in rows) >= floor
    )


@pytest.mark.parametrize("half", ["tuned", "held_out"])
@pytest.mark.parametrize("key", ["company", "role"])
def test_pasted_letters_give_company_and_role(key: str, half: str, read: Read, sentences: Sentences) -> None:
    rows = sentences("letters")[half]
    found = [(getattr(read(row["text"]).rejection, key) or "", row.get(key) or "") for row in rows]
    assert _share(got.lower() == wanted.lower() for got, wanted in found) >= 0.85


@pytest.mark.parametrize("half", ["tuned", "held_out"])
def test_a_pasted_letter_is_no_danger(half: str, read: Read, sentences: Sentences) -> None:
    assert not [row for row in sentences("letters")[half] if read(row["text"]).risk is not Risk.NONE]


@pytest.mark.parametrize("half", ["tuned", "held_out"])
def test_feelings_are_right_when_named(half: str, read: Read, sentences: Sentences) -> None:
    rows = [(list(read(row["text"]).feelings), row["feelings"]) for row in sentences("feelings")[half]]
    named = [(got, wanted) for got, wanted in rows if got]
    assert _share(got[:1] == wanted[:1] for got, wanted in named) >= 0.88
    assert _share(bool(got) for got, wanted in rows if wanted) >= 0.8


def test_times_are_taken_as_written(read: Read, sentences: Sentences) -> None:
    for row in sentences("times"):
        wanted = None if row["when"] == "null" else row["when"]
        assert read(row["text"]).when == wanted, row["text"]
