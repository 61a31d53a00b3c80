"""The checks of beginnings: what starts a flow, what it does with the place left, what the engine itself goes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.dialogue.reading import Intent
from bot.dialogue.repair import MOVES
from bot.script.compile import ReadFlow
from bot.script.diagnostics import Code, Diagnostic
from bot.script.documents import is_yes
from bot.script.engine_steps import (
    CHECK_IN_STEPS,
    DANGER_STEPS,
    ENGINE_LINES,
    ENGINE_STEPS,
    ENGINE_VARIABLES,
    LAID_OVER,
)
from bot.script.place import Place, fault_in

Taken = dict[tuple[str, str], str]


def check_starts(flows: tuple[ReadFlow, ...]) -> Iterator[Diagnostic]:
    taken: Taken = {}
    for flow in flows:
        yield from _check_begun_at(flow)
        yield from _check_words(flow, taken)
        yield from _check_place_kept(flow)


def _check_begun_at(flow: ReadFlow) -> Iterator[Diagnostic]:
    starts = flow.document.starts_on
    for command, step in starts.at.items():
        if command not in starts.commands or step not in flow.document.steps:
            message = f"`/{command}` can't begin at `{step}`: there is no such command or step in this flow."
            remedy = "Correct the name, or add it."
            yield fault_in(flow, Code.UNKNOWN_TARGET, message, remedy, "starts_on", "at", command)


def _check_words(flow: ReadFlow, taken: Taken) -> Iterator[Diagnostic]:
    starts = flow.document.starts_on
    kinds = {"commands": starts.commands, "intents": starts.intents, "words": starts.words}
    for kind, n, word in ((kind, n, word) for kind, words in kinds.items() for n, word in enumerate(words)):
        keys = ("starts_on", kind, n)
        other = taken.setdefault((kind, word), flow.document.flow)
        if other != flow.document.flow:
            message = f"`{word}` already starts the flow `{other}`."
            yield fault_in(flow, Code.TAKEN, message, "Let one of the two flows have it.", *keys)
        if kind == "commands" and word in {*MOVES, "start"}:
            message = f"`/{word}` is a move that works in every place."
            yield fault_in(flow, Code.TAKEN, message, "Choose another word.", *keys)
        if kind == "intents" and word not in set(Intent):
            remedy = f"Use one of: {', '.join(Intent)}."
            yield fault_in(flow, Code.UNKNOWN_INTENT, f"There is no intent `{word}`.", remedy, *keys)


def _check_place_kept(flow: ReadFlow) -> Iterator[Diagnostic]:
    """What is no stage of the way is an aside: whoever wants it comes back to where they were."""
    document = flow.document
    if is_yes(document.digression):
        return
    starts = document.starts_on
    keys = ("digression",) if "digression" in document.model_fields_set else ("flow",)
    if document.flow in LAID_OVER:
        message = f"The flow `{document.flow}` lies over others, so it must keep their place."
        yield fault_in(flow, Code.MUST_DIGRESS, message, "Add `digression: true`.", *keys)
    elif document.stage is None and (starts.commands or starts.intents or starts.words):
        message = f"`{document.flow}` begins in the middle of others, and throws their place away."
        remedy = "Add `digression: true`; or `stage:`, if it is one of the five."
        yield fault_in(flow, Code.MUST_DIGRESS, message, remedy, *keys)


def check_engine_steps(flows: tuple[ReadFlow, ...], places: dict[str, Place]) -> Iterator[Diagnostic]:
    for name in ENGINE_LINES:
        line = places.get(name)
        if line is not None and (line.document.ask is not None or line.document.go is not None):
            message = "only says a line; the open question is asked again after it."
            key = "ask" if line.document.ask is not None else "go"
            yield line.fault(Code.ENGINE_LINE_ASKS, message, "Remove its `ask:` and `go:`.", key)
    by_name = {flow.document.flow: flow for flow in flows}
    for flow, variables in ENGINE_VARIABLES.items():
        if flow in by_name:
            yield from _check_declared(by_name[flow], variables)
    yield from missing_steps(flows, _needed(places))


def missing_steps(flows: tuple[ReadFlow, ...], needed: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield an error for each step the engine goes to that is nowhere."""
    by_name = {flow.document.flow: flow for flow in flows}
    for place in needed:
        name, _, step = place.partition("/")
        if name in by_name and step in by_name[name].document.steps:
            continue
        yield Diagnostic(
            path=by_name.get(name, flows[0]).source.path,
            line=0,
            code=Code.MISSING_ENGINE_STEP,
            message=f"The step `{place}` is missing; the engine goes there by itself.",
            remedy="Add it; docs/writing-content.md tells when it is said.",
        )


def _check_declared(flow: ReadFlow, variables: tuple[str, ...]) -> Iterator[Diagnostic]:
    for name in variables:
        if name not in flow.document.variables:
            message = f"The engine keeps something in `{name}`, which is not declared."
            yield fault_in(flow, Code.UNKNOWN_NAME, message, "Declare it under `variables:`.", "variables")


def _needed(places: dict[str, Place]) -> tuple[str, ...]:
    promises = any(place.document.schedule is not None for place in places.values())
    dangers = any(place.document.danger is not None for place in places.values())
    return ENGINE_STEPS + (CHECK_IN_STEPS if promises else ()) + (DANGER_STEPS if dangers else ())
