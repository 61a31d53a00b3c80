"""The kept chats read exactly as they are played now. Regenerate with `onward transcript --update`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.script.counterpart import counterpart, read_sentences, sentences_for
from bot.script.load import Content
from bot.script.transcript import difference, play
from tests.real_content import real_content

FOLDER = Path(__file__).parent / "transcripts"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))
LANGUAGES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
# Common words of English, and none of Spanish or a name in the transcripts.
ENGLISH = frozenset(
    "the and you your that this with what have not are was for they it's isn't don't i'm would could can when "
    "where which here there then than more day week time one thing something nothing keep back next done skip".split()
)


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


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_every_chat_goes_the_same_way_in_every_language(path: Path, locale: str, content: Content) -> None:
    sentences = sentences_for(path.stem, read_sentences(FOLDER / locale))
    made = counterpart(content, path.read_text(encoding="utf-8"), sentences, locale)
    assert (made.missing, made.faults) == ([], [])
    kept = (FOLDER / locale / path.name).read_text(encoding="utf-8")
    if made.text != kept:
        pytest.fail(difference(f"{locale}/{path.name}", kept, made.text), pytrace=False)


@pytest.mark.parametrize("path", sorted((FOLDER / "es").glob("*.txt")), ids=lambda path: path.stem)
def test_nothing_english_is_said_in_a_spanish_chat(path: Path) -> None:
    said = _said(path.read_text(encoding="utf-8"))
    assert not [line for line in said if len(ENGLISH & set(re.findall(r"[\w']+", line.lower()))) > 0]


def _said(transcript: str) -> list[str]:
    """What Onward says, without what it quotes of the person: names, letters and sentences of theirs."""
    lines = [line for line in transcript.splitlines() if line.startswith(("Onward", "    "))]
    return [re.sub(r"/[a-z]+|\S+\.(?:com|org|ics|eml|example)\S*", "", line) for line in lines]
