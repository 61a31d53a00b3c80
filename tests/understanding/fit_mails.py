"""Fit the weights mails are weighed by: `make weigh` writes content/weighing/en.fitted.yaml anew.

`fit_names` is its other part.

Logistic regression with weight decay, over the project's own mails, letters, lines and people's sentences, in plain
Python. The order of learning is settled by a seed, so the same texts give the same file. The file is fitted from every
mail; the tests fit weights without the third held out, and read that third with them.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.understanding import Understanding
from bot.understanding.weighing import SORTS, Sort, Weights, of_sums, strength
from tests.understanding import fit_messages, fit_names, fit_stages, fit_wishes
from tests.understanding.measure_mails import CONTENT, MAILS, NOES, Mail, compiled, load, mails_of, texts_in

SENTENCES = Path(__file__).parent / "sentences"
TARGET = CONTENT / "weighing" / "en.fitted.yaml"
ROUNDS, SEED = 30, 1
PACE, DECAY, BIAS_PACE = 0.1, 1e-2, 0.02
MIN_SEEN, MIN_WEIGHT = 2, 0.04
PEOPLES_WEIGHT = 0.3  # what people write of themselves is much, and much alike
_FIRM = {"you", "your", "we", "our", "us"}
_NOT_FITTED = {"letters", "times", "mail_lines"}
_HEAD = """\
# Fitted by `make weigh`, never by hand: what stands in a mail -> its weight for {sorts}.
# `rule …` is a rule or family of phrases that saw it, `speaks …` a mark of the whole; of the rest one word or two, or
# kinds of words (en.yaml). The weightiest first.
"""

Example = tuple[Sequence[str], int, float]  # signs, which of SORTS, how much it counts


def is_held_out(mail: Mail) -> bool:
    """A third of the mails, settled by their names before anyone measured them."""
    return hashlib.sha256(mail["id"].encode()).digest()[0] % 3 == 0


def sort_of(mail: Mail) -> Sort:
    """What a mail of our own is."""
    if mail["outcome"] in NOES:
        return Sort.NO
    return Sort.NONE if mail["outcome"] == "none" else Sort.HIRING


def examples(understanding: Understanding, mails: Iterable[Mail]) -> list[Example]:
    """Everything the weights are fitted from: one of each of these mails in their order, then those of the rest."""

    def example(text: str, sort: Sort, counts: float) -> Example:
        return sorted(understanding.weighed(text, "en")), SORTS.index(sort), counts

    letters = [mail for half in load(SENTENCES / "letters.yaml").values() for mail in half]
    found = [example(mail["text"], sort_of(mail), 1.0) for mail in (*mails, *letters)]
    for sort, lines in load(SENTENCES / "mail_lines.yaml").items():
        found += [example(line, Sort(sort), 1.0) for line in lines]
    found += [example(text, Sort.NONE, PEOPLES_WEIGHT) for text in _peoples(understanding)]
    return found


def fitted(given: Sequence[Example]) -> dict[str, Weights]:
    """The weights that tell the examples apart; always the same for the same examples."""
    seen = Counter(sign for signs, _, _ in given for sign in signs)
    places = {sign: at for at, sign in enumerate(sign for sign, count in seen.items() if count >= MIN_SEEN)}
    kept = [([places[s] for s in signs if s in places], sort, counts) for signs, sort, counts in given]
    weights = [[0.0] * len(places) for _ in SORTS]
    slopes = [[0.0] * len(places) for _ in SORTS]
    bias = [0.0] * len(SORTS)
    met = bytearray(len(places))
    order, chance = list(range(len(kept))), random.Random(SEED)
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for at in order:
            _learn(kept[at], weights, slopes, bias, met)
    each_has = zip(places, zip(*weights, strict=True), strict=True)
    strong = {sign: has for sign, has in each_has if max(map(abs, has)) >= MIN_WEIGHT}
    return {"bias": tuple(bias)} | strong


def _learn(
    example: tuple[list[int], int, float],
    weights: list[list[float]],
    slopes: list[list[float]],
    bias: list[float],
    met: bytearray,
) -> None:
    """One step. `weights` and `slopes` have a list for each sort, with a place for each sign."""
    signs, sort, counts = example
    known = [at for at in signs if met[at]]
    now = strength(len(known))  # as `shares` has it
    sums = [
        start + now * math.fsum(map(mine.__getitem__, known))
        for start, mine in zip(bias, weights, strict=True)
    ]
    scale = strength(len(signs))
    for i, chance in enumerate(of_sums(sums)):
        off = (chance - (i == sort)) * counts
        bias[i] -= BIAS_PACE * off
        push, mine, steep = off * scale, weights[i], slopes[i]
        for at in signs:
            slope = push + DECAY * mine[at]
            grown = steep[at] = steep[at] + slope * slope
            mine[at] -= PACE * slope / math.sqrt(grown + 0.1)
    for at in signs:
        met[at] = 1


def _peoples(understanding: Understanding) -> Iterator[str]:
    for path in sorted(SENTENCES.glob("*.yaml")):
        if path.stem in _NOT_FITTED:
            continue
        for text in texts_in(load(path)):
            words = understanding.plainer.plain(text).words
            if len(words) >= 8 and not _FIRM.isdisjoint(words):
                yield text


def written(weights: dict[str, Weights]) -> str:
    """The file: a line for each sign."""
    head = _HEAD.format(sorts=", ".join(SORTS))
    ordered = sorted(weights.items(), key=lambda item: (item[0] != "bias", -max(map(abs, item[1])), item[0]))
    lines = (f'"{sign}": {" ".join(f"{number:.2f}" for number in each)}' for sign, each in ordered)
    return head + "\n".join(lines) + "\n"


def main() -> None:
    mails = [mail for path in sorted(MAILS.glob("*.yaml")) for mail in mails_of(path)]
    understanding = compiled()
    TARGET.write_text(written(fitted(examples(understanding, mails))), encoding="utf-8")
    fit_names.write(understanding, mails)
    fit_wishes.write(understanding)
    fit_stages.write(understanding)
    fit_messages.write(compiled())  # what is told of a step weighs too, as it was just fitted


if __name__ == "__main__":
    main()
