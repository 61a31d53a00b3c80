"""Serving the practice chat as `onward serve` does, and finding a browser for it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, sync_playwright

from tests.crash.forking import Forge, Life

_Value = TypeVar("_Value")

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


def _settings(data: Path, content: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ONWARD_", "TELEGRAM_", "DATABASE_"))}
    return kept | {
        "ONWARD_DATA_DIR": str(data),
        "ONWARD_CONTENT_DIR": str(content),
        "ONWARD_HTTP_PORT": "0",
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def practice_chat(data: Path, content: Path = CONTENT) -> Iterator[str]:
    """Serve the practice chat with its data in `data`; give its address. Raises NotThere if it ends first."""
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(
        command, env=_settings(data, content), cwd=CONTENT.parent, stdout=subprocess.PIPE, text=True
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


class Forked:
    """The same from a process that has imported everything. Its births are heard of in a thread: a browser that is
    driven holds the test's own event loop.
    """

    def __init__(self, forge: Forge) -> None:
        self._forge = forge
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @classmethod
    @contextmanager
    def running(cls, content: Path = CONTENT) -> Iterator[Forked]:
        with Forge.running(content) as forge:
            forked = cls(forge)
            forked._thread.start()
            try:
                yield forked
            finally:
                forked._loop.call_soon_threadsafe(forked._loop.stop)
                forked._thread.join()
                forked._loop.close()

    @contextmanager
    def practice_chat(self, data: Path, content: Path, log: Path) -> Iterator[str]:
        """Serve the practice chat with its data in `data`; give its address. Raises NotThere if it ends first."""
        settings = _settings(data, content)
        forking = self._forge.fork(["serve"], settings, CONTENT.parent, log)
        life = self._now(forking, 120)  # the first waits until everything is imported and the content read
        try:
            yield _address(life, log)
        finally:
            life.send_signal(signal.SIGINT)
            assert self._now(life.wait(), 20) == 0, log.read_text(encoding="utf-8")

    def _now(self, awaited: Coroutine[Any, Any, _Value], within: float) -> _Value:
        return asyncio.run_coroutine_threadsafe(awaited, self._loop).result(within)


def _address(life: Life, log: Path) -> str:
    while life.returncode is None:
        said = log.read_text(encoding="utf-8") if log.exists() else ""
        if (shown := re.search(r"http://\S+(?=\s)", said)) is not None:
            return shown[0]
        time.sleep(0.02)
    raise NotThere(f"onward serve ended before it told its address:\n{log.read_text(encoding='utf-8')}")
