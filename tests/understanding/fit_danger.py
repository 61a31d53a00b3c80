"""Fit the weights messages are gauged by for danger: `make weigh` writes content/weighing/*.danger.fitted.yaml anew.

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

from bot.dialogue.reading import Risk
from bot.understanding import Understanding
from bot.understanding.gauging import BIAS, Gauge, of_lead, strength, stretches
from tests.understanding.measure_mails import CONTENT, compiled, load, texts_in
from tests.understanding.mistyping import mistyped

TESTS = Path(__file__).parents[1]
SENTENCES = TESTS / "understanding" / "sentences"
LOCALES = ("en", "es")
ROUNDS, SEED = 10, 1
PACE, DECAY = 0.1, 1e-2
MIN_WEIGHT = {"en": 0.1, "es": 0.06}
# With so many slips is each sentence learnt from too, where letters weigh. In English slips are mended before.
SLIPS: dict[str, tuple[int, ...]] = {"en": (), "es": (1, 2)}
DANGERS = ("explicit", "oblique", "self_harm", "misspelt", "means_after_loss")
CALMS = ("sad", "idiom", "everyday", "calm", "calm_twin", "mention", "denied", "bereaved")
_CALM_SECTIONS = ("intents", "feelings", "rejection", "topics", "temper")
_OF_DANGER = {"safety", "human", "own-card"}  # flows that speak of it
_MOST_CHARS = 120
_HEAD = """\
# Fitted by `make weigh`, never by hand: by how much what stands in a message, spelt as it sounds, speaks for danger.
# A word, two or three of them, or some letters of one (_ is its edge). The weightiest first.
# fitted from: {fingerprint}
weights: |
"""

Row = tuple[str, bool]  # a text, and whether it speaks of danger
Example = tuple[Sequence[str], bool]  # signs, danger


def target(locale: str) -> Path:
    return CONTENT / "weighing" / f"{locale}.danger.fitted.yaml"


def rows(locale: str) -> list[Row]:
    """Every sentence written to tell danger from what is none, and those written for other readings."""
    rounds, calm = _english() if locale == "en" else _spanish()
    found: list[Row] = []
    for kinds in rounds:
        found += [(text, True) for kind in DANGERS for text in kinds.get(kind, ())]
        found += [(text, False) for kind in CALMS for text in kinds.get(kind, ())]
    return list(dict.fromkeys([*found, *((text, False) for part in calm for text in texts_in(part))]))


def _english() -> tuple[list[Any], list[Any]]:
    halves = [load(SENTENCES / f"danger_{half}.yaml") for half in ("working", "held_out")]
    written = load(SENTENCES / "gauged.yaml")
    others = ("asked", "wishes", "messages", "intents", "moods", "feelings", "rejections")
    calm = [load(SENTENCES / f"{name}.yaml") for name in others]
    return [*(kinds for half in halves for kinds in half.values()), *written.values()], calm


def _spanish() -> tuple[list[Any], list[Any]]:
    first = load(SENTENCES / "spanish.yaml")
    calm = [first["wishes"], first["rejections"], first["feelings"], load(SENTENCES / "spanish_mails.yaml")]
    return [first["danger"], *load(SENTENCES / "spanish_danger.yaml").values()], calm


def calm_rows(understanding: Understanding, locale: str) -> tuple[list[Row], list[Row]]:
    """What else is said in this project and is no danger: by people in its chats, by the script (in Spanish alone).

    Ordinary words in great number: without them the gauge knows nothing of most of what people write.
    """
    document = load(CONTENT / "understanding" / f"{locale}.yaml")
    peoples = [text for key in _CALM_SECTIONS for rule in document[key] for text in rule.get("match", ())]
    peoples += load(TESTS / "understanding" / "times" / f"{locale}.yaml")["phrases"]
    peoples += _of_chats() if locale == "en" else texts_in(load(TESTS / "transcripts/es/sentences.yaml"))
    scripts = [
        text
        for path in sorted((CONTENT / "translations" / locale).glob("*.yaml"))
        if path.stem not in _OF_DANGER
        for text in texts_in(load(path))
        if len(text) <= _MOST_CHARS
    ]
    lexicon = replace(understanding.lexicons[locale], gauge=None)
    by_rules = replace(understanding, lexicons={locale: lexicon})

    def calm(texts: list[str]) -> list[Row]:
        return [
            (text, False) for text in dict.fromkeys(texts) if by_rules.read(text, locale).risk is Risk.NONE
        ]

    return calm(peoples), calm(scripts)


def _of_chats() -> Iterator[str]:
    for path in sorted((TESTS / "transcripts").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("> ") and line[2] not in "[/":
                yield line[2:]


def is_held_out(text: str) -> bool:
    """A third of the sentences, settled by themselves before anyone measured them."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 3 == 0


def fingerprint(given: Iterable[Row], gauge: Gauge) -> str:
    """Of all that the weights are made from; words made plain otherwise change them too little to matter."""
    read_as = (gauge.sounds, gauge.letters, sorted(gauge.left_to_rules))
    made_from = (sorted(given), read_as, ROUNDS, SEED, PACE, DECAY, SLIPS, MIN_WEIGHT)
    return hashlib.sha256(repr(made_from).encode()).hexdigest()[:16]


def examples(understanding: Understanding, locale: str, gauge: Gauge, given: Sequence[Row]) -> list[Example]:
    """The signs of each sentence, and of it with slips; what is calm is so in each of its parts."""
    peoples, scripts = calm_rows(understanding, locale)
    forms = [
        (form, danger)
        for text, danger in (*given, *peoples)
        for form in (text, *(mistyped(text, slips) for slips in SLIPS[locale]))
        if form
    ]
    found: list[Example] = []
    for text, danger in (*forms, *scripts):
        words = understanding.plainer.plain(text).words
        parts = [words] if danger else stretches(words)
        # Nothing is learnt from what it will never be asked about.
        found += [
            (sorted(gauge.signs(part)), danger) for part in parts if gauge.left_to_rules.isdisjoint(part)
        ]
    return found


def fitted(locale: str, given: Sequence[Example]) -> dict[str, float]:
    """The weights that tell the examples apart; always the same for the same examples."""
    seen = Counter(sign for signs, _ in given for sign in signs)
    least = 1 + len(SLIPS[locale])  # what only one slip brought about is no sign
    places = {sign: at for at, sign in enumerate(sign for sign, count in seen.items() if count >= least)}
    places.setdefault(BIAS, len(places))
    kept = [([places[s] for s in signs if seen[s] >= least], danger) for signs, danger in given]
    weights, slopes = [0.0] * len(places), [0.05] * len(places)
    met = bytearray(len(places))
    order, chance = list(range(len(kept))), random.Random(SEED)
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for at in order:
            _learn(kept[at], weights, slopes, met, places[BIAS])
    slight = MIN_WEIGHT[locale]
    return {sign: weights[at] for sign, at in places.items() if abs(weights[at]) >= slight or sign == BIAS}


def _learn(
    example: tuple[list[int], bool], weights: list[float], slopes: list[float], met: bytearray, bias: int
) -> None:
    """One step. `weights` and `slopes` have a place for each sign, the bias too."""
    signs, danger = example
    known = [weights[at] for at in signs if met[at]]
    off = of_lead(weights[bias] + strength(len(known)) * math.fsum(known)) - danger  # as `danger_of` has it
    steep = off * strength(len(signs))
    for at in (*signs, bias):
        mine = weights[at]
        slope = steep + DECAY * mine
        grown = slopes[at] = slopes[at] + slope * slope
        weights[at] = mine - PACE * slope / math.sqrt(grown)
        met[at] = 1


def written(weights: dict[str, float], from_what: str) -> str:
    """The file: a line for each sign, the weightiest first."""
    ordered = sorted(weights.items(), key=lambda item: (item[0] != BIAS, -abs(item[1]), item[0]))
    lines = (f"  {number:.2f} {sign}" for sign, number in ordered)
    return _HEAD.format(fingerprint=from_what) + "\n".join(lines) + "\n"


def fitted_gauge(understanding: Understanding, locale: str, given: Sequence[Row]) -> Gauge:
    """A language's gauge with weights fitted from these sentences alone."""
    gauge = understanding.lexicons[locale].gauge
    assert gauge is not None, f"content/weighing/{locale}.danger.yaml is gone"
    return gauge.with_weights(fitted(locale, examples(understanding, locale, gauge, given)))


def main() -> None:
    understanding = compiled()
    for locale in LOCALES:
        given = rows(locale)
        gauge = fitted_gauge(understanding, locale, given)
        target(locale).write_text(written(dict(gauge.weights), fingerprint(given, gauge)), encoding="utf-8")


if __name__ == "__main__":
    main()
