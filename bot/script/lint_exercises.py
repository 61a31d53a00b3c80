"""The checks that whatever tells the exercises apart knows them all: one forgotten would be taken for another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.dialogue.exercises import Exercise
from bot.script.compile import ReadFlow
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.documents import LineDocument, StepDocument
from bot.script.place import fault_in
from bot.script.source import KeyPath

_NAMED = re.compile(r"""==\s*["']([a-z-]+)["']""")
_ALL = {str(each) for each in Exercise}
_A_LIST = len(_ALL) // 2  # a place that names so many tells them apart
_EVIDENCE = ("plain", "source", "caution")


def check_exercises(flows: tuple[ReadFlow, ...]) -> Iterator[Diagnostic]:
    """Yield an error for every list of exercises that lacks some, a warning for each of which /why tells too little."""
    for flow in flows:
        for name, step in flow.document.steps.items():
            for keys, named in _lists(step):
                lacking = _ALL - named
                if lacking and len(_ALL & named) >= _A_LIST:
                    yield _lacks(flow, ("steps", name, *keys), f"lacks {_told(lacking)}")
        named = {name for name in _ALL if f"v-{name}" in flow.document.labels}
        if len(named) >= _A_LIST and (unnamed := _ALL - named):
            labels = {f"v-{name}" for name in unnamed}
            yield _lacks(flow, ("labels",), f"has no label {_told(labels)}")
        if flow.document.flow == "why":
            yield from _untold(flow)


def _lists(step: StepDocument) -> Iterator[tuple[KeyPath, set[str]]]:
    """The places of a step that may tell exercises apart: branches, a line's cases, buttons."""
    if isinstance(step.go, list):
        yield ("go",), {name for branch in step.go for name in _NAMED.findall(branch.condition or "")}
    if isinstance(step.say, dict):
        for key, line in step.say.items():
            if isinstance(line, LineDocument) and line.cases:
                yield (
                    ("say", key),
                    {name for case in line.cases.values() for name in _NAMED.findall(case.when or "")},
                )
    if step.ask is not None and step.ask.choice:
        yield ("ask", "choice"), set(step.ask.choice)


def _untold(flow: ReadFlow) -> Iterator[Diagnostic]:
    for name in sorted(_ALL):
        step = flow.document.steps.get(name)
        said = step.say if step is not None and isinstance(step.say, dict) else {}
        if missing := [part for part in _EVIDENCE if part not in said]:
            keys = ("steps", name) if step else ("steps",)
            yield _lacks(flow, keys, f"tells no {_told(missing)} of `{name}`", Severity.WARNING)


def _told(names: set[str] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _lacks(flow: ReadFlow, keys: KeyPath, what: str, severity: Severity = Severity.ERROR) -> Diagnostic:
    message = f"This tells the exercises apart and {what}."
    remedy = "Add it: whoever does that exercise would be told of another, or of none."
    return fault_in(flow, Code.EXERCISE_FORGOTTEN, message, remedy, *keys, severity=severity)
