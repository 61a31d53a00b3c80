"""Where in a letter a firm's or a post's name may stand: every run of words that could be one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.layout import Line, Word, Zone

MAX_RUN = 14
MAX_SPANS = 400  # of one letter
MAX_FIRM_WORDS = 8
MAX_POST_WORDS = 11
MAX_BRACKETED = 5  # words in brackets that belong to a title
MAX_LED = 6  # words of a title written small, before its kind of work
_FIRM_JOINS = frozenset(
    "of for and & the de la du do da dos das di et und og van von der den del y e + ' -".split()
)
_POST_JOINS = frozenset("of for and & the in to with on a an de / + - – — , ( ) at within".split())
_SHORTENED = frozenset(
    "inc ltd co corp a.s b.v n.v s.a s.r.o s.p.a e.v z.o.o o.o s.l d.o.o s.r.l k.k".split()
)
_SMALL_FORMS = frozenset(
    "plc gmbh ltd inc llc limited a.s s.r.o b.v n.v e.v z o.o z.o.o s.p.a d.o.o bv nv".split()
)
_INITIALS = re.compile(r"(?:[a-z]\.){1,4}[a-z]")
_REFERENCE = re.compile(r"(?!20[1-4]\d$)\d{3}|\d{5}|^#")
_MYSELF = frozenset("i i'm i've i'll i'd".split())
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th|d)", re.IGNORECASE)
_WITHIN_SMALL = frozenset("in saturday sunday".split())
_SENTENCE = frozenset(".!?:;…")
_ROMAN = re.compile(r"(?:[iv]{1,4}|ix|\d{1,3}[a-z]?)(?:[/\-](?:[ivx]{1,4}|\d{1,3}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """Words `first` up to, but not with, `last` of a line."""

    line: Line
    first: int
    last: int
    cut: bool = False  # a part of a longer run

    @property
    def words(self) -> tuple[Word, ...]:
        return self.line.words[self.first : self.last]

    def spelled(self, source: str) -> str:
        end = self.words[-1].end
        last = self.words[-1].plain
        shortened = source[end : end + 1] == "." and (last in _SHORTENED or _INITIALS.fullmatch(last))
        end += bool(shortened)
        return " ".join(source[self.words[0].start : end].split())

    def before(self, steps: int = 1) -> str:
        """The word so many before it in its sentence; "^" where there is none."""
        at = self.first - steps
        between = self.line.words[max(at, 0) : self.first]
        if at < 0 or any(word.raw in _SENTENCE and word.raw != ":" for word in between):
            return "^"
        return self.line.words[at].plain

    def after(self, steps: int = 1) -> str:
        """The word so many after it; "$" at its line's end."""
        at = self.last + steps - 1
        return self.line.words[at].plain if at < len(self.line.words) else "$"

    @property
    def opens(self) -> bool:
        """Whether a sentence begins with it."""
        return self.first == 0 or self.line.words[self.first - 1].raw in _SENTENCE


def firm_spans(lines: Sequence[Line], lists: Mapping[str, frozenset[str]]) -> list[Span]:
    """Runs of words with capitals, and the parts of them that may be a firm's name by themselves."""
    found: list[Span] = []
    for line in lines:
        for first, last in _runs(line, _FIRM_JOINS, lists["legal_forms"]):
            found += _parts_of_firm(line, first, last, lists)
        letters = any(word.raw.isalpha() for word in line.words)
        if line.zone is Zone.SIGN and letters and not any(w.capital or "@" in w.raw for w in line.words):
            found.append(Span(line, 0, len(line.words)))  # who writes all small signs small
        if len(found) > MAX_SPANS:
            break
    return found


def _runs(line: Line, joins: frozenset[str], legal: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The longest runs of words with capitals, held together by small words between them."""
    words, at = line.words, 0
    while at < len(words):
        if not _named(words[at]):
            at += 1
            continue
        last = _run_end(words, at, joins, legal)
        yield at, last
        at = last


def _run_end(words: Sequence[Word], first: int, joins: frozenset[str], legal: frozenset[str]) -> int:
    last = end = first + 1
    while end < len(words) and end - first < MAX_RUN:
        if _belongs(words, end, last, joins, legal):
            last = end + 1
        elif not _leads_on(words, end, legal) and (
            words[end].plain not in joins or end - last >= 2 or (legal and _spaced_dash(words, end))
        ):
            break  # a dash between spaces parts firms, and joins what belongs to a title
        end += 1
    return last


def _belongs(words: Sequence[Word], at: int, last: int, joins: frozenset[str], legal: frozenset[str]) -> bool:
    word, before = words[at], words[at - 1].raw
    numbered = _ROMAN.fullmatch(word.raw) and before not in joins
    form = legal and word.plain in _SMALL_FORMS and (at == last or before == ".")
    return bool(_named(word) or numbered or form)


def _leads_on(words: Sequence[Word], at: int, legal: frozenset[str]) -> bool:
    """Whether a mark stands inside a name: "Acme, Inc.", "Acme Co., Ltd.", "St. Mary's", "Acme (UK) Ltd."."""
    if at + 1 >= len(words) or words[at].raw not in (",", ".", "(", ")"):
        return False
    further = words[at + 1].plain
    if words[at].raw == "(":
        closed = words[at + 2 : at + 3]
        return bool(closed) and closed[0].raw == ")" and _leads_on(words, at + 2, legal)
    if words[at].raw in (",", ")"):
        return further in legal
    if words[at - 1].plain in _SHORTENED and further in legal:
        return True  # GmbH & Co. KG
    if further == ",":
        return at + 2 < len(words) and words[at + 2].plain in legal
    return _inner_stop(words, at)


def _named(word: Word) -> bool:
    if word.plain in _MYSELF:
        return False
    return (word.capital and "@" not in word.raw[:-1]) or _ORDINAL.fullmatch(word.raw) is not None


def _inner_stop(words: Sequence[Word], at: int) -> bool:
    before, after = words[at - 1], words[at + 1]
    if after.plain in _SMALL_FORMS:
        return True  # Sp. z o.o.
    touching = (
        after.start == words[at].end
        or (len(before.raw) == 1 and before.raw.isalpha())
        or before.plain in ("st", "mt", "dr", "sr", "jr", "asst", "no")
    )
    return touching and after.capital


def _spaced_dash(words: Sequence[Word], at: int) -> bool:
    return words[at].raw in ("-", "–", "—", "+", "'") and words[at - 1].end < words[at].start


def _parts_of_firm(line: Line, first: int, last: int, lists: Mapping[str, frozenset[str]]) -> Iterator[Span]:
    words, desks = line.words, lists["desks"]
    starts, ends = {first}, {last}
    for at in range(first + 1, last):
        if words[at].plain in _FIRM_JOINS:
            starts.add(at + 1)
            ends.add(at)
    at = first
    while at < last - 1 and (words[at].plain in desks or words[at].plain in lists["leads"] or at == first):
        at += 1
        starts.add(at)
    for end in tuple(ends):
        ends.update(_without_desks(words, first, end, desks))
    for start in sorted(starts):
        for end in sorted(ends):
            whole = (start, end) == (first, last)
            led = words[start].plain == "the" and (start == 0 or words[start - 1].raw in _SENTENCE)
            if led and (line.zone in (Zone.BODY, Zone.TOP) or end != last):
                continue  # "The" opens the sentence, or leads to the team
            if 0 < end - start <= MAX_FIRM_WORDS and _named(words[start]) and words[end - 1].is_word:
                yield Span(line, start, end, cut=not whole)


def _without_desks(words: Sequence[Word], first: int, end: int, desks: frozenset[str]) -> Iterator[int]:
    while end > first + 1 and (words[end - 1].plain in desks or words[end - 1].raw.isdigit()):
        end -= 1
        yield end


def post_spans(lines: Sequence[Line], lists: Mapping[str, frozenset[str]]) -> list[Span]:
    """Runs with capitals, with what belongs to them in brackets or behind a comma; and what is written small."""
    found: list[Span] = []
    for line in lines:
        if line.zone in (Zone.FROM, Zone.GREETING, Zone.CLOSING, Zone.FOOT):
            continue
        for first, last in _runs(line, _POST_JOINS, frozenset()):
            found += _parts_of_post(line, first, last, lists)
        found += _small_posts(line, lists)
        if len(found) > MAX_SPANS:
            break
    return found


def _parts_of_post(line: Line, first: int, last: int, lists: Mapping[str, frozenset[str]]) -> Iterator[Span]:
    words = line.words
    if last < len(words) and words[last].raw == ")":
        last += 1
    breaks = [at for at in range(first, last) if words[at].plain in _POST_JOINS or not words[at].is_word]
    ends = {end for at in (*breaks, last) if (end := _closed(words, at))}
    starts = {first, first + 1} | {at + 1 for at in breaks}
    starts |= {at + 1 for at in range(first, last) if words[at].plain in lists["leads"]}
    ends |= {last} | set(breaks) | {at + 1 for at in breaks if words[at].raw == ")"}
    ends |= {at for at in range(first, last) if words[at].plain in lists["role_ends"] or _is_count(words, at)}
    ends |= {at + 1 for at in range(first, last) if words[at].plain in lists["role_heads"]}
    for start in sorted(starts):
        for end in sorted(ends):
            if 0 < end - start <= MAX_POST_WORDS and start < len(words) and _is_whole(words[start:end]):
                yield Span(line, start, end, cut=(start, end) != (first, last))


def _is_count(words: Sequence[Word], at: int) -> bool:
    """Whether it says how many are sought: "Loader x 3", "Loader x3"."""
    return words[at].plain == "x" or re.fullmatch(r"x\d{1,2}", words[at].plain) is not None


def _closed(words: Sequence[Word], at: int) -> int | None:
    """The end of what stands in brackets from here on."""
    if at < len(words) and words[at].raw == "(":
        closes = (
            end + 1 for end in range(at + 2, min(at + 2 + MAX_BRACKETED, len(words))) if words[end].raw == ")"
        )
        return next(closes, None)
    return None


def _is_whole(words: Sequence[Word]) -> bool:
    """Whether it begins and ends as a title may, its brackets close, and no reference number stands in it."""
    if any(_REFERENCE.search(word.raw) for word in words):
        return False
    opened = sum(word.raw == "(" for word in words)
    closed = sum(word.raw == ")" for word in words)
    ends = words[-1].is_word or words[-1].raw == ")"
    small = words[-1].plain in _POST_JOINS and words[-1].raw != ")"
    return (
        words[0].is_word
        and ends
        and opened == closed
        and not small
        and words[0].plain not in ("the", "a", "an")
    )


def _small_posts(line: Line, lists: Mapping[str, frozenset[str]]) -> Iterator[Span]:
    words = line.words
    for at, word in enumerate(words):
        if not (word.plain in lists["role_heads"] or _one_of(word.plain, lists)):
            continue
        first = at
        while True:
            yield from (Span(line, first, end, cut=True) for end in _small_ends(words, at, lists))
            if first == 0 or at - first >= MAX_LED or not _of_small(words[first - 1], lists):
                break
            first -= 1


def _one_of(word: str, lists: Mapping[str, frozenset[str]]) -> bool:
    """Several of a kind of work: "baristas"."""
    return word.endswith("s") and word[:-1] in lists["role_heads"]


def _of_small(word: Word, lists: Mapping[str, frozenset[str]]) -> bool:
    closed = word.plain in lists["not_role"] or word.plain in lists["role_openers"]
    odd = not word.is_word or "@" in word.raw or _REFERENCE.search(word.raw)
    return not odd and (not closed or word.plain in _WITHIN_SMALL)


def _small_ends(words: Sequence[Word], head: int, lists: Mapping[str, frozenset[str]]) -> Iterator[int]:
    end = head + 1
    yield end
    if (closed := _closed(words, end)) is not None and _is_whole(words[head:closed]):
        yield closed
    if end < len(words) and (_ROMAN.fullmatch(words[end].raw) or words[end].plain in lists["role_heads"]):
        yield end + 1
    if end + 1 < len(words) and words[end].plain in ("of", "in", "for"):
        for last in range(end + 2, min(end + 5, len(words) + 1)):
            if not words[last - 1].is_word:
                break
            yield last
