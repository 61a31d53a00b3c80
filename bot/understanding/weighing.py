"""Weighing what a mail is: a no, other news about an application, or no employer's mail at all.

A linear model over what stands in it: words, pairs of neighbours, kinds of words near each other, the stock phrases and
turns of letters the rules saw, and a few marks of the whole. Weights are content (`content/weighing/`), fitted by
`make weigh`; see docs/decisions/0012-weighing-mails.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.understanding.document import mapping, strings
from bot.understanding.faults import FaultCode, Faults

WEIGHING, FITTED = "weighing/", ".fitted"
NEAR = 3  # words of a kind this near each other count as a pair
MAX_WORDS = 1_500
MIN_DECISIVE_WORDS = 3
_MARKS_UPTO = 3
_MIN_SIGNS = 8
_STRENGTH = 3.0
_SURE = 0.75
_BIAS = "bias"
_KEYS = frozenset({"kinds", "only_if", "jobs", "explained_by"})


class Sort(StrEnum):
    """What a mail is."""

    NO = "no"
    HIRING = "hiring"
    NONE = "none"


SORTS = tuple(Sort)
Weights = tuple[float, ...]  # one for each of SORTS


@dataclass(frozen=True, slots=True)
class Scales:
    """What mails are weighed with. `kinds` maps a word to its kind; `weights` what stands in a mail to its weights."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    only_if: frozenset[str] = frozenset()
    jobs: frozenset[str] = frozenset()
    weights: Mapping[str, Weights] = field(default_factory=dict)
    explained_by: str = ""  # a family of phrases

    def signs(self, words: Sequence[str], seen: Iterable[str]) -> frozenset[str]:
        """Everything in a mail that may weigh; `seen` names the rules that matched it."""
        words = words[:MAX_WORDS]
        found = {f"rule {name}" for name in seen}
        found.update(self._marks(words))
        for first, last in _sentences(words):
            found.update(self._in_sentence(words[first:last]))
        return frozenset(found)

    def sort(self, signs: Iterable[str], *, sure: bool = False) -> Sort:
        """The likeliest sort; a no must be likelier than all else together, and well so to be `sure`."""
        chances = shares(self.weights, signs)
        if chances[0] >= (_SURE if sure else 0.5):
            return Sort.NO
        return Sort.HIRING if chances[1] >= chances[2] else Sort.NONE

    def decisive(self, words: Sequence[str]) -> tuple[int, int] | None:
        """The sentence that weighs most for a no, as its first word and the one after its last."""
        best: tuple[float, int, int] | None = None
        for first, last in _sentences(words[:MAX_WORDS]):
            no = self._lead(words[first:last])
            if last - first >= MIN_DECISIVE_WORDS and (best is None or no > best[0]):
                best = (no, first, last)
        return best[1:] if best else None

    def _lead(self, words: Sequence[str]) -> float:
        """By how much a sentence speaks for a no, over the likelier of the others."""
        known = [self.weights[sign] for sign in set(self._in_sentence(words)) if sign in self.weights]
        no, *others = (math.fsum(each[i] for each in known) for i in range(len(SORTS)))
        return no - max(others)

    def _in_sentence(self, words: Sequence[str]) -> Iterator[str]:
        # What may happen is weighed apart from what happened: "if you are not selected".
        lead = "if " if not self.only_if.isdisjoint(words) else ""
        kinds = [self.kinds.get(word) for word in words]
        for at, (word, kind) in enumerate(zip(words, kinds, strict=True)):
            yield lead + word
            if at + 1 < len(words):
                yield f"{lead}{word} {words[at + 1]}"
            if kind is None:
                continue
            yield lead + kind
            for near in kinds[at + 1 : at + 1 + NEAR]:
                if near is not None:
                    yield f"{lead}{kind} {near}"

    def _marks(self, words: Sequence[str]) -> Iterator[str]:
        """What only the whole shows: of how many things it speaks, and who speaks to whom."""
        said = set(words)
        jobs = len(said & self.jobs)
        yield f"speaks of work {min(jobs, _MARKS_UPTO)}"
        counts: dict[str, int] = {}
        for word in said:
            if (kind := self.kinds.get(word)) is not None and kind.startswith("about-"):
                counts[kind] = counts.get(kind, 0) + 1
        for kind, count in counts.items():
            yield f"speaks {kind} {min(count, 2)}"
            if not jobs:
                yield f"speaks {kind} alone"
        yield from self._voices(words)

    def _voices(self, words: Sequence[str]) -> Iterator[str]:
        heard = dict.fromkeys(("i", "we", "you", "they"), 0)
        for word in words:
            if (kind := self.kinds.get(word)) in heard:
                heard[kind] += 1
        yield "speaks more of i than you" if heard["i"] > heard["you"] else "speaks more of you than i"
        if heard["they"] > heard["we"]:
            yield "speaks more of them than us"
        for voice in ("we", "you"):
            if not heard[voice]:
                yield f"speaks never as {voice}"


def shares(weights: Mapping[str, Weights], signs: Iterable[str]) -> Weights:
    """The chance of each of SORTS; many signs in a long mail weigh less each."""
    known = [weights[sign] for sign in sorted(signs) if sign in weights]
    scale = strength(len(known))
    bias = weights.get(_BIAS, (0.0,) * len(SORTS))
    return of_sums([start + scale * math.fsum(each[i] for each in known) for i, start in enumerate(bias)])


def of_sums(sums: Sequence[float]) -> Weights:
    """What speaks for each of SORTS, as chances."""
    highest = max(sums)
    grown = [math.exp(each - highest) for each in sums]
    return tuple(each / sum(grown) for each in grown)


def strength(signs: int) -> float:
    """How much one of so many signs weighs."""
    return _STRENGTH / math.sqrt(max(signs, _MIN_SIGNS))


def read_scales(locale: str, words: object, fitted: object, faults: Faults) -> Scales:
    """Read what authors wrote (`words`) and what was fitted from it."""
    top = (WEIGHING + locale,)
    table = mapping(top, words, faults)
    for key in table.keys() - _KEYS:
        faults.add(
            (*top, key),
            FaultCode.UNKNOWN_KEY,
            f"unknown key {key!r}",
            "use one of: " + ", ".join(sorted(_KEYS)),
        )
    kinds: dict[str, str] = {}
    for kind, listed in mapping((*top, "kinds"), table.get("kinds", {}), faults).items():
        for word in strings((*top, "kinds", kind), listed, faults):
            if kinds.setdefault(word, kind) != kind:
                fault = f"{word!r} is of the kind {kinds[word]!r} already"
                faults.add((*top, "kinds", kind), FaultCode.DUPLICATE_ID, fault, "a word has one kind")
    return Scales(
        kinds=kinds,
        only_if=frozenset(strings((*top, "only_if"), table.get("only_if", []), faults)),
        jobs=frozenset(strings((*top, "jobs"), table.get("jobs", []), faults)),
        explained_by=str(table.get("explained_by", "")),
        weights=_weights((WEIGHING + locale + FITTED,), fitted, faults),
    )


def _weights(top: tuple[str, ...], fitted: object, faults: Faults) -> dict[str, Weights]:
    weights: dict[str, Weights] = {}
    for sign, said in mapping(top, fitted, faults).items():
        try:
            numbers = tuple(float(number) for number in str(said).split())
        except ValueError:
            numbers = ()
        if len(numbers) != len(SORTS) or not all(map(math.isfinite, numbers)):
            fault = f"{sign!r} has no {len(SORTS)} weights"
            faults.add((*top, sign), FaultCode.UNKNOWN_VALUE, fault, "fit them anew: make weigh")
        else:
            weights[sign] = numbers
    return weights


def _sentences(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    first = 0
    for at, word in enumerate(words):
        if word in (".", "?"):
            if at > first:
                yield first, at
            first = at + 1
    if first < len(words):
        yield first, len(words)
