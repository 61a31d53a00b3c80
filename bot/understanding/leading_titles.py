"""Titles that their kind of work begins, as in Spanish: *analista* de datos, *auxiliar* de enfermería.

Where one ends is told by the words that may go on with it, whether it is what was applied for by what leads to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.understanding.names import Names
from bot.understanding.unannounced import Span

_MOST_WORDS = 7
_MIN_ENDED = 6  # letters of a word that goes on with a title by its ending alone
_AND = ("y", "e", "o", "u", "/")


@dataclass(frozen=True, slots=True)
class LeadingTitles:
    """The titles in one text that begin with their kind of work; in a language without any there are none."""

    names: Names

    def sought(self) -> Span | None:
        """What was applied for: called a post, else led up to, alone in its clause, or what another was taken as."""
        found = list(self._all())
        for likely in (self._is_post, self._is_led, self._has_clause, self._is_anothers):
            if (span := next(filter(likely, found), None)) is not None:
                return span
        return None

    def _all(self) -> Iterator[Span]:
        end = 0
        for at in range(len(self.names.pieces)):
            if at >= end and self.names.listed(at, "leading_heads") and not self._is_name(at):
                end = self._end(at)
                yield Span(at, end)

    def _is_name(self, at: int) -> bool:
        """Whether an employer's name begins with it: *Correos*, *Óptica* Bahía."""
        return bool(self.names.known_company_words(at))

    def _end(self, head: int) -> int:
        at = head + 1
        while at - head < _MOST_WORDS and (further := self._goes_on(head, at)) > at:
            at = further
        return at

    def _goes_on(self, head: int, at: int) -> int:
        """Where the next part of a title ends that begins at a piece; the piece itself where none does."""
        if self._closed(at):
            return at
        word = self.names.pieces[at].word
        if word in _AND and not self._closed(at + 1):
            joined = self._describes(head, at + 1) or self.names.listed(at + 1, "leading_heads")
            of_field = at > head + 1 and self.names.listed(at + 1, "title_fields")
            return at + 2 if joined or of_field else at
        if self.names.listed(at, "title_links") and not self._closed(at + 1):
            return at + 2 if self._is_field(at, head) else at
        if self._describes(head, at) or self._second_noun(at, head):
            return at + 1
        return at

    def _closed(self, at: int) -> bool:
        names = self.names
        return at >= len(names.pieces) or names.pieces[at].parted or bool(names.known_company_words(at))

    def _describes(self, head: int, at: int) -> bool:
        """Whether a word says what kind of it: *administrativo*, *previsional*, UX."""
        names = self.names
        if self._as_name(head, at):
            return False
        if names.listed(at, "title_words") or names.listed(at, "leading_heads") or names.acronym(at):
            return True
        return self._ends_as(at, "title_ends")

    def _ends_as(self, at: int, ends: str) -> bool:
        """Whether a word nobody listed goes on with a title by its last letters."""
        names, word = self.names, self.names.pieces[at].word
        if len(word) < _MIN_ENDED or not word.endswith(tuple(names.lists.get(ends, ()))):
            return False
        return not names.listed(at, "no_title") and not names.listed(at, "not_role")

    def _as_name(self, head: int, at: int) -> bool:
        """Whether a capital after small letters begins somebody's name rather than going on with a title."""
        names = self.names
        if not names.pieces[at].capital or names.pieces[head].capital or names.shouted:
            return False
        return not names.acronym(at) and not names.listed(at, "title_words")

    def _second_noun(self, at: int, head: int) -> bool:
        """Whether it goes on with what it is of: atención al *cliente* interno, recursos *humanos*."""
        names = self.names
        before = names.listed(at - 1, "title_fields") and at - 1 > head
        return before and names.listed(at, "title_fields") and not self._as_name(head, at)

    def _is_field(self, link: int, head: int) -> bool:
        """Whether "of", "in" and what follows belong to a title: de *proyectos*, but not de la empresa, en *Acme*."""
        names, at = self.names, link + 1
        if self._as_name(head, at):
            return False
        if names.listed(at, "title_fields") or self._ends_as(at, "field_ends"):
            return True
        if names.pieces[link].word != "de" or names.listed(at, "not_role") or names.listed(at, "post_nouns"):
            return False
        ordinary = at in names.ordinary and not names.listed(at, "not_company")
        return ordinary and names.pieces[at].raw.isalpha()

    def _is_post(self, span: Span) -> bool:
        """Whether a word for a job stands before it: "el puesto *de* cajera", "la vacante analista"."""
        first = self._before(span)
        if first is None:
            return False
        names = self.names
        if names.listed(first, "leads_to_title"):
            return first > 0 and names.listed(first - 1, "post_nouns") and not names.pieces[first].parted
        return names.listed(first, "role_ends") and not self._is_field_too(span)

    def _is_led(self, span: Span) -> bool:
        """Whether "para" and the like lead to it, and it is neither who speaks nor what one was before."""
        first = self._before(span)
        if first is None:
            return False
        names = self.names
        opened = first + 1 < span.first
        if self._was_before(first):
            return False
        if names.listed(first, "sought_as"):
            return not (opened and self._is_person(span))
        return not opened and names.listed(first, "leads_to_title") and not self._is_field_too(span)

    def _was_before(self, lead: int) -> bool:
        return any(self.names.listed(at, "worked_as") for at in range(max(0, lead - 2), lead))

    def _is_field_too(self, span: Span) -> bool:
        return span.last - span.first == 1 and self.names.listed(span.first, "fields_too")

    def _is_person(self, span: Span) -> bool:
        return span.last - span.first == 1 and self.names.listed(span.first, "people_at_work")

    def _has_clause(self, span: Span) -> bool:
        """Whether a clause is nothing but the title, or begins with it and goes on with where."""
        names = self.names
        if not (span.first == 0 or names.pieces[span.first].parted):
            return False
        if self._is_person(span) or self._is_field_too(span):
            return False
        last = span.last
        while (
            last < len(names.pieces) and not names.pieces[last].parted and names.listed(last, "around_name")
        ):
            last += 1
        if last == len(names.pieces) or names.pieces[last].parted:
            return True
        return names.pieces[span.last].word in ("en", "at")

    def _is_anothers(self, span: Span) -> bool:
        """Whether it is what somebody else was taken as: "eligieron a *otra* ilustradora"."""
        return span.first > 0 and self.names.listed(span.first - 1, "another")

    def _before(self, span: Span) -> int | None:
        """The piece before a title, whatever article opens it."""
        names, first = self.names, span.first
        if first == 0 or names.pieces[first].parted:
            return None
        if names.listed(first - 1, "role_openers") and not names.listed(first - 1, "leads_to_title"):
            first -= 1
            if first == 0 or names.pieces[first].parted:
                return None
        return first - 1
