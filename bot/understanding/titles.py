"""Every title in a message that may be the post's, with what speaks for it; what each weighs is fitted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from bot.understanding.leading_titles import LeadingTitles
from bot.understanding.message_spans import LINKS, is_head, post_spans
from bot.understanding.names import Names
from bot.understanding.rules import Hit
from bot.understanding.unannounced import Span, role_span
from bot.understanding.word_signs import Placed, WordSigns, capital, of_rules

_OWNERS = re.compile(r"['’]s?$", re.IGNORECASE)


def titles_in(names: Names, found: Sequence[Hit]) -> list[Placed]:
    """Every title that may be the post's, the empty one first."""
    reasons: defaultdict[Span, set[str]] = defaultdict(set)
    for span, why in _ruled(names, found):
        reasons[span].add(why)
    words = WordSigns.of(names)
    before = cache(lambda at: tuple(words.before(at)))
    after = cache(lambda at: tuple(words.after(at)))
    placed = [words.of_none(reasons, found)]
    for span in post_spans(names, reasons):
        signs = (*before(span.first), *after(span.last), *of_rules(span, reasons), *_signs(words, span))
        said = names.as_said(span.first, span.last)
        placed.append(Placed(said if words.opens(span.last) else _OWNERS.sub("", said), signs, span))
    return placed


def _ruled(names: Names, found: Sequence[Hit]) -> Iterator[tuple[Span, str]]:
    for hit in found:
        slot = hit.pattern.slot
        if slot in ("role", "title") and (place := names.role_place(hit, sure=slot == "title")) is not None:
            yield Span(*place), f"slot {slot}"
    if (span := LeadingTitles(names).sought()) is not None:
        yield span, "leading"
    if (span := role_span(names)) is not None:
        yield span, "sought"


def _signs(words: WordSigns, span: Span) -> Iterator[str]:
    yield from words.within(span)
    yield from _own_words(words, span)
    yield from _heads(words, span)
    yield from _edges(words, span)
    yield from _led(words, span)
    yield from _joined(words, span)


def _own_words(words: WordSigns, span: Span) -> Iterator[str]:
    names, shape = words.names, words.shape(span.first)
    all_of, size = range(span.first, span.last), span.last - span.first
    modifiers = sum("role_modifiers" in words.kinds[at] for at in all_of)
    known = sum(
        is_head(names, at) or "role_modifiers" in words.kinds[at] or "title_words" in words.kinds[at]
        for at in all_of
    )
    strange = sum(not names.ordinary_word(at) for at in all_of)
    written = {capital(names, at) for at in all_of if not names.acronym(at)}
    yield f"words {min(size, 6)}"
    yield f"modifiers {min(modifiers, 3)}"
    yield f"unknown {min(size - known, 3)} of {min(size, 4)}"
    yield f"strange {min(strange, 2)}"
    yield f"{shape} {'mixed' if len(written) > 1 else 'even'}"
    if size == 1 and names.acronym(span.first):
        yield "acronym"
    if any(names.within_known(at) for at in all_of):
        yield "holds a known employer"


def _heads(words: WordSigns, span: Span) -> Iterator[str]:
    """Which of its words are kinds of work."""
    names, shape, size = words.names, words.shape(span.first), span.last - span.first
    heads = [at for at in range(span.first, span.last) if is_head(names, at)]
    yield f"heads {min(len(heads), 3)} of {min(size, 4)}"
    if words.opens(span.first):
        yield f"{shape} opens"
        if words.opens(span.last):
            yield f"{shape} clause {'head' if heads else 'no head'}"
    if heads:
        yield f"head {'last' if heads[-1] == span.last - 1 else 'inside'}"
        yield f"head {'first' if heads[0] == span.first else 'later'}"
        yield f"{'bare ' if size == 1 else ''}head {names.pieces[heads[-1]].word}"


def _edges(words: WordSigns, span: Span) -> Iterator[str]:
    """What right beside it may belong to it."""
    names, kinds = words.names, words.kinds
    if not words.opens(span.first):
        if "role_modifiers" in kinds[span.first - 1] or is_head(names, span.first - 1):
            yield "cut off before"
        if capital(names, span.first - 1) and words.shape(span.first) == "capital":
            yield "cut capital before"
    if not words.opens(span.last) and ("role_modifiers" in kinds[span.last] or is_head(names, span.last)):
        yield "cut off after"


def _led(words: WordSigns, span: Span) -> Iterator[str]:
    """Whether it is what somebody was, not what was applied for: "*trabajé como* cajera"."""
    for at in range(span.first - 1, max(span.first - 4, -1), -1):
        if words.opens(at + 1):
            return
        if "worked_as" in words.kinds[at]:
            yield "was before"
            return


def _joined(words: WordSigns, span: Span) -> Iterator[str]:
    names, shape = words.names, words.shape(span.first)
    for at in range(span.first + 1, span.last - 1):
        if names.pieces[at].word in LINKS:
            yield f"joined {names.pieces[at].word}"
            yield f"joined {names.pieces[at].word} {'capital' if capital(names, at + 1) else 'small'}"
    further = range(span.first + 1, span.last)
    if shape == "small" and any(capital(names, at) and not names.acronym(at) for at in further):
        yield "small then capital"
