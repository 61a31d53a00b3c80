"""The check that a condition asks only for topics that some rule notices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.script.compile import ReadFlow
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.lint_texts import conditions_of

_ASKED_FOR = re.compile(r"""["']([^"']+)["'] (?:not )?in heard\.topics""")


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
