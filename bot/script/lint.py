"""The checks of the flows: what leads where, and whether everything named exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from bot.dialogue.flow import Special
from bot.dialogue.reading import Intent
from bot.dialogue.targets import TARGETS, OneOf, SeveralOf, WholeNumber, Words
from bot.script.advice import CATALOGUE
from bot.script.compile import ReadFlow, full_target, variable_types
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.documents import AskDocument, Goes, StepDocument, is_yes
from bot.script.engine_steps import ENGINE_STEPS
from bot.script.lint_texts import check_texts
from bot.script.source import KeyPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One step in its file."""

    flow: ReadFlow
    name: str
    document: StepDocument

    @property
    def id(self) -> str:
        return f"{self.flow.document.flow}/{self.name}"

    @property
    def key_path(self) -> KeyPath:
        return ("steps", self.name)

    def fault(
        self, code: Code, message: str, remedy: str, *keys: str | int, severity: Severity = Severity.ERROR
    ) -> Diagnostic:
        return Diagnostic(
            path=self.flow.source.path,
            line=self.flow.source.line_of((*self.key_path, *keys)),
            code=code,
            message=f"{self.id}: {message}",
            remedy=remedy,
            severity=severity,
        )


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
        found += _check_saves(place, variable_types(flows))
        found += _check_advice(place)
    if not any(each.code in (Code.UNKNOWN_TARGET, Code.MISSING_ENGINE_STEP) for each in found):
        found += _check_reach(flows, places, firsts)  # a misspelt target makes what it means unreachable
    found += _check_circles(places, firsts)
    return found + list(check_texts(flows, never_says=never_says, thoroughly=thoroughly))


def _check_starts(flows: tuple[ReadFlow, ...]) -> Iterator[Diagnostic]:
    taken: dict[tuple[str, str], str] = {}
    for flow in flows:
        starts = flow.document.starts_on
        for kind, words in (("commands", starts.commands), ("intents", starts.intents)):
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
    for place in ENGINE_STEPS:
        if place in places:
            continue
        flow = by_name.get(place.partition("/")[0], flows[0])
        yield Diagnostic(
            path=flow.source.path,
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
        says_only = place.id in ENGINE_STEPS or "erase-everything" in document.do
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


def _check_saves(place: Place, variables: dict[str, str]) -> Iterator[Diagnostic]:
    document = place.document
    if document.save is not None:
        yield from _check_save(place, document.save, document.ask)
    for target in document.saves:
        if target not in TARGETS:
            yield _unknown_save(place, target, "saves", target)
    names = [("keep_as", document.keep_as)] if document.keep_as else []
    names += [("set", name) for name in document.set]
    names += [("saves", name) for name in document.saves.values()]
    names += [("forget", name) for name in document.forget]
    if document.ask is not None:
        names += [("ask", name) for choice in document.ask.choice.values() for name in choice.set]
    for key, name in names:
        if name not in variables and (key == "keep_as" or name not in TARGETS):
            message = f"`{name}` is no variable of any flow."
            yield place.fault(
                Code.UNKNOWN_NAME, message, "Declare it under `variables:`, or correct its name.", key
            )
    literals = [*document.set.items()]
    if document.ask is not None:
        literals += [item for choice in document.ask.choice.values() for item in choice.set.items()]
    for name, text in literals:
        kind = variables.get(name)
        if kind is not None and not _is_of(kind, text):
            yield place.fault(
                Code.WRONG_TYPE,
                f"`{name}` can't be set to `{text}`; it holds: {kind}.",
                "Use a value it holds.",
                "set",
            )


def _is_of(kind: str, text: str) -> bool:
    match kind:
        case "text":
            return True
        case "flag":
            return text in ("true", "false", "yes", "no")
        case "number":
            return text.lstrip("-").isdigit()
        case _:
            return text in kind.split("|")


def _check_save(place: Place, target: str, ask: AskDocument | None) -> Iterator[Diagnostic]:
    if target not in TARGETS:
        yield _unknown_save(place, target, "save")
        return
    if ask is None:
        yield place.fault(
            Code.WRONG_TYPE, "saves an answer, but asks nothing.", "Add `ask:`, or remove `save:`.", "save"
        )
        return
    holds, remedy = TARGETS[target].holds, "Save it elsewhere, or ask for what the target holds."
    match holds:
        case WholeNumber():
            fits = ask.scale is not None
        case SeveralOf(values=values) | OneOf(values=values):
            keys_fit = set(ask.choice) <= values
            fits = (
                ask.scale is None and keys_fit and (isinstance(holds, SeveralOf) or not is_yes(ask.several))
            )
        case Words():
            fits = ask.scale is None
        case _:
            assert_never(holds)
    if not fits:
        yield place.fault(
            Code.WRONG_TYPE, f"`{target}` can't hold every answer to this question.", remedy, "save"
        )


def _unknown_save(place: Place, target: str, *keys: str) -> Diagnostic:
    message = f"`{target}` is nothing that can be saved to."
    return place.fault(Code.UNKNOWN_SAVE, message, f"Use one of: {', '.join(sorted(TARGETS))}.", *keys)


def _check_advice(place: Place) -> Iterator[Diagnostic]:
    for n, advice in enumerate(place.document.advice):
        if advice not in CATALOGUE:
            yield place.fault(
                Code.UNKNOWN_ADVICE,
                f"`{advice}` is no piece of the catalogue.",
                "Correct its name.",
                "advice",
                n,
            )


def _check_reach(
    flows: tuple[ReadFlow, ...], places: dict[str, Place], firsts: dict[str, str]
) -> Iterator[Diagnostic]:
    starts = [f.first for f in flows if f.document.starts_on.commands or f.document.starts_on.intents]
    waiting, reached = [*starts, *(place for place in ENGINE_STEPS if place in places)], set()
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
