"""A text's pieces as they were written, with their capitals, and where clauses part."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.understanding.text import Text

COUNTED = re.compile(r"\d+(?:am|pm|st|nd|rd|th|h|k|m|x|s|hrs?|yrs?|mins?|years?|weeks?|days?)?")
_BOUNDARY = re.compile(r"[,;:()\[\]\"“”<>\n!?|…]|\s[-–—]+\s|[–—]")
_SHORTENED = frozenset("st mr mrs ms dr inc co ltd no vs".split())


@dataclass(frozen=True, slots=True)
class Piece:
    raw: str
    word: str
    plain: str  # the first word of several that it was made into ("i" of "ive"); empty where it is one
    meant: str  # what it was mended to ("manager" of "manger"), or `word`
    start: int
    end: int
    parted: bool  # from the piece before it, by a comma, a sentence's or a line's end or the like

    @property
    def capital(self) -> bool:
        return self.raw[0].isupper() or any(c.isupper() for c in self.raw[1:])


def pieces_of(text: Text) -> list[Piece]:
    made: dict[int, list[str]] = {}
    for word, at in zip(text.words, text.origin, strict=True):
        made.setdefault(at, []).append(word)
    plain = {at: words[0] for at, words in made.items() if len(words) > 1}
    meant = {at: words[0] for at, words in made.items() if len(words) == 1}
    pieces: list[Piece] = []
    after_end = False
    for at, (start, end) in enumerate(text.spans()):
        raw = text.source[start:end]
        since = pieces[-1].end if pieces else 0
        ends = raw[0] in ".!?;\n…" and not (raw == "." and _is_inner_dot(text.source, end, pieces))
        parted = ends or after_end or bool(_BOUNDARY.search(text.source, since, start))
        word = raw.lower().replace("'", "")
        pieces.append(Piece(raw, word, plain.get(at, ""), meant.get(at, word), start, end, parted))
        after_end = ends
    return pieces


def _is_inner_dot(source: str, end: int, before: list[Piece]) -> bool:
    """Whether a full stop ends no sentence: Monday.com, St. Mary's, U.S. Bank."""
    if source[end : end + 1].isalnum():
        return True
    if not before or source[end : end + 1] != " ":
        return False
    last = before[-1]
    lettered = len(last.raw) == 1 and last.raw.isupper() and len(before) > 1 and before[-2].raw == "."
    return lettered or (last.word in _SHORTENED and last.raw[0].isupper())
