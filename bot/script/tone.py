"""How a text sounds: what is never said, how hard it is to read, what it asks.

The phrases themselves are content (`content/editorial/<locale>.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_NO_LETTERS = re.compile(r"[^\w' ]+")
_APOSTROPHES = str.maketrans("’‘", "''")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|`[^`]*`")
_JINJA = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_CHOICE = re.compile(r"\{%-?\s*if\b.*?%\}(.*?)\{%-?\s*endif\s*-?%\}", re.DOTALL)
_OTHERWISE = re.compile(r"\{%-?\s*(?:else|elif)\b.*?%\}", re.DOTALL)
_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_COMMAND = re.compile(r"/\w+|\b\w+\.\w{2,}\b")
# Words a sentence and syllables a word weigh by language, and whose formula it is: Flesch 1948; Szigriszt Pazos 1993.
_EASE = {"en": (1.015, 84.6, "Flesch"), "es": (1.0, 62.3, "Szigriszt")}
# A strong vowel with the weak ones around it, an accented weak one alone, weak ones among themselves.
_SPANISH_SYLLABLE = re.compile(r"[iuüy]?[aeoáéó][iuy]?(?![aeoáéóíú])|[iuüy]?[aeoáéó]|[íú]|[iuüy]+")
_SILENT_END = re.compile(r"(?:(?<=[^laeiouy])es|(?<=[^td])ed|(?<=[^laeiouy])e)$")


def never_said(text: str, phrases: tuple[str, ...]) -> Iterator[str]:
    """Yield the banned phrases that stand in `text`, whatever their case."""
    plain = " ".join(_NO_LETTERS.sub(" ", text.translate(_APOSTROPHES).casefold()).split())
    if phrases and _any_of(phrases).search(plain):
        yield from (phrase for phrase in phrases if _any_of((phrase,)).search(plain))


@cache  # a locale's phrases are looked for in every text of it
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b")


def own_words(text: str) -> str:
    """Return what Onward itself says: without what stands in quotes or to be copied, and without conditions."""
    return _JINJA.sub(" ", _QUOTED.sub(" ", text))


def questions(text: str) -> int:
    """Return how many questions a bubble asks; of the branches of an `if` the one with most counts."""

    def of_branches(found: re.Match[str]) -> str:
        return max(_OTHERWISE.split(found[1]), key=lambda branch: branch.count("?"))

    return own_words(_CHOICE.sub(of_branches, _QUOTED.sub(" ", text))).count("?")


def ease_by(locale: str) -> str | None:
    """Return whose formula tells how hard a language reads; None where there is none here."""
    return _EASE[locale][2] if locale in _EASE else None


def reading_ease(text: str, locale: str = "en") -> tuple[float, int]:
    """Return the reading ease of a text (100 very easy, 60 plain, 30 hard), and its words.

    206.835 - words a sentence - syllables a word, weighed by language. Syllables are counted by their vowels, which is
    right within a few in a hundred words: enough to find a text that is hard.
    """
    per_sentence, per_word, _ = _EASE[locale]
    plain = _COMMAND.sub("it", _VALUE.sub("it", _JINJA.sub(" ", text)))
    sentences = [each for each in re.split(r"[.!?:]+(?:\s|$)|\n", plain) if re.search(r"\w", each)]
    words = re.findall(r"[^\W\d_']+(?:'[^\W\d_]+)*", plain.translate(_APOSTROPHES).casefold())
    if not words or not sentences:
        return 100.0, 0
    syllables = sum(_syllables(word, locale) for word in words)
    return 206.835 - per_sentence * len(words) / len(sentences) - per_word * syllables / len(words), len(
        words
    )


@cache  # the same few thousand words stand in all texts
def _syllables(word: str, locale: str) -> int:
    if locale == "es":
        return max(1, len(_SPANISH_SYLLABLE.findall(re.sub(r"qu|gu(?=[eéií])", "g", word))))
    letters = word.replace("'", "")
    sounded = letters if len(letters) <= 3 else _SILENT_END.sub("", letters)
    return max(1, len(re.findall(r"[aeiouy]+", sounded)))
