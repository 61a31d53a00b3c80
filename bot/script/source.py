"""YAML files as plain values with every scalar read as text, and the line each value stands on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml import MappingNode, MarkedYAMLError, Node, ScalarNode, SequenceNode
from yaml.reader import ReaderError

from bot.script.diagnostics import Code, Diagnostic

KeyPath = tuple[str | int, ...]

_TOO_DEEP = re.compile(r"(?:[\[{?-]\s*){200}")  # libyaml and Python alike fall over some way beyond


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One parsed file. `lines` gives the line (from 1) of every value by its path of keys and indexes."""

    path: Path
    data: object
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def line_of(self, key_path: KeyPath) -> int:
        """Return the line of a value, or of the nearest enclosing one that has a line."""
        for length in range(len(key_path), -1, -1):
            if key_path[:length] in self.lines:
                return self.lines[key_path[:length]]
        return 0


def read_source(path: Path) -> tuple[Source, tuple[Diagnostic, ...]]:
    """Parse one file into nodes only: no type is guessed, so `no` stays "no" and `21:00` stays "21:00"."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it isn't UTF-8 text"
        return _unreadable(
            path, 0, f"can't be read: {reason}.", "Check that the file is there and is UTF-8 text."
        )
    if _TOO_DEEP.search(text):
        return _unreadable(path, 0, "is nested too deeply.", "Close the brackets that were left open.")
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 0
        return _unreadable(
            path, line, f"isn't YAML: {error.problem}.", "Mend the indentation, quotes or colons here."
        )
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = f"holds the character U+{error.character:04X}, which YAML does not allow."
        return _unreadable(path, line, message, "Remove it.")
    if (twice := _used_twice(node)) is not None:
        message = "uses a YAML anchor and alias, which could make it endless."
        return _unreadable(
            path, twice.start_mark.line + 1, message, "Write the same words out where they are needed."
        )
    lines: dict[KeyPath, int] = {}
    found: list[Diagnostic] = []
    data = _plain(node, (), path, lines, found) if node is not None else {}
    return Source(path=path, data=data, lines=lines), tuple(found)


def _unreadable(path: Path, line: int, message: str, remedy: str) -> tuple[Source, tuple[Diagnostic, ...]]:
    fault = Diagnostic(path=path, line=line, code=Code.YAML, message=f"This file {message}", remedy=remedy)
    return Source(path=path, data=None), (fault,)


def _used_twice(root: Node | None) -> Node | None:
    """Return a node that stands in several places, or inside itself: that takes an alias."""
    waiting: list[Node] = [] if root is None else [root]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            return node
        seen.add(id(node))
        if isinstance(node, MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, SequenceNode):
            waiting += node.value
    return None


def _plain(node: Node, at: KeyPath, path: Path, lines: dict[KeyPath, int], found: list[Diagnostic]) -> object:
    lines[at] = node.start_mark.line + 1
    if isinstance(node, ScalarNode):
        return str(node.value)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*at, n), path, lines, found) for n, item in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    mapping: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in mapping:
            found.append(
                Diagnostic(
                    path=path,
                    line=key_node.start_mark.line + 1,
                    code=Code.DUPLICATE_KEY,
                    message=f"`{key}` stands twice in the same place.",
                    remedy="Keep one of the two, or rename one.",
                )
            )
        mapping[key] = _plain(value_node, (*at, key), path, lines, found)
        lines[(*at, key)] = key_node.start_mark.line + 1
    return mapping
