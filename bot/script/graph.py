"""The flows as graphs: what leads where, as values, and as Mermaid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.dialogue.flow import Special
from bot.script.compile import ReadFlow, full_target
from bot.script.documents import Goes, StepDocument
from bot.script.engine_steps import BY_ITSELF

_MAX_ANSWERS = 3
_MAX_CHARS = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A step or, in the overview, a flow. `begins` tells what leads here from outside, `exits` what leaves the flow."""

    name: str
    begins: tuple[str, ...] = ()
    exits: tuple[str, ...] = ()
    asks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    source: str
    target: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    name: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def flow_graph(flow: ReadFlow, flows: tuple[ReadFlow, ...]) -> Graph:
    """Return the steps of one flow, and which answers lead from one to another."""
    firsts = {each.document.flow: each.first for each in flows}
    own = flow.document.flow
    nodes, edges = [], []
    for name, step in flow.document.steps.items():
        exits: dict[str, list[str]] = {}
        within: dict[str, list[str]] = {}
        for label, target in _ways(step):
            place = full_target(target, own, firsts)
            where, _, there = place.partition("/")
            inside = where == own and there in flow.document.steps
            kept = within.setdefault(there, []) if inside else exits.setdefault(place, [])
            kept += [label] if label not in kept else []
        nodes.append(
            Node(
                name=name,
                begins=tuple(_begins(flow, name)),
                exits=tuple(_exit(_joined(labels), place) for place, labels in exits.items()),
                asks=step.ask is not None,
            )
        )
        edges += [Edge(source=name, target=there, label=_joined(labels)) for there, labels in within.items()]
    return Graph(name=own, nodes=tuple(nodes), edges=tuple(edges))


def overview(flows: tuple[ReadFlow, ...]) -> Graph:
    """Return the flows, and which lead to which."""
    firsts = {each.document.flow: each.first for each in flows}
    pairs: dict[tuple[str, str], None] = {}
    for flow in flows:
        own = flow.document.flow
        for step in flow.document.steps.values():
            for _, target in _ways(step):
                there = full_target(target, own, firsts).partition("/")[0]
                if there in firsts and there != own:
                    pairs[own, there] = None
    nodes = tuple(
        Node(name=each.document.flow, begins=tuple(_commands(each)), asks=each.document.stage is not None)
        for each in flows
    )
    return Graph(name="flows", nodes=nodes, edges=tuple(Edge(source=a, target=b) for a, b in pairs))


def mermaid(graph: Graph) -> str:
    """Return the graph as a Mermaid flowchart."""
    ids = {node.name: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = ["flowchart TD"]
    for node in graph.nodes:
        text = "<br>".join(map(_quoted, (*node.begins, node.name, *node.exits)))
        left, right = ("([", "])") if node.asks else ("[", "]")
        lines.append(f'  {ids[node.name]}{left}"{text}"{right}')
    for edge in graph.edges:
        label = f'|"{_quoted(edge.label)}"|' if edge.label else ""
        lines.append(f"  {ids[edge.source]} -->{label} {ids[edge.target]}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return text.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")


def _ways(step: StepDocument) -> Iterator[tuple[str, str]]:
    """Yield every way out of a step, with what takes it."""
    for label, goes in _labelled(step):
        if isinstance(goes, str):
            yield label, goes
            continue
        for branch in goes:
            condition = f"if {branch.condition}" if branch.condition else "otherwise"
            yield " ".join(filter(None, (label, condition))), branch.to


def _labelled(step: StepDocument) -> Iterator[tuple[str, Goes]]:
    ask = step.ask
    if ask is not None:
        ways = [(choice.label, choice.go) for choice in ask.choice.values()]
        ways += [("in their words", ask.typed)]
        ways += [(ask.done.label, ask.done.go)] if ask.done is not None else []
        ways += [("skip", ask.skip)]
        yield from ((label, goes) for label, goes in ways if goes is not None)
    if step.go is not None:
        yield "" if ask is None else "else", step.go
    if step.on_alarm is not None:
        yield "danger", step.on_alarm


def _begins(flow: ReadFlow, name: str) -> Iterator[str]:
    starts = flow.document.starts_on
    place = f"{flow.document.flow}/{name}"
    commands = [f"/{command}" for command in starts.commands if flow.start_of(command) == place]
    wishes = [f"wish: {intent}" for intent in starts.intents if flow.first == place]
    if named := ", ".join((*commands, *wishes)):
        yield named
    if place in BY_ITSELF:
        yield "by itself"


def _commands(flow: ReadFlow) -> Iterator[str]:
    if commands := ", ".join(f"/{command}" for command in flow.document.starts_on.commands):
        yield commands


_SPECIAL = {
    Special.END: "end",
    Special.RETURN: "the question kept",
    Special.ROUTE: "where their words lead",
    Special.GUESSED: "what was guessed",
}


def _exit(label: str, place: str) -> str:
    where = _SPECIAL[Special(place)] if place.startswith("@") else place
    return f"{label} → {where}".strip()


def _joined(labels: list[str]) -> str:
    shown = [_short(label) for label in labels if label][:_MAX_ANSWERS]
    more = f" +{len(labels) - len(shown)}" if len(labels) > len(shown) and shown else ""
    return ", ".join(shown) + more


def _short(label: str) -> str:
    return label if len(label) <= _MAX_CHARS else label[: _MAX_CHARS - 1].rstrip() + "…"
