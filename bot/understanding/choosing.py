"""Which of the runs of words in a letter is the firm's name, and which the post's: each is weighed by its signs.

Linear as `weighing` is, its weights fitted by `make weigh` too. No run at all is a candidate as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.understanding.document import mapping
from bot.understanding.faults import FaultCode, Faults, Path
from bot.understanding.firm_signs import firms_in
from bot.understanding.name_signs import Candidate, Known
from bot.understanding.post_signs import posts_in
from bot.understanding.weighing import FITTED, WEIGHING

NAMES = ".names"
_LISTS = frozenset(
    "legal_forms desks leads honorifics vendors given_names terms sites agency_words clients roads".split()
)


@dataclass(frozen=True, slots=True)
class Choosing:
    """What names are chosen by: word lists, and the weights of signs for a firm's name and for a post's."""

    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)
    firms: Mapping[str, float] = field(default_factory=dict)
    posts: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_fitted(self) -> bool:
        return bool(self.firms and self.posts)

    def choose(self, source: str, known: Known) -> tuple[str | None, str | None]:
        """The firm's name and the post's in a letter, as they are said."""
        company = best(firms_in(source, known), self.firms)
        post = best(posts_in(source, known, company), self.posts)
        return company, _as_said(post, known) if post else None


def best(candidates: Sequence[Candidate], weights: Mapping[str, float]) -> str | None:
    """The weightiest candidate's name; the first of equals."""
    top = max(candidates, key=lambda each: weight(each, weights), default=None)
    return top.name or None if top is not None else None


def weight(candidate: Candidate, weights: Mapping[str, float]) -> float:
    return math.fsum(weights.get(sign, 0.0) for sign in candidate.signs)


def _as_said(post: str, known: Known) -> str:
    """A title as one writes it in a sentence: small but for short forms, and what stands in brackets."""
    shouted = post.isupper() and len(post) > 4
    said = re.split(r"(\([^()]*\)|[^\W_]+)", post)
    return "".join(word if word[:1] == "(" else _small(word, known, shouted=shouted) for word in said)


def _small(word: str, known: Known, *, shouted: bool) -> str:
    if word.lower() in known.lists["acronyms"] or word.lower().strip("i") == "":
        return word.upper() if word.lower() in known.lists["acronyms"] else word
    short = word.isupper() and len(word) <= 4 and not shouted
    return word if short or (word[1:] != word[1:].lower() and not shouted) else word.lower()


def read_choosing(locale: str, words: object, fitted: object, faults: Faults) -> Choosing:
    """Read the lists authors wrote (`words`) and the weights fitted with them."""
    top, of_weights = (WEIGHING + locale + NAMES,), (WEIGHING + locale + NAMES + FITTED,)
    lists = {name: frozenset(str(said).split()) for name, said in mapping(top, words, faults).items()}
    for missing in _LISTS - lists.keys():
        faults.add(top, FaultCode.MISSING, f"no list {missing!r}", "add it, if need be empty")
    read = weights_of(of_weights, fitted, ("firms", "posts"), faults)
    return Choosing(lists, read["firms"], read["posts"])


def weights_of(
    path: Path, fitted: object, parts: Iterable[str], faults: Faults
) -> dict[str, dict[str, float]]:
    """Read the weights of signs, part by part."""
    found = mapping(path, fitted, faults)
    read: dict[str, dict[str, float]] = {}
    for part in parts:
        read[part] = {}
        for sign, said in mapping((*path, part), found.get(part, {}), faults).items():
            try:
                read[part][sign] = float(str(said))
            except ValueError:
                fault = f"{sign!r} has no weight"
                faults.add((*path, part, sign), FaultCode.UNKNOWN_VALUE, fault, "fit them anew: make weigh")
    return read
