"""The practice chat as `onward serve` serves it, in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
# The first city asked for takes seconds to look up on a busy machine: the table of all is made then.
PATIENCE_MS = 20_000
CONTENT = Path(__file__).parents[2] / "content"


# Not for the whole session: while it is open, its event loop keeps other tests from having theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail(
            "These tests need Chromium: install it from your system's packages (apt-get install chromium)."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the content that a test may break."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


@pytest.fixture
def address(tmp_path: Path, content: Path) -> Iterator[str]:
    """Serve the practice chat in a data folder of its own; yield its address."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ONWARD_", "TELEGRAM_", "DATABASE_"))}
    settings = {
        "ONWARD_DATA_DIR": str(tmp_path / "data"),
        "ONWARD_CONTENT_DIR": str(content),
        "ONWARD_HTTP_PORT": "0",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(
        command, env={**kept, **settings}, cwd=CONTENT.parent, stdout=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stdout is not None
        for line in serving.stdout:
            if shown := re.search(r"http://\S+", line):
                break
        else:
            pytest.fail("onward serve ended before it told its address")
        yield shown[0]
        serving.send_signal(signal.SIGINT)
        assert serving.wait(timeout=20) == 0


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
