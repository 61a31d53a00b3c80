"""Which language a text is written in, as far as that is sure: by its script, its letters, its common words.

Only words that are no names count, and a language has to be ahead of English and of every other: better no answer
than telling somebody who wrote English that only English is spoken here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.understanding.spelling import bare

MAX_READ_CHARS = 600
MIN_LETTERS = 4  # of a script, before the script alone says anything
MIN_WORDS = 2
MIN_SHARE = 0.25  # of the words, in a text of Latin letters
_WORD = re.compile(r"[^\W\d_]+")
# Which script a letter belongs to: the ranges that matter here, by the names content uses.
SCRIPTS: Mapping[str, str] = {
    "arabic": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "bengali": "\u0980-\u09ff",
    "cyrillic": "\u0400-\u04ff",
    "devanagari": "\u0900-\u097f",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "han": "\u3400-\u9fff",
    "hangul": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "hebrew": "\u0590-\u05ff",
    "kana": "\u3040-\u30ff",
    "tamil": "\u0b80-\u0bff",
    "thai": "\u0e00-\u0e7f",
}
_OF_SCRIPT = {name: re.compile(f"[{letters}]") for name, letters in SCRIPTS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBy:
    """What one language is known by: its script, the letters it alone has in that script, common words."""

    script: str | None = None
    letters: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    sounds: tuple[tuple[str, str], ...] = ()  # what is typed by ear, and what is written: ("s", "z")


@dataclass(frozen=True, slots=True)
class Tongues:
    """All languages a text can be known as. `own` are the words of the one the content is written in."""

    own_locale: str = "en"
    own: frozenset[str] = frozenset()
    by_word: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_letter: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_script: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, known: Mapping[str, KnownBy], *, own: str) -> Tongues:
        others = {locale: by for locale, by in known.items() if locale != own}
        return cls(
            own_locale=own,
            own=known[own].words if own in known else frozenset(),
            by_word=_turned({locale: _both(by.words) for locale, by in others.items()}),
            by_letter=_turned({locale: by.letters for locale, by in others.items()}),
            by_script=_turned({locale: {by.script} for locale, by in others.items() if by.script}),
        )

    def __call__(self, text: str, *, spoken: str | None = None) -> str | None:
        """Return the language of `text`, or None if that isn't sure. What may as well be `spoken` is taken for it."""
        found = self._found(text[:MAX_READ_CHARS].lower())
        if found in (None, spoken) or spoken is None:
            return found
        words = set(_WORD.findall(unicodedata.normalize("NFC", text[:MAX_READ_CHARS].lower())))
        return spoken if self._of(spoken, words) >= self._of(found, words) > 0 else found

    def _of(self, locale: str | None, words: set[str]) -> int:
        """How many of the words are known as this language's."""
        if locale == self.own_locale:
            return len(words & self.own)
        return sum(locale in self.by_word.get(word, ()) for word in words)

    def _found(self, text: str) -> str | None:
        words = _WORD.findall(text)
        own = sum(map(self.own.__contains__, words))
        if own * 2 > len(words):
            return self.own_locale
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
            words = _WORD.findall(text)
            if (script := self._script(text)) is not None:
                return self._in_script(script, text, words)
        return self._by_words(words, own)

    def _script(self, text: str) -> str | None:
        """The script of most letters, where one language or more is known by it."""
        letters = sum(c.isalpha() for c in text)
        counts = {name: len(_OF_SCRIPT[name].findall(text)) for name in self.by_script}
        if counts.get("kana") and "han" in counts:  # Japanese is written in both
            counts["kana"] += counts.pop("han")
        name = max(counts, key=lambda each: counts[each], default=None)
        return name if name and counts[name] >= MIN_LETTERS and counts[name] * 2 >= letters else None

    def _in_script(self, script: str, text: str, words: Iterable[str]) -> str | None:
        locales = self.by_script[script]
        if len(locales) == 1:
            return locales[0]
        counts = self._counted(words)
        for letter in set(text) & self.by_letter.keys():
            counts.update(self.by_letter[letter])
        return _leading({locale: n for locale, n in counts.items() if locale in locales}, over=0)

    def _by_words(self, words: list[str], own: int) -> str | None:
        counts = self._counted(words)
        if not counts:
            return None
        enough = max(MIN_WORDS, len(words) * MIN_SHARE)
        return _leading({locale: n for locale, n in counts.items() if n >= enough}, over=own)

    def _counted(self, words: Iterable[str]) -> Counter[str]:
        """How many different words of each language stand in the text."""
        of_word = self.by_word
        return Counter([locale for word in set(words) if word in of_word for locale in of_word[word]])


def _leading(counts: Mapping[str, int], *, over: int) -> str | None:
    """The one ahead of all others and of `over`."""
    first, second = (*sorted(counts.values(), reverse=True)[:2], 0, 0)[:2]
    if first <= max(second, over):
        return None
    return next(locale for locale, count in counts.items() if count == first)


def _both(words: Iterable[str]) -> set[str]:
    """Each word, and how it is typed without accents."""
    return {form for word in words for form in (word, bare(word))}


def _turned(known: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    turned: dict[str, tuple[str, ...]] = {}
    for locale, marks in known.items():
        for mark in marks:
            turned[mark] = (*turned.get(mark, ()), locale)
    return turned
