"""Fit the weights wishes are guessed by: `make weigh` writes content/weighing/*.wishes.fitted.yaml anew.

Logistic regression with weight decay over the project's own sentences, in plain Python. The order of learning is
settled by a seed, so the same sentences give the same file. It is fitted from all of them; the tests fit weights
without the third held out, and read that third with them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from bot.dialogue.reading import Intent, Outcome
from bot.understanding import Understanding
from bot.understanding.guessing import KINDS, UNLIKELY, Guesses, stems_of
from tests.understanding.learning import learnt, lines_of

SENTENCES = Path(__file__).parent / "sentences"
STEMS = {"en": 0, "es": 4}  # so many of a word's first letters weigh too, where words are bent at the end
MIN_KNOWN = 3
_AS_SETTINGS = ("moved", "language")
_LOSSES = (Outcome.REJECTED, Outcome.GHOSTED, Outcome.WITHDRAWN, Outcome.LAID_OFF)
_HEAD = """\
# Fitted by `make weigh`, never by hand: what stands in a text -> what it weighs for each wish; `other` is none of ours.
# `known` are words that stand in wishes of ours, or their first letters, `stem` of them, which weigh as signs that end
# in "-" too; `strangers` counts the others, `strange` is their share in quarters.
# Of the rest one word or two, `^` and `$` the ends of the text. The weightiest first.
# How it works, and how well: docs/decisions/0015-guessing-wishes.md.
"""

Sentence = tuple[str, Intent]


def target(locale: str) -> Path:
    return Path(__file__).parents[2] / "content" / "weighing" / f"{locale}.wishes.fitted.yaml"


def is_held_out(text: str) -> bool:
    """A third of the sentences, settled by a hash before anyone measured them."""
    return hashlib.sha256(text.encode()).digest()[0] % 3 == 0


def sentences(locale: str) -> list[Sentence]:
    """Every sentence the weights are fitted from, once each, with what it asks for."""
    found: dict[str, Intent] = {}
    for text, kind in _english() if locale == "en" else _spanish():
        wish = Intent.SETTINGS if kind in _AS_SETTINGS else Intent(kind) if kind in KINDS else Intent.OTHER
        found.setdefault(text, wish)
    return list(found.items())


def _english() -> Iterator[tuple[str, str]]:
    """What was written for fitting, and the sentences of earlier rounds."""
    for name in ("asked", "wishes", "intents"):
        for kinds in _load(name).values():
            yield from _told(kinds)
    for rows in _load("moods").values():
        yield from ((row["text"], "other") for row in rows)


def _spanish() -> Iterator[tuple[str, str]]:
    """What was written for fitting, and what rules were worked from; feelings and what is no danger ask for nothing."""
    for kinds in (_load("asked_spanish"), *_load("spanish_asked").values()):
        yield from _told(kinds)
    first = _load("spanish")
    yield from _told(first["wishes"])
    for texts in (*first["danger"].values(), *first["feelings"].values()):
        yield from ((row["text"] if isinstance(row, dict) else row, "other") for row in texts)
    for row in first["rejections"]:
        outcome = row.get("outcome")
        yield row["text"], "rejection" if outcome in _LOSSES else "good_news" if outcome else "other"
    for row in (*_load("spanish_messages")["told"], *_load("spanish_messages")["nameless"]):
        yield row["text"], "rejection"
    for kinds in _load("spanish_danger").values():
        yield from ((text, "other") for kind in ("calm", "sad") for text in kinds.get(kind, ()))


def _told(kinds: Mapping[str, Sequence[Any]]) -> Iterator[tuple[str, str]]:
    for kind, texts in kinds.items():
        yield from ((row["text"] if isinstance(row, dict) else row, kind) for row in texts)


def fitted(understanding: Understanding, given: Iterable[Sentence], locale: str) -> Guesses:
    """What tells the sentences apart; always the same for the same ones."""
    listed, stem = understanding.lexicons[locale].guesses[0].listed, STEMS[locale]
    read = [(understanding.plainer.plain(text).words, KINDS.index(wish)) for text, wish in given]
    said = Counter(word for words, wish in read if wish for word in set(stems_of(words, stem)))
    blank = Guesses.of(frozenset(word for word, times in said.items() if times >= MIN_KNOWN), listed, stem)
    rows = [(signs, wish) for words, wish in read if (signs := blank.signs(words))]
    return replace(blank, linear=learnt(rows, KINDS, UNLIKELY))


def written(guesses: Guesses) -> str:
    """The file: the words known, then a line for each sign."""
    head = f"{_HEAD}stem: {guesses.stem}\n" if guesses.stem else _HEAD
    return f'{head}known: "{" ".join(sorted(guesses.known))}"\n{lines_of(guesses.linear)}'


def write(understanding: Understanding) -> None:
    for locale in STEMS:
        target(locale).write_text(written(fitted(understanding, sentences(locale), locale)), encoding="utf-8")


def _load(name: str) -> Any:
    return yaml.load((SENTENCES / f"{name}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
