"""Rules: what an author wrote of one thing to notice, and finding those that apply to a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.dialogue.reading import Risk
from bot.understanding.notation import NUMBER_KEY, STEM_CHARS, Pattern
from bot.understanding.text import Text


class Section(StrEnum):
    """The part of a document a rule stands in: what its patterns tell of."""

    RISK = "risk"
    INTENTS = "intents"
    FEELINGS = "feelings"
    REJECTION = "rejection"
    LETTERS = "letters"
    WHEN = "when"
    PHRASES = "phrases"
    ASKS = "asks"
    TOPICS = "topics"
    TEMPER = "temper"


NO_LEVEL = "none"  # of danger: a figure of speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing to notice. `says` holds what it means, by the section's own keys (level, intent, ...).

    `locale` is the language of the document it stands in.
    """

    id: str
    section: Section
    says: dict[str, str]
    patterns: tuple[Pattern, ...]
    locale: str = "en"
    whole: tuple[Pattern, ...] = ()
    unless: tuple[Pattern, ...] = ()
    unless_near: tuple[Pattern, ...] = ()
    unless_said: tuple[Pattern, ...] = ()
    only_with: tuple[Pattern, ...] = ()
    only_near: tuple[Pattern, ...] = ()
    match: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()

    @property
    def alarms(self) -> bool:
        """Whether what it sees is danger to be answered."""
        return self.section is Section.RISK and Risk(self.says.get("level", NO_LEVEL)).alarms

    @property
    def is_figure(self) -> bool:
        """Whether it sees a figure of speech: what it matches excuses whatever any other rule of its kind saw there."""
        return self.says.get("level") == NO_LEVEL


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that applies, the pattern that said so and where it did in `Text.line`.

    Of a whole-text pattern `start` tells on which core it did: the first is the surest.
    """

    rule: Rule
    pattern: Pattern
    start: int
    end: int
    whole: bool = False


NEAR_CHARS = 400
_DIGITS = frozenset("0123456789")  # the only ones a pattern's # is tried on
TOUCH_CHARS = 120


class _Excuses:
    """What excuses matches, filed as patterns are: of a hundred few are worth trying on any one text."""

    __slots__ = ("_index", "_rules")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._index: Index | None = None

    @classmethod
    def of(cls, rule: Rule) -> _Excuses:
        return cls([replace(rule, patterns=rule.unless, whole=(), unless=())])

    def on(self, held: set[str]) -> list[Pattern]:
        """Those that may match a text that holds these words."""
        if self._index is None:  # made when a rule first matches: most never do in one process
            self._index = Index.of(self._rules)
        return [entry.pattern for entry in self._index.candidates(held)]


@dataclass(frozen=True, slots=True)
class _Entry:
    order: int
    rule: Rule
    pattern: Pattern
    whole: bool
    excuses: tuple[_Excuses, ...]


# The rarest set of which a word must be there too, the other such sets, and what to try.
_Filed = tuple[frozenset[str] | None, tuple[frozenset[str], ...], _Entry]


@dataclass(frozen=True, slots=True)
class Index:
    """Every pattern by a word it cannot match without, so that few are tried on any one text."""

    by_word: dict[str, list[_Filed]] = field(default_factory=dict)
    by_stem: dict[str, list[_Filed]] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> Index:
        index, order = cls(), 0
        figures = [replace(rule, says={}) for rule in rules if rule.is_figure]
        shared = (_Excuses(figures),) if figures else ()
        for rule in rules:
            own = (_Excuses.of(rule),) if rule.unless else ()
            excuses = own + shared if rule.alarms else own
            for pattern, whole in [(p, False) for p in rule.patterns] + [(p, True) for p in rule.whole]:
                rarest = pattern.also[0] if pattern.also else None
                filed = (rarest, pattern.also[1:], _Entry(order, rule, pattern, whole, excuses))
                order += 1
                for key in pattern.keys:
                    index.by_word.setdefault(key, []).append(filed)
                for stem in pattern.stems:
                    index.by_stem.setdefault(stem, []).append(filed)
        return index

    def candidates(self, held: set[str]) -> list[_Entry]:
        """What is worth trying on a text that holds these words."""
        disjoint = held.isdisjoint
        found: dict[int, _Entry] = {}
        for filed in self._filed(held):
            # A plain loop: most of a hundred patterns a text end at the first set.
            for rarest, more, entry in filed:
                if (rarest is None or not disjoint(rarest)) and not (more and any(map(disjoint, more))):
                    found[entry.order] = entry
        return [found[order] for order in sorted(found)]

    def _filed(self, held: set[str]) -> list[list[_Filed]]:
        by_word, by_stem = self.by_word, self.by_stem
        filed = [by_word[word] for word in held if word in by_word]
        # Two words of one stem bring its patterns twice: no harm, and rarer than it is dear to look for.
        filed += [by_stem[stem] for word in held if (stem := word[:STEM_CHARS]) in by_stem]
        if NUMBER_KEY in by_word and not _DIGITS.isdisjoint([word[0] for word in held]):
            filed.append(by_word[NUMBER_KEY])
        return filed


def hits(index: Index, text: Text, cores: Sequence[str] = ()) -> list[Hit]:
    """Every pattern that applies to `text`; whole-text patterns are tried on each of its `cores`."""
    found: list[Hit] = []
    line, held = text.line, set(text.words)
    for entry in index.candidates(held):
        # Most patterns tried find nothing: those cost one search and no more.
        if entry.whole:
            found.extend(_whole(entry, cores))
        elif (first := entry.pattern.regex.search(line)) is not None:
            found.extend(_anywhere(entry, line, held, first))
    return found


def _whole(entry: _Entry, cores: Sequence[str]) -> list[Hit]:
    regex = entry.pattern.regex
    for i, core in enumerate(cores):
        if i and core == cores[i - 1]:
            continue
        found = regex.match(core)
        if found is not None and found.end() == len(core) - 1:
            return [Hit(entry.rule, entry.pattern, i, len(core), True)]
    return []


def _anywhere(entry: _Entry, line: str, held: set[str], found: re.Match[str] | None) -> Iterator[Hit]:
    """The first place that is not excused; for a pattern that takes a name, every such place."""
    rule, regex = entry.rule, entry.pattern.regex
    if not _in_company(rule, line):
        return
    excuses = [pattern for each in entry.excuses for pattern in each.on(held)]
    while found is not None:
        if not _excused(rule, excuses, line, found.start(), found.end()):
            yield Hit(rule, entry.pattern, found.start(), found.end())
            if entry.pattern.slot is None:
                return
        found = regex.search(line, found.end())


def _in_company(rule: Rule, line: str) -> bool:
    """Whether what the rule wants elsewhere in the text is there, and what it does not want is not."""
    if rule.unless_said and any(p.regex.search(line) for p in rule.unless_said):
        return False
    return not rule.only_with or any(p.regex.search(line) for p in rule.only_with)


def _excused(rule: Rule, excuses: Sequence[Pattern], line: str, start: int, end: int) -> bool:
    if excuses and any(_touches(p, line, start, end) for p in excuses):
        return True
    if not (rule.unless_near or rule.only_near):
        return False
    begin, finish = sentence(line, start, end)
    if not all(p.regex.search(line, begin, finish) for p in rule.only_near):
        return True
    return any(p.regex.search(line, begin, finish) for p in rule.unless_near)


def _touches(pattern: Pattern, line: str, start: int, end: int) -> bool:
    # An excuse is at most a few words longer than what it excuses: no need to look further away.
    begin, finish = max(0, start - TOUCH_CHARS), min(len(line), end + TOUCH_CHARS)
    return any(
        found.start() < end and found.end() > start for found in pattern.regex.finditer(line, begin, finish)
    )


def sentence(line: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around a hit begins and ends in a line."""
    # Bounded, so that a text without full stops stays linear.
    low, high = max(0, start - NEAR_CHARS), min(len(line), end + NEAR_CHARS)
    ended = max(line.rfind(" . ", low, start + 1), line.rfind(" ? ", low, start + 1))
    begin = ended + 2 if ended >= 0 else low
    stops = [at for at in (line.find(" . ", end, high), line.find(" ? ", end, high)) if at >= 0]
    return begin, min(stops) + 1 if stops else high
