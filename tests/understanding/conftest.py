"""The understanding compiled from the project's own content, once for all tests here."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml

from bot.dialogue.reading import Reading
from bot.understanding import Understanding
from tests.real_content import real_content

CONTENT = Path(__file__).parents[2] / "content" / "understanding"
SENTENCES = Path(__file__).parent / "sentences"


def yaml(path: Path) -> Any:
    """Parse YAML with every scalar a text, as the loader does."""
    return pyyaml.load(path.read_text(encoding="utf-8"), pyyaml.CBaseLoader)


@pytest.fixture(scope="session")
def documents() -> dict[str, Any]:
    return {path.stem: yaml(path) for path in sorted(CONTENT.glob("*.yaml"))}


@pytest.fixture(scope="session")
def phrases() -> dict[str, Any]:
    return {path.stem: yaml(path) for path in sorted((CONTENT.parent / "phrases").glob("*.yaml"))}


@pytest.fixture(scope="session")
def weighing() -> dict[str, Any]:
    return {path.stem: yaml(path) for path in sorted((CONTENT.parent / "weighing").glob("*.yaml"))}


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    return real_content().understanding


@pytest.fixture(scope="session")
def read(understanding: Understanding) -> Callable[[str], Reading]:
    return lambda text: understanding.read(text, "en")


@pytest.fixture(scope="session")
def sentences() -> Callable[[str], Any]:
    return lambda name: yaml(SENTENCES / f"{name}.yaml")


@pytest.fixture(scope="session")
def process_seconds() -> Callable[[Callable[[], object]], float]:
    """How long something takes this process, whatever else the machine does meanwhile."""

    def seconds(deed: Callable[[], object]) -> float:
        before = time.process_time()
        deed()
        return time.process_time() - before

    return seconds
