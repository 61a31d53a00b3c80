"""Where in a message an employer's or a post's name may stand: every run of words that could be one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.understanding.names import Names
from bot.understanding.unannounced import Span
from bot.understanding.word_signs import MYSELF, capital

MAX_SPANS = 160  # of one message
MAX_FIRM_WORDS = 6
MAX_POST_WORDS = 6
MAX_CLAUSE_WORDS = 4  # that may be a title by themselves
MAX_UNLISTED = 3  # words of a title that no listed kind of work ends
LINKS = ("of", "in", "for", "and", "&", "to", "de", "del", "en", "y", "e", "la", "the")
_LINKS_BACK = ("and", "&", "of", "in", "y", "de")


def firm_spans(names: Names, ruled: Iterable[Span]) -> list[Span]:
    """Every run that may be the employer's name, those first that rules took."""
    found = dict.fromkeys(ruled)
    for first in range(len(names.pieces)):
        if _may_begin(names, first):
            found.update(dict.fromkeys(_firms_from(names, first)))
        if len(found) > MAX_SPANS:
            break
    return list(found)


def is_cut(names: Names, at: int) -> bool:
    """Whether a boundary before a piece would cut a word in two: Co-|op, Monday|.com."""
    if not 0 < at < len(names.pieces) or names.pieces[at].parted:
        return False
    if names.pieces[at].raw == ".":
        on = at + 1 < len(names.pieces) and not names.pieces[at + 1].parted
        return on and (not names.between(at + 1) or len(names.pieces[at - 1].raw) == 1)
    if names.pieces[at - 1].raw == ".":
        return not names.between(at)
    return names.between(at) in ("-", "&", "@")


def _may_begin(names: Names, at: int) -> bool:
    """Whether an employer's name may begin there: a capital, a strange word, an ordinary one where names stand."""
    piece = names.pieces[at]
    if not piece.raw[0].isalnum() or piece.word in MYSELF or is_cut(names, at):
        return False
    if capital(names, at) or names.known_company_words(at):
        return True
    if names.never_name(at):
        return False
    offices = names.listed(at, "offices") or names.listed(at, "company_tails")
    if offices or not names.ordinary_word(at) or _is_led(names, at):
        return True
    opens = at == 0 or piece.parted
    return (opens and not names.listed(at, "common")) or _is_subject(names, at)


def _is_led(names: Names, at: int) -> bool:
    """Whether a small word leads to it, with or without an article: "at", "with the"."""
    if at == 0 or names.pieces[at].parted:
        return False
    if names.listed(at - 1, "leads_to_company") or names.listed(at - 1, "before_company"):
        return True
    return at > 1 and names.listed(at - 1, "articles") and names.listed(at - 2, "leads_to_company")


def _is_subject(names: Names, at: int) -> bool:
    """Whether a clause begins with it and an employer's deed, or a word that ends firms' names, follows."""
    after = at + 1
    if after == len(names.pieces) or names.pieces[after].parted or (at and not names.pieces[at].parted):
        return False
    return names.listed(after, "acts") or names.listed(after, "company_tails")


def _firms_from(names: Names, first: int) -> Iterator[Span]:
    last = first + 1
    while last - first <= MAX_FIRM_WORDS:
        joins = names.listed(last - 1, "inside_name") and last - 1 > first
        if names.pieces[last - 1].raw[0].isalnum() and not joins and not is_cut(names, last):
            yield Span(first, last)
        if last == len(names.pieces) or not _goes_on(names, first, last):
            return
        last += 1


def _goes_on(names: Names, first: int, at: int) -> bool:
    """Whether a name that begins at `first` may hold the word at `at` too."""
    piece = names.pieces[at]
    if piece.parted:
        return False
    if piece.raw == "." or is_cut(names, at) or capital(names, at) or names.listed(at, "company_tails"):
        return True
    small = not capital(names, first)
    if names.listed(at, "inside_name"):
        on = at + 1 < len(names.pieces) and not names.pieces[at + 1].parted
        return on and (capital(names, at + 1) or (small and not names.named_nowhere(at + 1)))
    if piece.word in MYSELF:
        return False
    return not names.ordinary_word(at) or (small and not names.never_name(at))


def post_spans(names: Names, ruled: Iterable[Span]) -> list[Span]:
    """Every run that may be the post's title, those first that rules took."""
    found = dict.fromkeys(ruled)
    for at in range(len(names.pieces)):
        if is_head(names, at):
            found.update(dict.fromkeys(_posts_around(names, at)))
        if _leads_to_post(names, at):
            found.update(dict.fromkeys(_posts_from(names, at)))
        if names.listed(at, "role_ends") and at and not names.pieces[at].parted:
            found.update(dict.fromkeys(_posts_back(names, at)))
        if len(found) > MAX_SPANS:
            break
    for first, end in names.clauses():
        last = end - (not names.pieces[end - 1].raw[0].isalnum())
        if 0 < last - first <= MAX_CLAUSE_WORDS:
            found[Span(first, last)] = None
    return list(found)


def is_head(names: Names, at: int) -> bool:
    """Whether a word is a kind of work, or a short form that may be one: SRE."""
    return names.listed(at, "role_heads") or names.listed(at, "leading_heads") or names.acronym(at)


def _of_post(names: Names, at: int) -> bool:
    piece = names.pieces[at]
    if not piece.raw[0].isalnum():
        return False
    if names.listed(at, "role_modifiers") or is_head(names, at):
        return True
    return not (names.listed(at, "not_role") or names.listed(at, "role_ends"))


def _posts_around(names: Names, head: int) -> Iterator[Span]:
    first = head
    while True:
        if not is_cut(names, first):
            for last in _post_ends(names, head):
                if last - first <= MAX_POST_WORDS:
                    yield Span(first, last)
        before = first - 1
        if first == 0 or names.pieces[first].parted or head - first >= MAX_POST_WORDS - 1:
            return
        joins = names.pieces[before].word in _LINKS_BACK and before > 0
        if not (_of_post(names, before) or joins):
            return
        first = before - joins
        if names.pieces[before].parted:
            return


def _post_ends(names: Names, head: int) -> Iterator[int]:
    last = head + 1
    while True:
        if not is_cut(names, last) and (last == head + 1 or names.pieces[last - 1].word not in LINKS):
            yield last
        if last == len(names.pieces) or names.pieces[last].parted or last - head > MAX_POST_WORDS - 1:
            return
        linked = names.pieces[last].word in LINKS
        if not linked and not _of_post(names, last) and not is_cut(names, last):
            return
        last += 1


def _leads_to_post(names: Names, at: int) -> bool:
    """Whether a title nobody listed may begin there: after "for", "as a", or with a clause to itself."""
    piece = names.pieces[at]
    if not piece.raw[0].isalnum() or not _of_post(names, at) or names.never_name(at):
        return False
    if at == 0 or piece.parted:
        return True
    lead = at - 1
    if names.listed(lead, "role_openers") and lead and not names.pieces[lead].parted:
        lead -= 1
    return names.listed(lead, "leads_to_title") or names.listed(lead, "sought_as")


def _posts_from(names: Names, first: int) -> Iterator[Span]:
    last = first + 1
    while last - first <= MAX_UNLISTED:
        if not is_cut(names, last):
            yield Span(first, last)
        if last == len(names.pieces) or names.pieces[last].parted or not _of_post(names, last):
            return
        last += 1


def _posts_back(names: Names, end: int) -> Iterator[Span]:
    first = end - 1
    while end - first <= MAX_UNLISTED and _of_post(names, first):
        if not is_cut(names, first):
            yield Span(first, end)
        if first == 0 or names.pieces[first].parted:
            return
        first -= 1
