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
from types import MappingProxyType
from typing import NamedTuple

from bot.understanding.needs import NUMBER_KEY, Need, Needs, all_of, beside_of, need_of, one_of, rarest
from bot.understanding.spelling import bare

MAX_WORD_CHARS = 40
_WORD = rf" [^ .?]{{1,{MAX_WORD_CHARS}}}"
_MOST_WORDS = {"...": 4, "..": 2}
_GAPS = {gap: f"(?:{_WORD}){{0,{most}}}?" for gap, most in _MOST_WORDS.items()}
_MARKS = {
    "//": " [.?]",
    "#": " [0-9]{1,9}",
    "#:#": " [0-9]{1,2}:[0-9]{2}",
    "^": r"(?:\A|(?<= [.?]))",
    "$": r"(?= [.?] | \Z)",
}
_LEXEME = re.compile(r"\s+|\.\.\.|\.\.|//|#:#|[()|?^$#]|\{[a-z_-]+\}|\[[a-z]+\]|[^\s()|?^$#{}\[\]]+")
Also = tuple[frozenset[str], ...]  # of each set one word
_NOTHING_APART: Mapping[str, Also] = MappingProxyType({})


class PatternError(ValueError):
    """A pattern that cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. It can only match a text that holds one of `keys` (or of `stems`, first letters),
    and one word of every set in `also`: cheaper to see than to try the expression. A key that is in `beside` has such
    sets of its own. It matches at most so many words.

    Its regular expression is made when a text first holds one: most never do in one process, and a start is short.
    """

    source: str
    expression: str
    keys: frozenset[str]
    stems: frozenset[str]
    also: Also
    beside: Mapping[str, Also]
    most_words: int
    slot: str | None
    slot_leads: bool

    @property
    def regex(self) -> re.Pattern[str]:
        return _made(self.expression)


@cache
def _made(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


class Node(NamedTuple):
    """A piece of a pattern: its regular expression, what a text must hold, and how many words it matches at most."""

    regex: str
    needs: Needs = ()
    most_words: int = 0


STEM_CHARS = 4


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
    best = rarest(node.needs)
    stems = frozenset(word for word in best.words if word[-1] == "*")
    return Pattern(
        source=source,
        expression=node.regex + "(?= )",
        keys=best.words - stems if stems else best.words,
        stems=frozenset(stem[:-1] for stem in stems),
        also=_sets(beside_of("", best, node.needs)),
        beside=_beside(best, node.needs),
        most_words=node.most_words,
        slot=slot,
        slot_leads=leads,
    )


def _beside(best: Need, needs: Needs) -> Mapping[str, Also]:
    """What stands beside those keys for which it isn't the same as for the others."""
    apart = {
        word for need in needs if need is not best for word in best.words & need.words
    } | best.beside.keys()
    return {word: _sets(beside_of(word, best, needs)) for word in apart} if apart else _NOTHING_APART


def _sets(needs: Needs) -> Also:
    return tuple(need.words for need in needs)


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


def _sequence(nodes: list[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    expressions, needs, most_words = zip(*nodes, strict=True)
    return Node("".join(expressions), all_of(needs), sum(most_words))


def _choice(nodes: list[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    expressions, needs, most_words = zip(*nodes, strict=True)
    return Node(f"(?:{'|'.join(expressions)})", one_of(needs), max(most_words))


_END = ""  # after a pattern's last piece
_ENDS_ITEMS = frozenset(("|", ")", _END))


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
        if self._lexemes[self._at] != _END:
            raise PatternError(f"unexpected {self._lexemes[self._at]!r}")
        return node

    def _choices(self) -> Node:
        branches = [self._items()]
        while self._lexemes[self._at] == "|":
            self._at += 1
            branches.append(self._items())
        return _choice(branches)

    def _items(self) -> Node:
        lexemes, nodes = self._lexemes, list[Node]()
        while (lexeme := lexemes[self._at]) not in _ENDS_ITEMS:
            self._at += 1
            node = self._atom(lexeme)
            if lexemes[self._at] == "?":
                self._at += 1
                node = Node(f"(?:{node.regex})?", (), node.most_words)
            nodes.append(node)
        if not nodes:
            raise PatternError("an empty choice")
        return _sequence(nodes)

    def _atom(self, lexeme: str) -> Node:
        if lexeme[0].isalpha():
            return self._word(lexeme)
        if lexeme == "(":
            node = self._choices()
            if self._lexemes[self._at] != ")":
                raise PatternError("a ( without its )")
            self._at += 1
            return node._replace(regex=f"(?:{node.regex})")
        if lexeme in self._gaps:
            return Node(self._gaps[lexeme], (), _MOST_WORDS[lexeme])
        if lexeme in _MARKS:
            return Node(_MARKS[lexeme], (need_of(NUMBER_KEY),) if lexeme[0] == "#" else (), 1)
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
            return Node(f" {stem}[^ .?]{{0,20}}", (need_of(stem[:STEM_CHARS] + "*"),), 1)
        words = self._normalise(lexeme)
        if not words:
            raise PatternError(f"nothing left of {lexeme!r} once it is normalised")
        return _exactly(words)


@cache  # the same few thousand words stand in every pattern
def _exactly(words: tuple[str, ...]) -> Node:
    return _sequence([Node(" " + re.escape(w), (need_of(w),), 1) for w in words])


def _lexemes(source: str) -> list[str]:
    """The pieces of a pattern without the spaces between them, and `_END`."""
    found = _LEXEME.findall(source)
    if sum(map(len, found)) != len(source):
        raise _unreadable(source)
    return [lexeme for lexeme in found if not lexeme.isspace()] + [_END]


def _unreadable(source: str) -> PatternError:
    at = 0
    while (match := _LEXEME.match(source, at)) is not None:
        at = match.end()
    return PatternError(f"cannot read {source[at : at + 12]!r}")
