"""Boxes and arrows laid out in layers from top to bottom (after Sugiyama, Tagawa and Toda, 1981).

Our own: the layouts on PyPI are unmaintained, need Graphviz, or draw the same graph differently each time, and the
pictures in docs/ are compared with what is made anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

GAP_X, GAP_Y = 28, 54
_SWEEPS = 12
_PAGE = 1400  # how wide a row of boxes without arrows may get
_NO_MORE = ""
_BEND = 8  # the width kept free for an arrow that passes a layer

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where a box stands: its middle from the left, its top, its size; in pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Every box, and for every arrow the points it passes between its boxes, in its own direction."""

    boxes: Mapping[str, Box]
    bends: Mapping[Pair, tuple[tuple[int, int], ...]]
    width: int
    height: int


def lay_out(sizes: Mapping[str, tuple[int, int]], arrows: Sequence[Pair]) -> Layout:
    """Lay out boxes of these sizes (width, height), the first at the top. The same input gives the same layout."""
    turned = _turned(list(sizes), arrows)
    layer = _layers(list(sizes), [_downward(pair, turned) for pair in arrows if pair[0] != pair[1]])
    layer |= _loose(sizes, arrows, below=max(layer.values(), default=-1) + 1)
    rows, chains = _with_bends(layer, arrows, turned)
    links = [link for chain in chains.values() for link in pairwise(chain)]
    rows = _in_order(rows, links)
    wide = {name: sizes[name][0] if name in sizes else _BEND for row in rows for name in row}
    middles = _middles(rows, links, wide)
    return _placed(rows, chains, turned, middles, sizes)


def _turned(names: list[str], arrows: Sequence[Pair]) -> set[Pair]:
    """Return the arrows to be drawn upwards: without them nothing goes in a circle."""
    after: dict[str, list[str]] = {name: [] for name in names}
    for source, target in arrows:
        after[source].append(target)
    turned: set[Pair] = set()
    done: set[str] = set()
    for start in names:
        if start in done:
            continue
        path, waiting = [start], [iter(after[start])]
        while waiting:
            target = next(waiting[-1], _NO_MORE)
            if target == _NO_MORE:
                done.add(path.pop())
                waiting.pop()
            elif target in path:
                turned.add((path[-1], target))
            elif target not in done:
                path.append(target)
                waiting.append(iter(after[target]))
    return turned


def _downward(pair: Pair, turned: set[Pair]) -> Pair:
    return (pair[1], pair[0]) if pair in turned else pair


def _layers(names: list[str], down: list[Pair]) -> dict[str, int]:
    """Return each box's layer: below everything that leads to it."""
    before: dict[str, list[str]] = {name: [] for name in names}
    for source, target in down:
        before[target].append(source)
    layer: dict[str, int] = {}

    def of(name: str) -> int:
        if name not in layer:
            layer[name] = 1 + max(map(of, before[name]), default=-1)
        return layer[name]

    for name in names:
        of(name)
    return layer


def _loose(sizes: Mapping[str, tuple[int, int]], arrows: Sequence[Pair], *, below: int) -> dict[str, int]:
    """Return the layers of boxes without an arrow: at the bottom, as many in a row as a page is wide."""
    tied = {name for pair in arrows for name in pair}
    layer: dict[str, int] = {}
    row, edge = below, 0
    for name, (width, _) in sizes.items():
        if name in tied:
            continue
        if edge and edge + width > _PAGE:
            row, edge = row + 1, 0
        layer[name] = row
        edge += width + GAP_X
    return layer


def _with_bends(
    layer: Mapping[str, int], arrows: Sequence[Pair], turned: set[Pair]
) -> tuple[list[list[str]], dict[Pair, list[str]]]:
    """Return the rows from the top, and each arrow from box to box downwards, with a bend in every row it passes."""
    rows: list[list[str]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for name, at in layer.items():
        rows[at].append(name)
    chains: dict[Pair, list[str]] = {}
    for pair in arrows:
        if pair[0] == pair[1]:
            continue
        source, target = _downward(pair, turned)
        bends = [f"{source}>{target}@{at}" for at in range(layer[source] + 1, layer[target])]
        if pair not in chains:
            for at, bend in enumerate(bends, start=layer[source] + 1):
                if bend not in rows[at]:
                    rows[at].append(bend)
        chains[pair] = [source, *bends, target]
    return [row for row in rows if row], chains


def _in_order(rows: list[list[str]], links: Sequence[Pair]) -> list[list[str]]:
    """Sort each row by where its neighbours stand, downwards and upwards in turn, and keep the best seen."""
    above, below = _neighbours(links)
    best, fewest = rows, _crossings(rows, below)
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        near = above if downwards else below
        rows = [list(row) for row in rows]
        order = range(1, len(rows)) if downwards else range(len(rows) - 2, -1, -1)
        for at in order:
            stands = {name: n for n, name in enumerate(rows[at - 1 if downwards else at + 1])}
            here = {name: n for n, name in enumerate(rows[at])}
            rows[at].sort(key=lambda name: _mean([stands[each] for each in near.get(name, ())], here[name]))
        crossings = _crossings(rows, below)
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def _neighbours(links: Sequence[Pair]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for high, low in links:
        below.setdefault(high, []).append(low)
        above.setdefault(low, []).append(high)
    return above, below


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _crossings(rows: list[list[str]], below: Mapping[str, list[str]]) -> int:
    count = 0
    for row, under in pairwise(rows):
        stands = {name: n for n, name in enumerate(under)}
        ends = [stands[low] for name in row for low in sorted(below.get(name, ()), key=stands.__getitem__)]
        count += sum(one > other for n, one in enumerate(ends) for other in ends[n + 1 :])
    return count


def _middles(rows: list[list[str]], links: Sequence[Pair], wide: Mapping[str, int]) -> dict[str, float]:
    """Return where each box's middle is: near its neighbours, and clear of the boxes beside it."""
    above, below = _neighbours(links)
    middles: dict[str, float] = {}
    for row in rows:
        edge = 0.0
        for name in row:
            middles[name] = edge + wide[name] / 2
            edge += wide[name] + GAP_X
    for sweep in range(_SWEEPS):
        near = above if sweep % 2 == 0 else below
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = [_mean([middles[each] for each in near.get(name, ())], middles[name]) for name in row]
            middles |= zip(row, _apart(row, wanted, wide), strict=True)
    left = min((middles[name] - wide[name] / 2 for row in rows for name in row), default=0)
    return {name: middle - left for name, middle in middles.items()}


def _apart(row: list[str], wanted: list[float], wide: Mapping[str, int]) -> list[float]:
    """Return middles as near to those wanted as the boxes' widths allow, in the same order.

    Boxes that would overlap form a block, which stands where its members want it on average.
    """
    blocks: list[
        tuple[float, list[float]]
    ] = []  # where a block's first middle stands; its members' distances from it
    for n, own in enumerate(wanted):
        start, offsets = own, [0.0]
        while blocks:
            last_start, last = blocks[-1]
            reach = (wide[row[n - len(offsets)]] + wide[row[n - len(offsets) + 1]]) / 2 + GAP_X
            if start >= last_start + last[-1] + reach:
                break
            blocks.pop()
            shift = last[-1] + reach
            start = (last_start * len(last) + (start - shift) * len(offsets)) / (len(last) + len(offsets))
            offsets = [*last, *(shift + offset for offset in offsets)]
        blocks.append((start, offsets))
    return [start + offset for start, offsets in blocks for offset in offsets]


def _placed(
    rows: list[list[str]],
    chains: Mapping[Pair, list[str]],
    turned: set[Pair],
    middles: Mapping[str, float],
    sizes: Mapping[str, tuple[int, int]],
) -> Layout:
    boxes: dict[str, Box] = {}
    bend_at: dict[str, tuple[int, int]] = {}
    top = 0
    for row in rows:
        tall = max((sizes[name][1] for name in row if name in sizes), default=0)
        for name in row:
            if name in sizes:
                width, height = sizes[name]
                boxes[name] = Box(x=round(middles[name]), y=top, width=width, height=height)
            else:
                bend_at[name] = (round(middles[name]), top + tall // 2)
        top += tall + GAP_Y
    bends = {}
    for pair, chain in chains.items():
        points = tuple(bend_at[name] for name in chain[1:-1])
        bends[pair] = points[::-1] if pair in turned else points
    right = max((box.x + box.width // 2 for box in boxes.values()), default=0)
    furthest = max((x for x, _ in bend_at.values()), default=0)
    return Layout(boxes=boxes, bends=bends, width=max(right, furthest), height=max(top - GAP_Y, 0))
