"""Edits of a YAML file's text that leave the rest of it as it stands, and operators that yield every such edit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace `text[start:end]` by `new`; `new` None takes the whole file away."""

    start: int = 0
    end: int = 0
    new: str | None = ""

    def made_in(self, text: str) -> str | None:
        return None if self.new is None else text[: self.start] + self.new + text[self.end :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A key and its value, and the keys that lead to them."""

    keys: Keys
    key: Node
    value: Node
    within: MappingNode


class File:
    """A YAML file's text with the place of everything in it. `types` are the flows' variables, by full name."""

    def __init__(self, text: str, *, types: Mapping[str, str] | None = None, banned: str = "") -> None:
        self.text, self.types, self.banned = text, types or {}, banned
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    @cached_property
    def pairs(self) -> list[Pair]:
        root = yaml.compose(self.text, Loader=yaml.CSafeLoader)
        return list(_pairs(root, ()))

    @cached_property
    def items(self) -> list[tuple[Keys, Node]]:
        """The members of every list."""
        return [
            (pair.keys, item)
            for pair in self.pairs
            if isinstance(pair.value, SequenceNode)
            for item in pair.value.value
        ]

    def span(self, node: Node) -> tuple[int, int]:
        start, end = node.start_mark, node.end_mark
        return self._starts[start.line] + start.column, self._starts[end.line] + end.column

    def source(self, node: Node) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def replace(self, node: Node, new: str) -> Edit:
        start, end = self.span(node)
        return Edit(start=start, end=end, new=new)

    def remove(self, pair: Pair) -> Edit:
        """The pair taken out so that what is left is YAML."""
        start, end = self.span(pair.key)[0], self.span(pair.value)[1]
        beside = [key for key, _ in pair.within.value]
        at = next(n for n, key in enumerate(beside) if key is pair.key)
        if at + 1 < len(beside):
            return Edit(start=start, end=self.span(beside[at + 1])[0])
        if pair.within.flow_style:
            before = re.search(r",\s*$", self.text[:start])
            return Edit(start=before.start() if before else start, end=end)
        first, last = pair.key.start_mark.line, pair.value.end_mark
        whole_lines = not self.text[self._starts[last.line] : end].strip()
        return Edit(
            start=self._starts[first], end=self._starts[last.line] if whole_lines else self._next_line(end)
        )

    def _next_line(self, at: int) -> int:
        return (self.text.find("\n", at) + 1) or len(self.text)

    def twice(self, pair: Pair) -> Edit:
        """The pair once more, before itself."""
        start, end = self.span(pair.key)[0], self.span(pair.value)[1]
        if pair.within.flow_style:
            return Edit(start=start, end=start, new=self.text[start:end] + ", ")
        indent = " " * pair.key.start_mark.column
        return Edit(start=start, end=start, new=self.text[start:end].rstrip() + "\n" + indent)


def _pairs(node: Node | None, at: Keys) -> Iterator[Pair]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            keys = (*at, str(key.value))
            yield Pair(keys=keys, key=key, value=value, within=node)
            yield from _pairs(value, keys)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _pairs(item, (*at, "-"))


Operator = Callable[[File], Iterator[Edit]]


def _fits(keys: Keys, pattern: str) -> bool:
    """`a/*/b` names keys from the top, `.../b` any depth."""
    wanted = tuple(pattern.split("/"))
    if wanted[0] == "...":
        wanted = wanted[1:]
        return len(keys) >= len(wanted) and all(
            w in ("*", k) for w, k in zip(wanted, keys[-len(wanted) :], strict=True)
        )
    return len(keys) == len(wanted) and all(w in ("*", k) for w, k in zip(wanted, keys, strict=True))


def pairs_at(file: File, *patterns: str) -> Iterator[Pair]:
    for pair in file.pairs:
        if any(_fits(pair.keys, pattern) for pattern in patterns):
            yield pair


def removed(*patterns: str) -> Operator:
    return lambda file: (file.remove(pair) for pair in pairs_at(file, *patterns))


def doubled(*patterns: str) -> Operator:
    return lambda file: (file.twice(pair) for pair in pairs_at(file, *patterns))


def renamed(*patterns: str) -> Operator:
    """The key gets another letter."""
    return lambda file: (file.replace(pair.key, f"{pair.key.value}x") for pair in pairs_at(file, *patterns))


def changed(change: Callable[[str], str | None], *patterns: str) -> Operator:
    """Every scalar value there, as `change` writes it; None leaves it alone."""

    def edits(file: File) -> Iterator[Edit]:
        nodes = [pair.value for pair in pairs_at(file, *patterns)]
        nodes += [item for keys, item in file.items if any(_fits(keys, pattern) for pattern in patterns)]
        for node in nodes:
            if isinstance(node, ScalarNode) and (new := change(file.source(node))) is not None:
                yield file.replace(node, new)

    return edits


def cut(pattern: str, new: str = "") -> Operator:
    """Every match of a regular expression in the file's text, replaced."""
    return lambda file: (
        Edit(start=match.start(), end=match.end(), new=match.expand(new))
        for match in re.finditer(pattern, file.text, re.MULTILINE)
    )


def gone(file: File) -> Iterator[Edit]:
    yield Edit(new=None)
