"""A linear model over what stands in a text: which of a few kinds it is, the first of which is none of them.

Weights are content (`content/weighing/*.fitted.yaml`), fitted by `make weigh` from the project's own sentences.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from bot.understanding.document import mapping
from bot.understanding.faults import FaultCode, Faults

_STRENGTH = 3.0
_MIN_SIGNS = 4
_UNIT = 0.01  # weights are written to so much
_FIELD_BITS, _MIDDLE = 32, 2**31

Kinds = tuple[str, ...]
Weights = tuple[float, ...]  # one for each of the kinds


class _Layout(NamedTuple):
    """How the weights of so many kinds stand in one number."""

    fields: struct.Struct
    all_positive: int


@cache
def _layout(kinds: int) -> _Layout:
    return _Layout(struct.Struct(f"<{kinds}I"), sum(_MIDDLE << (_FIELD_BITS * at) for at in range(kinds)))


@dataclass(frozen=True, slots=True)
class Linear:
    """What signs weigh for each of `kinds`, packed.

    A sign's weights are one number, so that those of a whole text are added up at once: this is done for every message.
    A kind is told where the first, none of them, has at most the chance `unlikely`.
    """

    kinds: Kinds
    unlikely: float
    bias: Weights = ()
    weights: Mapping[str, int] = field(default_factory=dict)
    bias_leads_by: float = 0.0  # by how much the best of it leads what is none of them
    least_lead: float = 0.0  # where even the best led by less, all together could not make it unlikely

    @classmethod
    def of(cls, kinds: Kinds, unlikely: float, bias: Weights, weights: Mapping[str, Weights]) -> Linear:
        return cls(
            kinds=kinds,
            unlikely=unlikely,
            bias=bias,
            weights={sign: _packed(each) for sign, each in weights.items()},
            bias_leads_by=max(bias[1:], default=0.0) - sum(bias[:1]),
            least_lead=math.log((1 - unlikely) / unlikely / (len(kinds) - 1)),
        )

    def likeliest(self, signs: Iterable[str]) -> int:
        """Which of the kinds it is; 0 where none of them is too likely."""
        known = [each for each in map(self.weights.get, signs) if each is not None]
        if not known or not self.bias:
            return 0
        scale = strength(len(known)) * _UNIT
        added = _fields_of(sum(known), len(self.kinds))
        # Most texts are done with here: whatever the bias adds, none of them stays too likely.
        if scale * (max(added[1:]) - added[0]) + self.bias_leads_by < self.least_lead:
            return 0
        sums = [start + scale * (each - _MIDDLE) for start, each in zip(self.bias, added, strict=True)]
        best = max(sums[1:])
        if best - sums[0] < self.least_lead or chances(sums)[0] > self.unlikely:
            return 0
        return sums.index(best, 1)

    def chances(self, signs: Iterable[str]) -> list[float]:
        """The chance of each of the kinds; empty where nothing is known of the signs."""
        known = [each for each in map(self.weights.get, signs) if each is not None]
        if not known or not self.bias:
            return []
        scale = strength(len(known)) * _UNIT
        added = _fields_of(sum(known), len(self.kinds))
        return chances([start + scale * (at - _MIDDLE) for start, at in zip(self.bias, added, strict=True)])

    def unpacked(self, sign: str) -> Weights:
        """What a sign weighs."""
        return tuple((each - _MIDDLE) * _UNIT for each in _fields_of(self.weights[sign], len(self.kinds)))


def _packed(weights: Weights) -> int:
    """One number with a field for each weight, in units; may be added to others."""
    return sum(round(weight / _UNIT) << (_FIELD_BITS * at) for at, weight in enumerate(weights))


def _fields_of(packed: int, kinds: int) -> tuple[int, ...]:
    """The fields of a number, each more by `_MIDDLE`: a negative one would borrow from the next."""
    fields, all_positive = _layout(kinds)
    return fields.unpack((packed + all_positive).to_bytes(fields.size, "little"))


def strength(signs: int) -> float:
    """How much one of so many signs weighs."""
    return _STRENGTH / math.sqrt(max(signs, _MIN_SIGNS))


def chances(sums: Sequence[float]) -> list[float]:
    """The chance of each of the kinds."""
    highest = max(sums)
    grown = [math.exp(each - highest) for each in sums]
    whole = math.fsum(grown)
    return [each / whole for each in grown]


def read_linear(
    top: str, table: Mapping[str, object], kinds: Kinds, unlikely: float, faults: Faults
) -> Linear:
    """Read what was fitted; faulty lines are reported and left out."""
    signs = mapping((top, "signs"), table.get("signs", {}), faults)
    read = {sign: _weights((top, "signs", sign), said, kinds, faults) for sign, said in signs.items()}
    bias = _weights((top, "bias"), table.get("bias", ""), kinds, faults)
    return Linear.of(kinds, unlikely, bias, {sign: weights for sign, weights in read.items() if weights})


def _weights(path: tuple[str, ...], said: object, kinds: Kinds, faults: Faults) -> Weights:
    """Of a line such as `delete 2.1 other -0.8`; what is left out weighs nothing."""
    parts, read = str(said).split(), [0.0] * len(kinds)
    try:
        for kind, number in zip(parts[::2], parts[1::2], strict=True):
            read[kinds.index(kind)] = _number(number)
    except ValueError:
        fault = f"{path[-1]!r} has no weights that can be read: {said!r}"
        faults.add(path, FaultCode.UNKNOWN_VALUE, fault, "fit them anew: make weigh")
        return ()
    return tuple(read)


def _number(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(written)
    return number


def as_written(weights: Weights, kinds: Kinds) -> str:
    """Weights as a line of the file has them, the heaviest first."""
    told = [(at, weight) for at, weight in enumerate(weights) if weight]
    ordered = sorted(told, key=lambda each: (-abs(each[1]), each[0]))
    return " ".join(f"{kinds[at]} {weight:.2f}" for at, weight in ordered)
