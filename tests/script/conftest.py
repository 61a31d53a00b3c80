"""Small content that is whole and right, and copies of it to break."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.script.load import load_content
from bot.script.untranslated import written_out

GOOD = Path(__file__).parent / "content"
MORE = (
    Path(__file__).parent / "whole"
)  # what a content may have besides: languages, helplines, reviews, tongues
LETTERS = Path(__file__).parents[2] / "content" / "letters" / "en"
OTHER = "es"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    shutil.copytree(GOOD, folder)
    return folder


@pytest.fixture(scope="session")
def _whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "content"
    shutil.copytree(GOOD, folder)
    shutil.copytree(MORE, folder, dirs_exist_ok=True)
    _translate(folder)
    return folder


def _translate(folder: Path) -> None:
    """Say everything in the other language too: the English with a mark before it."""
    flows = load_content(folder).flows
    for flow in (each.document.flow for each in flows):
        lines = list(written_out(folder, flows, OTHER, flow))
        if lines:
            path = folder / "translations" / OTHER / f"{flow}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(map(_said, lines, ["", *lines])) + "\n", encoding="utf-8")


def _said(line: str, above: str) -> str:
    english = re.sub(r'["\\\\]', "'", above.strip().removeprefix("# "))
    return re.sub(r'text: ""', lambda _: f'text: "¡{english}"', line).replace(
        'one_of: [""]', f'text: "¡{english}"'
    )


@pytest.fixture
def with_letters(content: Path) -> Path:
    """Small content with the real letters, which take seconds to check."""
    shutil.copytree(LETTERS, content / "letters" / "en")
    return content


@pytest.fixture
def whole(_whole: Path, tmp_path: Path) -> Path:
    """Small content with everything that content may have, letters apart."""
    folder = tmp_path / "whole"
    shutil.copytree(_whole, folder)
    return folder
