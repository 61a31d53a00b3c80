"""A text as rules read it: words in lower case, one space apart, sentence ends marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from bot.understanding.notation import STEM_CHARS

ENDS = (".", "?")
MIN_BROKEN = 3  # sentences of
MAX_BROKEN_WORDS = 2  # words on average: nobody's grammar, but said with weight
_NUMBER = re.compile(" [0-9]")  # the only digits a pattern's # is tried on
# Scripts written without spaces: each character is a word of its own, so any phrase can be found in them.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_PIECES = (
    r"(?:(?<=\s)|\A)[^\W\d_](?:[ .\-*_]{{1,3}}[^\W\d_]){{2,40}}(?![^\W_])"  # k i l l, k.m.s
    r"|\d{{1,9}}(?:[.,:/]\d{{1,9}}){{1,3}}"
    r"|[$@]?{letter}{{1,200}}(?:['&*!@$|]{{1,3}}{letter}{{1,200}}){{0,20}}"
    r"{extra}|[.!?;\n…。！？؟]+"
)
_MARKED = (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0))  # where Unicode keeps its marks
_EMOJI = "\U0001f300-\U0001faff\u2600-\u27bf"


class Held(NamedTuple):
    """What a text holds, by which patterns worth trying are found."""

    words: frozenset[str]
    stems: frozenset[str]  # the first letters of each
    number: bool  # whether a word begins with a digit


@dataclass(frozen=True, slots=True)
class Text:
    """`line` is what patterns are matched on; `words[i]` came from piece `origin[i]` of `source`."""

    source: str
    words: tuple[str, ...]
    origin: tuple[int, ...]
    line: str
    held: Held

    @classmethod
    def of(cls, source: str, words: Sequence[str], origin: Sequence[int]) -> Text:
        line = f" {' '.join(words)} "
        stems = frozenset([word[:STEM_CHARS] for word in words])
        held = Held(frozenset(words), stems, _NUMBER.search(line) is not None)
        return cls(source, tuple(words), tuple(origin), line, held)

    def word_at(self, offset: int) -> int:
        """The index of the word that begins at `offset` of `line` (the space before it included)."""
        return self.line.count(" ", 0, offset)

    def unbroken(self) -> Text | None:
        """The text without sentence ends, where they stand after every word or two: "so. done. with. it."."""
        ends = sum(map(self.words.count, ENDS))
        if ends < MIN_BROKEN or ends * MAX_BROKEN_WORDS < len(self.words) - ends:
            return None
        return Text.of(self.source, [word for word in self.words if word not in ENDS], self.origin)

    def spans(self) -> list[tuple[int, int]]:
        """Where each piece stands in `source`."""
        return [match.span() for match in splitter(self.source.isascii()).finditer(self.source)]


@cache
def splitter(plain_ascii: bool) -> re.Pattern[str]:
    """What a text falls into: words, numbers, spaced-out words, sentence ends."""
    if plain_ascii:  # the same, without the sets of marks and scripts that make it slow
        return re.compile(_PIECES.format(letter="[A-Za-z0-9]", extra=""))
    marks = "".join(_ranges(c for c in _MARKED if unicodedata.category(chr(c))[0] == "M"))
    letter = rf"(?:[^\W_{_UNSPACED}{marks}][{marks}]{{0,4}})"
    return re.compile(_PIECES.format(letter=letter, extra=rf"|[{_UNSPACED}]|[{_EMOJI}]"))


def _ranges(codes: Iterable[int]) -> list[str]:
    found: list[list[int]] = []
    for code in codes:
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return [f"{chr(a)}-{chr(b)}" if a != b else chr(a) for a, b in found]
