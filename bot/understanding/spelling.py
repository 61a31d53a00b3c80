"""Mending typing errors in key words, and in those alone.

Most unknown words are names; turning one into a key word would invent things. So a word is mended only
towards the key words the content lists, never when it is itself a known word or one the content says to
leave ("will" is no "kill", "trying" no "dying").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rapidfuzz.distance import OSA

MIN_CHARS = 3
LONG_CHARS = 7  # from here on two slips are forgiven


class Spelling:
    """Finds the key word a mistyped word stands for."""

    def __init__(self, key_words: Iterable[str], leave: Collection[str]) -> None:
        self._leave = frozenset(leave)
        self._shortened: dict[str, tuple[str, ...]] = {}
        for word in sorted(set(key_words)):
            for form in _shortened(word, 2 if len(word) >= LONG_CHARS else 1):
                self._shortened[form] = (*self._shortened.get(form, ()), word)

    def mend(self, word: str) -> str:
        """Return the key word meant by `word`, or `word` itself."""
        if not MIN_CHARS <= len(word) <= 24 or word in self._leave:
            return word
        best, best_distance = word, 3
        for candidate in self._candidates(word):
            distance = OSA.distance(word, candidate, score_cutoff=2)
            if distance < best_distance and _plausible(word, candidate, distance):
                best, best_distance = candidate, distance
        return best

    def _candidates(self, word: str) -> list[str]:
        # A slip leaves the same letters but one: both sides meet once a letter is dropped from each.
        found = list(self._shortened.get(word, ()))
        for i in range(len(word)):
            found.extend(self._shortened.get(word[:i] + word[i + 1 :], ()))
        return found


def _plausible(word: str, candidate: str, distance: int) -> bool:
    allowed = 2 if len(candidate) >= LONG_CHARS and len(word) >= LONG_CHARS - 1 else 1
    if distance > allowed:
        return False
    # The first letter is rarely the wrong one, and short words differ by it ("will", "bill", "kill").
    return len(candidate) >= LONG_CHARS or word[0] == candidate[0] or word[:2] == candidate[1::-1]


def _shortened(word: str, letters: int) -> set[str]:
    forms = {word}
    for _ in range(letters):
        forms |= {form[:i] + form[i + 1 :] for form in forms for i in range(len(form))}
    return forms
