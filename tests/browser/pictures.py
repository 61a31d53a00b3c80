"""The pictures of the documentation, taken of the real bot: `make pictures` writes them to docs/pictures/.

Each file carries what it was made of (the words on it, or what was drawn), so that a test can tell when it is out
of date without comparing pixels: fonts differ from machine to machine.
"""

from __future__ import annotations

import hashlib
import io
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser, Page, expect

from bot.dialogue.effects import Record, SendChart
from bot.dialogue.facts import Kept
from bot.script.rehearsal import Rehearsal
from bot.service.chart import as_png
from tests.browser.serving import a_browser, practice_chat
from tests.real_content import real_content

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
MADE_OF = "Made of"
FIRST = "just got the email from Acme, they went with someone else for the data analyst role after the final round"
# A tap in brackets, a message without.
CHAT = (
    FIRST,
    "[Say it]",
    "five rounds. FIVE. and then a two line mail",
    "i feel stupid for hoping",
    "[Done]",
    "[4]",
)
PHONE = {"width": 430, "height": 1080}
DESK = {"width": 1280, "height": 800}


def all_pictures() -> Iterator[tuple[str, bytes, str]]:
    """Yield each picture's file name, its PNG and what it was made of."""
    chart = progress()
    yield "progress.png", as_png(chart.chart), repr(chart.chart)
    with a_browser() as browser:
        for name, size in (("conversation.png", PHONE), ("practice-chat.png", DESK)):
            yield name, *_taken(browser, size)


def made_of(path: Path) -> str:
    """Return the fingerprint a kept picture carries."""
    with Image.open(path) as picture:
        return str(picture.info.get(MADE_OF, ""))


def fingerprint(words: str) -> str:
    """Return the fingerprint of what a picture was made of."""
    return hashlib.sha256(words.encode()).hexdigest()


def progress() -> SendChart:
    """The picture /progress sends to somebody after some weeks."""
    now = datetime(2026, 6, 1, 18, 10, tzinfo=UTC)
    life = Rehearsal(real_content(), now=now, zone="Europe/Berlin")
    moods = ((2, 4), (3, 3), (1, 4), (4, 6), (3, 6), (5, 4), (4, 7), (5, 7), (6, 8))
    stages = ("application", "final", "application", "interview", "screen", "interview", "interview")
    kept: list[tuple[int, Record, dict[str, object]]] = [
        (84 - 9 * n, Record.EXERCISE, {"name": "values", "before": before, "after": after})
        for n, (before, after) in enumerate(moods)
    ]
    kept += [(85 - 12 * n, Record.REJECTION, {"stage": stage}) for n, stage in enumerate(stages)]
    kept += [(70 - 16 * n, Record.WIN, {"text": "one"}) for n in range(5)]
    life.kept = tuple(
        Kept(record=record, ref=ref, at=now - timedelta(days=days), fields=fields)
        for ref, (days, record, fields) in enumerate(kept)
    )
    return next(each for each in life.write("/progress") if isinstance(each, SendChart))


def _taken(browser: Browser, size: dict[str, int]) -> tuple[bytes, str]:
    with tempfile.TemporaryDirectory() as folder, practice_chat(Path(folder)) as address:
        context = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]}, device_scale_factor=2
        )
        page = context.new_page()
        page.goto(address)
        page.get_by_text("only this machine sees it").wait_for()
        for move in CHAT:
            _do(page, move)
        page.get_by_label("Your message").blur()
        words = "\n".join(page.locator("#bubbles > div").all_inner_texts())
        picture = page.screenshot()
        context.close()
    return picture, re.sub(r"\d?\d:\d\d", "", words)


def _do(page: Page, move: str) -> None:
    if move.startswith("["):
        page.locator("#bubbles").get_by_role("button", name=move.strip("[]"), exact=True).last.click()
    else:
        page.get_by_label("Your message").fill(move)
        page.get_by_role("button", name="Send").click()
    expect(page.locator("#typing")).to_be_hidden()


def _with_fingerprint(picture: bytes, words: str) -> bytes:
    note = PngInfo()
    note.add_text(MADE_OF, fingerprint(words))
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(
            out, "PNG", pnginfo=note, optimize=True
        )
    return out.getvalue()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, picture, words in all_pictures():
        (FOLDER / name).write_bytes(_with_fingerprint(picture, words))
        print(f"docs/pictures/{name}")
