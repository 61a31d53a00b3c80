from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.botapi import BotApi, RemoteBotApi


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi.running() as running:
        yield running


async def call(api: BotApi, method: str, **arguments: Any) -> Any:
    url = f"{api.url}/bot{api.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=arguments) as answer:
        said = await answer.json()
    return said["result"] if said["ok"] else said["description"]


KEYBOARD = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}


def with_button(**button: Any) -> dict[str, Any]:
    return {"chat_id": 5, "text": "x", "reply_markup": {"inline_keyboard": [[button]]}}


@pytest.mark.parametrize(
    ("method", "arguments", "words"),
    [
        ("sendMessage", {"chat_id": 5, "text": "🌱" * 2049}, "message is too long"),
        ("sendMessage", {"chat_id": 5, "text": " \n"}, "message text is empty"),
        ("sendMessage", {"chat_id": 5, "text": "\ud800"}, "encoded in UTF-8"),
        ("sendMessage", {"chat_id": 6, "text": "x"}, "chat not found"),
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        (
            "sendMessage",
            {"chat_id": 5, "text": "🌱", "entities": [{"type": "bold", "offset": 0, "length": 1}]},
            "two",
        ),
        (
            "sendMessage",
            {"chat_id": 5, "text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
            "outside",
        ),
        ("sendMessage", with_button(text="x", callback_data="y" * 65), "BUTTON_DATA_INVALID"),
        ("sendMessage", with_button(text="x", callback_data=""), "BUTTON_DATA_INVALID"),
        ("sendMessage", with_button(text="", callback_data="y"), "non-empty"),
        ("sendMessage", with_button(text="x"), "unallowed"),
        ("sendMessage", with_button(text="x", copy_text={"text": "y" * 257}), "COPY_TEXT"),
        ("sendMessage", with_button(text="x", url="example"), "invalid"),
        ("editMessageText", {"chat_id": 5, "message_id": 9, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"chat_id": 5, "message_id": 1, "text": "x"}, "can't be edited"),
        ("deleteMessage", {"chat_id": 5, "message_id": 9}, "message to delete not found"),
        ("deleteMessages", {"chat_id": 5, "message_ids": []}, "from 1 to 100"),
        ("answerCallbackQuery", {"callback_query_id": "none"}, "query is too old"),
        ("sendChatAction", {"chat_id": 5, "action": "dance"}, "wrong parameter action"),
        ("setMyDescription", {"description": "x" * 513}, "too long"),
        ("setMyCommands", {"commands": [{"command": "Bad", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setWebhook", {"url": "http://example.org"}, "HTTPS"),
        ("sendDocument", {"chat_id": 5, "document": "x"}, "no document"),
        ("makeCoffee", {}, "method not found"),
    ],
)
async def test_what_telegram_refuses_is_refused(
    api: BotApi, method: str, arguments: dict, words: str
) -> None:
    await api.person(5).write("hi")
    assert words in await call(api, method, **arguments)


async def test_updates_are_kept_until_a_higher_offset_confirms_them(api: BotApi) -> None:
    ada = api.person(5)
    for text in ("one", "two", "three"):
        await ada.write(text)
    first = await call(api, "getUpdates", limit=2)
    assert [update["message"]["text"] for update in first] == ["one", "two"]
    assert await call(api, "getUpdates", limit=2) == first
    rest = await call(api, "getUpdates", offset=first[-1]["update_id"] + 1)
    assert [update["message"]["text"] for update in rest] == ["three"]
    assert await call(api, "getUpdates", offset=rest[-1]["update_id"] + 1) == []


async def test_an_open_question_is_answered_the_moment_someone_writes(api: BotApi) -> None:
    asking = asyncio.create_task(call(api, "getUpdates", timeout=30))
    while api.updates._poller is None:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await api.person(5).write("now")
    async with asyncio.timeout(2):
        assert len(await asking) == 1


async def test_only_updates_that_were_asked_for_are_made(api: BotApi) -> None:
    await call(api, "getUpdates", allowed_updates=["callback_query"])
    await api.person(5).write("unheard")
    assert await call(api, "getUpdates") == []


async def test_a_webhook_and_polling_exclude_each_other(api: BotApi) -> None:
    await call(api, "setWebhook", url="http://127.0.0.1:9/x")
    assert "webhook is active" in await call(api, "getUpdates")
    await api.person(5).write("kept")
    assert (await call(api, "getWebhookInfo"))["pending_update_count"] == 1
    await call(api, "deleteWebhook")
    assert len(await call(api, "getUpdates")) == 1


async def test_a_chat_reads_as_its_person_sees_it(api: BotApi) -> None:
    ada = api.person(5)
    await ada.write("hello")
    await call(api, "sendMessage", chat_id=5, text="Want to talk?", reply_markup=KEYBOARD)
    await call(api, "sendMessage", chat_id=5, text="Gone")
    await call(api, "editMessageText", chat_id=5, message_id=2, text="Shall we?", reply_markup=KEYBOARD)
    await call(api, "deleteMessage", chat_id=5, message_id=3)
    await ada.share_voice()
    assert api.transcript(5) == "> hello\nBot: Shall we?   [Yes] (edited)\nBot: Gone (deleted)\n> <voice>"
    await ada.tap("Yes")
    with pytest.raises(AssertionError, match=r"no button \[No\]"):
        await ada.tap("No")


async def test_it_runs_as_a_process_of_its_own() -> None:
    async with RemoteBotApi.started() as api:
        ada = api.person(5, name="Ada", language="de")
        await ada.write("hallo")
        url = f"{api.url}/bot123456:TEST-token_of-the-loopback-Bot-API-00000"
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{url}/getUpdates") as answer:
                [update] = (await answer.json())["result"]
            assert update["message"]["from"]["language_code"] == "de"
            await api.control("fail", method="sendMessage", kind="flood", retry_after=2)
            async with session.post(f"{url}/sendMessage", data={"chat_id": "5", "text": "Hi"}) as answer:
                assert (await answer.json())["parameters"] == {"retry_after": 2}
            async with session.post(f"{url}/sendMessage", data={"chat_id": "5", "text": "Hi"}) as answer:
                assert answer.status == 200
        assert [shown.text for shown in await ada.replies()] == ["Hi"]
        assert await ada.transcript() == "> hallo\nBot: Hi"
        assert [each["status"] for each in await api.control("calls", method="sendMessage")] == [429, 200]
        with pytest.raises(AssertionError, match="no button"):
            await ada.tap("Nothing")
