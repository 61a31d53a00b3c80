"""Mending typing errors: surely, in a few key words; and as a second look for danger, in more.

Most unknown words are names; turning one into a key word would invent things. So a word is mended only
towards the words the content lists, never when it is itself a known word or one the content says to
leave ("will" is no "kill", "trying" no "dying").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence

from rapidfuzz.distance import OSA

MIN_CHARS = 3
MAX_CHARS = 24
LONG_CHARS = 7  # from here on two slips are forgiven


class Spelling:
    """Finds the key word a mistyped word stands for.

    `loose` also forgives a wrong first letter: good enough to ask twice about, not to take a fact from.
    More than `slips` are never forgiven.
    Of several words as near, `preferred` ones win, then the first by alphabet.
    """

    def __init__(
        self,
        key_words: Iterable[str],
        leave: Collection[str],
        *,
        preferred: Collection[str] = (),
        loose: bool = False,
        slips: int = 2,
    ) -> None:
        self._leave = frozenset(leave)
        self._preferred = frozenset(preferred)
        self._loose = loose
        self._slips = slips
        self._key_words = frozenset(key_words)
        self._shortened: dict[str, tuple[str, ...]] = {}
        for word in sorted(self._key_words):
            for form in _shortened(word, 2 if len(word) >= LONG_CHARS else 1):
                self._shortened[form] = (*self._shortened.get(form, ()), word)

    def leaves(self, word: str) -> bool:
        """Whether the content says to leave this word as it is."""
        return word in self._leave

    def leads_to(self, word: str) -> bool:
        """Whether words are mended towards this one."""
        return word in self._key_words

    def mend(self, word: str, forms: Sequence[str] = ()) -> str:
        """Return the key word meant by `word`, or `word` itself. `forms`: the word's, where they are at hand."""
        if not MIN_CHARS <= len(word) <= MAX_CHARS or word in self._leave:
            return word
        # A slip leaves the same letters but one: both sides meet once a letter is dropped from each.
        forms = forms or forms_of(word)
        if self._shortened.keys().isdisjoint(forms):  # nearly always
            return word
        best, best_cost = word, (3, False, False)
        for candidate in [each for form in forms for each in self._shortened.get(form, ())]:
            distance = OSA.distance(word, candidate, score_cutoff=self._slips)
            if distance > best_cost[0]:
                continue
            cost = (distance, candidate not in self._preferred, word[0] != candidate[0])
            if cost < best_cost and self._plausible(word, candidate, distance):
                best, best_cost = candidate, cost
        return best

    def _plausible(self, word: str, candidate: str, distance: int) -> bool:
        # The first letter is rarely the wrong one, and much else differs by it ("will", "bill", "kill").
        same_start = word[0] == candidate[0] or word[:2] == candidate[1::-1]
        if not (same_start or self._loose):
            return False
        # Two slips only in long words; an ending makes short stems look long ("placing", "planning").
        long = min(len(word), len(candidate)) >= LONG_CHARS - 1 and candidate[-3:] != "ing"
        return distance == 1 or (distance == 2 <= self._slips and same_start and long)


def forms_of(word: str) -> list[str]:
    """The word, and the word without any one of its letters."""
    return [word, *[word[:i] + word[i + 1 :] for i in range(len(word))]]


def bare(word: str) -> str:
    """Without accents and other marks."""
    if word.isascii():  # nearly always, and at a start tens of thousands of times
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c)[0] != "M")


def _shortened(word: str, letters: int) -> set[str]:
    forms = {word}
    for _ in range(letters):
        forms |= {form[:i] + form[i + 1 :] for form in forms for i in range(len(form))}
    return forms
