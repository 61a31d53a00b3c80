"""Word by word: what in a text may belong to a company's name, by how it is written and by the content's lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self

from bot.understanding.pieces import COUNTED, Piece, pieces_of
from bot.understanding.text import Text

MAX_KNOWN_PIECES = 6
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NameWords:
    """The pieces of one text, and the word lists that say which of them may belong to a name."""

    text: Text
    pieces: list[Piece]
    lists: Mapping[str, frozenset[str]]
    shouted: bool  # all in capitals, so that a capital tells nothing
    formal: bool  # an employer's letter, which writes names with capitals
    ordinary: frozenset[int]  # the pieces whose word stands in some rule or list: no name when written small

    @classmethod
    def of(
        cls,
        text: Text,
        lists: Mapping[str, frozenset[str]],
        *,
        formal: bool,
        knows: Callable[[str], bool] | None = None,
    ) -> Self:
        pieces = pieces_of(text)
        ordinary = frozenset(
            at for word, at in zip(text.words, text.origin, strict=True) if knows and knows(word)
        )
        letters = [c for c in text.source if c.isalpha()]
        shouted = sum(c.isupper() for c in letters) > 0.6 * len(letters)
        return cls(text, pieces, lists, shouted, formal and not shouted, ordinary)

    def listed(self, at: int, name: str) -> bool:
        piece, words = self.pieces[at], self.lists.get(name, frozenset())
        return piece.word in words or piece.meant in words

    def speaks_of(self, name: str) -> bool:
        """Whether any word of a list stands anywhere in the text."""
        return not self.lists.get(name, _NONE).isdisjoint(self.text.words)

    def never_name(self, at: int) -> bool:
        """Whether a word is one that no name is made of: "the", "unfortunately", "Tuesday"."""
        piece, words = self.pieces[at], self.lists.get("not_company", frozenset())
        if (
            len(piece.raw) == 1
            and piece.capital
            and at + 1 < len(self.pieces)
            and self.pieces[at + 1].raw == "."
        ):
            return False  # an initial: A.P. Moller
        return piece.word in words or piece.plain in words

    def may_be_name(self, at: int, *, sure: bool = False) -> bool:
        """Whether a word may be (part of) a company's name; `sure` of a place where only a name can stand."""
        piece = self.pieces[at]
        if self._site(at) or self.known_company_words(at):
            return True
        if not piece.raw[0].isalnum() or (piece.raw[0].isdigit() and not self._numbered_name(at)):
            return False
        if self.never_name(at) or (self.formal and not piece.capital):
            return False
        if len(piece.word) == 1 and not (piece.capital or piece.raw.isdigit()):
            return False
        if piece.capital and not self.shouted:
            return True
        if not self._known(at):
            return True
        return sure and not self._of_work(at) and self._stands_apart(at)

    def _stands_apart(self, at: int) -> bool:
        """Whether nothing follows an ordinary word that would make it one ("from *recent* job applications")."""
        after = at + 1
        return after == len(self.pieces) or self.pieces[after].parted or self.listed(after, "after_name")

    def _numbered_name(self, at: int) -> bool:
        """Whether a word with digits may name a company: 3M, 7-Eleven; not 11pm, 2nd."""
        piece = self.pieces[at]
        if piece.raw.isdigit():
            return self.text.source[piece.end : piece.end + 1] == "-" and self.pieces[at + 1].capital
        return not COUNTED.fullmatch(piece.word)

    def known_company_words(self, at: int) -> int:
        """How many words from here are an employer's name that reads like ordinary words ("best buy")."""
        known, sure = (self.lists.get(name, _NONE) for name in ("employers", "unmistakable"))
        if self.pieces[at].word not in _first_words(known, sure):
            return 0
        found = 0
        joined = ""
        for i in range(at, min(at + MAX_KNOWN_PIECES, len(self.pieces))):
            if i > at and self.pieces[i].parted:
                break
            if i > at and self.pieces[i].raw == ".":
                continue  # J.P. Morgan
            joined += ("-" if joined else "") + self.pieces[i].word
            if joined in known or joined in sure:
                found = i - at + 1
        return found

    def unmistakable(self, at: int, words: int) -> bool:
        """Whether an employer that everybody knows, and that is no ordinary word, stands there."""
        if words == 1 and self.listed(at, "common") and not self.pieces[at].capital:
            return False  # "los correos"
        return "-".join(p.word for p in self.pieces[at : at + words]) in self.lists.get("unmistakable", ())

    def starts_name(self, at: int) -> bool:
        """Whether a longer name begins with an ordinary word here: "university of leeds", "Best Buy"."""
        if (
            at + 2 < len(self.pieces)
            and self.listed(at, "company_tails")
            and self.pieces[at + 1].word == "of"
        ):
            return self.may_be_name(at + 2)
        if self.shouted or at + 1 >= len(self.pieces) or self.pieces[at + 1].parted:
            return False
        both = self.pieces[at].capital and self.pieces[at + 1].capital
        return both and self.pieces[at].word != "i" and self.may_be_name(at + 1)

    def clauses(self) -> Iterator[tuple[int, int]]:
        """The text's clauses, each as its first piece and the one after its last."""
        first = 0
        for at in range(1, len(self.pieces) + 1):
            if at == len(self.pieces) or self.pieces[at].parted:
                if self.pieces[first].raw[0].isalnum():
                    yield first, at
                first = at

    def ends_as_no_name(self, at: int) -> bool:
        """Whether an unknown word written small ends as names rarely do: "it was *harrowing*"."""
        piece = self.pieces[at]
        if (piece.capital and not self.shouted) or self.known_company_words(at):
            return False
        return piece.word.endswith(tuple(self.lists.get("not_name_ends", ())))

    def _site(self, at: int) -> bool:
        """Whether a web address begins here: Monday.com, booking.com."""
        dot = at + 1 < len(self.pieces) and self.pieces[at + 1].raw == "." and not self.pieces[at + 1].parted
        return dot and at + 2 < len(self.pieces) and self.listed(at + 2, "site_ends")

    def _known(self, at: int) -> bool:
        lists = ("common", "leave")
        return at in self.ordinary or self._of_work(at) or any(self.listed(at, name) for name in lists)

    def _of_work(self, at: int) -> bool:
        return any(
            self.listed(at, name)
            for name in (
                "role_heads",
                "leading_heads",
                "role_ends",
                "role_modifiers",
                "title_words",
                "title_fields",
            )
        )


@cache
def _first_words(*names: frozenset[str]) -> frozenset[str]:
    """The words that listed names begin with: most words of a text begin none."""
    return frozenset(name.partition("-")[0] for listed in names for name in listed)
