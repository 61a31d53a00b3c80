"""The crisis gate's figures, on our own sentences or on a folder of texts.

    python -m tests.understanding.measure              the project's own sentences, by file, round and kind
    python -m tests.understanding.measure FOLDER       *.jsonl, a text a line: {"text": …, "kind" or "stratum": …}

`check` and `crisis` count as alarms. Texts are counted and never printed: a folder may hold people's own words.
A line may also have `label` (1 is danger); without one, `DANGER` says which kinds should alarm. Past, hyperbole,
others' danger and mere mentions are told apart, for nobody can say what share of them ought to alarm.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import yaml

from bot.understanding import Understanding, compile_understanding

CONTENT = Path(__file__).parents[2] / "content" / "understanding"
SENTENCES = Path(__file__).parent / "sentences"
FILES = ("danger_working", "danger_held_out")
DANGER = frozenset({"danger", "explicit", "misspelt", "oblique", "self_harm", "means_after_loss", "long"})
APART = frozenset({"past", "hyperbole", "other", "mention", "gray"})

Row = tuple[str, str]


def own_rows(name: str) -> Iterator[Row]:
    """The (kind, text) pairs of one of our own files, over all its rounds."""
    for kinds in load(SENTENCES / f"{name}.yaml").values():
        for kind, texts in kinds.items():
            yield from ((kind, text) for text in texts)


def folder_rows(path: Path) -> Iterator[Row]:
    """The (kind, text) pairs of a JSON-lines file; a kind is the file's name and the line's own kind."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            yield f"{path.stem}/{_kind_of(row)}", row["text"]


def alarms_by_kind(understanding: Understanding, rows: Iterable[Row]) -> dict[str, tuple[int, int]]:
    """Kind -> (texts that alarm, texts)."""
    counts: dict[str, tuple[int, int]] = {}
    for kind, text in rows:
        alarmed, total = counts.get(kind, (0, 0))
        counts[kind] = (alarmed + understanding.read(text, "en").risk.alarms, total + 1)
    return counts


def _kind_of(row: dict[str, Any]) -> str:
    if "label" in row and row["label"] in (0, 1):
        return "danger" if row["label"] else "calm"
    kind = str(row.get("kind") or row.get("stratum") or row.get("label") or "text")
    if kind == "hard":  # figures of speech: the word "suicide" makes them much harder
        return "hard, with the word" if "suicid" in row["text"].lower() else "hard, without the word"
    return kind


def load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)


def _table(title: str, counts: dict[str, tuple[int, int]]) -> Iterator[str]:
    yield title
    for kind, (alarmed, total) in counts.items():
        plain = kind.rpartition("/")[2]
        aim = "seen" if plain in DANGER else "apart" if plain in APART else "alarmed"
        yield f"  {kind:40} {aim:8} {alarmed:5} of {total:5}  {100 * alarmed / total:5.1f} %"


def main(arguments: list[str]) -> None:
    understanding, _ = compile_understanding({path.stem: load(path) for path in CONTENT.glob("*.yaml")})
    if arguments:
        tables = {p.name: folder_rows(p) for p in sorted(Path(arguments[0]).glob("*.jsonl"))}
    else:
        tables = {name: own_rows(name) for name in FILES}
    for title, rows in tables.items():
        for line in _table(title, alarms_by_kind(understanding, rows)):
            click.echo(line)


if __name__ == "__main__":
    main(sys.argv[1:])
