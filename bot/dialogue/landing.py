"""Content changes under people in mid-conversation: a session as it stands in the script of now.

A step that was renamed goes on, with the question that is open there. Where a step is gone, or asks nothing any more,
the session stands before the place that took over: that is entered, and asked, at the next thing said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.dialogue.effects import Value
from bot.dialogue.flow import Script, space_of
from bot.dialogue.session import Frame, Session, Undo

_ENGINES = "seen"  # the space of what the engine itself remembers
_TYPES: Mapping[str, type] = {"text": str, "texts": tuple, "flag": bool, "number": int}


def landed(script: Script, session: Session) -> Session:
    """Return `session` with every place, tick and variable that `script` doesn't know any more seen to."""
    stack = tuple(_frames(script, session.stack))
    undo = tuple(_undo(script, session.undo))
    variables = _held(script, session.variables)
    if stack == session.stack and undo == session.undo and variables == session.variables:
        return session
    return replace(session, stack=stack, undo=undo, variables=variables)


def name_now(script: Script, place: str) -> str | None:
    """Return what the step that was `place` is called now, or None if it is gone."""
    if place in script.steps:
        return place
    if place in script.was:
        return script.was[place]
    flow, _, step = place.partition("/")
    if flow in script.flows or flow not in script.was:
        return None
    return name_now(script, f"{script.was[flow]}/{step}")


def landing_of(script: Script, place: str) -> str | None:
    """Return the step where somebody who stood at `place` goes on, or None if even its flow is gone."""
    landing = name_now(script, place) or taken_over(script, place)
    flow = script.flows.get(place.partition("/")[0])
    return landing or (flow.first if flow is not None else None)


def taken_over(script: Script, place: str) -> str | None:
    """Return the step that took over from `place`, or from its whole flow, as the content says."""
    flow, _, step = place.partition("/")
    renamed = script.was.get(flow, flow)
    named = (script.instead_of.get(each) for each in (place, f"{renamed}/{step}", flow))
    landing = next(filter(None, named), None)
    return landing or (
        script.flows[renamed].first if flow in script.was and renamed in script.flows else None
    )


def _spaces(script: Script) -> dict[str, str]:
    """Where the variables of a renamed flow are now."""
    return {space_of(old): space_of(new) for old, new in script.was.items() if "/" not in old}


def _frames(script: Script, stack: tuple[Frame, ...]) -> Iterator[Frame]:
    for frame in stack:
        place = name_now(script, frame.place)
        innermost = frame is stack[-1]
        if place is not None and not (innermost and _asks_no_more(script, frame, place)):
            yield _renamed(script, frame, place)
        elif (landing := landing_of(script, frame.place)) is not None:
            flow, _, step = landing.partition("/")
            yield replace(frame, flow=flow, step=step, picked=(), pending=True)


def _asks_no_more(script: Script, frame: Frame, place: str) -> bool:
    return not frame.pending and script.steps[place].ask is None


def _renamed(script: Script, frame: Frame, place: str) -> Frame:
    if place == frame.place and not frame.picked:
        return frame
    flow, _, step = place.partition("/")
    ask = script.steps[place].ask
    keys = {choice.key for choice in ask.choices} if ask is not None else set()
    return replace(frame, flow=flow, step=step, picked=tuple(key for key in frame.picked if key in keys))


def _undo(script: Script, undo: tuple[Undo, ...]) -> Iterator[Undo]:
    """`back` leads no further than to the last answer whose place is gone.

    The variables it brings back are seen to when they are the session's again, a turn later: there are many of them.
    """
    if all(frame.place in script.steps for each in undo for frame in each.stack):
        yield from undo
        return
    known = 0
    for each in reversed(undo):
        if any(name_now(script, frame.place) is None for frame in each.stack):
            break
        known += 1
    for each in undo[len(undo) - known :]:
        stack = tuple(_renamed(script, frame, name_now(script, frame.place) or "") for frame in each.stack)
        yield replace(each, stack=stack)


def _held(script: Script, variables: Mapping[str, Value]) -> Mapping[str, Value]:
    """Take the variables of a renamed flow along; drop what is declared nowhere or as something else now."""
    kept: dict[str, Value] = {}
    for name, value in variables.items():
        space, _, field = name.partition(".")
        if space not in script.blank and space != _ENGINES:
            space = _spaces(script).get(space, space)
        if _is_held(script, space, f"{space}.{field}", value):
            kept[f"{space}.{field}"] = value
    return kept


def _is_held(script: Script, space: str, name: str, value: Value) -> bool:
    if space == _ENGINES:
        return True
    if space not in script.blank:
        return False  # of a flow that is gone
    kind = script.variables.get(name)
    if kind is None:  # collected words are the person's: where no flow knows of them, they are kept nowhere
        return not (isinstance(value, tuple) and space in map(space_of, script.flows))
    return value is None or type(value) is _TYPES.get(kind, str)
