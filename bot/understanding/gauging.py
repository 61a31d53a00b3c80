"""Gauging how near a message is to the words of danger, where no rule speaks, or one speaks that is easily wrong.

A linear model over a text's words, its pairs of words and groups of letters, all written as they sound, so that "boi a
akabar con mi bida" is what it means. Weights are content (`content/weighing/<locale>.danger.fitted.yaml`), fitted by
`make weigh`; see docs/decisions/0014-gauging-danger.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from bot.understanding.document import chance, mapping, strings
from bot.understanding.faults import FaultCode, Faults
from bot.understanding.text import ENDS
from bot.understanding.weighing import FITTED, WEIGHING

GAUGE = ".danger"
BIAS = "bias"
MAX_WORDS = 60  # of one stretch: a signal in a long, calm story is looked for piece by piece
MAX_STRETCHES = 40
MIN_SENTENCE = 4  # words; fewer say too little by themselves
_GROUPS = (3, 4, 5)  # letters
_STRENGTH, _MIN_SIGNS = 6.0, 40
_TELLING = 0.3
_ENDS = frozenset(ENDS)
_KEYS = frozenset(
    {"sounds", "letters", "speaker", "left_to_rules", "settled_by"}
    | {"alarms_from", "calm_though_quiet", "calm_though_plain", "calm_though_doubted", "doubted"}
)


@dataclass(frozen=True, slots=True)
class Gauge:
    """What a language's messages are gauged by. `sounds` are written for others, one after the other."""

    sounds: Sequence[tuple[str, str]] = ()
    letters: bool = True  # whether groups of letters weigh too
    speaker: frozenset[str] = frozenset()  # words for oneself, where danger hardly speaks without one
    left_to_rules: frozenset[str] = frozenset()  # words rules know every use of, so that what they say stands
    weights: Mapping[str, float] = field(default_factory=dict)
    telling: frozenset[str] = (
        frozenset()
    )  # words of which one stands in every danger: most messages hold none
    alarms_from: float = 1.0  # a chance of danger, as the next two
    calm_though_quiet: float = 0.0  # though a rule heard quiet words
    calm_though_plain: float = 0.0  # though one heard plain words
    calm_though_doubted: float = 0.0  # though a doubted rule heard something
    settled_by: frozenset[str] = frozenset()  # rules after which nothing is left to gauge
    doubted: frozenset[str] = frozenset()  # rules that are believed only near the words of danger

    def with_weights(self, weights: Mapping[str, float]) -> Gauge:
        """Weighing by these. Where words alone weigh, messages without a telling one are calm."""
        telling = (
            () if self.letters else (s for s, each in weights.items() if " " not in s and each >= _TELLING)
        )
        return replace(self, weights=weights, telling=frozenset(telling))

    def signs(self, words: Sequence[str]) -> frozenset[str]:
        """Everything in a message that may weigh."""
        line = self._sounded(words)
        heard = line.split()
        found = set(heard)
        found.update(map(" ".join, pairwise(heard)))
        found.update(map(" ".join, zip(heard, heard[1:], heard[2:], strict=False)))
        for word in set(heard) if self.letters else ():
            bounded = f"_{word}_"
            for size in _GROUPS:
                found.update(bounded[at : at + size] for at in range(len(bounded) - size + 1))
        return frozenset(found)

    def chance(self, words: Sequence[str]) -> float:
        """How likely it is that danger speaks: of a long text, in the stretch where it is likeliest."""
        if not self.left_to_rules.isdisjoint(words) or (self.telling and self.telling.isdisjoint(words)):
            return 0.0
        told = (each for each in stretches(words) if not self.speaker or not self.speaker.isdisjoint(each))
        return self._likeliest(told)

    def nearness(self, words: Sequence[str]) -> float:
        """The same of any message, whoever is spoken of."""
        return self._likeliest(stretches(words))

    def _likeliest(self, parts: Iterable[Sequence[str]]) -> float:
        return max((danger_of(self.weights, self.signs(each)) for each in parts), default=0.0)

    def _sounded(self, words: Sequence[str]) -> str:
        line = f" {' '.join([word for word in words if word not in _ENDS])} "
        for written, sound in self.sounds:
            line = line.replace(written, sound)
        return line


def danger_of(weights: Mapping[str, float], signs: Iterable[str]) -> float:
    """The chance of danger; of many signs each weighs less."""
    known = [weight for weight in map(weights.get, signs) if weight is not None]
    return of_lead(weights.get(BIAS, 0.0) + strength(len(known)) * math.fsum(known))


def of_lead(lead: float) -> float:
    """What speaks for danger, as a chance."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, lead))))


def strength(signs: int) -> float:
    """How much one of so many signs weighs."""
    return _STRENGTH / math.sqrt(max(signs, _MIN_SIGNS))


def stretches(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """A message whole, or as much of a long one at a time, overlapping by half; and each of several sentences."""
    step = MAX_WORDS // 2
    for nth, first in enumerate(range(0, max(1, len(words) - step), step)):
        if nth == MAX_STRETCHES:
            return
        stretch = words[first : first + MAX_WORDS]
        yield stretch
        if _ENDS.isdisjoint(stretch):
            continue
        sentences = [each for each in _sentences(stretch) if len(each) >= MIN_SENTENCE]
        if len(sentences) > 1:
            yield from sentences


def _sentences(words: Sequence[str]) -> Iterator[Sequence[str]]:
    first = 0
    for at, word in enumerate((*words, ".")):
        if word in _ENDS:
            yield words[first:at]
            first = at + 1


def read_gauge(locale: str, written: object, fitted: object, faults: Faults) -> Gauge:
    """Read what authors wrote (`written`) and what was fitted from the language's sentences."""
    top = (WEIGHING + locale + GAUGE,)
    table = mapping(top, written, faults)
    for key in table.keys() - _KEYS:
        remedy = "use one of: " + ", ".join(sorted(_KEYS))
        faults.add((*top, key), FaultCode.UNKNOWN_KEY, f"unknown key {key!r}", remedy)
    sounds = []
    for line in strings((*top, "sounds"), table.get("sounds", []), faults):
        one, _, other = line.partition("=")
        sounds.append((one.strip().replace("_", " "), other.strip().replace("_", " ")))
    gauge = Gauge(
        sounds=tuple(sounds),
        letters=_yes((*top, "letters"), table.get("letters", "yes"), faults),
        speaker=frozenset(strings((*top, "speaker"), table.get("speaker", []), faults)),
        left_to_rules=frozenset(strings((*top, "left_to_rules"), table.get("left_to_rules", []), faults)),
        alarms_from=_chance((*top, "alarms_from"), table.get("alarms_from", "1"), faults),
        calm_though_quiet=_chance((*top, "calm_though_quiet"), table.get("calm_though_quiet", "0"), faults),
        calm_though_plain=_chance((*top, "calm_though_plain"), table.get("calm_though_plain", "0"), faults),
        calm_though_doubted=_chance(
            (*top, "calm_though_doubted"), table.get("calm_though_doubted", "0"), faults
        ),
        doubted=frozenset(strings((*top, "doubted"), table.get("doubted", []), faults)),
        settled_by=frozenset(strings((*top, "settled_by"), table.get("settled_by", []), faults)),
    )
    return gauge.with_weights(_weights((WEIGHING + locale + GAUGE + FITTED,), fitted, faults))


def _yes(path: tuple[str, ...], said: object, faults: Faults) -> bool:
    if said not in ("yes", "no"):
        faults.add(path, FaultCode.UNKNOWN_VALUE, f"{said!r} is neither", "write yes or no")
    return said != "no"


def _chance(path: tuple[str, ...], said: object, faults: Faults) -> float:
    # As if there were no gauge, where it can't be read.
    return chance(path, said, faults, otherwise=1.0 if path[-1] == "alarms_from" else 0.0)


def _weights(top: tuple[str, ...], fitted: object, faults: Faults) -> dict[str, float]:
    """One text of many lines, a weight and its sign in each: read far quicker than as many entries of YAML."""
    weights: dict[str, float] = {}
    for line in str(mapping(top, fitted, faults).get("weights", "")).splitlines():
        said, _, sign = line.partition(" ")
        number = _number(said)
        if number is None or not sign:
            fault = f"{line!r} is no weight and its sign"
            faults.add((*top, "weights"), FaultCode.UNKNOWN_VALUE, fault, "fit them anew: make weigh")
        else:
            weights[sign] = number
    return weights


def _number(said: object) -> float | None:
    try:
        number = float(str(said))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
