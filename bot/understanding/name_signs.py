"""What speaks for or against a run of words being a name: where it stands, what is around it, how often."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.understanding.layout import Zone
from bot.understanding.spans import Span

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a name may be: as spelled, and its signs. The empty name means that none is given."""

    name: str
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known besides: word lists, kinds of words, and what the rules took (firm, post)."""

    lists: Mapping[str, frozenset[str]]
    kinds: Mapping[str, str] = field(default_factory=dict)
    ruled: tuple[str | None, str | None] = (None, None)


def key_of(name: str, known: Known) -> str:
    """One name however it is spelled: without an article, a legal form, marks and capitals."""
    words = re.sub(r"[^\w&'+/()\- ]", " ", name.casefold().replace("’", "'").replace(".", "")).split()
    while len(words) > 1 and words[0] == "the":
        words = words[1:]
    while len(words) > 1 and words[-1].strip("()") in known.lists["legal_forms"]:
        words = words[:-1]
    return " ".join(words)


def grouped(spans: Iterable[Span], source: str, known: Known) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for span in spans:
        key = key_of(span.spelled(source), known)
        mentions = found.setdefault(key, [])
        if key and all((each.line, each.first) != (span.line, span.first) for each in mentions):
            mentions.append(span)
    found.pop("", None)
    return found


def spelled(spans: Sequence[Span], source: str) -> str:
    """The fullest spelling: with its legal form, not shouted."""
    return max((span.spelled(source) for span in spans), key=lambda name: (not name.isupper(), len(name)))


def surroundings(span: Span, known: Known) -> Iterator[str]:
    zone = span.line.zone
    yield f"in {zone}"
    yield from _cut_off(span, known)
    whole = span.first == 0 and span.last == len(span.line.words)
    before, after = span.before(), span.after()
    if whole:
        yield f"whole {zone}"
    if zone is Zone.SIGN:
        yield f"sign {min(span.line.place, 3)}{' last' if span.line.last else ''}{' whole' if whole else ''}"
        yield f"sign before {_shape(before)} after {_shape(after)}"
        if span.line.last and span.last == len(span.line.words):
            yield "sign end"
    if any(word.plain == "behalf" for word in span.line.words[max(span.first - 4, 0) : span.first]):
        yield "on behalf"
    apart = "cut " if span.cut else ""
    spoken = zone in (Zone.BODY, Zone.TOP, Zone.SUBJECT)
    if spoken:
        yield f"before {before}"
        if before == ":":
            yield f"label {span.before(2)}"
        yield f"after {after}"
        yield f"{apart}between {_shape(before)} {_shape(after)}"
        article = before in known.lists["role_openers"] or before in ('"', "'")
        led, further = (span.before(2), span.before(3)) if article else (before, span.before(2))
        yield f"led {led}"
        yield f"led {further} {led}"
        yield f"led {known.kinds.get(further, '-')} {known.kinds.get(led, led)}"
        yield f"then {after} {span.after(2)}"
        yield f"then {known.kinds.get(after, after)}"
        yield f"{zone} {'opens' if span.opens else 'within'}"
    else:
        yield f"{zone} after {after}"
        yield f"{zone} before {before}"


def _cut_off(span: Span, known: Known) -> Iterator[str]:
    """The words with capitals right beside it, which may be part of the same name."""
    beside = (("before", span.first - 1), ("after", span.last))
    for side, at in beside:
        if 0 <= at < len(span.line.words) and span.line.words[at].capital:
            ordinary = span.line.words[at].plain in known.lists.get("ordinary", ())
            yield f"cut off {side} {'an ordinary word' if ordinary else 'a name'}"
    initial = span.line.words[max(span.first - 2, 0) : span.first]
    if len(initial) == 2 and initial[1].raw == "." and len(initial[0].raw) == 1 and initial[0].capital:
        yield "cut off before an initial"


def _shape(word: str) -> str:
    return word if not word[0].isalnum() or len(word) < 3 else "word"


def numbers(key: str, spans: Sequence[Span], counts: Mapping[str, int]) -> Iterator[str]:
    yield f"times {min(len(spans), 4)}"
    zones = {span.line.zone for span in spans}
    yield f"zones {min(len(zones), 3)}"
    if len(zones) > 1:
        yield f"zones {' '.join(sorted(zones))}"
    if spans and all(span.cut for span in spans):
        yield "always cut"
    padded = f" {key} "
    longer = [other for other in counts if padded in f" {other} " and other != key]
    shorter = [other for other in counts if f" {other} " in padded and other != key]
    if any(counts[other] >= len(spans) for other in longer):
        yield "longer as often"
    if shorter and any(counts[other] > len(spans) for other in shorter):
        yield "shorter more often"
