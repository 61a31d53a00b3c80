"""What is never said, what praises, and the beginnings of lives: another shape is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.script.diagnostics import Code, Diagnostic
from bot.script.editorial import check_lives, read_editorials


def _told(found: list[Diagnostic]) -> list[tuple[Code, int]]:
    return [(each.code, each.line) for each in found]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("never_says: [at least]\npraise: nicely done\n", 2),
        ("never_says: [at least]\npraise: ['']\n", 2),
        ("# what is never said\nnever_says:\n  - {at: least}\n", 2),
        ("never_says: [at least]\n\nprase: [nicely done]\n", 3),
        ("praise: [nicely done]\n", 1),
        ("- at least\n", 1),
    ],
)
def test_lists_of_another_shape_are_told(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "en.yaml").write_text(text, encoding="utf-8")
    editorials, found = read_editorials(tmp_path, ["en", "es"])
    assert _told(found) == [(Code.SHAPE, line)]
    assert editorials["es"].never_says == ()


def test_phrases_are_read_and_praise_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text("never_says: [at least, cheer up]\n", encoding="utf-8")
    editorials, found = read_editorials(tmp_path, ["en"])
    assert (editorials["en"].never_says, editorials["en"].praise, found) == (("at least", "cheer up"), (), [])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("lives:\n  - [they said no]\n", []),
        ("lives:\n  - [they said no]\n  - []\n  - they said no\n", [3, 4]),
        ("lifes:\n  - [they said no]\n", [1]),
        ("lives: []\n", [1]),
        ("lives: [\n", [2]),
    ],
)
def test_beginnings_that_cannot_be_played_are_told(tmp_path: Path, text: str, lines: list[int]) -> None:
    path = tmp_path / "lives.yaml"
    path.write_text(text, encoding="utf-8")
    assert [each.line for each in check_lives(path)] == lines
