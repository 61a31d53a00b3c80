"""Serving the practice chat as `onward serve` does, and finding a browser for it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CONTENT = Path(__file__).parents[2] / "content"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


class NotThere(RuntimeError):
    """What is needed is not on this machine, or did not start."""


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Start the system's Chromium. Raises NotThere without one."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        raise NotThere("Install Chromium from your system's packages (apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(_QUIET))
        yield browser
        browser.close()


@contextmanager
def practice_chat(data: Path, content: Path = CONTENT) -> Iterator[str]:
    """Serve the practice chat with its data in `data`; give its address. Raises NotThere if it ends first."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ONWARD_", "TELEGRAM_", "DATABASE_"))}
    settings = {
        "ONWARD_DATA_DIR": str(data),
        "ONWARD_CONTENT_DIR": str(content),
        "ONWARD_HTTP_PORT": "0",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(
        command, env={**kept, **settings}, cwd=CONTENT.parent, stdout=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stdout is not None
        shown = next(filter(None, (re.search(r"http://\S+", line) for line in serving.stdout)), None)
        if shown is None:
            raise NotThere("onward serve ended before it told its address.")
        try:
            yield shown[0]
        finally:
            serving.send_signal(signal.SIGINT)
            assert serving.wait(timeout=20) == 0
