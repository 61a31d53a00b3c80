"""A graph of the flows as SVG: boxes that name a step and what leaves the flow there, arrows with the answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from xml.sax.saxutils import escape

from bot.script.graph import Edge, Graph, Node
from bot.script.layout import Box, Layout, lay_out

_LINE, _CHAR, _PAD, _MARGIN, _LEAST = 16, 6.6, 10, 24, 64
_STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1d2733; text-anchor: middle }
  .begins { fill: #0b5c8a } .exits { fill: #5a6572 } .name { font-weight: 600 }
  .answer { font-size: 10px; fill: #3d4855; paint-order: stroke; stroke: #fff; stroke-width: 4px }
  rect { fill: #fff; stroke: #8795a5 } .asks rect { fill: #eef6fb; stroke: #0b5c8a }
  path { fill: none; stroke: #8795a5 } #tip path { fill: #8795a5; stroke: none }
"""
_TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0L8 4L0 8z"/></marker></defs>'
)


def as_svg(graph: Graph) -> str:
    """Return the drawing; boxes of questions are round and blue."""
    rows = {node.name: _rows(node) for node in graph.nodes}
    sizes = {name: _size([text for _, text in texts]) for name, texts in rows.items()}
    layout = lay_out(sizes, [(edge.source, edge.target) for edge in graph.edges])
    width, height = layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    named = f'role="img" aria-label="{escape(graph.name)}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {named}>',
        f"<style>{_STYLE}</style>",
        _TIP,
        f'<rect width="{width}" height="{height}" style="stroke: none"/>',
        f'<g transform="translate({_MARGIN} {_MARGIN})">',
    ]
    lines += [f'<path d="{_path(edge, layout)}" marker-end="url(#tip)"/>' for edge in graph.edges]
    for node in graph.nodes:
        lines += _box(node, layout.boxes[node.name], rows[node.name])
    lines += [line for edge in graph.edges for line in _answer(edge, layout)]
    return "\n".join((*lines, "</g>", "</svg>")) + "\n"


def _rows(node: Node) -> list[tuple[str, str]]:
    rows = [("begins", text) for text in node.begins]
    rows.append(("name", node.name))
    return rows + [("exits", text) for text in node.exits]


def _size(texts: list[str]) -> tuple[int, int]:
    width = max(_LEAST, round(max(map(len, texts)) * _CHAR) + 2 * _PAD)
    return width + width % 2, len(texts) * _LINE + _PAD


def _box(node: Node, box: Box, rows: list[tuple[str, str]]) -> Iterator[str]:
    left, round_by = box.x - box.width // 2, 12 if node.asks else 2
    yield f'<g class="{"asks" if node.asks else "says"}">'
    yield f'<rect x="{left}" y="{box.y}" width="{box.width}" height="{box.height}" rx="{round_by}"/>'
    for number, (kind, text) in enumerate(rows, start=1):
        yield f'<text class="{kind}" x="{box.x}" y="{box.y + number * _LINE}">{escape(text)}</text>'
    yield "</g>"


def _ends(edge: Edge, layout: Layout) -> tuple[tuple[int, int], tuple[int, int]]:
    source, target = layout.boxes[edge.source], layout.boxes[edge.target]
    down = source.y < target.y
    start = (source.x, source.y + source.height if down else source.y)
    return start, (target.x, target.y if down else target.y + target.height)


def _path(edge: Edge, layout: Layout) -> str:
    if edge.source == edge.target:
        box = layout.boxes[edge.source]
        right, middle = box.x + box.width // 2, box.y + box.height // 2
        return f"M{right} {middle - 6}C{right + 30} {middle - 20} {right + 30} {middle + 20} {right} {middle + 6}"
    start, end = _ends(edge, layout)
    points = [start, *layout.bends.get((edge.source, edge.target), ()), end]
    drawn = f"M{start[0]} {start[1]}"
    for (x, y), (to_x, to_y) in pairwise(points):
        half = (y + to_y) // 2
        drawn += f"C{x} {half} {to_x} {half} {to_x} {to_y}"
    return drawn


def _answer(edge: Edge, layout: Layout) -> Iterator[str]:
    if not edge.label or edge.source == edge.target:
        return
    start, end = _ends(edge, layout)
    towards = next(iter(layout.bends.get((edge.source, edge.target), ())), end)
    x, y = (start[0] + 2 * towards[0]) // 3, (start[1] + 2 * towards[1]) // 3
    yield f'<text class="answer" x="{x}" y="{y}">{escape(edge.label)}</text>'
