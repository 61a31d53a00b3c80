"""Taking a company's or a role's name out of a text, beside the words that announce it.

A name is taken only where a rule says one stands, and only as far as it surely reaches: an unread name is
asked for, an invented one hurts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.understanding.rules import Hit
from bot.understanding.text import Text

MAX_COMPANY_WORDS = 5
MAX_ROLE_WORDS = 6
_BOUNDARY = re.compile(r"[,;:()\[\]\"“”<>\n!?|…]|\s[-–—]+\s|[–—]")


@dataclass(frozen=True, slots=True)
class _Piece:
    raw: str
    word: str
    start: int
    end: int
    parted: bool  # from the piece before it, by a comma, a line's end or the like

    @property
    def capital(self) -> bool:
        return self.raw[0].isupper() or any(c.isupper() for c in self.raw[1:])


@dataclass(frozen=True, slots=True)
class Names:
    """The pieces of one text, and the word lists that say where names end."""

    text: Text
    pieces: list[_Piece]
    lists: Mapping[str, frozenset[str]]
    shouted: bool  # all in capitals, so that a capital tells nothing
    formal: bool  # an employer's letter, which writes names with capitals

    @classmethod
    def of(cls, text: Text, lists: Mapping[str, frozenset[str]], *, formal: bool) -> Names:
        pieces: list[_Piece] = []
        for start, end in text.spans():
            raw = text.source[start:end]
            since = pieces[-1].end if pieces else 0
            ends = raw[0] in ".!?;\n…" and not (raw == "." and text.source[end : end + 1].isalnum())
            parted = ends or bool(_BOUNDARY.search(text.source, since, start))
            pieces.append(_Piece(raw, raw.lower().replace("'", ""), start, end, parted))
        letters = [c for c in text.source if c.isalpha()]
        shouted = sum(c.isupper() for c in letters) > 0.6 * len(letters)
        return cls(text, pieces, lists, shouted, formal and not shouted)

    def company(self, hit: Hit) -> str | None:
        """The company named after the hit, or before it when the pattern's slot leads."""
        at = self._place(hit)
        if at is None:
            return None
        first, last = self._company_back(at) if hit.pattern.slot_leads else self._company_on(at)
        if first == last or (self.formal and self._in(last - 1, "role_heads")):
            return None
        return self._spelled(first, last)

    def role(self, hit: Hit, *, sure: bool) -> str | None:
        """The role named there. Unless `sure`, only one that ends in a known kind of work ("... analyst")."""
        at = self._place(hit)
        if at is None:
            return None
        first, last = self._role_back(at) if hit.pattern.slot_leads else self._role_on(at)
        ended = last < len(self.pieces) and self._in(last, "role_ends") and not hit.pattern.slot_leads
        if not (sure or ended):
            last = self._cut_at_head(first, last)
        first = self._without_name(first, last)
        return self._as_said(first, last) if first < last else None

    def _in(self, at: int, name: str) -> bool:
        return self.pieces[at].word in self.lists.get(name, frozenset())

    def _place(self, hit: Hit) -> int | None:
        if hit.pattern.slot_leads:
            word = self.text.word_at(hit.start)
            return self.text.origin[word] if 0 <= word < len(self.text.origin) else None
        word = self.text.word_at(hit.end)
        return self.text.origin[word] if word < len(self.text.origin) else None

    # Companies

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
                        and self._in(end, "company_tails")
                    ):
                        end += 1
                    return self._spelled(first, end)
        return None

    def _may_name(self, at: int) -> bool:
        piece = self.pieces[at]
        if not piece.raw[0].isalnum() or piece.raw.isdigit():
            return False
        if self._in(at, "not_company") or (self.formal and not piece.capital):
            return False
        if len(piece.word) == 1 and not piece.capital:
            return False
        return (piece.capital and not self.shouted) or not self._known(at)

    def _seat_of(self, at: int) -> bool:
        """Whether a name such as "university of leeds" begins here."""
        return (
            at + 2 < len(self.pieces)
            and self._in(at, "company_tails")
            and self.pieces[at + 1].word == "of"
            and self._may_name(at + 2)
        )

    def _known(self, at: int) -> bool:
        return any(
            self._in(at, name) for name in ("common", "leave", "role_heads", "role_ends", "role_modifiers")
        )

    def _company_on(self, at: int) -> tuple[int, int]:
        if self.pieces[at].word == "the" and at + 1 < len(self.pieces):
            at += 1
        if not (self._may_name(at) or self._seat_of(at)):
            return at, at
        end = at + 1
        while end < len(self.pieces) and end - at < MAX_COMPANY_WORDS and self._runs_on(at, end):
            end += 1
        while end > at and not self.pieces[end - 1].raw[0].isalnum():
            end -= 1
        return at, end

    def _runs_on(self, first: int, at: int) -> bool:
        piece = self.pieces[at]
        if piece.parted:
            return False
        if piece.raw == "." or self._in(at, "company_tails"):
            return True
        if self._seat_of(at - 1) or (at > 1 and self._seat_of(at - 2)):
            return True
        if piece.word in ("of", "de") and at + 1 < len(self.pieces):
            return self.pieces[first].capital and self.pieces[at + 1].capital and not self.shouted
        if self.pieces[first].capital and not self.shouted and not piece.capital:
            return False
        return self._may_name(at) and not (self.shouted and self._known(at))

    def _company_back(self, at: int) -> tuple[int, int]:
        first = at
        if at == 0 or (at < len(self.pieces) and self.pieces[at].parted):
            return at, at
        while first > 0 and at - first < MAX_COMPANY_WORDS and self._reaches_back(first - 1, at):
            first -= 1
            if self.pieces[first].parted:
                break
        return first, at

    def _reaches_back(self, at: int, end: int) -> bool:
        last = self.pieces[end - 1]
        if at + 1 < end and last.capital and not self.shouted and not self.pieces[at].capital:
            return False
        tail = at + 1 == end and self._in(at, "company_tails") and at > 0 and self._may_name(at - 1)
        return tail or self._may_name(at)

    def _spelled(self, first: int, last: int) -> str:
        name = self.text.source[self.pieces[first].start : self.pieces[last - 1].end]
        name = re.sub(r"'s?$", "", name, flags=re.IGNORECASE)
        if name == name.lower():
            name = re.sub(r"(?<![\w'])[^\W\d_]", lambda m: m.group().upper(), name)
        return " ".join(name.split())

    # Roles

    def _role_on(self, at: int) -> tuple[int, int]:
        while at < len(self.pieces) and self._in(at, "role_openers"):
            at += 1
        end = at
        while end < len(self.pieces) and end - at < MAX_ROLE_WORDS and self._role_word(at, end):
            end += 1
        return at, end

    def _role_word(self, first: int, at: int) -> bool:
        piece = self.pieces[at]
        if (piece.parted and at > first) or not piece.raw[0].isalnum() or self._in(at, "role_ends"):
            return False
        if piece.word == "of":
            return at > first and self._in(at - 1, "role_heads")
        return not self._in(at, "not_role") and not self._in(at, "role_openers")

    def _role_back(self, at: int) -> tuple[int, int]:
        first = at
        if at == 0 or (at < len(self.pieces) and self.pieces[at].parted):
            return at, at
        while first > 0 and at - first < MAX_ROLE_WORDS and self._role_word(0, first - 1):
            first -= 1
            if self.pieces[first].parted:
                break
        return first, at

    def _cut_at_head(self, first: int, last: int) -> int:
        for at in range(last - 1, first - 1, -1):
            if self._in(at, "role_heads"):
                after = self.pieces[at + 1].word if at + 1 < last else ""
                return last if after == "of" else at + 1 + (after in ("ii", "iii", "iv"))
        return first

    def _without_name(self, first: int, last: int) -> int:
        """Skip a company in front of the role: capitals before words that have none."""
        if self.shouted or not any(not p.capital for p in self.pieces[first:last]):
            return first
        while first < last and self.pieces[first].capital and not self._acronym(first):
            if any(self._in(first, name) for name in ("role_heads", "role_modifiers")):
                break
            first += 1
        return first

    def _acronym(self, at: int) -> bool:
        raw = self.pieces[at].raw
        return self._in(at, "acronyms") or (raw.isupper() and len(raw) <= 4 and not self.shouted)

    def _as_said(self, first: int, last: int) -> str:
        said = self.text.source[self.pieces[first].start : self.pieces[last - 1].end]
        for at in range(first, last):
            raw = self.pieces[at].raw
            if self._in(at, "acronyms"):
                plain = raw.upper()
            elif self._acronym(at) or (not self.shouted and raw[1:] != raw[1:].lower()):
                plain = raw
            else:
                plain = raw.lower()
            said = said.replace(raw, plain, 1)
        return " ".join(said.split())
