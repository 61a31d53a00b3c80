"""Every name in a message that may be the employer's, with what speaks for it.

A rule's slot, an employer everybody knows, capitals, the words around it: none of them is sure alone. What each
weighs is fitted (`message_names`); that nobody is named is a candidate too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from bot.understanding.message_spans import firm_spans, is_head
from bot.understanding.names import Names
from bot.understanding.rules import Hit
from bot.understanding.unannounced import Span
from bot.understanding.word_signs import Placed, WordSigns, capital, of_rules

_OWNERS = re.compile(r"['’]s?$", re.IGNORECASE)
_SLOTS = ("employer", "company", "named")
_OWNED = frozenset(("owned", "role_heads", "role_modifiers"))


def employers_in(names: Names, found: Sequence[Hit]) -> list[Placed]:
    """Every name that may be the employer's, the empty one first."""
    reasons: defaultdict[Span, set[str]] = defaultdict(set)
    for span, why in _ruled(names, found):
        reasons[span].add(why)
    words = WordSigns.of(names)
    before = cache(lambda at: tuple(words.before(at)))
    after = cache(lambda at: tuple(words.after(at)))
    placed = [words.of_none(reasons, found)]
    for span in firm_spans(names, reasons):
        signs = (*before(span.first), *after(span.last), *of_rules(span, reasons), *_signs(words, span))
        owns = _OWNERS.search(names.pieces[span.last - 1].raw) is not None
        placed.append(Placed(_spelled(names, span), (*signs, *_owner(words, span, "kept", owns)), span))
        if owns:
            bare = _OWNERS.sub("", _spelled(names, span))
            placed.append(Placed(bare, (*signs, *_owner(words, span, "bare", owns)), span))
    return placed


def _ruled(names: Names, found: Sequence[Hit]) -> Iterator[tuple[Span, str]]:
    """What rules and lists of employers say one is, and why."""
    for hit in found:
        slot = hit.pattern.slot
        if slot in _SLOTS and (place := names.company_place(hit)) is not None:
            yield Span(*place), f"slot {slot}"
    for at in range(len(names.pieces)):
        if words := names.known_company_words(at):
            yield Span(at, at + words), "well known" if names.unmistakable(at, words) else "listed"


def _spelled(names: Names, span: Span) -> str:
    said = names.text.source[names.pieces[span.first].start : names.pieces[span.last - 1].end]
    if said == said.lower():
        said = re.sub(r"(?<![\w'])[^\W\d_]", lambda m: m.group().upper(), said)
    return " ".join(said.split())


def _signs(words: WordSigns, span: Span) -> Iterator[str]:
    yield from words.within(span)
    yield from _own_words(words, span)
    yield from _where(words, span)
    yield from _edges(words, span)
    yield from _no_employer(words, span)


def _own_words(words: WordSigns, span: Span) -> Iterator[str]:
    """How many words it has, how they are written, and how many of them are ordinary."""
    names, shape = words.names, words.shape(span.first)
    all_of, size = range(span.first, span.last), span.last - span.first
    few = min(size, 3)
    capitals = sum(capital(names, at) for at in all_of)
    strange = sum(not names.ordinary_word(at) for at in all_of)
    never = sum(names.never_name(at) and not names.listed(at, "inside_name") for at in all_of)
    yield f"words {min(size, 5)}"
    yield f"{shape} words {min(size, 5)}"
    yield f"{shape} strange {min(strange, 3)} of {few}"
    yield f"capitals {'all' if capitals == size else 'some' if capitals else 'none'} of {few}"
    if never:
        yield f"{shape} never {min(never, 2)} of {few}"
    if size > 1:
        yield from (f"last of several {kind}" for kind in words.kinds[span.last - 1])
        yield from (f"first of several {kind}" for kind in words.kinds[span.first])
    if any(names.pieces[at].raw in (".", "&") or names.listed(at, "inside_name") for at in all_of):
        yield f"joined {shape}"
    last = names.pieces[span.last - 1].raw
    if last.isupper() and len(last) > 1 and not names.shouted:
        yield "letters"
    if names.pieces[span.first].raw[0].isdigit():
        yield f"digits of {few}"


def _where(words: WordSigns, span: Span) -> Iterator[str]:
    names, shape = words.names, words.shape(span.first)
    ordinary = names.ordinary_word(span.first)
    opens, ends = words.opens(span.first), words.opens(span.last)
    yield f"{shape} {'opens' if opens else 'within'} {'ordinary' if ordinary else 'strange'}"
    if opens and ends:
        strange = not all(names.ordinary_word(at) for at in range(span.first, span.last))
        yield f"{shape} a clause {'strange' if strange else 'ordinary'}"
    elif opens:
        yield f"opens {next(iter(words.kinds[span.last]), '-')}"
    if not ordinary and names.text.source.casefold().count(names.pieces[span.first].raw.casefold()) > 1:
        yield "twice"


def _edges(words: WordSigns, span: Span) -> Iterator[str]:
    """What right beside it may belong to it, or begins a title."""
    names, shape = words.names, words.shape(span.first)
    if not words.opens(span.first) and capital(names, span.first - 1):
        yield f"cut off before {'ordinary' if names.ordinary_word(span.first - 1) else 'strange'}"
    if words.opens(span.last):
        return
    if capital(names, span.last):
        yield f"cut off after {'ordinary' if names.ordinary_word(span.last) else 'strange'}"
    if "company_tails" in words.kinds[span.last]:
        yield f"tail left {words.shape(span.last)} of {shape}"
    for at in range(span.last, min(span.last + 3, len(names.pieces))):
        if names.pieces[at].parted:
            return
        if is_head(names, at):
            yield f"{shape} then a title"
            return


def _no_employer(words: WordSigns, span: Span) -> Iterator[str]:
    """What tells a person, a place or a recruiter's firm."""
    names, kinds = words.names, words.kinds
    if not words.opens(span.first) and "honorifics" in kinds[span.first - 1]:
        yield f"titled {words.shape(span.first)}"
    if names.listed(span.first, "channels") and not words.opens(span.first):
        over = "before_channel" in kinds[span.first - 1]
        yield f"a channel {'told over' if over else 'otherwise'}"
    if names.listed(span.first, "staffing"):
        yield f"staffing beside a client {names.speaks_of('clients')}"
    if span.last - span.first in (2, 3) and "given_names" in kinds[span.first]:
        yield "a person"
    if all("places" in kinds[at] for at in range(span.first, span.last)):
        yield f"all a place {'alone' if words.opens(span.first) else 'led'}"


def _owner(words: WordSigns, span: Span, how: str, owns: bool) -> Iterator[str]:
    """Whether "'s" says whose something is ("Acme's recruiter") or is part of the name ("Nando's")."""
    if not owns:
        return
    lists, ends = words.names.lists, words.opens(span.last)
    known = lists.get("unmistakable", frozenset()) | lists.get("employers", frozenset())
    word = words.names.pieces[span.last - 1].word
    sort = "with" if word in known else "without" if word.removesuffix("s") in known else "unknown"
    kinds = () if ends else words.kinds[span.last]
    owned = "ends" if ends else "goes on" if _OWNED.isdisjoint(kinds) else "owned"
    yield f"'s {how}"
    yield f"'s {how} {owned}"
    yield f"'s {how} {sort}"
    yield f"'s {how} {sort} {owned}"
    yield from (f"'s {how} then {kind}" for kind in kinds)
