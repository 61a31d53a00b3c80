"""The contents that kill tests and benchmarks run on are sound: what a real one must have, they have."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.script.diagnostics import Severity
from bot.script.load import check_content

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("folder", ["tests/crash/content", "benchmarks/content"])
def test_it_can_be_used(folder: str) -> None:
    loaded, found = check_content(ROOT / folder)
    assert loaded is not None
    assert [each for each in found if each.severity is Severity.ERROR] == []
