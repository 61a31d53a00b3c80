"""Fit the weights the step a no came after is guessed by: `make weigh` writes them to content/weighing anew.

It is fitted from every message; the tests fit weights without the third held out, and read that third with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.understanding import Understanding
from bot.understanding.linear import Linear
from bot.understanding.stages import STEPS, UNLIKELY, stage_signs
from tests.understanding.learning import learnt, lines_of
from tests.understanding.measure_mails import load

SENTENCES = Path(__file__).parent / "sentences"
TARGET = Path(__file__).parents[2] / "content" / "weighing" / "en.stages.fitted.yaml"
_HEAD = """\
# Fitted by `make weigh`, never by hand: what stands in a message about a no -> what it weighs for the step before it;
# `none`: it doesn't tell. A sign is a word or two, `^` and `$` the ends of the text. The weightiest first.
# How it works, and how well: docs/decisions/0016-guessing-the-step.md.
"""

Told = tuple[str, str]  # a message, and the step it tells of


def messages(part: str | None = None) -> list[Told]:
    """Every message the weights are fitted from, or one part of them, with what it tells of the step."""
    return list(dict(_told(part)).items())


def _told(part: str | None) -> Iterator[Told]:
    for name in ("messages", "rejections"):
        for key, rows in load(SENTENCES / f"{name}.yaml").items():
            for row in rows if part in (None, key) else ():
                yield (row, STEPS[0]) if isinstance(row, str) else (row["text"], row.get("stage", STEPS[0]))


def fitted(understanding: Understanding, given: Iterable[Told]) -> Linear:
    """What tells the steps apart; always the same for the same messages."""
    rows = [(stage_signs(understanding.plainer.plain(text).words), STEPS.index(step)) for text, step in given]
    return learnt(rows, STEPS, UNLIKELY)


def written(linear: Linear) -> str:
    return _HEAD + lines_of(linear)


def write(understanding: Understanding) -> None:
    TARGET.write_text(written(fitted(understanding, messages())), encoding="utf-8")
