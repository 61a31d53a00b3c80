"""Titles that no rule's words lead up to: "Lidl. welder. nope." or "ikea kitchen planner, final round"."""

from __future__ import annotations

from dataclasses import dataclass

from bot.understanding.company_names import MAX_COMPANY_WORDS
from bot.understanding.names import Names

MAX_SIDE_WORDS = 3  # words before a known kind of work that may belong to it ("walk in freezer" technician)


@dataclass(frozen=True, slots=True)
class Span:
    """Pieces `first` up to, but not with, `last`."""

    first: int
    last: int


def role_span(names: Names) -> Span | None:
    """The first kind of work named as what was applied for, or had; one called a post comes before any other."""
    heads = [at for at in range(len(names.pieces)) if _ends_title(names, at) and not _goes_on(names, at)]
    spans = [Span(_title_start(names, head), _title_end(names, head)) for head in heads]
    posts = [span for span in spans if _called_post(names, span)]
    wanted = [span for span in spans if _is_wanted(names, span)]
    return next((span for span in (*posts, *wanted, *spans) if _is_sought(names, span)), None)


def _ends_title(names: Names, at: int) -> bool:
    """Whether a title may end there; what begins one in this language is taken for that (`leading_titles`)."""
    return names.listed(at, "role_heads") and not names.listed(at, "leading_heads")


def _is_wanted(names: Names, span: Span) -> bool:
    """Whether what leads to a wanted post stands before the title, whatever opens it: *for* the ward sister."""
    first = span.first
    while first and names.listed(first - 1, "role_openers") and not names.pieces[first].parted:
        first -= 1
    return first > 0 and not names.pieces[first].parted and names.listed(first - 1, "sought_as")


def _called_post(names: Names, span: Span) -> bool:
    ends = span.last == len(names.pieces) or names.pieces[span.last].parted
    return not ends and (names.listed(span.last, "role_ends") or names.listed(span.last, "post_ends"))


def _goes_on(names: Names, at: int) -> bool:
    """Whether a further word of the same title follows ("head" chef, "account" manager)."""
    after = at + 1
    while after < len(names.pieces) and not names.pieces[after].parted:
        if names.listed(after, "role_heads"):
            return True
        if not names.listed(after, "role_modifiers"):
            return False
        after += 1
    return False


def _title_start(names: Names, head: int) -> int:
    first = head
    while first and not names.pieces[first].parted and _of_title(names, first - 1):
        first -= 1
    return _led_start(names, first, head)


def _of_title(names: Names, at: int) -> bool:
    if names.within_known(at):
        return False  # "the *post office* clerk job"
    if names.listed(at, "role_modifiers") or names.listed(at, "role_heads"):
        return True
    return names.acronym(at) and not names.known_company_words(at)


def _led_start(names: Names, first: int, head: int) -> int:
    """Further left, as far as a word that leads up to a role: "for *meter reading* technician"."""
    at = first
    while at and first - at < MAX_SIDE_WORDS and not names.pieces[at].parted and names.role_word(at - 1):
        if names.pieces[at - 1].capital and not names.pieces[head].capital and not names.shouted:
            break
        at -= 1
    if at == first:
        return first
    if at == 0 or names.pieces[at].parted:
        return at if _then_where(names, head + 1) or _clause_of_title(names, at, head) else first
    return at if names.listed(at - 1, "leads_to_role") else first


def _clause_of_title(names: Names, first: int, head: int) -> bool:
    """Whether a clause is nothing but a title, no word of which may be an employer's name: "package handler"."""
    last = head + 1
    while last < len(names.pieces) and not names.pieces[last].parted and names.listed(last, "around_name"):
        last += 1
    ends = last == len(names.pieces) or names.pieces[last].parted
    if not ends or names.listed(head, "people_elsewhere"):
        return False
    return not any(names.may_be_name(at) for at in range(first, head))


def _then_where(names: Names, at: int) -> bool:
    """Whether it is said next where the work was: then no employer stands in front ("bakers assistant at greggs")."""
    return (
        at < len(names.pieces)
        and not names.pieces[at].parted
        and names.pieces[at].word in ("at", "with", "in")
    )


def _title_end(names: Names, head: int) -> int:
    last = head + 1
    if last + 1 < len(names.pieces) and names.pieces[last].word == "of" and names.role_word(last + 1):
        return last + 2
    if last + 1 < len(names.pieces) and names.pieces[last].word == "of" and names.listed(head, "heads_of"):
        return last if names.listed(last + 1, "not_before_name") else last + 2
    if last < len(names.pieces) and names.pieces[last].word in ("i", "ii", "iii", "iv"):
        return last + 1
    return last


def _is_sought(names: Names, span: Span) -> bool:
    """Whether the title is that of a post, and not somebody who is spoken of ("the recruiter called")."""
    if _called_post(names, span):
        return True
    bare = span.last - span.first == 1 and names.listed(span.first, "people_at_work")
    if _alone_in_clause(names, span):
        return not bare
    starts = names.pieces[span.first].parted or span.first == 0
    ends = span.last == len(names.pieces) or names.pieces[span.last].parted
    if _led_up_to(names, span, bare=bare):
        return True
    if bare:
        return False
    if not starts and names.pieces[span.first - 1].word in ("a", "an"):
        return True
    if not ends and names.listed(span.last, "follows_title"):
        return (
            starts or names.listed(span.first - 1, "leads_to_role") or _before_role(names, span) is not None
        )
    return not starts and _before_role(names, span) is not None


def _alone_in_clause(names: Names, span: Span) -> bool:
    """Whether a clause is nothing but the title and what may stand around a name: "No postdoc.", "(welder lol)"."""
    first, last = span.first, span.last
    while first and not names.pieces[first].parted and names.listed(first - 1, "around_name"):
        first -= 1
    while last < len(names.pieces) and not names.pieces[last].parted and names.listed(last, "around_name"):
        last += 1
    starts = first == 0 or names.pieces[first].parted
    return starts and (last == len(names.pieces) or names.pieces[last].parted)


def _led_up_to(names: Names, span: Span, *, bare: bool) -> bool:
    """Whether "for the", "as a" and the like stand before the title."""
    first = span.first
    while first and names.listed(first - 1, "role_openers") and not names.pieces[first].parted:
        first -= 1
    if not first or names.pieces[first].parted or not names.listed(first - 1, "leads_to_title"):
        return False
    return (
        not bare or names.listed(first - 1, "sought_as") or names.pieces[first - 1].word in ("be", "become")
    )


def _before_role(names: Names, role: Span) -> Span | None:
    """A name right in front of the title: "goldman sachs summer analyst"."""
    first = role.first
    if not first or names.pieces[first].parted:
        return None
    while first and role.first - first < MAX_COMPANY_WORDS and names.may_be_name(first - 1):
        first -= 1
        if names.pieces[first].parted:
            break
    opens = first == 0 or names.pieces[first].parted or names.listed(first - 1, "opens_name")
    return Span(first, role.first) if first < role.first and opens else None
