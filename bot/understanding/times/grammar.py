"""The parts a time is said in, found as patterns over the row of symbols (one letter each)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.understanding.times.symbols import Symbol


class PartKind(StrEnum):
    EVERY = "every"
    SPAN = "span"
    DATE = "date"
    CLOCK = "clock"
    PART = "part"
    BARE = "bare"  # a number alone: an hour, if it stands beside a day
    BARE_SPAN = "bare_span"  # "20 min" without "in"
    OR = "or"
    NOT = "not"


# In order: the first that fits at a place wins. No pattern repeats without bound, so reading is linear.
_PATTERNS = {
    PartKind.EVERY: r"eN?U|e(?:N?W|B|R|K)|L|P|B",
    PartKind.CLOCK: r"aNU(?!f)|a?C[mk]?|a?h[NX]m?|a?Np[NX]m?|a?Njj?Nm?|a?Ns[mk]?|a?N[mk]|aN(?!O?G?M)|a?X",
    PartKind.SPAN: r"i[NA]?(?:Z|[NA]Us?|NsU)(?:j?NU|j?Z)?f?|(?:Z|[NA]Us?|NsU)f",
    PartKind.DATE: (
        r"[NA]U[DW]|I|S|T?NO?G?T?MG?Y?|MT?NO?Y?|TNO?|NO|EG?T?[xt]?U|EG?T?M|[xt]?WG?T?(?:xU|Ux)|(?:xU|Ux)W|[xt]?Wx?|[xt]?Kx?|xU|Ux|D"
    ),
    PartKind.BARE_SPAN: r"Z|[NA]Us?|NsU",
    PartKind.PART: r"R",
    PartKind.BARE: r"N",
    PartKind.OR: r"r",
    PartKind.NOT: r"n",
}
_MASTER = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()))


@dataclass(frozen=True, slots=True)
class Part:
    """Some symbols that belong together; `first` and `last` are their places in the row."""

    kind: PartKind
    symbols: tuple[Symbol, ...]
    first: int
    last: int

    @property
    def letters(self) -> str:
        return "".join(s.kind for s in self.symbols)

    def values(self, letter: str) -> list[str]:
        return [s.value for s in self.symbols if s.kind == letter]


def parts_of(symbols: Sequence[Symbol]) -> list[Part]:
    """Find the parts from left to right. What is said not to be meant is left out."""
    row = "".join(s.kind for s in symbols)
    found: list[Part] = []
    for match in _MASTER.finditer(row):
        kind = PartKind(str(match.lastgroup))
        found.append(Part(kind, tuple(symbols[match.start() : match.end()]), match.start(), match.end() - 1))
    kept = [p for i, p in enumerate(found) if not (_beside(found, i, -1, PartKind.NOT))]
    return [p for i, p in enumerate(kept) if p.kind is not PartKind.NOT and _is_meant(kept, i)]


def _is_meant(parts: Sequence[Part], i: int) -> bool:
    """A bare number counts beside a day or part of the day, or when it is all there is."""
    if parts[i].kind is not PartKind.BARE:
        return True
    if len(parts) == 1:
        return parts[i].first == 0 and len(parts[i].symbols) == 1
    near = (PartKind.DATE, PartKind.EVERY, PartKind.PART, PartKind.OR)
    return any(_beside(parts, i, step, kind) for step in (-1, 1) for kind in near)


def _beside(parts: Sequence[Part], i: int, step: int, kind: PartKind) -> bool:
    if not 0 <= i + step < len(parts):
        return False
    other = parts[i + step]
    adjacent = other.last + 1 == parts[i].first if step < 0 else parts[i].last + 1 == other.first
    return adjacent and other.kind is kind
