"""The checks of the ways: where each step leads, what nobody can reach, what goes in circles."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.flow import Special
from bot.script.compile import ReadFlow, full_target
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.documents import Goes
from bot.script.engine_steps import BY_ITSELF
from bot.script.place import Place
from bot.script.source import KeyPath


def check_ways(
    flows: tuple[ReadFlow, ...], places: dict[str, Place], *, all_there: bool
) -> Iterator[Diagnostic]:
    """Yield what is wrong with where steps lead. `all_there`: every step the engine goes to exists."""
    firsts = {flow.document.flow: flow.first for flow in flows}
    misspelt = [found for place in places.values() for found in _check_targets(place, places, firsts)]
    yield from misspelt
    if all_there and not misspelt:
        yield from _check_reach(flows, places, firsts)  # a misspelt target makes what it means unreachable
    yield from _check_circles(places, firsts)


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


def _check_reach(
    flows: tuple[ReadFlow, ...], places: dict[str, Place], firsts: dict[str, str]
) -> Iterator[Diagnostic]:
    begun = ((flow.first, flow.document.starts_on) for flow in flows)
    starts = [first for first, on in begun if on.commands or on.intents or on.words]
    starts += [f.start_of(command) for f in flows for command in f.document.starts_on.at]
    waiting, reached = (
        [
            *starts,
            *(p for p in BY_ITSELF if p in places),
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
