"""The pages of docs/ that are made from the code and the content: `onward docs` writes them, a test compares them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bot.script.compile import ReadFlow
from bot.script.drawing import as_svg
from bot.script.evidence import evidence_page
from bot.script.explained import diagnostics_page
from bot.script.graph import Graph, flow_graph, mermaid, overview
from bot.script.load import Content
from bot.script.schema import flow_schema

FOLDER = "flows"
_MADE = "<!-- Made from content/flows by `onward docs`. -->"
_HEAD = f"""# The flows

{_MADE}

What leads where: a page a flow, with its steps as [Mermaid](https://mermaid.js.org) and as a drawing. Blue and
round are the five stages here, and in a flow the steps that ask; a box names what leaves the flow there.
`onward graph vent` prints one, `--svg` as a drawing.

![Every flow, and which lead to which](flows.svg)

| flow | steps | begins with |
|---|---|---|
"""


def made_pages(content: Content) -> Iterator[tuple[str, str]]:
    """Yield each page: its path below docs/, and its text."""
    yield "diagnostics.md", diagnostics_page()
    yield "flow.schema.json", json.dumps(flow_schema(), indent=2) + "\n"
    yield "evidence.md", evidence_page(content)
    yield from flow_pages(content.flows)


def flow_pages(flows: tuple[ReadFlow, ...]) -> Iterator[tuple[str, str]]:
    yield f"{FOLDER}/README.md", _HEAD + "".join(_row(flow) for flow in flows)
    yield f"{FOLDER}/flows.svg", as_svg(overview(flows))
    for flow in flows:
        graph = flow_graph(flow, flows)
        yield f"{FOLDER}/{graph.name}.md", _page(graph)
        yield f"{FOLDER}/{graph.name}.svg", as_svg(graph)


def _row(flow: ReadFlow) -> str:
    name, starts = flow.document.flow, flow.document.starts_on
    begins = ", ".join((*(f"/{command}" for command in starts.commands), *starts.intents, *starts.words))
    return f"| [{name}]({name}.md) | {len(flow.document.steps)} | {begins} |\n"


def _page(graph: Graph) -> str:
    drawing = f"[As a drawing]({graph.name}.svg) · [all flows](README.md)"
    return f"# {graph.name}\n\n{_MADE}\n\n{drawing}\n\n```mermaid\n{mermaid(graph)}```\n"
