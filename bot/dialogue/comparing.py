"""Whether one exercise goes with better moods than a person's other times: said only when chance can't explain it.

People come at their lowest, so moods rise anyway. Each session is therefore judged by what this person's mood does
by itself from where it stood: the mood after is explained by the mood before (also of the session before that), and
what an exercise adds to it is what is compared. docs/decisions/0010 has the reasons and the figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from statistics import NormalDist

# An exercise is judged when it has been used this often, and at no other time: each look is one more chance to be
# wrong by luck. The share of the error that each look may spend.
LOOKS = ((12, 0.7), (18, 0.15), (26, 0.15))
ERROR = 0.04  # in all: over every look at every exercise
OTHERS = 8  # so many other sessions, at least, to be compared with
WORTH_SAYING = 1.0  # points; a smaller gain would be true and of no use


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A mood before and after something, 0 to 10; `exercise` None: something else, such as telling of a rejection."""

    at: datetime
    exercise: str | None
    before: int
    after: int


def preferred(sessions: Sequence[Session], *, of: int) -> str | None:
    """Return the exercise that goes with better moods than the person's other sessions, if one stands out.

    `sessions` are oldest first; `of` is how many exercises there are to choose from, of which any could be
    lucky. What the last look at an exercise said stands until its next.
    """
    gains = {name: _at_last_look(sessions, name, of) for name in _named(sessions)}
    found = {name: gain for name, gain in gains.items() if gain is not None}
    return max(found, key=lambda name: found[name], default=None)


def _named(sessions: Sequence[Session]) -> list[str]:
    counted = Counter(each.exercise for each in sessions if each.exercise is not None)
    return [name for name, times in counted.items() if times >= LOOKS[0][0]]


def _at_last_look(sessions: Sequence[Session], name: str, of: int) -> float | None:
    places = [place for place, each in enumerate(sessions, start=1) if each.exercise == name]
    looks = [(times, share) for times, share in LOOKS if len(places) >= times]
    times, share = looks[-1]
    known = sessions[: places[times - 1]]
    if len(known) - times < OTHERS:
        return None
    return _gain(known, name, error=ERROR * share / of)


def _gain(sessions: Sequence[Session], name: str, *, error: float) -> float | None:
    """Return by how much the exercise's sessions end above what their beginnings lead one to expect, or None."""
    usual = sum(each.before for each in sessions) / len(sessions)
    rows = []
    for place, each in enumerate(sessions):
        earlier = sessions[place - 1].after if place else usual
        used = float(each.exercise == name)
        rows.append((1.0, float(each.before), (each.before - usual) ** 2, float(earlier), used))
    fitted = _least_squares(rows, [float(each.after) for each in sessions])
    if fitted is None:
        return None
    gain, its_error, freedom = fitted
    sure = gain - _student(1 - error, freedom) * its_error > 0
    return gain if sure and gain >= WORTH_SAYING else None


def _least_squares(
    rows: Sequence[Sequence[float]], values: Sequence[float]
) -> tuple[float, float, int] | None:
    """Return the last column's coefficient, its standard error and the degrees of freedom; None if undetermined."""
    width = len(rows[0])
    freedom = len(rows) - width
    square = [
        [sum(row[i] * row[j] for row in rows) for j in range(width)]
        + [sum(row[i] * value for row, value in zip(rows, values, strict=True))]
        + [float(i == width - 1)]
        for i in range(width)
    ]
    solved = _solved(square)
    if solved is None or freedom < 1:
        return None
    weights = [row[width] for row in solved]
    spread = solved[-1][width + 1]  # the last entry of the inverse
    left = sum(
        (value - sum(w * x for w, x in zip(weights, row, strict=True))) ** 2
        for row, value in zip(rows, values, strict=True)
    )
    return weights[-1], sqrt(max(left, 0.0) / freedom * spread), freedom


def _solved(square: list[list[float]]) -> list[list[float]] | None:
    """Gauss and Jordan, with pivots: the columns right of the square become what solves it."""
    size = len(square)
    for i in range(size):
        pivot = max(range(i, size), key=lambda row: abs(square[row][i]))
        if abs(square[pivot][i]) < 1e-9:
            return None
        square[i], square[pivot] = square[pivot], square[i]
        square[i] = [value / square[i][i] for value in square[i]]
        for j in range(size):
            if j != i:
                square[j] = [a - square[j][i] * b for a, b in zip(square[j], square[i], strict=True)]
    return square


def _student(chance: float, freedom: int) -> float:
    """Return Student's t quantile (Abramowitz and Stegun, 26.7.5): exact to two digits from eight degrees on."""
    z = NormalDist().inv_cdf(chance)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
