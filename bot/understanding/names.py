"""Taking a company's or a role's name out of a text, beside the words that announce it.

A name is taken only where a rule says one stands, and only as far as it surely reaches: an unread name is
asked for, an invented one hurts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.understanding.company_names import CompanyNames
from bot.understanding.rules import Hit

MAX_ROLE_WORDS = 6
_LEVEL = re.compile(r"[LPGTE]\d|IC\d")  # "L5 SWE", "P3 programme officer"


@dataclass(frozen=True, slots=True)
class Names(CompanyNames):
    """The names in one text: companies', and roles'."""

    def role(self, hit: Hit, *, sure: bool) -> str | None:
        """The role named there. Unless `sure`, only one that ends in a known kind of work ("... analyst")."""
        place = self.role_place(hit, sure=sure)
        return self.as_said(*place) if place else None

    def role_place(self, hit: Hit, *, sure: bool) -> tuple[int, int] | None:
        """Where `role` stands: its first piece and the one after its last."""
        at = self.place(hit)
        if at is None:
            return None
        first, last = self._role_back(at) if hit.pattern.slot_leads else self._role_on(at)
        ended = last < len(self.pieces) and self.listed(last, "role_ends") and not hit.pattern.slot_leads
        if not (sure or ended or self._kind_of_job(hit, first, last)):
            last = self._cut_at_head(first, last)
        first = self._without_name(first, last)
        if first < last and self.formal:
            first = self._back_through_capitals(first)
        return (first, last) if first < last else None

    def _kind_of_job(self, hit: Hit, first: int, last: int) -> bool:
        """Whether words of a trade alone say what the job is: "the *nursing* job"."""
        if self.formal or not hit.pattern.slot_leads or last == len(self.pieces) or first == last:
            return False
        if first and self.listed(first - 1, "role_modifiers") and not self.pieces[first].parted:
            return False  # "the *night* fill job": half of it would be wrong
        return self.listed(last, "role_ends") and all(
            self.listed(at, "role_modifiers") for at in range(first, last)
        )

    def post(self, hit: Hit) -> str | None:
        """A role written as letters write one, in capitals: no known kind of work has to end it."""
        at = self.place(hit)
        if at is None or self.shouted:
            return None
        first, last = self._role_back(at) if hit.pattern.slot_leads else self._role_on(at)
        end = first
        while end < last and (self.pieces[end].capital or self.pieces[end].word in ("of", "and", "&")):
            end += 1
        while end > first and not self.pieces[end - 1].capital:
            end -= 1
        return self.as_said(first, end) if end > first else None

    def _role_on(self, at: int) -> tuple[int, int]:
        while at < len(self.pieces) and self.listed(at, "role_openers"):
            at += 1
        end = at
        while end < len(self.pieces) and end - at < MAX_ROLE_WORDS and self._role_word(at, end):
            end += 1
        return at, end

    def role_word(self, at: int) -> bool:
        """Whether a word may be part of a role's name."""
        return self._role_word(at, at)

    def _role_word(self, first: int, at: int) -> bool:
        piece = self.pieces[at]
        if (piece.parted and at > first) or not piece.raw[0].isalnum() or self.listed(at, "role_ends"):
            return False
        if piece.word == "of":
            return at > first and self.listed(at - 1, "role_heads")
        return not self.listed(at, "not_role") and not self.listed(at, "role_openers")

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
        if first < last and self.listed(first, "leading_heads"):
            return self._before_firm(first, last)
        for at in range(last - 1, first - 1, -1):
            if self.listed(at, "role_heads"):
                after = self.pieces[at + 1].word if at + 1 < last else ""
                return last if after == "of" else at + 1 + (after in ("ii", "iii", "iv"))
        return first

    def _before_firm(self, first: int, last: int) -> int:
        """Where a title that its kind of work begins gives way to who offers it: "analista de datos *de Acme*"."""
        while last > first + 1 and self.listed(last - 1, "leads_to_firm"):
            last -= 1
        if self.pieces[first].capital:
            return last
        small = (at for at in range(first + 1, last - 1) if self.listed(at, "leads_to_firm"))
        return next((at for at in small if self.pieces[at + 1].capital and not self.acronym(at + 1)), last)

    def _back_through_capitals(self, first: int) -> int:
        """Where a title in capitals begins, whatever its words: "*Customer Success* Manager"."""
        while first > 0 and self.pieces[first].capital and not self.pieces[first].parted:
            before = self.pieces[first - 1]
            opens = before.parted and self.listed(
                first - 1, "not_company"
            )  # "The", "Your" of a sentence's beginning
            if not before.raw[0].isalpha() or not before.capital or opens or self._site(first - 1):
                break
            first -= 1
        return first

    def _without_name(self, first: int, last: int) -> int:
        """Skip a company in front of the role: capitals before words that have none."""
        if self.shouted or not any(not p.capital for p in self.pieces[first:last]):
            return first
        while first < last and self.pieces[first].capital and not self.acronym(first):
            if any(self.listed(first, name) for name in ("role_heads", "role_modifiers", "leading_heads")):
                break
            first += 1
        return first

    def acronym(self, at: int) -> bool:
        raw = self.pieces[at].raw
        return self.listed(at, "acronyms") or (raw.isupper() and len(raw) <= 4 and not self.shouted)

    def _mistyped(self, at: int) -> bool:
        """Whether it is a slip of a kind of work's name ("manger"), which nobody wants to read again."""
        piece = self.pieces[at]
        if piece.word == piece.meant or not piece.meant.isalpha():
            return False
        works = [self.lists.get(name, frozenset()) for name in ("role_heads", "role_modifiers")]
        own = [self.lists.get(name, frozenset()) for name in ("leading_heads", "title_words", "title_fields")]
        return any(piece.meant in words for words in works) and not any(
            piece.word in words for words in (*works, *own)
        )

    def _spelt(self, acronym: str) -> str:
        """An acronym as it is written: "PhD" where the content spells it so, else "HR"."""
        own = (word for word in self.lists.get("spelt", frozenset()) if word.lower() == acronym.lower())
        return next(own, acronym.upper())

    def as_said(self, first: int, last: int) -> str:
        while last - first > 1 and _LEVEL.fullmatch(self.pieces[first].raw):
            first += 1
        said = self.text.source[self.pieces[first].start : self.pieces[last - 1].end]
        for at in range(first, last):
            raw = self.pieces[at].raw
            if self._mistyped(at):
                plain = self.pieces[at].meant
            elif self.listed(at, "acronyms"):
                plain = self._spelt(raw)
            elif self.acronym(at) or (not self.shouted and raw[1:] != raw[1:].lower()):
                plain = raw
            else:
                plain = raw.lower()
            said = said.replace(raw, plain, 1)
        return " ".join(said.split())
