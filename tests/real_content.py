"""The project's own content, read once a test process and shared: it is frozen, and reading it takes seconds."""

from __future__ import annotations

import gc
from functools import cache
from pathlib import Path

from bot.script.load import Content, load_content
from bot.script.understood import Kept

FOLDER = Path(__file__).parents[1] / "content"
KEPT = Kept()  # for tests that change a copy's flows: what people are read by need not be compiled again


@cache
def real_content() -> Content:
    content = load_content(FOLDER, kept=KEPT)
    gc.freeze()  # as the bot does: it stays, and no collection needs to look it through
    return content
