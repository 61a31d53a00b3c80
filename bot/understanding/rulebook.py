"""Compiling a document's groups and rules, and the words all of them know."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache

from bot.understanding.document import REQUIRED, Document, RawRule
from bot.understanding.faults import FaultCode, Faults, Path
from bot.understanding.notation import Node as GroupNode
from bot.understanding.notation import Pattern, PatternError, compile_group, compile_pattern
from bot.understanding.plainer import Plainer
from bot.understanding.rules import NO_LEVEL, Rule, Section

_NOT_WORDS = re.compile(r"[^\s()|?]*\*|\{[^}]*\}|\[[^\]]*\]|[()|?^$*]|//|\.{2,3}")


def pattern_words(
    document: Document,
    plain: Callable[[str], tuple[str, ...]],
    sections: Collection[Section] = tuple(Section),
) -> set[str]:
    """Every word that stands in a pattern of these sections or in a group, made plain by `plain`.

    What only begins a word ("suicid*") is none: it is a slip of the whole.
    """
    sources = [s for group in document.groups.values() for s in group]
    for rule in document.rules:
        if rule.section not in sections:
            continue
        sources += [
            s for key, found in rule.sources.items() if key not in ("match", "but_not") for s in found
        ]
    written = {word for source in dict.fromkeys(sources) for word in _NOT_WORDS.sub(" ", source).split()}
    return {word for each in written for word in plain(each)}


def compile_rules(document: Document, plainer: Plainer, faults: Faults) -> list[Rule]:
    """Compile a document's rules in the order written; faulty patterns are reported and left out."""

    @cache  # the same few thousand words stand in every pattern
    def normalise(source: str) -> tuple[str, ...]:
        return tuple(word for word in plainer.words(source) if word not in ".?")

    groups = _compile_groups(document, normalise, faults)
    rules, seen = [], set[str]()
    for raw in document.rules:
        if raw.id in seen:
            faults.add(raw.path, FaultCode.DUPLICATE_ID, f"a second rule {raw.id!r}", "give each its own id")
            continue
        seen.add(raw.id)
        rule = _compile_rule(document, raw, groups, normalise, faults)
        if REQUIRED.get(raw.section) in {
            None,
            *raw.says,
        }:  # else it tells of nothing there is, and that was said
            rules.append(rule)
    return rules


def _compile_groups(
    document: Document, normalise: Callable[[str], tuple[str, ...]], faults: Faults
) -> dict[str, GroupNode]:
    """Groups may use those written above them."""
    groups: dict[str, GroupNode] = {}
    for name, sources in document.groups.items():
        good = []
        for i, source in enumerate(sources):
            try:
                compile_group([source], groups, normalise)
            except PatternError as error:
                _report((document.locale, "words", name, i), source, error, faults)
            else:
                good.append(source)
        if good:
            groups[name] = compile_group(good, groups, normalise)
    return groups


def _compile_rule(
    document: Document,
    raw: RawRule,
    groups: dict[str, GroupNode],
    normalise: Callable[[str], tuple[str, ...]],
    faults: Faults,
) -> Rule:
    def patterns(key: str, not_over: frozenset[str] = frozenset()) -> tuple[Pattern, ...]:
        found = []
        for i, source in enumerate(raw.sources.get(key, ())):
            try:
                found.append(compile_pattern(source, groups, normalise, not_over=not_over))
            except PatternError as error:
                _report((*raw.path, key, i), source, error, faults)
        return tuple(found)

    # "She knows I want to die" is not "she wants to die": what excuses danger does not reach past a speaker.
    speaker = document.words_in("speaker") if raw.section is Section.RISK else frozenset()
    return Rule(
        id=raw.id,
        locale=document.locale,
        section=raw.section,
        says=raw.says,
        patterns=patterns("patterns", speaker if raw.says.get("level") == NO_LEVEL else frozenset()),
        whole=patterns("whole"),
        unless=patterns("unless", speaker),
        unless_near=patterns("unless_near"),
        unless_said=patterns("unless_said"),
        only_with=patterns("only_with"),
        only_near=patterns("only_near"),
        match=tuple(raw.sources.get("match", ())),
        but_not=tuple(raw.sources.get("but_not", ())),
    )


def _report(path: Path, source: str, error: PatternError, faults: Faults) -> None:
    remedy = "see the notation at the head of the English document"
    faults.add(path, FaultCode.PATTERN, f"cannot read the pattern {source!r}: {error}", remedy)
