"""Taking a company's name out of a text: where one begins, and only as far as it surely reaches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from bot.understanding.pieces import COUNTED, Piece, pieces_of
from bot.understanding.rules import Hit
from bot.understanding.text import Text

MAX_COMPANY_WORDS = 5


@dataclass(frozen=True, slots=True)
class CompanyNames:
    """The pieces of one text, and the word lists that say where names end."""

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

    def company(self, hit: Hit) -> str | None:
        """The company named after the hit, or before it when the pattern's slot leads."""
        at = self._place(hit)
        if at is None:
            return None
        sure = hit.pattern.slot == "employer"
        first, last = self._company_back(at, sure) if hit.pattern.slot_leads else self.company_on(at, sure)
        if self.formal:  # "your application to Solent Ferries for Deckhand"
            last = next((i for i in range(first + 1, last) if self.listed(i, "after_name")), last)
        if first == last or (self.formal and self.listed(last - 1, "role_heads")):
            return None
        if hit.pattern.slot == "named" and not self._plainly_named(first, last):
            return None
        unlikely = not sure and last - first == 1 and self.ends_as_no_name(first)
        return None if unlikely or self._begins_title(first, last) else self.spelled(first, last)

    def _plainly_named(self, first: int, last: int) -> bool:
        """Whether capitals alone make it a name, after a small word that may lead to anything: "en Acme", no town."""
        if self.shouted or not self.pieces[first].capital:
            return False
        return last - first > 1 or not self.listed(first, "places")

    def _begins_title(self, first: int, last: int) -> bool:
        """Whether it is the role that follows: "for dilivery driver"."""
        if last == len(self.pieces) or self.pieces[last].parted or not self.listed(last, "role_heads"):
            return False
        if all(self.listed(at, "role_modifiers") for at in range(first, last)):
            return True
        return first > 0 and self.pieces[first - 1].word in ("for", "as", "a", "an")

    def listed(self, at: int, name: str) -> bool:
        return self.pieces[at].word in self.lists.get(name, frozenset())

    def _never_name(self, at: int) -> bool:
        piece, words = self.pieces[at], self.lists.get("not_company", frozenset())
        if (
            len(piece.raw) == 1
            and piece.capital
            and at + 1 < len(self.pieces)
            and self.pieces[at + 1].raw == "."
        ):
            return False  # an initial: A.P. Moller
        return piece.word in words or piece.plain in words

    def _place(self, hit: Hit) -> int | None:
        if hit.pattern.slot_leads:
            word = self.text.word_at(hit.start)
            return self.text.origin[word] if 0 <= word < len(self.text.origin) else None
        word = self.text.word_at(hit.end)
        return self.text.origin[word] if word < len(self.text.origin) else None

    def spelled_as(self, letters: str) -> str | None:
        """The words with capitals that an address spells together, and the tail behind them ("Group")."""
        for first in range(len(self.pieces)):
            if not self.pieces[first].capital or not letters.startswith(self.pieces[first].word[:2]):
                continue
            joined = ""
            for last in range(first, min(first + MAX_COMPANY_WORDS, len(self.pieces))):
                joined += "".join(c for c in self.pieces[last].word if c.isalnum())
                if (
                    joined == letters
                    and self.text.source[self.pieces[first].start - 1 : self.pieces[first].start] not in "@./"
                ):
                    end = last + 1
                    while (
                        end < len(self.pieces)
                        and not self.pieces[end].parted
                        and self.listed(end, "company_tails")
                    ):
                        end += 1
                    return self.spelled(first, end)
        return None

    def may_be_name(self, at: int, *, sure: bool = False) -> bool:
        """Whether a word may be (part of) a company's name; `sure` of a place where only a name can stand."""
        piece = self.pieces[at]
        if self._site(at) or self.known_company_words(at):
            return True
        if not piece.raw[0].isalnum() or (piece.raw[0].isdigit() and not self._numbered_name(at)):
            return False
        if self._never_name(at) or (self.formal and not piece.capital):
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
        known, found = self.lists.get("employers", frozenset()), 0
        joined = ""
        for i in range(at, min(at + 4, len(self.pieces))):
            if i > at and self.pieces[i].parted:
                break
            joined += ("-" if joined else "") + self.pieces[i].word
            if joined in known:
                found = i - at + 1
        return found

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

    def joins(self, at: int, first: int, last: int) -> bool:
        """Whether a small word holds a name together: Arts *of* Leeds, Marks *&* Spencer, booking *.* com."""
        if self.pieces[at].raw in (".", "&"):
            return True
        inside = first < at < last - 1 and self.listed(at, "inside_name")
        return inside and self.pieces[first].capital and self.pieces[at + 1].capital and not self.shouted

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
            self.listed(at, name) for name in ("role_heads", "leading_heads", "role_ends", "role_modifiers")
        )

    def company_on(self, at: int, sure: bool = False) -> tuple[int, int]:
        """The name that begins at a piece, as first piece and the one after its last; the same twice: none."""
        if at + 1 < len(self.pieces) and self.listed(at, "not_before_name"):
            return self._after_article(at + 1)
        known = self.known_company_words(at)
        if not (known or self.may_be_name(at, sure=sure) or self.starts_name(at)):
            return at, at
        end = at + max(1, known)
        while end < len(self.pieces) and end - at < MAX_COMPANY_WORDS and self._runs_on(at, end):
            end += 1
        while end > at and not self.pieces[end - 1].raw[0].isalnum():
            end -= 1
        return at, end

    def _after_article(self, at: int) -> tuple[int, int]:
        """After "the" only what is plainly a name is one: "the museum" is none, "the Wellcome Trust" is."""
        plain = not self.pieces[at].capital or self.shouted
        tail_alone = plain and self.listed(at, "company_tails") and not self.starts_name(at)
        if self.listed(at, "not_before_name") or tail_alone:
            return at, at
        first, last = self.company_on(at)
        tail = last - first > 1 and self.listed(last - 1, "company_tails")
        named = not plain or tail or self.known_company_words(at) or self.listed(at, "company_tails")
        return (first, last) if named else (at, at)

    def _runs_on(self, first: int, at: int) -> bool:
        piece = self.pieces[at]
        if piece.parted:
            return False
        if piece.raw in (".", "&"):
            return True
        if self.pieces[at - 1].raw in (".", "&"):
            return piece.raw[0].isalnum()
        if self.listed(at, "company_tails") and not self._tail_of_title(at):
            return True
        if self.pieces[at - 1].word == "of" and at - first >= 2:
            return self.may_be_name(at)
        if piece.word in ("of", "de") and at - first == 1 and self.listed(first, "company_tails"):
            return at + 1 < len(self.pieces) and self.may_be_name(at + 1)
        capital = self.pieces[first].capital and not self.shouted
        if self.listed(at, "inside_name"):
            return capital and at + 1 < len(self.pieces) and self.pieces[at + 1].capital
        if capital and not piece.capital:
            return False
        return self.may_be_name(at) and not (self.shouted and self._known(at))

    def _tail_of_title(self, at: int) -> bool:
        """Whether "technology", "lab", "sales" and the like begin a title here, and end no company."""
        after = at + 1
        if after >= len(self.pieces) or self.pieces[after].parted:
            return False
        return self.listed(after, "role_heads") or self.listed(after, "role_modifiers")

    def _company_back(self, at: int, sure: bool) -> tuple[int, int]:
        first = at
        if at == 0 or (at < len(self.pieces) and self.pieces[at].parted):
            return at, at
        while first > 0 and at - first < MAX_COMPANY_WORDS and self._reaches_back(first - 1, at, sure):
            first -= 1
            if self.pieces[first].parted:
                break
        while first < at and (not self.pieces[first].raw[0].isalnum() or self._may_only_join(first)):
            first += 1
        if sure and first and not self.pieces[first].parted and self.listed(first - 1, "not_before_name"):
            return at, at  # "the bank said no" names nobody
        return first, at

    def _may_only_join(self, at: int) -> bool:
        return self.listed(at, "inside_name") and not self.known_company_words(at)

    def _reaches_back(self, at: int, end: int, sure: bool) -> bool:
        if self._within_known(at):
            return True
        if self.pieces[at].raw in (".", "&"):
            return at > 0 and not self.pieces[at + 1].parted
        last = self.pieces[end - 1]
        capital = last.capital and not self.shouted
        if self.listed(at, "inside_name") and at + 1 < end:
            return at > 0 and (not capital or self.pieces[at - 1].capital) and not self.pieces[at].parted
        if at + 1 < end and capital and not self.pieces[at].capital:
            return False
        if at > 0 and at + 1 == end and self.listed(at, "company_tails") and self.may_be_name(at - 1):
            return True
        return self.may_be_name(at, sure=sure) or (capital and self.starts_name(at))

    def _within_known(self, at: int) -> bool:
        return any(first + self.known_company_words(first) > at for first in range(max(0, at - 3), at + 1))

    def spelled(self, first: int, last: int) -> str:
        name = self.text.source[self.pieces[first].start : self.pieces[last - 1].end]
        if last < len(self.pieces) and not self.pieces[last].parted and self._owned(last):
            name = re.sub(r"'s?$", "", name, flags=re.IGNORECASE)
        if name == name.lower():
            name = re.sub(r"(?<![\w'])[^\W\d_]", lambda m: m.group().upper(), name)
        return " ".join(name.split())

    def _owned(self, at: int) -> bool:
        """Whether "'s" before it says whose it is ("Acme's recruiter") and is no part of the name ("Nando's")."""
        return self.listed(at, "owned") or self.listed(at, "role_heads") or self.listed(at, "role_modifiers")
