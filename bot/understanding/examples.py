"""A rule's own sentences: those it must see and those it must leave alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.understanding.document import Document
from bot.understanding.faults import Fault, FaultCode
from bot.understanding.read import Understanding
from bot.understanding.rules import Rule


def example_faults(
    understanding: Understanding, locale: str, document: Document, rules: Sequence[Rule]
) -> Iterator[Fault]:
    """A fault for each `match` sentence a rule misses and each `but_not` sentence it sees."""
    paths = {raw.id: raw.path for raw in document.rules}
    for rule in rules:
        name = f"{rule.section}/{rule.id}"
        for i, sentence in enumerate(rule.match):
            if name not in understanding.read(sentence, locale).rules:
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
