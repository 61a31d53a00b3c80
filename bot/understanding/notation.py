"""The pattern notation of the understanding documents, turned into bounded regular expressions.

A pattern is written as a person would say it:

    (want|wish) to die      a choice                 really?      a word that may be missing
    {wish} die              a group from `words`     (so much)?   a phrase that may be missing
    not ... anymore         up to four words between suicid*      any ending
    kill .. myself          up to two words between  ^ and $      where a sentence begins and ends
    // a sentence's end between two words            # and #:#    a number, a time
    [company] a name to take, first or last in the pattern

A pattern is matched against `Text.line`: words in lower case with one space around each, and `.` or `?`
where a sentence ends. Every quantifier has an upper bound, so time stays linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from bot.understanding.spelling import bare

MAX_WORD_CHARS = 40
_WORD = rf" [^ .?]{{1,{MAX_WORD_CHARS}}}"
_GAPS = {"...": f"(?:{_WORD}){{0,4}}?", "..": f"(?:{_WORD}){{0,2}}?"}
_MARKS = {
    "//": " [.?]",
    "#": " [0-9]{1,9}",
    "#:#": " [0-9]{1,2}:[0-9]{2}",
    "^": r"(?:\A|(?<= [.?]))",
    "$": r"(?= [.?] | \Z)",
}
_LEXEME = re.compile(r"\s+|\.\.\.|\.\.|//|#:#|[()|?^$#]|\{[a-z_-]+\}|\[[a-z]+\]|[^\s()|?^$#{}\[\]]+")

# Words in most texts: bad keys for finding the patterns worth trying. Matching itself is not affected.
_COMMON = frozenset(
    "i a an the and or but to of in on at for with from by is am are was were be been it its this that they "
    "them he she you we me my your our his her so just not no do did does have has had get got go going if "
    "can will would could what how all up out like know now more about there when want as too".split()
)


class PatternError(ValueError):
    """A pattern that cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. It can only match a text that holds one of `keys` (or of `stems`, first letters),
    and one word of every set in `also`: cheaper to see than to try the expression.

    Its regular expression is made when a text first holds one: most never do in one process, and a start is short.
    """

    source: str
    expression: str
    keys: frozenset[str]
    stems: frozenset[str]
    also: tuple[frozenset[str], ...]
    slot: str | None
    slot_leads: bool

    @property
    def regex(self) -> re.Pattern[str]:
        return _made(self.expression)


@cache
def _made(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


class Node(NamedTuple):
    """A piece of a pattern: its regular expression and sets of words; it needs one word of each."""

    regex: str
    needs: tuple[frozenset[str], ...] = ()


STEM_CHARS = 4
MAX_ALSO = 3
NUMBER_KEY = "#"  # stands for every word that begins with a digit


def compile_pattern(
    source: str,
    groups: Mapping[str, Node],
    normalise: Callable[[str], tuple[str, ...]],
    *,
    not_over: frozenset[str] = frozenset(),
) -> Pattern:
    """Compile one pattern, whose gaps pass over no word of `not_over`. Raises `PatternError`."""
    body, slot, leads = _take_slot(source)
    node = _Parser(body, groups, normalise, _gaps(not_over)).whole()
    if not node.needs:
        raise PatternError("no word that must be there")
    best = min(node.needs, key=_weight)
    return Pattern(
        source=source,
        expression=node.regex + "(?= )",
        keys=frozenset(n for n in best if not n.endswith("*")),
        stems=frozenset(n[:-1] for n in best if n.endswith("*")),
        also=_rarest(node.needs, best),
        slot=slot,
        slot_leads=leads,
    )


def compile_group(
    sources: list[str], groups: Mapping[str, Node], normalise: Callable[[str], tuple[str, ...]]
) -> Node:
    """Compile the entries of one named group, for use inside patterns as `{name}`."""
    return _choice([_Parser(source, groups, normalise).whole() for source in sources])


@cache
def _gaps(not_over: frozenset[str]) -> Mapping[str, str]:
    if not not_over:
        return _GAPS
    stop = f" (?!(?:{'|'.join(re.escape(word) for word in sorted(not_over))}) )"
    return {mark: gap.replace("(?: ", f"(?:{stop}", 1) for mark, gap in _GAPS.items()}


def _take_slot(source: str) -> tuple[str, str | None, bool]:
    found = re.findall(r"\[([a-z]+)\]", source)
    if not found:
        return source, None, False
    mark = f"[{found[0]}]"
    text = source.strip()
    if len(found) > 1 or not (text.startswith(mark) or text.endswith(mark)):
        raise PatternError("[...] may stand once, first or last")
    leads = text.startswith(mark)
    return text.removeprefix(mark) if leads else text.removesuffix(mark), found[0], leads


_HEAVY = _COMMON | {NUMBER_KEY}


@cache  # the same sets, of one word mostly, are weighed by the thousand
def _weight(needs: frozenset[str]) -> int:
    return len(needs) + 199 * len(needs & _HEAVY)


def _rarest(needs: tuple[frozenset[str], ...], best: frozenset[str]) -> tuple[frozenset[str], ...]:
    """The sets worth looking at before the expression is tried: whole words only, the best one is known."""
    plain = {n for n in needs if n != best and not any(w.endswith("*") or w == NUMBER_KEY for w in n)}
    return tuple(sorted(plain, key=lambda n: (_weight(n), sorted(n))))[:MAX_ALSO]


def _sequence(nodes: list[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    needs = dict.fromkeys(need for node in nodes for need in node.needs)
    return Node("".join(n.regex for n in nodes), tuple(needs))


def _choice(nodes: list[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    regex = "(?:" + "|".join(n.regex for n in nodes) + ")"
    if not all(node.needs for node in nodes):
        return Node(regex)
    return Node(regex, (frozenset().union(*(min(node.needs, key=_weight) for node in nodes)),))


_ENDS_ITEMS = frozenset("|)")


class _Parser:
    """A recursive-descent reader of one pattern."""

    def __init__(
        self,
        source: str,
        groups: Mapping[str, Node],
        normalise: Callable[[str], tuple[str, ...]],
        gaps: Mapping[str, str] = _GAPS,
    ) -> None:
        self._groups = groups
        self._normalise = normalise
        self._gaps = gaps
        self._lexemes = _lexemes(source)
        self._at = 0

    def whole(self) -> Node:
        node = self._choices()
        if self._at < len(self._lexemes):
            raise PatternError(f"unexpected {self._lexemes[self._at]!r}")
        return node

    def _peek(self) -> str | None:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else None

    def _choices(self) -> Node:
        branches = [self._items()]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._items())
        return _choice(branches)

    def _items(self) -> Node:
        nodes: list[Node] = []
        while (lexeme := self._peek()) is not None and lexeme not in _ENDS_ITEMS:
            self._at += 1
            node = self._atom(lexeme)
            if self._peek() == "?":
                self._at += 1
                node = Node(f"(?:{node.regex})?")
            nodes.append(node)
        if not nodes:
            raise PatternError("an empty choice")
        return _sequence(nodes)

    def _atom(self, lexeme: str) -> Node:
        if lexeme == "(":
            node = self._choices()
            if self._peek() != ")":
                raise PatternError("a ( without its )")
            self._at += 1
            return Node(f"(?:{node.regex})", node.needs)
        if lexeme in self._gaps:
            return Node(self._gaps[lexeme])
        if lexeme in _MARKS:
            return Node(_MARKS[lexeme], (frozenset({NUMBER_KEY}),) if lexeme[0] == "#" else ())
        if lexeme.startswith("{"):
            return self._group(lexeme[1:-1])
        if lexeme == "?":
            raise PatternError("a ? with nothing before it")
        return self._word(lexeme)

    def _group(self, name: str) -> Node:
        if name not in self._groups:
            raise PatternError(f"no group called {name!r}")
        return self._groups[name]

    def _word(self, lexeme: str) -> Node:
        if lexeme.endswith("*"):
            stem = bare(lexeme[:-1])  # as in the texts it is held against
            if len(stem) < STEM_CHARS or not stem.isalnum():
                raise PatternError(f"{lexeme!r}: a * needs at least {STEM_CHARS} letters before it")
            return Node(f" {stem}[^ .?]{{0,20}}", (frozenset({stem[:STEM_CHARS] + "*"}),))
        words = self._normalise(lexeme)
        if not words:
            raise PatternError(f"nothing left of {lexeme!r} once it is normalised")
        return _exactly(words)


@cache  # the same few thousand words stand in every pattern
def _exactly(words: tuple[str, ...]) -> Node:
    return _sequence([Node(" " + re.escape(w), (frozenset({w}),)) for w in words])


def _lexemes(source: str) -> list[str]:
    found = _LEXEME.findall(source)
    if len("".join(found)) != len(source):
        at = _read_until(source)
        raise PatternError(f"cannot read {source[at : at + 12]!r}")
    return [lexeme for lexeme in found if not lexeme.isspace()]


def _read_until(source: str) -> int:
    at = 0
    while (match := _LEXEME.match(source, at)) is not None:
        at = match.end()
    return at
