"""The flows as graphs: everything that leads somewhere is in them, drawn without overlap and always the same."""

from __future__ import annotations

import itertools
import random
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.script.drawing import as_svg
from bot.script.graph import Graph, flow_graph, mermaid, overview
from bot.script.layout import GAP_Y, lay_out
from bot.script.load import Content, load_content
from bot.script.pages import flow_pages
from tests.real_content import real_content

ROOT = Path(__file__).parents[2]
GOOD = Path(__file__).parent / "content"
CONTENT = load_content(GOOD)


def graph_of(content: Content, name: str) -> Graph:
    return flow_graph(next(flow for flow in content.flows if flow.document.flow == name), content.flows)


def test_every_way_out_of_a_step_is_in_the_graph() -> None:
    talk = graph_of(CONTENT, "talk")
    edges = {(edge.source, edge.target): edge.label for edge in talk.edges}
    assert edges["start", "listen"] == "Say it, Out loud"
    assert edges["start", "company"] == "Name them"
    assert edges["start", "quiet"] == "Leave it, skip"
    assert edges["mood", "slow"] == "else if answer <= 3"
    assert edges["mood", "win"] == "skip, else otherwise"
    assert edges["feelings", "mood"] == "That's it, skip"
    nodes = {node.name: node for node in talk.nodes}
    assert list(nodes) == list(CONTENT.flows[-3].document.steps)
    assert nodes["start"].begins == ("/talk, wish: rejection",)
    assert nodes["quiet"].exits == ("→ end",)
    assert (nodes["start"].asks, nodes["quiet"].asks) == (True, False)
    danger = {node.name: node for node in graph_of(CONTENT, "safety").nodes}["gate"]
    assert danger.begins == ("/sos", "by itself")
    assert ("gate", "still", "danger") in {
        (e.source, e.target, e.label) for e in graph_of(CONTENT, "safety").edges
    }


def test_the_overview_has_every_flow_and_which_lead_to_which() -> None:
    drawn = overview(CONTENT.flows)
    assert {node.name for node in drawn.nodes} == {flow.document.flow for flow in CONTENT.flows}
    assert ("anytime", "talk") in {(edge.source, edge.target) for edge in drawn.edges}
    assert all(edge.source != edge.target for edge in drawn.edges)


def test_mermaid_names_every_step_and_escapes_what_would_break_it() -> None:
    text = mermaid(graph_of(CONTENT, "talk"))
    assert text.startswith('flowchart TD\n  n0(["/talk, wish: rejection<br>start"])\n')
    assert '-->|"else if answer #lt;= 3"|' in text
    assert text.count("-->") == len(graph_of(CONTENT, "talk").edges)


def test_a_drawing_is_xml_with_every_step_and_arrow() -> None:
    talk = graph_of(CONTENT, "talk")
    drawn = ET.fromstring(as_svg(talk))
    names = [
        text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text") if text.get("class") == "name"
    ]
    assert sorted(names) == sorted(node.name for node in talk.nodes)
    assert sum(1 for path in drawn.iter() if path.get("marker-end")) == len(talk.edges)


SEEDS = range(20)


@pytest.mark.parametrize("seed", SEEDS)
def test_boxes_never_overlap_and_arrows_end_where_they_should(seed: int) -> None:
    chance = random.Random(seed)
    sizes = {
        f"b{n}": (chance.randrange(40, 300, 2), chance.randrange(20, 90))
        for n in range(chance.randrange(1, 40))
    }
    names = list(sizes)
    arrows = [(chance.choice(names), chance.choice(names)) for _ in range(chance.randrange(80))]
    layout = lay_out(sizes, arrows)
    assert layout == lay_out(sizes, arrows)
    assert set(layout.boxes) == set(sizes)
    for one, other in itertools.combinations(layout.boxes.values(), 2):
        apart_y = one.y + one.height <= other.y or other.y + other.height <= one.y
        apart_x = abs(one.x - other.x) * 2 >= one.width + other.width
        assert apart_x or apart_y
    for box in layout.boxes.values():
        assert box.x - box.width // 2 >= -1
        assert box.x + box.width // 2 <= layout.width
        assert box.y + box.height <= layout.height
    for (source, target), points in layout.bends.items():
        ys = [layout.boxes[source].y, *(y for _, y in points), layout.boxes[target].y]
        assert ys in (sorted(ys), sorted(ys, reverse=True)), "an arrow goes one way"


def test_a_chain_goes_straight_down() -> None:
    layout = lay_out(
        {"a": (60, 20), "b": (60, 20), "c": (60, 20)}, [("a", "b"), ("b", "c"), ("a", "c"), ("c", "a")]
    )
    assert [box.y for box in layout.boxes.values()] == [0, 20 + GAP_Y, 40 + 2 * GAP_Y]


@pytest.mark.slow  # texts change daily; `make docs` brings the pages up to date
def test_the_pages_of_the_real_flows_are_current() -> None:
    made = dict(flow_pages(real_content().flows))
    kept = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs" / "flows").iterdir()}
    assert kept == set(made), "run `make docs`"
    stale = [path for path, text in made.items() if (ROOT / "docs" / path).read_text("utf-8") != text]
    assert stale == [], "run `make docs`"


def test_the_command_prints_one_flow_all_flows_or_a_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONWARD_CONTENT_DIR", str(GOOD))
    run = CliRunner().invoke
    assert run(main, ["graph", "closed"]).stdout == 'flowchart TD\n  n0["door<br>→ end"]\n'
    assert run(main, ["graph"]).stdout == mermaid(overview(CONTENT.flows))
    assert run(main, ["graph", "talk", "--svg"]).stdout == as_svg(graph_of(CONTENT, "talk"))
    unknown = run(main, ["graph", "tlak"])
    assert unknown.exit_code == 2
    assert "There is no flow tlak" in unknown.stderr


def test_docs_are_written_checked_and_left_alone_when_current(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "bot.script.pages.evidence_page", lambda content: "evidence"
    )  # small content has none
    monkeypatch.setenv("ONWARD_CONTENT_DIR", str(GOOD))

    def docs(*args: str) -> tuple[int, list[str]]:
        result = CliRunner().invoke(main, ["docs", *args, str(tmp_path)])
        return result.exit_code, result.stdout.splitlines()

    assert docs("--check")[0] == 1
    code, written = docs()
    assert code == 0
    assert f"{tmp_path / 'flows' / 'talk.svg'}: written" in written
    assert docs() == (0, [])
    assert docs("--check") == (0, [])
    (tmp_path / "flows" / "gone.svg").write_text("")
    assert docs("--check") == (1, [f"{tmp_path / 'flows' / 'gone.svg'}: not current"])
    assert docs()[1] == [f"{tmp_path / 'flows' / 'gone.svg'}: removed"]
