"""Guessing what a text asks for where no rule saw a wish: a linear model over its words and pairs of words.

A guess is to be asked about, not acted on. Weights are content (`content/weighing/en.wishes.fitted.yaml`, and so in
other locales), fitted by `make weigh` from the project's own sentences; see docs/decisions/0015-guessing-wishes.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from bot.dialogue.reading import NOTHING_READ, Intent, Reading, RejectionRead
from bot.understanding.document import chance, mapping
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
KIND_MARK = "*"
_DOUBTS = ("doubted_for_another", "doubted_for_none")
_KEYS = frozenset({"kinds", *_DOUBTS})
NEAR = 4  # words from each other two kinds are a pair of
_MAX_STRANGERS = 4
STRANGE = 2  # one word in so many may be a stranger
_STRANGERS = tuple(f"strangers {count}" for count in range(_MAX_STRANGERS + 1))
_STRANGE = tuple(f"strange {fourths}" for fourths in range(4 // STRANGE + 1))
_ENDS = frozenset(ENDS)
# Not yet a wish: there may be one beside it.
_TOO_LITTLE = frozenset(
    {Intent.OTHER, Intent.GREETING, Intent.THANKS, Intent.YES, Intent.NO, Intent.OK, Intent.CORRECTION}
)


# What else may stand beside a wish that is doubted: moves within a conversation never are.
_DOUBTFUL = _TOO_LITTLE.union(KINDS)
_TOLD_OF_A_NO = frozenset({Intent.REJECTION, Intent.VENT, Intent.WIN})

Kinds = Mapping[str, Sequence[str]]  # a word's kinds, the one it is taken for beside others first
_NONE_OF_ANY: tuple[str, ...] = ()
_NOTHING_WEIGHS = Linear(KINDS, UNLIKELY)


@dataclass(frozen=True, slots=True)
class Doubts:
    """From which chance on the weights are held against the rules: of another wish, and of none of ours."""

    another: float = 1.0
    none: float = 1.0


NEVER = Doubts()


@dataclass(frozen=True, slots=True)
class Listed:
    """What authors write: the kinds of words, and when rules are doubted."""

    kinds: Kinds = field(default_factory=dict)
    doubts: Doubts = NEVER


NOTHING_LISTED = Listed()


@dataclass(frozen=True, slots=True)
class Guesses:
    """What texts are weighed with: `known` are words that stand in wishes of ours, `linear` what signs weigh.

    A word's kind weighs too: whoever says "purge" says "delete". Of a language that bends its words at the end so do
    their first letters, `stem` of them: "borra", "borrame".
    """

    known: frozenset[str] = frozenset()
    linear: Linear = _NOTHING_WEIGHS
    listed: Listed = NOTHING_LISTED
    stem: int = 0
    familiar: frozenset[str] = frozenset()  # what is no stranger: the words known, and those that have a kind

    @classmethod
    def of(
        cls, known: frozenset[str], listed: Listed, stem: int, linear: Linear = _NOTHING_WEIGHS
    ) -> Guesses:
        familiar = known.union(stems_of(listed.kinds, stem))
        return cls(known, linear, listed, stem, familiar)

    @property
    def words(self) -> frozenset[str]:
        """The words that stand in wishes of ours, whole."""
        signs = self.linear.weights
        whole = (sign for sign in signs if sign.isalpha() and sign[: self.stem] in self.known)
        return frozenset(whole) if self.stem else self.known

    def guess(self, words: Sequence[str]) -> Intent | None:
        """The likeliest wish; None where it is likely to be none of ours."""
        at = self.linear.likeliest(self.signs(words))
        return KINDS[at] if at else None

    def held_against(self, reading: Reading, words: Sequence[str]) -> Intent | None:
        """The wish, or none of ours, that the weights are so sure of that what the rules saw is doubtful."""
        first = next((each for each in reading.intents if each in KINDS[1:]), None)
        if first is None or not _DOUBTFUL.issuperset(reading.intents) or self.listed.doubts == NEVER:
            return None
        chances = self.linear.chances(self.signs(words))
        if not chances:
            return None
        told, outcome = _is_told(reading.rejection), reading.rejection.outcome
        if chances[0] > self.listed.doubts.none:
            says_more = outcome or told or reading.feelings or reading.topics or reading.when
            return None if says_more else KINDS[0]
        best = max(chances[1:])
        wish = KINDS[chances.index(best, 1)]
        sure = wish is not first and best > self.listed.doubts.another
        return None if not sure or (outcome and (told or wish in _TOLD_OF_A_NO)) else wish

    def signs(self, words: Sequence[str]) -> list[str]:
        """Everything in a text that may weigh; nothing where most of its words are strange to any wish of ours."""
        said = words if _ENDS.isdisjoint(words) else [word for word in words if word not in _ENDS]
        if not 0 < len(said) <= MAX_WORDS:
            return []
        strangers = len(said) - sum(map(self.familiar.__contains__, stems_of(said, self.stem)))
        if STRANGE * strangers > len(said):
            return []
        marks = (_STRANGERS[min(strangers, _MAX_STRANGERS)], _STRANGE[4 * strangers // len(said)])
        return [*dict.fromkeys((*said, *_pairs(said), *self._kinds_in(said), *self._begun(said))), *marks]

    def _kinds_in(self, said: Sequence[str]) -> list[str]:
        """The kinds of words, and the pairs they stand in."""
        kinds = [self.listed.kinds.get(word, _NONE_OF_ANY) for word in said]
        if not any(kinds):
            return []
        as_kinds = [kind[0] if kind else word for kind, word in zip(kinds, said, strict=True)]
        return [*chain.from_iterable(kinds), *_pairs(as_kinds), *_near(kinds)]

    def _begun(self, said: Sequence[str]) -> list[str]:
        stem = self.stem
        return [f"{word[:stem]}-" for word in said if len(word) > stem] if stem else []


def _near(kinds: Sequence[Sequence[str]]) -> Iterator[str]:
    """Kinds not far from each other: "wipe the whole of my data"."""
    at = [(place, kind[0]) for place, kind in enumerate(kinds) if kind]
    for nth, (place, kind) in enumerate(at):
        for other, its in at[nth + 1 : nth + 1 + NEAR]:
            if 1 < other - place <= NEAR:
                yield f"{kind} ~ {its}"


def _pairs(said: Sequence[str]) -> Iterable[str]:
    return map(" ".join, zip(["^", *said], [*said, "$"], strict=True))


def with_guess(reading: Reading, words: Sequence[str], guesses: Sequence[Guesses]) -> Reading:
    """The reading with what the text may ask for, where the rules saw no wish in it or a doubtful one.

    Of the locale's own weights and the source locale's the first that guess; only its own hold against the rules.
    """
    if reading.control is not None or reading.mood is not None:
        return reading
    if not _TOO_LITTLE.issuperset(reading.intents):
        return _doubted(reading, guesses[0].held_against(reading, words)) if guesses else reading
    guess = next(filter(None, (each.guess(words) for each in guesses)), None)
    return (
        reading if guess is None else replace(reading, guess=guess, rules=(*reading.rules, f"guess/{guess}"))
    )


def _doubted(reading: Reading, wish: Intent | None) -> Reading:
    """The reading with another wish than the rules', or none: to be asked about, nothing else is taken from it."""
    if wish is None:
        return reading
    return replace(
        reading,
        intents=NOTHING_READ.intents,
        rejection=reading.rejection if _is_told(reading.rejection) else NOTHING_READ.rejection,
        guess=wish if wish is not KINDS[0] else None,
        rules=(*reading.rules, f"guess/{wish}"),
    )


def _is_told(said: RejectionRead) -> bool:
    return any((said.company, said.role, said.stage, said.count))


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


def stems_of(words: Iterable[str], stem: int) -> Iterable[str]:
    """The words' first letters, so many; without a number the words."""
    return (word[:stem] for word in words) if stem else words


def read_guesses(name: str, listed: object, fitted: object, faults: Faults) -> Guesses:
    """Read what authors wrote (`listed`) and what was fitted; faulty lines are reported and left out."""
    top = WEIGHING + name + FITTED
    table = mapping((top,), fitted, faults)
    return Guesses.of(
        known=frozenset(str(table.get("known", "")).split()),
        listed=_listed(WEIGHING + name, listed, faults),
        stem=_stem((top, "stem"), table.get("stem", "0"), faults),
        linear=read_linear(top, table, KINDS, UNLIKELY, faults),
    )


def _listed(top: str, raw: object, faults: Faults) -> Listed:
    table = mapping((top,), raw, faults)
    for key in table.keys() - _KEYS:
        remedy = "use one of: " + ", ".join(sorted(_KEYS))
        faults.add((top, key), FaultCode.UNKNOWN_KEY, f"unknown key {key!r}", remedy)
    kinds: dict[str, tuple[str, ...]] = {}
    for kind, words in mapping((top, "kinds"), table.get("kinds", {}), faults).items():
        for word in dict.fromkeys(str(words).split()):
            kinds[word] = (*kinds.get(word, ()), f"{KIND_MARK}{kind}")  # no word, but a sign of its own
    another, none = (chance((top, key), table.get(key, "1"), faults, otherwise=1.0) for key in _DOUBTS)
    return Listed(kinds, Doubts(another, none))


def _stem(path: tuple[str, ...], said: object, faults: Faults) -> int:
    if str(said).isdecimal():
        return int(str(said))
    faults.add(
        path, FaultCode.UNKNOWN_VALUE, f"{said!r} is no number of letters", "fit them anew: make weigh"
    )
    return 0
