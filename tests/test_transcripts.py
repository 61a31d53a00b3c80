"""The kept chats read exactly as they are played now. Regenerate with `onward transcript --update`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.script.load import Content
from bot.script.transcript import difference, play
from tests.real_content import real_content

FOLDER = Path(__file__).parent / "transcripts"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))


@pytest.fixture(scope="module")
def content() -> Content:
    return real_content()


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_kept_chat_reads_as_it_is_played(path: Path, content: Content) -> None:
    kept = path.read_text(encoding="utf-8")
    assert "\nOnward: " in kept, "nothing was ever said in this transcript"
    said = play(content, kept).text
    if said != kept:  # not an assert: explaining it by all of the content takes pytest minutes
        pytest.fail(difference(str(path), kept, said), pytrace=False)


PAGE = Path(__file__).parents[1] / "docs" / "transcripts.md"
ROWS = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| [")]


def test_the_page_lists_twelve_kept_chats() -> None:
    named = [re.findall(r"\]\(\.\./(tests/transcripts/[\w-]+\.txt)\)", row) for row in ROWS]
    assert len(ROWS) == 12
    assert {PAGE.parents[1] / path for [path] in named} <= set(TRANSCRIPTS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[3 : row.index("]")])
def test_a_reading_is_good_and_its_mean_is_counted_right(row: str) -> None:
    *cells, mean = [cell.strip() for cell in row.split("|")[2:-1]]
    scores = [int(score) for cell in cells for score in cell.split("/") if score != "–"]
    assert len(cells) == 10
    assert mean == f"{sum(scores) / len(scores):.1f}"
    assert sum(scores) / len(scores) >= 2.4
    assert min(scores) >= 2
