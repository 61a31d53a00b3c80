"""The checks of the flows: what leads where, and whether everything named exists."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.flow import Special
from bot.dialogue.reading import Intent
from bot.dialogue.repair import MOVES
from bot.script.catalogue import CATALOGUE
from bot.script.compile import ReadFlow, full_target, variable_types
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.documents import Goes, LineDocument, is_yes
from bot.script.engine_steps import (
    CHECK_IN_STEPS,
    DANGER_STEPS,
    ENGINE_LINES,
    ENGINE_STEPS,
    LAID_OVER,
    TONGUE_STEPS,
)
from bot.script.lint_saves import check_saves
from bot.script.lint_texts import check_texts
from bot.script.place import Place
from bot.script.source import KeyPath

MAX_BUBBLES = 3


def check_flows(
    flows: tuple[ReadFlow, ...], *, never_says: tuple[str, ...] = (), thoroughly: bool
) -> list[Diagnostic]:
    """Return every finding about flows of the right shape."""
    places = {
        place.id: place
        for flow in flows
        for name, document in flow.document.steps.items()
        for place in [Place(flow=flow, name=name, document=document)]
    }
    firsts = {flow.document.flow: flow.first for flow in flows}
    found = [*_check_starts(flows), *_check_engine_steps(flows, places)]
    for place in places.values():
        found += _check_targets(place, places, firsts)
        found += _check_questions(place)
        found += check_saves(place, variable_types(flows))
        found += _check_advice(place)
        found += _check_bubbles(place)
    if not any(each.code in (Code.UNKNOWN_TARGET, Code.MISSING_ENGINE_STEP) for each in found):
        found += _check_reach(flows, places, firsts)  # a misspelt target makes what it means unreachable
    found += _check_circles(places, firsts)
    return found + list(check_texts(flows, never_says=never_says, thoroughly=thoroughly))


def _check_starts(flows: tuple[ReadFlow, ...]) -> Iterator[Diagnostic]:
    taken: dict[tuple[str, str], str] = {}
    for flow in flows:
        starts = flow.document.starts_on
        for command, step in starts.at.items():
            if command not in starts.commands or step not in flow.document.steps:
                yield Diagnostic(
                    path=flow.source.path,
                    line=flow.source.line_of(("starts_on", "at", command)),
                    code=Code.UNKNOWN_TARGET,
                    message=f"`/{command}` can't begin at `{step}`: there is no such command or step in this flow.",
                    remedy="Correct the name, or add it.",
                )
        for kind, words in (
            ("commands", starts.commands),
            ("intents", starts.intents),
            ("words", starts.words),
        ):
            for n, word in enumerate(words):
                line = flow.source.line_of(("starts_on", kind, n))
                other = taken.setdefault((kind, word), flow.document.flow)
                if other != flow.document.flow:
                    yield Diagnostic(
                        path=flow.source.path,
                        line=line,
                        code=Code.TAKEN,
                        message=f"`{word}` already starts the flow `{other}`.",
                        remedy="Let one of the two flows have it.",
                    )
                if kind == "commands" and word in {*MOVES, "start"}:
                    yield Diagnostic(
                        path=flow.source.path,
                        line=line,
                        code=Code.TAKEN,
                        message=f"`/{word}` is a move that works in every place.",
                        remedy="Choose another word.",
                    )
                if kind == "intents" and word not in set(Intent):
                    yield Diagnostic(
                        path=flow.source.path,
                        line=line,
                        code=Code.UNKNOWN_INTENT,
                        message=f"There is no intent `{word}`.",
                        remedy=f"Use one of: {', '.join(Intent)}.",
                    )


def _check_engine_steps(flows: tuple[ReadFlow, ...], places: dict[str, Place]) -> Iterator[Diagnostic]:
    by_name = {flow.document.flow: flow for flow in flows}
    for name in LAID_OVER:
        flow = by_name.get(name)
        if flow is not None and not is_yes(flow.document.digression):
            yield Diagnostic(
                path=flow.source.path,
                line=flow.source.line_of(("digression",)) or flow.source.line_of(("flow",)),
                code=Code.MUST_DIGRESS,
                message=f"The flow `{name}` lies over others, so it must keep their place.",
                remedy="Add `digression: true`.",
            )
    for place in ENGINE_LINES:
        line = places.get(place)
        if line is not None and (line.document.ask is not None or line.document.go is not None):
            yield line.fault(
                Code.ENGINE_LINE_ASKS,
                "only says a line; the open question is asked again after it.",
                "Remove its `ask:` and `go:`.",
                "ask" if line.document.ask is not None else "go",
            )
    promises = any(place.document.schedule is not None for place in places.values())
    dangers = any(place.document.danger is not None for place in places.values())
    needed = ENGINE_STEPS + (CHECK_IN_STEPS if promises else ()) + (DANGER_STEPS if dangers else ())
    for place in needed:
        if place in places:
            continue
        flow_of_it = by_name.get(place.partition("/")[0], flows[0])
        yield Diagnostic(
            path=flow_of_it.source.path,
            line=0,
            code=Code.MISSING_ENGINE_STEP,
            message=f"The step `{place}` is missing; the engine goes there by itself.",
            remedy="Add it; docs/writing-content.md tells when it is said.",
        )


def goes_of(place: Place) -> Iterator[tuple[Goes, KeyPath]]:
    """Yield everything of a step that leads somewhere, with its path of keys below the step."""
    document = place.document
    ask = document.ask
    if document.go is not None:
        yield document.go, ("go",)
    if document.on_alarm is not None:
        yield document.on_alarm, ("on_alarm",)
    if ask is None:
        return
    for name, goes in (("typed", ask.typed), ("skip", ask.skip)):
        if goes is not None:
            yield goes, ("ask", name)
    if ask.done is not None and ask.done.go is not None:
        yield ask.done.go, ("ask", "done", "go")
    for key, choice in ask.choice.items():
        if choice.go is not None:
            yield choice.go, ("ask", "choice", key, "go")


def targets_of(goes: Goes) -> list[str]:
    return [goes] if isinstance(goes, str) else [branch.to for branch in goes]


def leads_to(place: Place, firsts: dict[str, str]) -> Iterator[str]:
    """Yield the full targets of a step, specials included."""
    for goes, _ in goes_of(place):
        for target in targets_of(goes):
            yield full_target(target, place.flow.document.flow, firsts)


def _check_targets(place: Place, places: dict[str, Place], firsts: dict[str, str]) -> Iterator[Diagnostic]:
    own = place.flow.document
    for goes, keys in goes_of(place):
        for target in targets_of(goes):
            if target in firsts and target in own.steps and target != own.flow:
                message = f"`{target}` is both a flow and a step of this flow."
                yield place.fault(
                    Code.UNKNOWN_TARGET, message, f"Write `{own.flow}/{target}` or `{firsts[target]}`.", *keys
                )
            full = full_target(target, own.flow, firsts)
            known = full in set(Special) if full.startswith("@") else full in places
            if not known:
                yield place.fault(
                    Code.UNKNOWN_TARGET,
                    f"leads to `{target}`, which is no step, flow or special target.",
                    "Correct the name, or add the step.",
                    *keys,
                )


def _check_questions(place: Place) -> Iterator[Diagnostic]:
    document, ask = place.document, place.document.ask
    if ask is None:
        says_only = place.id in ENGINE_STEPS + TONGUE_STEPS or "erase-everything" in document.do
        if document.go is None and not says_only:
            yield place.fault(
                Code.NO_WAY_ON,
                "neither asks nor goes anywhere.",
                "Add `ask:` or `go:` (`@end` ends the flow).",
            )
        return
    if ask.skip is None:
        yield place.fault(
            Code.NO_WAY_OUT, "asks a question that can't be skipped.", "Add `skip:` with a target.", "ask"
        )
    needs_go = [key for key, choice in ask.choice.items() if choice.go is None and not is_yes(ask.several)]
    needs_go += ["done"] if ask.done is not None and ask.done.go is None else []
    needs_go += ["scale"] if ask.scale is not None else []
    needs_go += ["text"] if ask.text == "one" and ask.typed is None and not is_yes(ask.several) else []
    if needs_go and document.go is None:
        message = f"the answers {', '.join(needs_go)} lead nowhere."
        yield place.fault(Code.NO_WAY_ON, message, "Give each a `go:`, or the step one for all.", "ask")
    if document.say is None:
        yield place.fault(Code.NO_WAY_ON, "asks without saying anything.", "Add `say:`.", "ask")


def _check_bubbles(place: Place) -> Iterator[Diagnostic]:
    says = place.document.say
    always = [
        key
        for key, line in (says.items() if isinstance(says, dict) else ())
        if isinstance(line, str) or (line.when is None and not is_yes(line.joined))
    ]
    if len(always) > MAX_BUBBLES:
        message = f"says {len(always)} bubbles in a row; {MAX_BUBBLES} at most before the person's turn."
        remedy = "Join some with `joined: true`, say less, or ask in between."
        yield place.fault(Code.TOO_MANY_BUBBLES, message, remedy, "say", severity=Severity.WARNING)


def _check_advice(place: Place) -> Iterator[Diagnostic]:
    says = place.document.say
    named: list[tuple[KeyPath, list[str]]] = [((), place.document.advice)]
    for key, line in says.items() if isinstance(says, dict) else ():
        if isinstance(line, LineDocument):
            named.append((("say", key), line.advice))
            named += [(("say", key, "cases", name), case.advice) for name, case in (line.cases or {}).items()]
    for keys, names in named:
        for n, advice in enumerate(names):
            if advice not in CATALOGUE:
                message = f"`{advice}` is no piece of the catalogue."
                yield place.fault(Code.UNKNOWN_ADVICE, message, "Correct its name.", *keys, "advice", n)


def _check_reach(
    flows: tuple[ReadFlow, ...], places: dict[str, Place], firsts: dict[str, str]
) -> Iterator[Diagnostic]:
    begun = ((flow.first, flow.document.starts_on) for flow in flows)
    starts = [first for first, on in begun if on.commands or on.intents or on.words]
    starts += [f.start_of(command) for f in flows for command in f.document.starts_on.at]
    waiting, reached = (
        [
            *starts,
            *(p for p in ENGINE_STEPS + CHECK_IN_STEPS + DANGER_STEPS + TONGUE_STEPS if p in places),
        ],
        set(),
    )
    while waiting:
        here = waiting.pop()
        if here in reached or here.startswith("@"):
            continue
        reached.add(here)
        waiting += leads_to(places[here], firsts)
    for place in places.values():
        if place.id not in reached:
            yield place.fault(
                Code.UNREACHABLE,
                "can't be reached from anywhere.",
                "Lead to it, or remove it.",
                severity=Severity.WARNING,
            )


def _check_circles(places: dict[str, Place], firsts: dict[str, str]) -> Iterator[Diagnostic]:
    """A circle of steps that never asks would talk for ever."""
    silent = {
        p.id: [t for t in leads_to(p, firsts) if not t.startswith("@")]
        for p in places.values()
        if p.document.ask is None
    }
    done: set[str] = set()
    for start in silent:
        trail: list[str] = []
        yield from _circle_from(start, silent, places, trail, done)


def _circle_from(
    here: str, silent: dict[str, list[str]], places: dict[str, Place], trail: list[str], done: set[str]
) -> Iterator[Diagnostic]:
    if here in trail:
        names = " → ".join([*trail[trail.index(here) :], here])
        yield places[here].fault(
            Code.ENDLESS, f"goes in a circle without a question: {names}.", "Ask something on the way."
        )
        return
    if here in done or here not in silent:
        return
    trail.append(here)
    for target in silent[here]:
        yield from _circle_from(target, silent, places, trail, done)
    trail.pop()
    done.add(here)
