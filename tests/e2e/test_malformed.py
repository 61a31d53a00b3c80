"""What is no update at all stands among what is: the good ones are answered, the others set aside and counted."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.botapi import BotApi
from tests.crash.forking import Forge
from tests.e2e.peek import Peek
from tests.e2e.process import environment, free_port, serving, until, webhook

pytestmark = pytest.mark.slow
PRIVATE = {"id": 5, "type": "private"}
HUGE = 10**30

# Update numbers are put in where there is none; a ValueError is the parser's, "no address" the receiver's.
NO_ADDRESS: list[Any] = [
    {"update_id": 0},
    {"update_id": 0, "message": "words"},
    {"update_id": 0, "message": None},
    {"update_id": 0, "message": {"message_id": 1, "text": "from nowhere"}},
    {"update_id": 0, "message": {"chat": {"id": "five", "type": "private"}, "text": "wrong type"}},
    {"update_id": 0, "message": {"chat": {"id": HUGE, "type": "private"}, "text": "huge chat"}},
    {"update_id": 0, "message": {"chat": [5], "text": "a list for a chat"}},
    {"update_id": 0, "callback_query": {"id": 7, "data": ["x"]}},
    {"update_id": 0, "a_kind_of_the_future": {"what": "is this"}},
    [],
    ["a", "list"],
    "a text",
    17,
    None,
]
PARKED_AFTER_TRIES: list[Any] = [
    {"update_id": "5", "message": {"message_id": 1, "chat": PRIVATE, "text": "its number is a text"}},
    {"message": {"message_id": 1, "chat": PRIVATE, "text": "no number"}},
    {"update_id": 0, "message": {"message_id": 1, "from": {"id": 5}, "text": "a sender, but no chat"}},
]
HANDLED: list[Any] = [
    {"update_id": 0, "message": {}, "edited_message": {"from": {"id": 5}}},
    {"update_id": 0, "message": {"message_id": HUGE, "chat": PRIVATE, "text": 5}},
    {"update_id": 0, "message": {"message_id": "x", "chat": PRIVATE, "sticker": 0, "text": None}},
    {"update_id": 0, "callback_query": {"id": 7, "from": {"id": 5}, "data": {"no": "text"}}},
    {"update_id": 0, "my_chat_member": {"chat": PRIVATE, "new_chat_member": "kicked"}},
    {"update_id": 0, "a_kind_of_the_future": {"chat": PRIVATE}},
]
ODD_TEXTS = [
    "nul\0 inside",
    "a lone \ud800 surrogate",
    "\u202eright to left",
    "{{ 7*7 }} and {% raw %}",
    "<b>bold</b> & _under_ *star*",
    "🌱" * 50,
    "x" * 100_000,
]


@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_good_updates_are_answered_and_bad_ones_parked(
    tmp_path: Path, echo_content: Path, forge: Forge, by_webhook: bool
) -> None:
    async with BotApi.running() as api:
        port = free_port()
        more = webhook(port) if by_webhook else {}
        settings = environment(tmp_path, api.url, api.token, ONWARD_CONTENT_DIR=str(echo_content), **more)
        good, other, peek = api.person(7), api.person(5), Peek.at(tmp_path / "onward.db")
        await other.write("/start")
        await good.write("/start")
        async with serving(settings, tmp_path, api, starts=forge.start) as bot:
            bad = [*NO_ADDRESS, *PARKED_AFTER_TRIES, *HANDLED]
            texts = [f"update {number}" for number in range(len(bad))]
            for update, text in zip(bad, texts, strict=True):
                push(api, update)
                await good.write(text)
            for text in ODD_TEXTS:
                await good.write(text)
            await good.write("the last")
            await until(lambda: "the last, first" in good.chat.transcript(), bot)
            await until(lambda: not api.updates.pending and not peek.waiting(), bot)
        answers = [posted.text for posted in good.chat.messages.values() if posted.by_bot]
        firsts = [answer.removesuffix(", first") for answer in answers if answer.endswith(", first")]
        expected = [*texts, *map(as_heard, ODD_TEXTS), "the last"]
        assert [shortened(each) for each in firsts] == [shortened(each) for each in expected]
        parked = peek.parked()
        assert len(parked) == len(NO_ADDRESS) + len(PARKED_AFTER_TRIES), parked
        log = bot.said()
        assert "Traceback" not in log
        assert "parked" in log
        assert not [text for text in ("from nowhere", "no number", "the last") if text in log]
        # The person whose updates could not be read was told so, each time.
        apologies = [p.text for p in other.chat.messages.values() if p.by_bot and "failed" in p.text]
        assert len(apologies) == len(PARKED_AFTER_TRIES)


async def test_what_is_posted_to_the_webhook_by_others_is_refused(
    tmp_path: Path, echo_content: Path, forge: Forge
) -> None:
    port = free_port()
    async with BotApi.running() as api, aiohttp.ClientSession() as session:
        more = webhook(port) | {"ONWARD_WEBHOOK_SECRET": "known-to-telegram"}
        settings = environment(tmp_path, api.url, api.token, ONWARD_CONTENT_DIR=str(echo_content), **more)
        url, secret = more["ONWARD_WEBHOOK_URL"], {"X-Telegram-Bot-Api-Secret-Token": "known-to-telegram"}

        async def status(body: bytes, headers: dict[str, str]) -> int:
            async with session.post(url, data=BytesIO(body), headers=headers) as answer:
                return answer.status

        async with serving(settings, tmp_path, api, starts=forge.start) as bot:
            assert await status(b'{"update_id": 1}', {}) == 403
            assert await status(b'{"update_id": 1}', {"X-Telegram-Bot-Api-Secret-Token": "guessed"}) == 403
            assert await status(b"\xff not JSON", secret) == 400
            assert await status(b"x" * 2_000_000, secret) == 413
            assert (
                await status(b'{"update_id": 1, "x": ' + b"[" * 90_000 + b"]" * 90_000 + b"}", secret) == 200
            )
            person = api.person(7)
            await person.write("/start")
            assert [shown.text for shown in await person.replies(3)] == ["Begun.", "Ready", "Go on"]
            assert "Traceback" not in bot.said()


def push(api: BotApi, update: Any) -> None:
    """Queue `update` as its JSON; where its number is 0 it gets the next one, as the real API would give it."""
    number = api.updates.next_id
    if isinstance(update, dict) and update.get("update_id") == 0:
        update = update | {"update_id": number}
    api.updates.push_raw(json.dumps(update))


def as_heard(text: str) -> str:
    """Databases and UTF-8 don't take everything that JSON does."""
    return text.replace("\0", "").replace("\ud800", "\ufffd")


def shortened(text: str) -> str:
    return text[:200]
