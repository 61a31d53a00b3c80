from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import structlog

from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import ChannelError
from bot.channels.telegram.webhook import WebhookSettings, serve_webhook
from tests.botapi import BotApi
from tests.channels.telegram.conftest import Inbox, Pauses

SECRET = "s3cret_of-the-webhook"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@pytest.fixture
def url(free_port: int) -> str:
    return f"http://127.0.0.1:{free_port}/telegram/hook"


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def serving(
    api: Api, inbox: Inbox, url: str, pauses: Pauses | None = None, **more: Any
) -> AsyncIterator[None]:
    listening = asyncio.Event()
    settings = WebhookSettings(
        url=url,
        secret=SECRET,
        host="127.0.0.1",
        port=int(url.split(":")[2].split("/", maxsplit=1)[0]),
        max_bytes=50_000,
        patience=timedelta(seconds=0.3),
    )
    coroutine = serve_webhook(
        api, inbox, settings, listening=lambda _: listening.set(), sleep=pauses or Pauses(), **more
    )
    task = asyncio.create_task(coroutine)
    await asyncio.wait_for(listening.wait(), 5)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def post(url: str, body: bytes, headers: dict[str, str] = HEADERS) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status


async def test_updates_arrive_in_order_within_a_chat(
    botapi: BotApi, api: Api, inbox: Inbox, url: str
) -> None:
    await botapi.person(1).write("before it was set")
    async with serving(api, inbox, url):
        for number in range(199):
            await botapi.person(number % 4 + 1).write(str(number))
        await inbox.wait(200)
    for address in "1234":
        numbers = [update.update_id for update in inbox.taken if update.address == address]
        assert numbers == sorted(numbers)
    assert len({update.update_id for update in inbox.taken}) == 200


async def test_telegram_is_told_where_what_and_the_secret(
    botapi: BotApi, api: Api, inbox: Inbox, url: str
) -> None:
    async with serving(api, inbox, url):
        await botapi.person(1).write("x")
        await inbox.wait(1)
    told = botapi.calls("setWebhook")[0].arguments
    assert (told["url"], told["secret_token"], told["max_connections"]) == (url, SECRET, 40)
    assert told["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert not told.get("drop_pending_updates")


async def test_an_update_that_can_not_be_stored_comes_again(
    botapi: BotApi, api: Api, inbox: Inbox, url: str
) -> None:
    inbox.refusals = 3
    async with serving(api, inbox, url):
        await botapi.person(1).write("once")
        await inbox.wait(1)
    assert "503" in botapi.updates.webhook["last_error"]


@pytest.mark.parametrize(
    "headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}, {"X-Telegram-Bot-Api-Secret-Token": ""}]
)
async def test_without_the_secret_nothing_is_taken(
    api: Api, inbox: Inbox, url: str, headers: dict[str, str]
) -> None:
    async with serving(api, inbox, url):
        assert await post(url, b'{"update_id": 1}', headers) == 403
    assert inbox.taken == []


@pytest.mark.parametrize(
    ("body", "status", "stored"),
    [
        (b'{"update_id": 1, "message": {}}', 200, 1),
        (b"[1, 2]", 200, 1),
        (b"7", 200, 1),
        (b"[" * 2000 + b"]" * 2000, 200, 1),
        (b"not json", 400, 0),
        (b"", 400, 0),
        (b"\xff\xfe\x00", 400, 0),
        (b'{"update_id": 1, "message": "' + b"x" * 60_000 + b'"}', 413, 0),
    ],
    ids=["poor", "list", "number", "deep", "text", "empty", "binary", "huge"],
)
async def test_a_strange_body_is_parked_or_refused(  # noqa: PLR0917
    api: Api, inbox: Inbox, url: str, body: bytes, status: int, stored: int
) -> None:
    async with serving(api, inbox, url):
        assert await post(url, body) == status
    assert [update.payload for update in inbox.taken] == [body] * stored


async def test_who_sends_a_body_drop_by_drop_is_given_up(api: Api, inbox: Inbox, url: str) -> None:
    async def drops() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" "
            await asyncio.sleep(0.05)

    async with serving(api, inbox, url), aiohttp.ClientSession() as session:
        try:
            async with session.post(url, data=drops(), headers=HEADERS) as answer:
                assert answer.status == 408
        except aiohttp.ClientError:
            pass  # the connection was closed under it
        assert await post(url, b'{"update_id": 1}') == 200
    assert [update.update_id for update in inbox.taken] == [1]


async def test_readiness_tells_what_the_bot_says_of_itself(api: Api, inbox: Inbox, url: str) -> None:
    well = True

    async def healthy() -> bool:
        return well

    health = url.replace("/telegram/hook", "/readyz")
    async with serving(api, inbox, url, ready=healthy), aiohttp.ClientSession() as session:
        async with session.get(health) as answer:
            assert (answer.status, await answer.json()) == (200, {"ok": True})
        well = False
        async with session.get(health) as answer:
            assert answer.status == 503


async def test_it_waits_for_telegram_to_be_reachable(
    botapi: BotApi, api: Api, inbox: Inbox, pauses: Pauses, url: str
) -> None:
    botapi.fail("setWebhook", "bad_gateway", times=2)
    botapi.fail("setWebhook", "flood", retry_after=9)
    with structlog.testing.capture_logs() as logs:
        async with serving(api, inbox, url, pauses):
            await botapi.person(1).write("x")
            await inbox.wait(1)
    assert pauses.lengths == [5, 5, 9]
    assert [entry["event"] for entry in logs] == ["telegram_unreachable"] * 3 + ["webhook_set"]


@pytest.mark.parametrize(
    ("code", "words"), [(401, "BotFather"), (400, "ONWARD_WEBHOOK_URL")], ids=["token", "address"]
)
async def test_what_telegram_refuses_ends_it_with_what_to_do(  # noqa: PLR0917
    botapi: BotApi, api: Api, inbox: Inbox, free_port: int, code: int, words: str
) -> None:
    botapi.fail("setWebhook", "error", code=code, description="Bad Request: bad webhook")
    settings = WebhookSettings(url="http://127.0.0.1/", secret=SECRET, host="127.0.0.1", port=free_port)
    with pytest.raises(ChannelError, match=words):
        await serve_webhook(api, inbox, settings)


async def test_a_port_in_use_is_said_so(api: Api, inbox: Inbox) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = WebhookSettings(url="https://x.org/", secret=SECRET, host="127.0.0.1", port=port)
        with pytest.raises(ChannelError, match="ONWARD_HTTP_PORT"):
            await serve_webhook(api, inbox, settings)


async def test_each_update_is_noticed_once_it_is_stored(
    botapi: BotApi, api: Api, inbox: Inbox, url: str
) -> None:
    noticed: list[int] = []
    async with serving(api, inbox, url, notice=lambda raw: noticed.append(len(inbox.taken))):
        assert await post(url, json.dumps({"update_id": 4}).encode()) == 200
    assert noticed == [1]
