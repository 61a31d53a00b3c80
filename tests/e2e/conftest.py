from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.forking import Forge
from tests.e2e.process import ROOT


@pytest.fixture(scope="session")
def real_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bot's own content, as it was when the tests began: somebody may be writing on it meanwhile."""
    folder = tmp_path_factory.mktemp("content") / "content"
    shutil.copytree(ROOT / "content", folder)
    return folder


@pytest.fixture(scope="session")
def echo_content() -> Path:
    """A content that says which update each answer belongs to."""
    return ROOT / "tests" / "crash" / "content"


@pytest.fixture(scope="session")
def forge(real_content: Path) -> Iterator[Forge]:
    """Lives of the bot for tests that ask what it does, and not how it starts. It has read the content before."""
    with Forge.running(real_content) as running:
        yield running
