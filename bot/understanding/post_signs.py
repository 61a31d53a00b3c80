"""Every title in a letter that may be the post's, with what speaks for it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from bot.understanding.layout import Word, lines_of
from bot.understanding.name_signs import (
    NOTHING,
    Candidate,
    Known,
    grouped,
    key_of,
    numbers,
    spelled,
    surroundings,
)
from bot.understanding.spans import Span, post_spans

_TAIL_MARKS = (",", "-", "–", "—", "/", "|", ":")
_GENDERS = frozenset("m/f/d m/w/d f/m/d f/m/x w/m/d m/f/x m/f h/f m/v/x m/v all genders".split())


def posts_in(source: str, known: Known, company: str | None) -> list[Candidate]:
    """Every title that may be the post's, and the empty one."""
    lines = lines_of(source)
    firm = key_of(company or "", known)
    spans = grouped(post_spans(lines, known.lists), source, known)
    if known.ruled[1] and not re.search(r"\d{3}", known.ruled[1]):
        spans.setdefault(key_of(known.ruled[1], known), [])
    headed = any(_is_head(key.rpartition(" ")[2], known.lists) for key in spans)
    unsaid = (
        f"{NOTHING} ruled {known.ruled[1] is not None}",
        f"{NOTHING} {'among' if headed else 'without'} heads",
    )
    found = [Candidate("", (NOTHING, *unsaid))]
    counts = {key: len(each) for key, each in spans.items()}
    for key, each in spans.items():
        signs = [sign for span in each for sign in surroundings(span, known)]
        signs += _of_post(key, each, counts, known)
        if firm and (firm in key or key in firm):
            signs.append("overlaps firm")
        name = _one_of(spelled(each, source), known) if each else known.ruled[1] or ""
        found.append(Candidate(name, tuple(dict.fromkeys(signs))))
    return found


def _one_of(name: str, known: Known) -> str:
    """One post where several are spoken of, or somebody's: "baristas", "the Clerk's post"."""
    name = re.sub(r"(?<=\w)['’]s$", "", name)
    head, heads = name.rsplit(maxsplit=1)[-1].lower(), known.lists["role_heads"]
    return name[:-1] if head.endswith("s") and head not in heads and head[:-1] in heads else name


def _of_post(key: str, spans: Sequence[Span], counts: Mapping[str, int], known: Known) -> Iterator[str]:
    lists, words = known.lists, re.findall(r"[\w'+&/\-]+", key)
    if not words:
        return
    yield f"words {min(len(words), 7)}"
    yield from numbers(key, spans, counts)
    heads = [at for at, word in enumerate(words) if _is_head(word, lists)]
    yield "no head" if not heads else "head"
    if heads:
        yield f"head {'last' if heads[-1] == len(words) - 1 else 'inside'}"
    if heads and heads[0] + 1 < len(words) and words[heads[0] + 1] in ("of", "in", "for"):
        yield f"head {words[heads[0] + 1]}"
    known_words = sum(word in lists["role_modifiers"] for word in words)
    yield f"modifiers {min(known_words, 3)}"
    if heads or known_words:
        unknown = sum(
            not (
                word in lists["role_modifiers"]
                or _is_head(word, lists)
                or word in ("of", "in", "and", "&", "for")
            )
            for word in words
        )
        yield f"unknown {min(unknown, 4)}"
    yield from (
        f"{where} {name}"
        for where, word in (("first", words[0]), ("last", words[-1]))
        for name in (
            "role_modifiers",
            "leads",
            "not_role",
            "role_ends",
            "given_names",
            "desks",
            "legal_forms",
            "people_at_work",
            "company_tails",
            "honorifics",
        )
        if word in lists.get(name, ())
    )
    yield from _marks_of_post(key, spans, known)


def _marks_of_post(key: str, spans: Sequence[Span], known: Known) -> Iterator[str]:
    lists = known.lists
    raws = [word for span in spans for word in span.words]
    for span in spans:
        yield from _brackets(span, lists)
    if any(word.raw in (",", "-", "–", "—", "/", ":", ".", "|") for word in raws):
        yield from {
            f"mark {word.raw}" for word in raws if word.raw in (",", "-", "–", "—", "/", ":", ".", "|")
        }
    if spans:
        capitals = sum(word.capital for word in spans[0].words if word.is_word and len(word.raw) > 3)
        letters = sum(word.is_word and len(word.raw) > 3 for word in spans[0].words)
        yield f"capitals {'all' if capitals == letters else 'none' if not capitals else 'some'}"
    starts = {span.line.words[span.first - 1].capital for span in spans if span.first}
    ends = {span.line.words[span.last].capital for span in spans if span.last < len(span.line.words)}
    if True in starts:
        yield "capital before"
    if True in ends:
        yield "capital after"
    if any(span.after() in lists["role_ends"] for span in spans):
        yield "then post"
    if known.ruled[1] and key == key_of(known.ruled[1], known):
        yield "ruled"
    elif known.ruled[1] and key_of(known.ruled[1], known) in key:
        yield "holds ruled"


def _brackets(span: Span, lists: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """What stands in its brackets, or in those behind it; and whether a comma or dash leads on to more."""
    words = span.line.words
    for at in range(span.first, min(span.last + 1, len(words))):
        if words[at].raw == "(":
            yield f"{'brackets' if at < span.last else 'then brackets'} {_kind_in(words[at + 1 : at + 6], lists)}"
    if span.after() in _TAIL_MARKS and span.last + 1 < len(words):
        yield f"goes on {span.after()} {_tail(words[span.last + 1 : span.last + 4], lists)}"
    marks = [at for at in range(span.first + 1, span.last - 1) if words[at].raw in _TAIL_MARKS]
    if marks:
        yield f"tail {_tail(words[marks[-1] + 1 : span.last], lists)}"
        yield f"tail {words[marks[-1]].raw} {_tail(words[marks[-1] + 1 : span.last], lists)}"


def _tail(words: Sequence[Word], lists: Mapping[str, frozenset[str]]) -> str:
    """What kind of thing a comma or dash adds to a title: where, how long, a number, or more of what it is."""
    said = [word.plain for word in words]
    if any(word in lists["terms"] for word in said):
        return "terms"
    if any(c.isdigit() for word in said for c in word):
        return "number"
    if any(word in lists["places"] or word in lists["sites"] for word in said):
        return "place"
    if any(word in lists["company_tails"] for word in said):
        return "firm"
    known = any(word in lists["role_modifiers"] or _is_head(word, lists) for word in said)
    return f"{'known' if known else 'strange'} {'capital' if words[0].capital else 'small'}"


def _kind_in(words: Sequence[Word], lists: Mapping[str, frozenset[str]]) -> str:
    inside = list(itertools.takewhile(lambda word: word.raw != ")", words))
    if any(word.plain in _GENDERS for word in inside):
        return "genders"
    if any(word.plain in lists["terms"] for word in inside):
        return "terms"
    return "number" if any(c.isdigit() for word in inside for c in word.raw) else "words"


def _is_head(word: str, lists: Mapping[str, frozenset[str]]) -> bool:
    heads, word = lists["role_heads"], word.removesuffix("'s")
    return (
        word in heads
        or (word.endswith("s") and word[:-1] in heads)
        or any(part in heads for part in re.split(r"[/\-]", word) if len(part) > 2)
    )
