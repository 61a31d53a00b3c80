"""Learning what signs weigh: logistic regression with weight decay, in plain Python.

The order of learning is settled by a seed, so the same rows give the same weights, to the last bit.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence

from bot.understanding.linear import Kinds, Linear, as_written, chances, strength

ROUNDS, SEED = 10, 1
PACE, DECAY = 0.25, 4e-3
MIN_SEEN, MIN_WEIGHT = 2, 0.15

Row = tuple[Sequence[str], int]  # the signs in a text, and which of the kinds it is
_Weights = dict[str, list[float]]


def learnt(rows: Sequence[Row], kinds: Kinds, unlikely: float) -> Linear:
    """What tells the rows apart."""
    seen = Counter(sign for signs, _ in rows for sign in signs)
    kept = [([sign for sign in signs if seen[sign] >= MIN_SEEN], kind) for signs, kind in rows]
    weights: _Weights = {}
    slopes: _Weights = {}
    bias = [0.0] * len(kinds)
    order, chance = list(range(len(kept))), random.Random(SEED)
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for at in order:
            if kept[at][0]:
                _learn(kept[at], weights, slopes, bias)
    strong = {sign: found for sign, each in weights.items() if (found := _strong(each))}
    return Linear.of(kinds, unlikely, tuple(round(each, 2) for each in bias), strong)


def _learn(row: Row, weights: _Weights, slopes: _Weights, bias: list[float]) -> None:
    signs, kind = row
    scale = strength(len(signs))
    mine = [weights.setdefault(sign, [0.0] * len(bias)) for sign in signs]
    sums = [start + scale * sum(each) for start, each in zip(bias, zip(*mine, strict=True), strict=True)]
    off = [chance - (at == kind) for at, chance in enumerate(chances(sums))]
    told = [(at, each) for at, each in enumerate(off) if abs(each) > 1e-3]  # the others have little to learn
    for at, each in told:
        bias[at] -= 0.02 * each
    for sign, found in zip(signs, mine, strict=True):
        steep = slopes.setdefault(sign, [0.0] * len(bias))
        for at, each in told:
            slope = each * scale + DECAY * found[at]
            steep[at] += slope * slope
            found[at] -= PACE * slope / math.sqrt(steep[at] + 0.1)


def _strong(each: Sequence[float]) -> tuple[float, ...]:
    """Without what weighs next to nothing; empty where all of it does."""
    strong = tuple(round(weight, 2) if abs(weight) >= MIN_WEIGHT else 0.0 for weight in each)
    return strong if any(strong) else ()


def lines_of(linear: Linear) -> str:
    """The lines of a file of weights: the bias, then each sign, the weightiest first."""
    weights = {sign: linear.unpacked(sign) for sign in linear.weights}
    heaviest = sorted(weights.items(), key=lambda item: (-max(map(abs, item[1])), item[0]))
    lines = [f'bias: "{as_written(linear.bias, linear.kinds)}"', "signs:"]
    lines += [f'  "{sign}": {as_written(each, linear.kinds)}' for sign, each in heaviest]
    return "\n".join(lines) + "\n"
