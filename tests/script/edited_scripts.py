"""Fifty ways authors change the real script under people in mid-conversation. An edit changes the flows in place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.script.engine_steps import CHECK_IN_STEPS, DANGER_STEPS, ENGINE_STEPS, TONGUE_STEPS

Flow = dict[str, Any]
Flows = dict[str, Flow]
Edit = Callable[[Flows], None]
ENGINES = {*ENGINE_STEPS, *CHECK_IN_STEPS, *DANGER_STEPS, *TONGUE_STEPS}
OK = {"label": "OK", "go": "@end"}


# -- finding one's way ------------------------------------------------------------------------------------------------


def steps_of(flows: Flows, *names: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield flow, name and step, of the flows named or of all."""
    for flow in names or tuple(flows):
        for name, step in list(flows[flow]["steps"].items()):
            yield flow, name, step


def asks_of(flows: Flows, *names: str) -> Iterator[dict[str, Any]]:
    return (step["ask"] for _, _, step in steps_of(flows, *names) if "ask" in step)


def answers_of(ask: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from ask.get("choice", {}).values()
    if "done" in ask:
        yield ask["done"]


def first_of(flows: Flows, flow: str) -> str:
    return next(iter(flows[flow]["steps"]))


def retarget(flows: Flows, new: Callable[[str, str], str]) -> None:
    """Let `new(flow, target)` say what each target of a flow is now."""

    def led(flow: str, goes: Any) -> Any:
        if isinstance(goes, str):
            return new(flow, goes)
        for branch in goes:
            branch["to"] = new(flow, branch["to"])
        return goes

    for flow, _, step in steps_of(flows):
        ask = step.get("ask", {})
        holders = [(step, "go"), (step, "on_alarm"), (ask, "typed"), (ask, "skip")]
        for holder, key in [*holders, *((answer, "go") for answer in answers_of(ask))]:
            if key in holder:
                holder[key] = led(flow, holder[key])


def led_from(flows: Flows, old: str, new: str) -> None:
    """Every target that means the step `old` leads to the step `new` now."""
    flow_of_old, _, name = old.partition("/")
    first = first_of(flows, flow_of_old) == name

    def instead(flow: str, target: str) -> str:
        own = flow == flow_of_old and target == name
        return new if target == old or own or (first and target == flow_of_old) else target

    retarget(flows, instead)
    for flow in flows.values():
        at = flow.get("starts_on", {}).get("at", {})
        for command in [command for command, step in at.items() if f"{flow['flow']}/{step}" == old]:
            del at[command]


def renamed_steps(steps: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The steps in their order, under their new names."""
    return {names.get(name, name): step for name, step in steps.items()}


# -- the edits --------------------------------------------------------------------------------------------------------


def every_step_renamed(flows: Flows) -> None:
    names = {
        flow: {name: f"{name[:22]}-2" for name in document["steps"] if f"{flow}/{name}" not in ENGINES}
        for flow, document in flows.items()
    }

    def renamed(flow: str, target: str) -> str:
        other, slash, name = target.partition("/")
        if slash:
            return f"{other}/{names[other].get(name, name)}"
        return names[flow].get(target, target)

    retarget(flows, renamed)
    for flow, document in flows.items():
        for old, new in names[flow].items():
            document["steps"][old]["was"] = [old]
            at = document.get("starts_on", {}).get("at", {})
            at.update({command: new for command, step in at.items() if step == old})
        document["steps"] = renamed_steps(document["steps"], names[flow])


def step_renamed(place: str, new: str) -> Edit:
    def edit(flows: Flows) -> None:
        flow, _, name = place.partition("/")
        led_from(flows, place, f"{flow}/{new}")
        flows[flow]["steps"][name]["was"] = [name]
        flows[flow]["steps"] = renamed_steps(flows[flow]["steps"], {name: new})

    return edit


def step_deleted(place: str, instead: str, *, told: bool = True) -> Edit:
    def edit(flows: Flows) -> None:
        led_from(flows, place, instead)
        flow, _, name = place.partition("/")
        del flows[flow]["steps"][name]
        if told:
            other, _, step = instead.partition("/")
            flows[other]["steps"][step]["instead_of"] = [place]

    return edit


def flow_renamed(old: str, new: str) -> Edit:
    def edit(flows: Flows) -> None:
        space, new_space = old.replace("-", "_"), new.replace("-", "_")

        def renamed(flow: str, target: str) -> str:
            return new + target.removeprefix(old) if target == old or target.startswith(f"{old}/") else target

        retarget(flows, renamed)
        document = _spoken(flows.pop(old), f"{space}.", f"{new_space}.")
        flows[new] = document | {"flow": new, "was": [old]}
        for name in list(flows):
            flows[name] = _spoken(flows[name], f"{space}.", f"{new_space}.")

    return edit


def _spoken(value: Any, old: str, new: str) -> Any:
    """A flow's variables under another name, wherever they are named."""
    if isinstance(value, dict):
        return {_named(key, old, new): _spoken(each, old, new) for key, each in value.items()}
    if isinstance(value, list):
        return [_spoken(each, old, new) for each in value]
    return _named(value, old, new)


def _named(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![\w.-]){re.escape(old)}(?=[a-z])", new, text)


def flow_deleted(gone: str, instead: str, *, told: bool = True) -> Edit:
    def edit(flows: Flows) -> None:
        target = f"{instead}/{first_of(flows, instead)}"
        retarget(flows, lambda flow, to: target if to == gone or to.startswith(f"{gone}/") else to)
        del flows[gone]
        if told:
            flows[instead]["instead_of"] = [gone]

    return edit


def flow_split(flow: str) -> Edit:
    """The second half of a flow's steps becomes a flow of its own; its variables stay where they are."""

    def edit(flows: Flows) -> None:
        document, more = flows[flow], f"{flow}-more"
        names = list(document["steps"])
        moved = set(names[len(names) // 2 :]) - {place.partition("/")[2] for place in ENGINES}
        first = next(iter(flows[flow]["steps"]))

        def elsewhere(own: str, target: str) -> str:
            other, slash, name = target.partition("/")
            if not slash and own == flow and target in document["steps"]:
                other, name = flow, target
            if other == flow and name in moved:
                return f"{more}/{name}"
            return f"{flow}/{name}" if other == flow and name else target

        retarget(flows, elsewhere)
        steps = {name: document["steps"].pop(name) for name in names if name in moved and name != first}
        for name, step in steps.items():
            step["was"] = [f"{flow}/{name}"]
        flows[more] = {"flow": more, "steps": steps} | {
            key: document[key] for key in ("title", "stage", "digression") if key in document
        }

    return edit


def each_ask(change: Callable[[dict[str, Any]], None], *names: str) -> Edit:
    def edit(flows: Flows) -> None:
        for ask in asks_of(flows, *names):
            change(ask)

    return edit


def each_step(change: Callable[[dict[str, Any]], None], *names: str) -> Edit:
    def edit(flows: Flows) -> None:
        for _, _, step in steps_of(flows, *names):
            change(step)

    return edit


def keys_changed(step: dict[str, Any]) -> None:
    ask = step.get("ask", {})
    if "choice" in ask and not {"save", "amend"} & set(step):
        ask["choice"] = {
            f"{key[:22]}-2": choice | {"value": key} for key, choice in ask.get("choice", {}).items()
        }


def order_reversed(ask: dict[str, Any]) -> None:
    ask["choice"] = dict(reversed(ask.get("choice", {}).items()))


def last_answer_gone(ask: dict[str, Any]) -> None:
    if len(ask.get("choice", {})) > 1:
        ask["choice"].popitem()


def another_answer(step: dict[str, Any]) -> None:
    ask = step.get("ask", {"scale": "mood"})
    if "scale" not in ask and not {"save", "amend", "keep_as"} & set(step):
        ask["choice"] = {"none-of-them": dict(OK)} | ask.get("choice", {})


def _to_words(step: dict[str, Any]) -> None:
    """A question of buttons, or of a number, becomes one that takes words."""
    ask = step.get("ask", {})
    if ask and "pick" not in ask and ask.get("text") is None and not {"save", "keep_as", "amend"} & set(step):
        step["go"] = step.get("go", ask["skip"])
        step["ask"] = {"text": "one", "typed": ask["skip"], "skip": ask["skip"], "choice": {"ok": dict(OK)}}


def _to_buttons(step: dict[str, Any]) -> None:
    ask = step.get("ask", {})
    if ask.get("text") is not None and "pick" not in ask:
        step["ask"] = {"choice": {"ok": {"label": "OK", "go": ask["skip"]}}, "skip": ask["skip"]}
        for key in ("save", "keep_as", "amend"):
            step.pop(key, None)


def _scale_to_buttons(step: dict[str, Any]) -> None:
    ask = step.get("ask", {})
    if "scale" in ask:
        choices = {"low": {"label": "Low", "go": ask["skip"]}, "high": {"label": "High", "go": ask["skip"]}}
        step["ask"] = {"choice": choices, "skip": ask["skip"]}
        for key in ("save", "keep_as", "go"):
            step.pop(key, None)


def _buttons_to_scale(step: dict[str, Any]) -> None:
    ask = step.get("ask", {})
    plain = set(ask) <= {"choice", "skip"} and not {"save", "keep_as", "amend", "shows"} & set(step)
    if ask and plain:
        step["ask"] = {"scale": "mood", "skip": ask["skip"]}
        step["go"] = ask["skip"]


def _several_to_one(step: dict[str, Any]) -> None:
    ask = step.get("ask", {})
    if ask.get("several") is not None:
        go = ask["done"].get("go") or step["go"]
        ask.pop("several"), ask.pop("done")
        step.pop("save", None)
        step["go"] = go


def _one_to_several(step: dict[str, Any]) -> None:
    ask = step.get("ask", {})
    if set(ask) == {"choice", "skip"} and not {"save", "keep_as", "amend", "shows"} & set(step):
        ask |= {"several": "true", "done": {"label": "Done", "go": ask["skip"]}}


def _listens(step: dict[str, Any]) -> None:
    """A question for one message becomes one for many, and the other way round."""
    ask = step.get("ask", {})
    free = not {"save", "keep_as", "amend"} & set(step) and "reads" not in ask
    if ask.get("text") == "one" and free and ask.get("several") is None and "pick" not in ask:
        go = ask.pop("typed", None) or step["go"]
        ask |= {"text": "many", "done": {"label": "That's it", "go": go}}
    elif ask.get("text") == "many":
        ask |= {"text": "one", "typed": ask.pop("done").get("go") or step["go"]}


def _kept_nowhere(step: dict[str, Any]) -> None:
    for key in ("save", "keep_as", "saves", "amend"):
        step.pop(key, None)


def _kept_elsewhere(step: dict[str, Any]) -> None:
    ask = step.get("ask", {})
    if "save" in step:
        step["save"] = "mood.score" if "scale" in ask else "win.text"


def _asks_no_more(step: dict[str, Any]) -> None:
    """What was asked is only said now; it goes on as a skip did, and no circle comes of it."""
    if "ask" in step and "shows" not in step:
        step.pop("ask")
        step["go"] = "@end"
        _kept_nowhere(step)


def other_words(flows: Flows) -> None:
    """Everywhere but in the engine's own lines, by which the test knows what is said."""
    for _, _, step in steps_of(flows, *(flow for flow in flows if flow != "anytime")):
        if "say" in step:
            step["say"] = "This is said in other words now."
        step.pop("again", None)


def _exits_moved(step: dict[str, Any]) -> None:
    for answer in answers_of(step.get("ask", {})):
        if "go" in answer:
            answer["go"] = "@end"
    if "ask" in step and "go" in step:
        step["go"] = "@end"


def _skips_moved(ask: dict[str, Any]) -> None:
    ask["skip"] = "@end"


def asked_first(flow: str) -> Edit:
    """A flow begins with another question."""

    def edit(flows: Flows) -> None:
        first = first_of(flows, flow)
        new = {
            "say": "One thing first.",
            "ask": {"choice": {"ok": {"label": "OK", "go": first}}, "skip": first},
        }
        flows[flow]["steps"] = {"before-all": new, **flows[flow]["steps"]}

    return edit


def turned_round(flow: str) -> Edit:
    """What was said last in the file now comes first, so that the flow begins elsewhere."""

    def edit(flows: Flows) -> None:
        flows[flow]["steps"] = dict(reversed(flows[flow]["steps"].items()))

    return edit


def digresses(flow: str) -> Edit:
    return lambda flows: flows[flow].update(digression="true")


def no_commands(flows: Flows) -> None:
    for document in flows.values():
        document.pop("menu", None)
        document.pop("title", None)
        document.get("starts_on", {}).pop("commands", None)
        document.get("starts_on", {}).pop("at", None)


def many_at_once(flows: Flows) -> None:
    every_step_renamed(flows)
    each_step(keys_changed)(flows)
    each_step(_exits_moved)(flows)


EDITS: Mapping[str, Edit] = {
    "every step renamed": every_step_renamed,
    "a step renamed: vent": step_renamed("vent/listen", "ears-open"),
    "a step renamed: reflect": step_renamed("reflect/offer", "invitation"),
    "a step renamed: next steps": step_renamed("next-steps/when", "which-moment"),
    "a step renamed: safety": step_renamed("safety/ask", "asked-plainly"),
    "a step deleted: vent": step_deleted("vent/listen", "vent/landing"),
    "a step deleted: acknowledge": step_deleted("acknowledge/met", "vent/offer"),
    "a step deleted: reflect": step_deleted("reflect/hands", "reflect/lesson"),
    "a step deleted: letters": step_deleted("letters/recipient", "letters/role"),
    "a step deleted: safety": step_deleted("safety/country", "safety/ask"),
    "a step deleted: check-ins": step_deleted("check-ins/confirm", "check-ins/when"),
    "a step deleted, and it leads to one that only speaks": step_deleted(
        "exercises/kind", "exercises/number-after"
    ),
    "a step deleted that nobody told of": step_deleted("next-steps/obstacle", "next-steps/after", told=False),
    "a flow renamed: vent": flow_renamed("vent", "letting-out"),
    "a flow renamed: reflect": flow_renamed("reflect", "looking-back"),
    "a flow renamed: next steps": flow_renamed("next-steps", "moving-on"),
    "a flow renamed: exercises": flow_renamed("exercises", "practice"),
    "a flow renamed: own card": flow_renamed("own-card", "my-card"),
    "a flow deleted: plans": flow_deleted("plans", "log"),
    "a flow deleted: patterns": flow_deleted("patterns", "closed"),
    "a flow deleted: journal": flow_deleted("journal", "log"),
    "a flow deleted: lessons": flow_deleted("lessons", "journal"),
    "a flow deleted that nobody told of": flow_deleted("own-card", "closed", told=False),
    "a flow split: vent": flow_split("vent"),
    "a flow split: reflect": flow_split("reflect"),
    "a flow split: check-ins": flow_split("check-ins"),
    "every answer has another key": each_step(keys_changed),
    "every question's answers in another order": each_ask(order_reversed),
    "every question's last answer gone": each_ask(last_answer_gone),
    "every question has one answer more": each_step(another_answer),
    "buttons and numbers become words": each_step(_to_words),
    "words become buttons": each_step(_to_buttons),
    "numbers become buttons": each_step(_scale_to_buttons),
    "buttons become numbers": each_step(_buttons_to_scale),
    "several answers become one": each_step(_several_to_one),
    "one answer becomes several": each_step(_one_to_several),
    "one message becomes many, and many one": each_step(_listens),
    "nothing is kept any more": each_step(
        _kept_nowhere, "acknowledge", "next-steps", "log", "wins", "celebrate", "settings"
    ),
    "what is kept goes elsewhere": each_step(_kept_elsewhere, "acknowledge", "next-steps", "reflect", "log"),
    "nothing is asked any more: reflect": each_step(_asks_no_more, "reflect"),
    "nothing is asked any more: the stages": each_step(
        _asks_no_more, "acknowledge", "vent", "celebrate", "next-steps"
    ),
    "other words everywhere": other_words,
    "every exit moved": each_step(_exits_moved),
    "every skip leads to the end": each_ask(_skips_moved),
    "another question comes first: vent": asked_first("vent"),
    "another question comes first: check-ins": asked_first("check-ins"),
    "a flow begins at its end: next steps": turned_round("next-steps"),
    "a stage becomes an aside": digresses("reflect"),
    "no commands and no titles": no_commands,
    "renamed, with other keys and other exits": many_at_once,
}
