"""Taking a company's name out of a text: where one begins, and only as far as it surely reaches."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.understanding.name_words import NameWords
from bot.understanding.rules import Hit

MAX_COMPANY_WORDS = 5


@dataclass(frozen=True, slots=True)
class CompanyNames(NameWords):
    """The companies' names in one text."""

    def company(self, hit: Hit) -> str | None:
        """The company named after the hit, or before it when the pattern's slot leads."""
        place = self.company_place(hit)
        return self.spelled(*place) if place else None

    def company_place(self, hit: Hit) -> tuple[int, int] | None:
        """Where `company` stands: its first piece and the one after its last."""
        at = self.place(hit)
        if at is None:
            return None
        sure = hit.pattern.slot == "employer"
        first, last = self._company_back(at, sure) if hit.pattern.slot_leads else self.company_on(at, sure)
        if self.formal:  # "your application to Solent Ferries for Deckhand"
            last = next((i for i in range(first + 1, last) if self.listed(i, "after_name")), last)
        else:
            first = self._back_to_office(first, last)
        if first == last or (self.formal and self.listed(last - 1, "role_heads")):
            return None
        if hit.pattern.slot == "named" and not self._plainly_named(first, last):
            return None
        unlikely = not sure and last - first == 1 and (self.ends_as_no_name(first) or self._where_from(first))
        return None if unlikely or self._begins_title(first, last) else (first, last)

    def _where_from(self, at: int) -> bool:
        """Whether a place says where somebody is from: "a developer from *Nigeria*"."""
        return self.listed(at, "places") and at > 0 and self.listed(at - 1, "leads_to_place")

    def _back_to_office(self, first: int, last: int) -> int:
        """Where a name begins that is led up to by its own first word: "*Department for* Transport"."""
        if first < 2 or first == last or self.pieces[first].parted or self.shouted:
            return first
        office = self.pieces[first - 2].capital and self.listed(first - 2, "offices")
        joined = self.listed(first - 1, "inside_name") and not self.pieces[first - 1].parted
        return first - 2 if office and joined and self.pieces[first].capital else first

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

    def place(self, hit: Hit) -> int | None:
        """The piece a name begins at, or ends before where the pattern's slot leads."""
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
        if self.listed(at, "not_before_name") or (tail_alone and not self.known_company_words(at)):
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
            on = capital and at + 1 < len(self.pieces) and self.pieces[at + 1].capital
            on = on and self.pieces[at + 1].word != "i"  # "three rounds with McKinsey and I fall at the last"
            return on and not (piece.word == "for" and not self.formal and self._of_work(at + 1))
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
        led = first and not self.pieces[first].parted and self.listed(first - 1, "not_before_name")
        if sure and led and not self.known_company_words(first):
            return at, at  # "the bank said no" names nobody
        return first, at

    def _may_only_join(self, at: int) -> bool:
        return self.listed(at, "inside_name") and not self.known_company_words(at)

    def _reaches_back(self, at: int, end: int, sure: bool) -> bool:
        if self.within_known(at):
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
        if sure and self._plain_word_as_name(at, end):
            return True
        return self.may_be_name(at, sure=sure) or (capital and self.starts_name(at))

    def _plain_word_as_name(self, at: int, end: int) -> bool:
        """Whether a word of the rules names who acts, right before its verb: "*bumble* rejected me"."""
        if at + 1 < end and not (at + 2 == end and self.listed(at + 1, "company_tails")):
            return False
        if self.never_name(at) or self._of_work(at) or not self.pieces[at].raw.isalpha():
            return False
        return not any(self.listed(at, name) for name in ("common", "company_tails", "places"))

    def named_nowhere(self, at: int) -> bool:
        """Whether a word written small may stand in no name that is led up to: "today", "got", "nurse"."""
        if self.known_company_words(at):
            return False
        if self.listed(at, "company_tails"):
            return False
        return self.never_name(at) or self.listed(at, "common") or self._of_work(at)

    def ordinary_word(self, at: int) -> bool:
        """Whether a word stands in a rule, a list or the language's vocabulary."""
        return self._known(at) or self.never_name(at)

    def between(self, at: int) -> str:
        """What is written between a piece and the one before it."""
        return self.text.source[self.pieces[at - 1].end if at else 0 : self.pieces[at].start]

    def within_known(self, at: int) -> bool:
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
