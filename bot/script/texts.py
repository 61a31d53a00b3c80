"""Where the texts and conditions of a step stand, and under which conditions a text is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.script.candidates import ANYTHING, Values
from bot.script.documents import CaseDocument, Goes, LineDocument, Says, StepDocument
from bot.script.source import KeyPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One text, with the conditions under which it is said."""

    source: str
    keys: KeyPath
    whens: tuple[str, ...] = ()
    is_label: bool = False


def texts_of(step: StepDocument) -> Iterator[Words]:
    """Yield every text of a step, with its path of keys below the step."""
    yield from _said(step.say, ("say",))
    if step.again is not None:
        yield from _said({"again": step.again}, ())
    if step.ask is None:
        return
    for key, choice in step.ask.choice.items():
        at: KeyPath = ("ask", "choice", key)
        whens = (choice.when,) if choice.when else ()
        yield Words(source=choice.label, keys=(*at, "label"), whens=whens, is_label=True)
        if choice.value is not None:
            yield Words(source=choice.value, keys=(*at, "value"), whens=whens)
    if step.ask.done is not None:
        yield Words(source=step.ask.done.label, keys=("ask", "done", "label"), is_label=True)


def _said(says: Says | None, at: KeyPath) -> Iterator[Words]:
    if says is None:
        return
    if isinstance(says, str):
        yield Words(source=says, keys=at)
        return
    for key, line in says.items():
        if isinstance(line, str):
            yield Words(source=line, keys=(*at, key))
            continue
        whens = (line.when,) if line.when else ()
        yield from _of_case(line, (*at, key), whens)
        for name, case in (line.cases or {}).items():
            more = (case.when,) if case.when else ()
            yield from _of_case(case, (*at, key, "cases", name), whens + more)


def _of_case(case: LineDocument | CaseDocument, at: KeyPath, whens: tuple[str, ...]) -> Iterator[Words]:
    if case.text is not None:
        yield Words(source=case.text, keys=(*at, "text"), whens=whens)
    for n, text in enumerate(case.one_of or ()):
        yield Words(source=text, keys=(*at, "one_of", n), whens=whens)


def conditions_of(step: StepDocument) -> Iterator[tuple[str, KeyPath, Values]]:
    """Yield each condition with its place and what `answer` can be there."""
    said = step.say if isinstance(step.say, dict) else {}
    for key, line in said.items():
        if isinstance(line, LineDocument):
            yield from _whens_of(line, ("say", key))
    if isinstance(step.again, LineDocument):
        yield from _whens_of(step.again, ("again",))
    for key, choice in (step.ask.choice if step.ask else {}).items():
        if choice.when:
            yield choice.when, ("ask", "choice", key, "when"), ANYTHING
    for goes, keys, answers in _branches_of(step):
        for n, branch in enumerate(goes if isinstance(goes, list) else ()):
            if branch.condition:
                yield branch.condition, (*keys, n, "if"), answers


def _whens_of(line: LineDocument, at: KeyPath) -> Iterator[tuple[str, KeyPath, Values]]:
    if line.when:
        yield line.when, (*at, "when"), ANYTHING
    for name, case in (line.cases or {}).items():
        if case.when:
            yield case.when, (*at, "cases", name, "when"), ANYTHING


def _branches_of(step: StepDocument) -> Iterator[tuple[Goes | None, KeyPath, Values]]:
    answers, ask = _answers_of(step), step.ask
    yield step.go, ("go",), answers
    if ask is None:
        return
    yield ask.typed, ("ask", "typed"), ("some words",)
    yield ask.skip, ("ask", "skip"), (None,)
    for key, choice in ask.choice.items():
        yield choice.go, ("ask", "choice", key, "go"), (choice.value or key,)
    if ask.done is not None:
        yield ask.done.go, ("ask", "done", "go"), answers


def _answers_of(step: StepDocument) -> Values:
    if step.ask is None:
        return ANYTHING
    if step.ask.scale is not None:
        return tuple(range(11))
    keys = tuple(choice.value or key for key, choice in step.ask.choice.items())
    if step.ask.several in ("true", "yes"):
        return (None, *((key,) for key in keys))
    return keys + (("some words",) if step.ask.text else ())
