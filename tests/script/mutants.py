"""Drawing mutants: random edits of the real content, one operator's (breakages.py) each."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.script.catalogue import CATALOGUE
from bot.script.compile import variable_types
from bot.script.load import load_content
from bot.script.source import read_source
from tests.real_content import KEPT
from tests.script.breakages import FLOWS, OPERATORS
from tests.script.edits import Edit, File

LOST_ADVICE = "a piece of advice no longer given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """`changes` are the files' new texts by their path below the content; None: the file is gone."""

    operator: str
    line: int
    changes: dict[str, str | None]

    @property
    def place(self) -> str:
        return f"{next(iter(self.changes))}:{self.line}"


class Breaker:
    """Draws mutants of a content folder."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._chance = folder, random.Random(seed)
        self._types = variable_types(load_content(folder, kept=KEPT).flows)
        never = re.findall(
            r"^ *- ([a-z ]+)$", (folder / "editorial" / "en.yaml").read_text("utf-8"), re.MULTILINE
        )
        self._banned = self._chance.choice(never)
        self._sites: dict[str, list[tuple[str, Edit]]] = {}
        self._files: dict[Path, File] = {}

    def draw(self, count: int) -> Iterator[Mutant]:
        """Yield `count` mutants, the operators taking turns in random order, no edit twice."""
        waiting: list[str] = []
        while count:
            waiting = waiting or self._chance.sample((names := [*OPERATORS, LOST_ADVICE]), len(names))
            mutant = self._one(waiting.pop())
            if mutant is not None:
                count -= 1
                yield mutant

    def _one(self, operator: str) -> Mutant | None:
        if operator == LOST_ADVICE:
            return self._without(self._chance.choice(CATALOGUE))
        sites = self._sites.setdefault(operator, self._shuffled(operator))
        while sites:
            path, edit = sites.pop()
            text = self._text(path)
            new = edit.made_in(text)
            if new is None or not _reads_the_same(path, text, new):
                return Mutant(
                    operator=operator, line=text.count("\n", 0, edit.start) + 1, changes={path: new}
                )
        return None

    def _shuffled(self, operator: str) -> list[tuple[str, Edit]]:
        pattern, breaks = OPERATORS[operator]
        sites = [
            (str(path.relative_to(self._folder)), edit)
            for path in sorted(self._folder.glob(pattern))
            for edit in breaks(self._file(path))
        ]
        self._chance.shuffle(sites)
        return sites

    def _file(self, path: Path) -> File:
        if path not in self._files:
            self._files[path] = File(path.read_text("utf-8"), types=self._types, banned=self._banned)
        return self._files[path]

    def _without(self, piece: str) -> Mutant:
        changes: dict[str, str | None] = {}
        first = 0
        for path in sorted(self._folder.glob(FLOWS)):
            text = path.read_text("utf-8")
            listed = rf"(advice: \[[^\]]*?)\b(?<!-){re.escape(piece)}(?!-)\b(?:, *)?"
            new = re.sub(listed, r"\1", text)
            if new != text:
                found = re.search(listed, text)
                first = first or text.count("\n", 0, found.start() if found else 0) + 1
                changes[str(path.relative_to(self._folder))] = new
        return Mutant(operator=LOST_ADVICE, line=first, changes=changes)

    def _text(self, path: str) -> str:
        return (self._folder / path).read_text("utf-8")


def _reads_the_same(path: str, text: str, new: str) -> bool:
    if not path.endswith(".yaml"):
        return text == new
    with tempfile.TemporaryDirectory() as folder:
        both = []
        for name, written in (("old.yaml", text), ("new.yaml", new)):
            file = Path(folder) / name
            file.write_text(written, encoding="utf-8")
            both.append(read_source(file))
        (old, _), (other, faults) = both
        return not faults and _in_order(old.data) == _in_order(other.data)


def _in_order(data: object) -> object:
    """As values whose order counts: the first step of a flow is where it begins."""
    if isinstance(data, dict):
        return [(key, _in_order(value)) for key, value in data.items()]
    return [_in_order(each) for each in data] if isinstance(data, list) else data
