from __future__ import annotations

import shutil
from pathlib import Path

import pytest

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
