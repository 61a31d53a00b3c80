"""Rules: what an author wrote of one thing to notice, and finding those that apply to a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.dialogue.reading import Risk
from bot.understanding.needs import NUMBER_KEY
from bot.understanding.notation import Also, Pattern
from bot.understanding.text import Held, Text


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
    name: str = field(init=False)  # where it is told which rules spoke

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"{self.section.value}/{self.id}")

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

    def on(self, held: Held) -> list[Pattern]:
        """Those that may match a text that holds these words."""
        if self._index is None:  # made when a rule first matches: most never do in one process
            self._index = Index.of(self._rules)
        return [entry.pattern for entry in self._index.candidates(held)]


class _Entry:
    """A pattern as it is filed, and what excuses its matches."""

    __slots__ = ("excuses", "most_words", "order", "pattern", "regex", "rule", "whole")
    regex: re.Pattern[str]

    def __init__(
        self, order: int, rule: Rule, pattern: Pattern, whole: bool, excuses: tuple[_Excuses, ...]
    ) -> None:
        self.order, self.rule, self.pattern = order, rule, pattern
        self.whole, self.excuses, self.most_words = whole, excuses, pattern.most_words

    def __getattr__(self, name: str) -> re.Pattern[str]:
        """The regular expression, when it is first asked for: most never are in one process."""
        if name != "regex":
            raise AttributeError(name)
        self.regex = self.pattern.regex
        return self.regex


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
                index._file(_Entry(order, rule, pattern, whole, excuses))
                order += 1
        return index

    def _file(self, entry: _Entry) -> None:
        pattern, usual = entry.pattern, _filed(entry, entry.pattern.also)
        apart = {key: _filed(entry, also) for key, also in pattern.beside.items()}
        for key in pattern.keys:
            self.by_word.setdefault(key, []).append(apart.get(key, usual))
        for stem in pattern.stems:
            self.by_stem.setdefault(stem, []).append(apart.get(stem + "*", usual))

    def candidates(self, held: Held) -> list[_Entry]:
        """What is worth trying on a text that holds these words."""
        disjoint = held.words.isdisjoint
        found: dict[int, _Entry] = {}
        for filed in self._at(held):
            # A plain loop: most of a hundred patterns a text end at the first set.
            for rarest, more, entry in filed:
                if (rarest is None or not disjoint(rarest)) and not (more and any(map(disjoint, more))):
                    found[entry.order] = entry
        return [found[order] for order in sorted(found)] if found else []

    def _at(self, held: Held) -> list[list[_Filed]]:
        by_word, by_stem = self.by_word, self.by_stem
        filed = [by_word[word] for word in held.words if word in by_word]
        if not by_stem.keys().isdisjoint(held.stems):
            filed += [by_stem[stem] for stem in held.stems if stem in by_stem]
        if held.number and NUMBER_KEY in by_word:
            filed.append(by_word[NUMBER_KEY])
        return filed


def _filed(entry: _Entry, also: Also) -> _Filed:
    return (also[0] if also else None, also[1:], entry)


def hits(index: Index, text: Text, cores: Sequence[str] = ()) -> list[Hit]:
    """Every pattern that applies to `text`; whole-text patterns are tried on each of its `cores`, the shortest last."""
    found: list[Hit] = []
    line, held = text.line, text.held
    core_words = cores[-1].count(" ") - 1 if cores else 0
    for entry in index.candidates(held):
        # Most patterns tried find nothing: those cost one search and no more.
        if entry.whole:
            if core_words <= entry.most_words:
                found += _whole(entry, cores)
        elif (first := entry.regex.search(line)) is not None:
            found += _anywhere(entry, line, held, first)
    return found


def _whole(entry: _Entry, cores: Sequence[str]) -> list[Hit]:
    regex = entry.regex
    for i, core in enumerate(cores):
        if i and core == cores[i - 1]:
            continue
        found = regex.match(core)
        if found is not None and found.end() == len(core) - 1:
            return [Hit(entry.rule, entry.pattern, i, len(core), True)]
    return []


def _anywhere(entry: _Entry, line: str, held: Held, first: re.Match[str]) -> list[Hit]:
    """The first place that is not excused; for a pattern that takes a name, every such place."""
    rule, search, places = entry.rule, entry.regex.search, list[Hit]()
    if not _in_company(rule, line):
        return places
    excuses = [pattern for each in entry.excuses for pattern in each.on(held)]
    found: re.Match[str] | None = first
    while found is not None:
        start, end = found.span()
        if not _excused(rule, excuses, line, start, end):
            places.append(Hit(rule, entry.pattern, start, end))
            if entry.pattern.slot is None:
                break
        found = search(line, end)
    return places


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
