"""The checks that a condition asks for topics some rule notices, and never for words of one language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.script.compile import ReadFlow
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.texts import conditions_of

_ASKED_FOR = re.compile(r"""["']([^"']+)["'] (?:not )?in heard\.topics""")
# "?" is no word: only a literal with letters in it belongs to a language.
_LITERAL = r"""(?:"[^"]*[^\W\d_][^"]*"|'[^']*[^\W\d_][^']*')"""
_THEIR_WORDS = r"heard\.text(?:\s*\|\s*\w+)*"
_COMPARED = re.compile(
    rf"{_LITERAL}\s*(?:(?:not\s+)?in|==|!=)\s*{_THEIR_WORDS}"
    rf"|{_THEIR_WORDS}\s*(?:(?:not\s+)?in|==|!=)\s*[\[(]?\s*{_LITERAL}"
)


def check_topics(flows: tuple[ReadFlow, ...], known: frozenset[str]) -> Iterator[Diagnostic]:
    for flow in flows:
        for name, step in flow.document.steps.items():
            for condition, keys, _ in conditions_of(step):
                for topic in set(_ASKED_FOR.findall(condition)) - known:
                    yield Diagnostic(
                        path=flow.source.path,
                        line=flow.source.line_of(("steps", name, *keys)),
                        code=Code.UNKNOWN_TOPIC,
                        severity=Severity.ERROR,
                        message=f"No rule notices the topic `{topic}`.",
                        remedy="Correct its name, or add a rule under `topics:` in `understanding/en.yaml`.",
                    )


def check_words(flows: tuple[ReadFlow, ...]) -> Iterator[Diagnostic]:
    """What a person wrote is compared with no word of a language: a translation could not change it."""
    for flow in flows:
        for name, step in flow.document.steps.items():
            for condition, keys, _ in conditions_of(step):
                for found in _COMPARED.finditer(condition):
                    yield Diagnostic(
                        path=flow.source.path,
                        line=flow.source.line_of(("steps", name, *keys)),
                        code=Code.WORDS_IN_CONDITION,
                        severity=Severity.ERROR,
                        message=f"The condition compares what was written with words of a language: {found[0]}.",
                        remedy="Add a rule under `topics:` in `understanding/en.yaml` and ask `heard.topics` for it.",
                    )
