"""YAML files as plain values with every scalar read as text, and the line each value stands on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml import MappingNode, MarkedYAMLError, Node, ScalarNode, SequenceNode, YAMLError

from bot.script.diagnostics import Code, Diagnostic

KeyPath = tuple[str | int, ...]


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
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 0
        return _unreadable(
            path, line, f"isn't YAML: {error.problem}.", "Mend the indentation, quotes or colons here."
        )
    except YAMLError as error:
        return _unreadable(path, 0, f"isn't YAML: {error}.", "Remove characters that YAML does not allow.")
    lines: dict[KeyPath, int] = {}
    found: list[Diagnostic] = []
    data = _plain(node, (), path, lines, found) if node is not None else {}
    return Source(path=path, data=data, lines=lines), tuple(found)


def _unreadable(path: Path, line: int, message: str, remedy: str) -> tuple[Source, tuple[Diagnostic, ...]]:
    fault = Diagnostic(path=path, line=line, code=Code.YAML, message=f"This file {message}", remedy=remedy)
    return Source(path=path, data=None), (fault,)


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
