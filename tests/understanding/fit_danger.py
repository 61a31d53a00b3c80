"""Fit the weights messages are gauged by for danger: `make weigh` writes content/weighing/es.danger.fitted.yaml anew.

Logistic regression with weight decay, over the project's own sentences as they stand and mistyped, in plain Python.
The order of learning is settled by a seed, so the same sentences give the same file, whose head names them by a
fingerprint: a test compares it. The file is fitted from every sentence; a test fits weights without the third held out.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.understanding import Understanding
from bot.understanding.gauging import BIAS, Gauge, danger_of, strength
from tests.understanding.measure_mails import CONTENT, compiled, load
from tests.understanding.mistyping import mistyped

SENTENCES = Path(__file__).parent / "sentences"
TARGET = CONTENT / "weighing" / "es.danger.fitted.yaml"
ROUNDS, SEED = 10, 1
PACE, DECAY = 0.15, 2e-2
MIN_SEEN, MIN_WEIGHT = 3, 0.06
DANGERS = ("explicit", "oblique", "self_harm", "misspelt", "means_after_loss")
CALMS = ("sad", "idiom", "everyday", "calm", "mention", "denied", "bereaved")
FOUND_BY_RULES = ("past", "other", "distress", "hyperbole")  # neither one nor the other
_HEAD = """\
# Fitted by `make weigh`, never by hand: by how much what stands in a message, spelt as it sounds, speaks for danger.
# A word, two or three of them, or some letters of one (_ is its edge). The weightiest first.
# fitted from: {fingerprint}
weights: |
"""

Row = tuple[str, bool]  # a text, and whether it speaks of danger
Example = tuple[Sequence[str], bool, float]  # signs, danger, how much it counts


def rows() -> list[Row]:
    """Every sentence in Spanish that is fitted from."""
    first, rounds = load(SENTENCES / "spanish.yaml"), load(SENTENCES / "spanish_danger.yaml")
    found: list[Row] = []
    for kinds in (first["danger"], *rounds.values()):
        found += [(text, True) for kind in DANGERS for text in kinds.get(kind, ())]
        found += [(text, False) for kind in CALMS for text in kinds.get(kind, ())]
    rest = (first["wishes"], first["rejections"], first["feelings"], load(SENTENCES / "spanish_mails.yaml"))
    return list(dict.fromkeys([*found, *((text, False) for part in rest for text in _texts(part))]))


def is_held_out(text: str) -> bool:
    """A third of the sentences, settled by themselves before anyone measured them."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 3 == 0


def fingerprint(given: Iterable[Row], gauge: Gauge) -> str:
    """Of all that the weights are made from; words made plain otherwise change them too little to matter."""
    made_from = (sorted(given), gauge.sounds, ROUNDS, SEED, PACE, DECAY, MIN_SEEN, MIN_WEIGHT)
    return hashlib.sha256(repr(made_from).encode()).hexdigest()[:16]


def examples(understanding: Understanding, gauge: Gauge, given: Sequence[Row]) -> list[Example]:
    """The signs of each sentence, and of it with one slip and with two; both sides count as much in all."""
    dangers = sum(danger for _, danger in given)
    counts = {True: len(given) / 2 / dangers, False: len(given) / 2 / (len(given) - dangers)}
    found = []
    for text, danger in given:
        for form in (text, mistyped(text, 1), mistyped(text, 2)):
            if form is not None:
                signs = gauge.signs(understanding.plainer.plain(form).words)
                found.append((sorted(signs), danger, counts[danger]))
    return found


def fitted(given: Sequence[Example]) -> dict[str, float]:
    """The weights that tell the examples apart; always the same for the same examples."""
    seen = Counter(sign for signs, _, _ in given for sign in signs)
    kept = [([s for s in signs if seen[s] >= MIN_SEEN], danger, counts) for signs, danger, counts in given]
    weights: dict[str, float] = {}
    slopes: dict[str, float] = {}
    order, chance = list(range(len(kept))), random.Random(SEED)
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for at in order:
            _learn(kept[at], weights, slopes)
    return {sign: each for sign, each in weights.items() if abs(each) >= MIN_WEIGHT or sign == BIAS}


def _learn(example: Example, weights: dict[str, float], slopes: dict[str, float]) -> None:
    signs, danger, counts = example
    off = (danger_of(weights, signs) - danger) * counts
    steep = off * strength(len(signs))
    for sign in (*signs, BIAS):
        mine = weights.get(sign, 0.0)
        slope = steep + DECAY * mine
        grown = slopes[sign] = slopes.get(sign, 0.05) + slope * slope
        weights[sign] = mine - PACE * slope / math.sqrt(grown)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict) and "text" in part:
        yield part["text"]
    elif isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from _texts(each)


def written(weights: dict[str, float], from_what: str) -> str:
    """The file: a line for each sign, the weightiest first."""
    ordered = sorted(weights.items(), key=lambda item: (item[0] != BIAS, -abs(item[1]), item[0]))
    lines = (f"  {number:.2f} {sign}" for sign, number in ordered)
    return _HEAD.format(fingerprint=from_what) + "\n".join(lines) + "\n"


def fitted_gauge(understanding: Understanding, given: Sequence[Row]) -> Gauge:
    """The gauge of Spanish with weights fitted from these sentences alone."""
    gauge = understanding.lexicons["es"].gauge
    assert gauge is not None, "content/weighing/es.danger.yaml is gone"
    return replace(gauge, weights=fitted(examples(understanding, gauge, given)))


def main() -> None:
    given = rows()
    gauge = fitted_gauge(compiled(), given)
    TARGET.write_text(written(dict(gauge.weights), fingerprint(given, gauge)), encoding="utf-8")


if __name__ == "__main__":
    main()
