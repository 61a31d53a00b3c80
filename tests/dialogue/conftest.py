"""The small script of tests/script, which has a step of every kind, and the real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.script.load import Content, load_content
from tests.real_content import real_content

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def small() -> Content:
    return load_content(ROOT / "tests" / "script" / "content")


@pytest.fixture(scope="session")
def real() -> Content:
    return real_content()
