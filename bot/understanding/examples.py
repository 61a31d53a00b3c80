"""A rule's own sentences: those it must see and those it must leave alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.understanding.document import Document
from bot.understanding.faults import Fault, FaultCode
from bot.understanding.read import Understanding
from bot.understanding.rules import Index, Rule, Section, hits


def example_faults(
    understanding: Understanding, locale: str, document: Document, rules: Sequence[Rule]
) -> Iterator[Fault]:
    """A fault for each `match` sentence a rule misses and each `but_not` sentence it sees."""
    paths = {raw.id: raw.path for raw in document.rules}
    for rule in rules:
        if rule.section is Section.PHRASES:
            continue
        name = rule.name
        for i, sentence in enumerate(rule.match):
            reading = understanding.read(sentence, locale)
            if rule.is_figure and reading.risk.alarms:
                yield Fault(
                    path=(*paths[rule.id], "match", i),
                    code=FaultCode.COUNTER_EXAMPLE_MATCHED,
                    message=f"{sentence!r} alarms, {rule.id} or not",
                    remedy="write the figure as far as the words that alarm",
                )
            if name not in reading.rules:
                yield Fault(
                    path=(*paths[rule.id], "match", i),
                    code=FaultCode.EXAMPLE_MISSED,
                    message=f"{rule.id} does not see {sentence!r}",
                    remedy="widen a pattern, or move the sentence to the rule that should see it",
                )
        for i, sentence in enumerate(rule.but_not):
            if name in understanding.read(sentence, locale).rules:
                yield Fault(
                    path=(*paths[rule.id], "but_not", i),
                    code=FaultCode.COUNTER_EXAMPLE_MATCHED,
                    message=f"{rule.id} sees {sentence!r}",
                    remedy="narrow the pattern, or excuse the words around it under unless:",
                )


def phrase_faults(understanding: Understanding, document: Document, rules: Sequence[Rule]) -> Iterator[Fault]:
    """A fault for each phrase without an example, and for each example another family sees, or its own does not."""
    phrases = [rule for rule in rules if rule.section is Section.PHRASES]
    paths = {raw.id: raw.path for raw in document.rules}
    index = Index.of(phrases)
    for rule in phrases:
        path, family = paths[rule.id], rule.says["family"]
        if not rule.match:
            remedy = "add a sentence under match: that this phrase must see"
            yield Fault(
                path=path, code=FaultCode.NO_EXAMPLE, message=f"{rule.id} has no example", remedy=remedy
            )
        for i, sentence in enumerate(rule.match):
            seen = {
                hit.rule.id: hit.rule.says["family"]
                for hit in hits(index, understanding.plainer.plain(sentence))
            }
            at = (*path, "match", i)
            if rule.id not in seen:
                remedy = "widen a pattern, or move the sentence to the phrase that should see it"
                yield Fault(
                    path=at,
                    code=FaultCode.EXAMPLE_MISSED,
                    message=f"{rule.id} does not see {sentence!r}",
                    remedy=remedy,
                )
            if others := sorted(set(seen.values()) - {family}):
                message = f"{sentence!r} is seen by {', '.join(others)} as well"
                remedy = "narrow the patterns of one, or make the example plainer"
                yield Fault(path=at, code=FaultCode.OTHER_FAMILY, message=message, remedy=remedy)
