"""After a conversation nobody finds a person's words: not in the database's files, not in any log line."""

from __future__ import annotations

import re
import sys
from base64 import b64decode
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.botapi import BotApi
from tests.e2e.peek import Peek
from tests.e2e.process import environment, serving, start, until
from tests.e2e.walk import PRIVATE, Walk, walk_to_a_plan

pytestmark = pytest.mark.slow
CHAT = 770_077_123
NAME = "Zebediah"
# Every logger of every library, structlog's too, at its most talkative.
TALKATIVE = """
import logging, sys
logging.basicConfig(level=logging.NOTSET, stream=sys.stderr, force=True)
logging.disable(logging.NOTSET)
import structlog
quiet = structlog.make_filtering_bound_logger
structlog.make_filtering_bound_logger = lambda _level: quiet(logging.NOTSET)
from bot.cli import main
main(["serve"])
"""


async def test_no_word_of_a_person_is_in_a_file_or_a_log_line(tmp_path: Path, real_content: Path) -> None:
    async with BotApi.running() as api:
        settings = environment(tmp_path, api.url, api.token, ONWARD_CONTENT_DIR=str(real_content))
        settings |= {"PYTHONASYNCIODEBUG": "1", "PYTHONWARNINGS": "default"}
        walk = Walk(api=api, person=api.person(CHAT, name=NAME), peek=Peek.at(tmp_path / "onward.db"))
        command = (sys.executable, "-c", TALKATIVE)
        async with serving(settings, tmp_path, api, starts=partial(start, command=command)) as bot:
            # Faults on the way: their log lines must not quote anybody either.
            api.fail("sendMessage", "error", code=500)
            api.fail("sendMessage", "garbage", skip=2)
            api.fail("editMessageReplyMarkup", "error", code=400, description="Bad Request: no such thing")
            await walk_to_a_plan(walk, bot)
            api.updates.push_raw(
                f'{{"message": {{"chat": {{"id": {CHAT}, "type": "private"}}, "text": "{PRIVATE[2]}"}}}}'
            )
            await walk.person.write("/start")
            await until(lambda: not api.updates.pending and not walk.peek.waiting(), bot)
            while_running = found_in(tmp_path, api.token)
        log = bot.said()
    assert "DEBUG:aiosqlite" in log, "the log was not at its most talkative"
    assert len(walk.peek.parked()) == 1
    assert while_running == []
    assert found_in(tmp_path, api.token) == []


def test_the_search_finds_words_however_they_are_wrapped(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"\0\1Quixotely\2")
    (tmp_path / "wide").write_bytes("Quixotely".encode("utf-16-le"))
    (tmp_path / "short").write_bytes(b'{"company":"Acme"}')
    (tmp_path / "chance").write_bytes(b"gAAAAABxQaCmEz81")
    (tmp_path / "base64").write_bytes(b"..LS0gUXVpeG90ZWx5IC0tLS0t..")
    found = {path for path, word in found_in(tmp_path, "1:x") if word == "quixotely"}
    assert found == {"plain", "wide", "base64"}
    assert ("short", "acme") in found_in(tmp_path, "1:x")
    assert ("chance", "acme") not in found_in(tmp_path, "1:x")


def found_in(folder: Path, token: str) -> list[tuple[str, str]]:
    """Return (file, word) for every private word in any file of `folder`, free pages and all."""
    words = [*PRIVATE, NAME, str(CHAT), token.partition(":")[2]]
    hits = []
    for path in sorted(each for each in folder.iterdir() if each.is_file()):
        texts = [text.lower() for text in readings_of(path.read_bytes())]
        lowered = (each.lower() for each in words)
        hits += [(path.name, word) for word in lowered if any(stands_in(word, text) for text in texts)]
    return hits


def stands_in(word: str, text: bytes) -> bool:
    """Tell whether `word` is in `text`; a short one must stand by itself.

    Four given letters come up by chance in a megabyte of base64 ciphertext; in plain text a word has an end.
    """
    forms = (word.encode(), word.encode("utf-16-le"))
    if len(word) >= 6:
        return any(form in text for form in forms)
    return any(
        re.search(rb"(?<![a-z0-9+/_-])" + re.escape(form) + rb"(?![a-z0-9+/_-])", text) for form in forms
    )


def readings_of(raw: bytes) -> Iterator[bytes]:
    """Yield the bytes themselves, and all that could be base64 in them, decoded at each of the four offsets."""
    yield raw
    for candidate in re.findall(rb"[A-Za-z0-9+/_-]{12,}", raw):
        usual = candidate.translate(bytes.maketrans(b"-_", b"+/"))
        for offset in range(4):
            part = usual[offset:]
            yield b64decode(part[: len(part) // 4 * 4])
