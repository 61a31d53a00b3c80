"""The figures asked for, on sentences written in rounds; each round's first reading: docs/decisions/0002."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from bot.dialogue.reading import Reading
from bot.understanding.report import reading_as_json

Read = Callable[[str], Reading]
Sentences = Callable[[str], Any]
HALVES = ("tuned", "held_out")


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found)


def _plain(name: str | None) -> str:
    return (name or "").lower().removeprefix("the ")


def _first_wish(reading: Reading) -> object:
    intents = reading_as_json(reading)["intents"]
    assert isinstance(intents, list)
    return intents[0]


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize(("key", "bound"), [("company", 0.9), ("role", 0.85), ("stage", 0.9)])
def test_messages_are_read(key: str, bound: float, half: str, read: Read, sentences: Sentences) -> None:
    rows = sentences("messages")[half]
    assert (
        _share(_plain(getattr(read(r["text"]).rejection, key)) == _plain(r.get(key)) for r in rows) >= bound
    )


@pytest.mark.parametrize("half", HALVES)
def test_nothing_is_invented_where_nothing_was_told(half: str, read: Read, sentences: Sentences) -> None:
    said = [read(text).rejection for text in sentences("messages")[f"{half}_nothing"]]
    assert _share(bool(one.company or one.role or one.stage) for one in said) <= 0.03


@pytest.mark.parametrize("half", HALVES)
def test_wishes_are_told_apart(half: str, read: Read, sentences: Sentences) -> None:
    rows = [
        (t, wish) for wish, texts in sentences("wishes")[half].items() if wish != "off_topic" for t in texts
    ]
    assert _share(_first_wish(read(text)) == wish for text, wish in rows) >= 0.92


@pytest.mark.parametrize("half", HALVES)
def test_what_is_off_topic_is_none_of_ours(half: str, read: Read, sentences: Sentences) -> None:
    readings = [reading_as_json(read(text)) for text in sentences("wishes")[half]["off_topic"]]
    assert _share(one["intents"] != ["other"] for one in readings) <= 0.03


@pytest.mark.parametrize("half", HALVES)
def test_a_feeling_is_right_when_named_and_mostly_named(half: str, read: Read, sentences: Sentences) -> None:
    rows = [(read(row["text"]).feelings, row.get("feeling")) for row in sentences("moods")[half]]
    assert _share(got[0] == wanted for got, wanted in rows if got) >= 0.88
    assert _share(bool(got) for got, wanted in rows if wanted) >= 0.6
