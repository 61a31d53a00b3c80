"""Guessing what a text asks for where no rule saw a wish: a linear model over its words and pairs of words.

A guess is to be asked about, not acted on. Weights are content (`content/weighing/en.wishes.fitted.yaml`, and so in
other locales), fitted by `make weigh` from the project's own sentences; see docs/decisions/0015-guessing-wishes.md.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.dialogue.reading import Intent, Reading
from bot.understanding.document import mapping
from bot.understanding.faults import FaultCode, Faults
from bot.understanding.report import REPORTED
from bot.understanding.text import ENDS
from bot.understanding.weighing import FITTED, WEIGHING

WISHES = ".wishes"
# What can be guessed; the first is none of ours, and has to be unlikely.
KINDS = (Intent.OTHER, *sorted(REPORTED - {Intent.OTHER}))
MAX_WORDS = 40
MAX_SLIPPED_WORDS = 10
UNLIKELY = 0.25  # by cross-validation: docs/decisions/0015-guessing-wishes.md
_STRENGTH = 3.0
_MIN_SIGNS = 4
_MAX_STRANGERS = 4
STRANGE = 2  # one word in so many may be a stranger
_STRANGERS = tuple(f"strangers {count}" for count in range(_MAX_STRANGERS + 1))
_STRANGE = tuple(f"strange {fourths}" for fourths in range(4 // STRANGE + 1))
_ENDS = frozenset(ENDS)
# Where even the best led `other` by less than this, all together could not make it unlikely.
_LEAST_LEAD = math.log((1 - UNLIKELY) / UNLIKELY / (len(KINDS) - 1))
# Not yet a wish: there may be one beside it.
_TOO_LITTLE = frozenset(
    {Intent.OTHER, Intent.GREETING, Intent.THANKS, Intent.YES, Intent.NO, Intent.OK, Intent.CORRECTION}
)

_UNIT = 0.01  # weights are written to so much
_FIELDS = struct.Struct(f"<{len(KINDS)}I")
_FIELD_BITS, _MIDDLE = 32, 2**31
_ALL_POSITIVE = sum(_MIDDLE << (_FIELD_BITS * at) for at in range(len(KINDS)))

Weights = tuple[float, ...]  # one for each of KINDS


@dataclass(frozen=True, slots=True)
class Guesses:
    """What texts are weighed with: `known` are words that stand in wishes of ours, `weights` what signs weigh, packed.

    Of a language that bends its words at the end their first letters weigh too, `stem` of them: "borra", "borrame".

    A sign's weights are one number, so that those of a whole text are added up at once: this is done for every message.
    """

    known: frozenset[str] = frozenset()
    bias: Weights = ()
    weights: Mapping[str, int] = field(default_factory=dict)
    bias_leads_by: float = 0.0  # by how much the best of it leads what is none of ours
    stem: int = 0

    @classmethod
    def of(
        cls, known: frozenset[str], bias: Weights, weights: Mapping[str, Weights], *, stem: int = 0
    ) -> Guesses:
        packed = {sign: _packed(each) for sign, each in weights.items()}
        return cls(known, bias, packed, max(bias[1:], default=0.0) - sum(bias[:1]), stem)

    @property
    def words(self) -> frozenset[str]:
        """The words that stand in wishes of ours, whole."""
        whole = (sign for sign in self.weights if sign.isalpha() and sign[: self.stem] in self.known)
        return frozenset(whole) if self.stem else self.known

    def guess(self, words: Sequence[str]) -> Intent | None:
        """The likeliest wish; None where it is likely to be none of ours."""
        signs = signs_in(words, self.known, self.stem)
        known = [each for each in map(self.weights.get, signs) if each is not None]
        if not known or not self.bias:
            return None
        scale = strength(len(known)) * _UNIT
        added = _fields_of(sum(known))
        # Most texts are done with here: whatever the bias adds, none of ours stays too likely.
        if scale * (max(added[1:]) - added[0]) + self.bias_leads_by < _LEAST_LEAD:
            return None
        sums = [start + scale * (each - _MIDDLE) for start, each in zip(self.bias, added, strict=True)]
        best = max(sums[1:])
        if best - sums[0] < _LEAST_LEAD or chances(sums)[0] > UNLIKELY:
            return None
        return KINDS[sums.index(best, 1)]


def _packed(weights: Weights) -> int:
    """One number with a field for each weight, in units; may be added to others."""
    return sum(round(weight / _UNIT) << (_FIELD_BITS * at) for at, weight in enumerate(weights))


def unpacked(packed: int) -> list[float]:
    """The weights, or sums of weights, in a number."""
    return [(each - _MIDDLE) * _UNIT for each in _fields_of(packed)]


def _fields_of(packed: int) -> tuple[int, ...]:
    """The fields of a number, each more by `_MIDDLE`: a negative one would borrow from the next."""
    return _FIELDS.unpack((packed + _ALL_POSITIVE).to_bytes(_FIELDS.size, "little"))


def with_guess(reading: Reading, words: Sequence[str], guesses: Iterable[Guesses]) -> Reading:
    """The reading with what the text may ask for, where the rules saw no wish in it: the first guess there is."""
    if (
        reading.control is not None
        or reading.mood is not None
        or not _TOO_LITTLE.issuperset(reading.intents)
        or (guess := next(filter(None, (each.guess(words) for each in guesses)), None)) is None
    ):
        return reading
    return replace(reading, guess=guess, rules=(*reading.rules, f"guess/{guess}"))


def says_nothing_yet(reading: Reading, words: Sequence[str]) -> bool:
    """Whether neither rules nor weights saw anything in a short text: its words may be slips of others."""
    nothing = reading.intents == (Intent.OTHER,) and reading.guess is None and not reading.feelings
    return nothing and reading.rejection.outcome is None and len(words) <= MAX_SLIPPED_WORDS


def also_guessed(reading: Reading, mended: Reading) -> Reading:
    """The reading of a text as it stands, with the wish seen in it once its slips were mended: to be asked about."""
    wish = next((each for each in mended.intents if each in KINDS[1:]), mended.guess)
    if wish is None:
        return reading
    return replace(reading, guess=wish, rules=(*reading.rules, f"guess/{wish}"))


def signs_in(words: Sequence[str], known: frozenset[str], stem: int = 0) -> list[str]:
    """Everything in a text that may weigh; nothing where most of its words are strange to any wish of ours."""
    said = words if _ENDS.isdisjoint(words) else [word for word in words if word not in _ENDS]
    if not 0 < len(said) <= MAX_WORDS:
        return []
    strangers = len(said) - sum(map(known.__contains__, stems_of(said, stem)))
    if STRANGE * strangers > len(said):
        return []
    pairs = map(" ".join, zip(["^", *said], [*said, "$"], strict=True))
    begun = (f"{word[:stem]}-" for word in said if len(word) > stem) if stem else ()
    marks = (_STRANGERS[min(strangers, _MAX_STRANGERS)], _STRANGE[4 * strangers // len(said)])
    return [*dict.fromkeys((*said, *pairs, *begun)), *marks]


def stems_of(words: Iterable[str], stem: int) -> Iterable[str]:
    """The words' first letters, so many; without a number the words."""
    return (word[:stem] for word in words) if stem else words


def strength(signs: int) -> float:
    """How much one of so many signs weighs."""
    return _STRENGTH / math.sqrt(max(signs, _MIN_SIGNS))


def chances(sums: Sequence[float]) -> list[float]:
    """The chance of each of KINDS."""
    highest = max(sums)
    grown = [math.exp(each - highest) for each in sums]
    whole = math.fsum(grown)
    return [each / whole for each in grown]


def read_guesses(name: str, raw: object, faults: Faults) -> Guesses:
    """Read what was fitted; faulty lines are reported and left out."""
    top = WEIGHING + name + FITTED
    table = mapping((top,), raw, faults)
    signs = mapping((top, "signs"), table.get("signs", {}), faults)
    read = {sign: _weights((top, "signs", sign), said, faults) for sign, said in signs.items()}
    return Guesses.of(
        known=frozenset(str(table.get("known", "")).split()),
        bias=_weights((top, "bias"), table.get("bias", ""), faults),
        weights={sign: weights for sign, weights in read.items() if weights},
        stem=_stem((top, "stem"), table.get("stem", "0"), faults),
    )


def _stem(path: tuple[str, ...], said: object, faults: Faults) -> int:
    if str(said).isdecimal():
        return int(str(said))
    faults.add(
        path, FaultCode.UNKNOWN_VALUE, f"{said!r} is no number of letters", "fit them anew: make weigh"
    )
    return 0


def _weights(path: tuple[str, ...], said: object, faults: Faults) -> Weights:
    """Of a line such as `delete 2.1 other -0.8`; what is left out weighs nothing."""
    parts, read = str(said).split(), [0.0] * len(KINDS)
    try:
        for kind, number in zip(parts[::2], parts[1::2], strict=True):
            read[KINDS.index(Intent(kind))] = _number(number)
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


def as_written(weights: Weights) -> str:
    """Weights as a line of the file has them, the heaviest first."""
    told = [(at, weight) for at, weight in enumerate(weights) if weight]
    ordered = sorted(told, key=lambda each: (-abs(each[1]), each[0]))
    return " ".join(f"{KINDS[at]} {weight:.2f}" for at, weight in ordered)
