"""The kept chats read exactly as they are played now. Regenerate with `onward transcript --update`."""

from __future__ import annotations

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


def test_there_are_transcripts() -> None:
    assert len(TRANSCRIPTS) >= 12
