"""The practice chat as `onward serve` serves it, in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import CONTENT, Forked, a_browser

# The first city asked for takes seconds to look up on a busy machine: the table of all is made then.
PATIENCE_MS = 20_000


# Not for the whole session: while it is open, its event loop keeps other tests from having theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the content that a test may break."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


@pytest.fixture(scope="module")
def forked() -> Iterator[Forked]:
    with Forked.running() as running:
        yield running


@pytest.fixture
def address(tmp_path: Path, content: Path, forked: Forked) -> Iterator[str]:
    """Serve the practice chat in a data folder of its own; yield its address."""
    with forked.practice_chat(tmp_path / "data", content, tmp_path / "practice.log") as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The open practice chat. At the end: nothing went wrong on it, and it asked nobody but its own server."""
    context = browser.new_context(viewport={"width": 1200, "height": 800}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    faults: list[str] = []
    elsewhere: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: None if asked.url.startswith(address) else elsewhere.append(asked.url))
    page.goto(address)
    page.get_by_text("only this machine sees it").wait_for()
    yield page
    context.close()
    assert faults == []
    assert elsewhere == []
