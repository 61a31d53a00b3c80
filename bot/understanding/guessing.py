"""Guessing what a text asks for where no rule saw a wish: a linear model over its words and pairs of words.

A guess is to be asked about, not acted on. Weights are content (`content/weighing/en.wishes.fitted.yaml`, and so in
other locales), fitted by `make weigh` from the project's own sentences; see docs/decisions/0015-guessing-wishes.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.dialogue.reading import Intent, Reading
from bot.understanding.document import mapping
from bot.understanding.faults import FaultCode, Faults
from bot.understanding.linear import Linear, read_linear
from bot.understanding.report import REPORTED
from bot.understanding.text import ENDS
from bot.understanding.weighing import FITTED, WEIGHING

WISHES = ".wishes"
# What can be guessed; the first is none of ours, and has to be unlikely.
KINDS = (Intent.OTHER, *sorted(REPORTED - {Intent.OTHER}))
MAX_WORDS = 40
MAX_SLIPPED_WORDS = 10
UNLIKELY = 0.25  # by cross-validation: docs/decisions/0015-guessing-wishes.md
_MAX_STRANGERS = 4
STRANGE = 2  # one word in so many may be a stranger
_STRANGERS = tuple(f"strangers {count}" for count in range(_MAX_STRANGERS + 1))
_STRANGE = tuple(f"strange {fourths}" for fourths in range(4 // STRANGE + 1))
_ENDS = frozenset(ENDS)
# Not yet a wish: there may be one beside it.
_TOO_LITTLE = frozenset(
    {Intent.OTHER, Intent.GREETING, Intent.THANKS, Intent.YES, Intent.NO, Intent.OK, Intent.CORRECTION}
)


NOTHING_WEIGHS = Linear(KINDS, UNLIKELY)


@dataclass(frozen=True, slots=True)
class Guesses:
    """What texts are weighed with: `known` are words that stand in wishes of ours, `linear` what signs weigh.

    Of a language that bends its words at the end their first letters weigh too, `stem` of them: "borra", "borrame".
    """

    known: frozenset[str] = frozenset()
    linear: Linear = NOTHING_WEIGHS
    stem: int = 0

    @property
    def words(self) -> frozenset[str]:
        """The words that stand in wishes of ours, whole."""
        signs = self.linear.weights
        whole = (sign for sign in signs if sign.isalpha() and sign[: self.stem] in self.known)
        return frozenset(whole) if self.stem else self.known

    def guess(self, words: Sequence[str]) -> Intent | None:
        """The likeliest wish; None where it is likely to be none of ours."""
        at = self.linear.likeliest(signs_in(words, self.known, self.stem))
        return KINDS[at] if at else None


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


def read_guesses(name: str, raw: object, faults: Faults) -> Guesses:
    """Read what was fitted; faulty lines are reported and left out."""
    top = WEIGHING + name + FITTED
    table = mapping((top,), raw, faults)
    return Guesses(
        known=frozenset(str(table.get("known", "")).split()),
        linear=read_linear(top, table, KINDS, UNLIKELY, faults),
        stem=_stem((top, "stem"), table.get("stem", "0"), faults),
    )


def _stem(path: tuple[str, ...], said: object, faults: Faults) -> int:
    if str(said).isdecimal():
        return int(str(said))
    faults.add(
        path, FaultCode.UNKNOWN_VALUE, f"{said!r} is no number of letters", "fit them anew: make weigh"
    )
    return 0
