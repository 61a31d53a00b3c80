from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
import structlog

from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import ChannelError
from bot.channels.telegram.poll import poll
from bot.store.errors import StoreError
from tests.botapi import BotApi
from tests.channels.telegram.conftest import Inbox, Pauses


@asynccontextmanager
async def polling(api: Api, inbox: Inbox, pauses: Pauses, **more: Any) -> AsyncIterator[None]:
    task = asyncio.create_task(poll(api, inbox, sleep=pauses, hold=timedelta(seconds=5), **more))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_updates_arrive_raw_with_their_address(
    botapi: BotApi, api: Api, inbox: Inbox, pauses: Pauses
) -> None:
    await botapi.person(5).write("hello \ud83d world")
    async with polling(api, inbox, pauses):
        [number] = await inbox.wait(1)
    [incoming] = inbox.taken
    assert (incoming.source, incoming.update_id, incoming.address) == ("telegram:123456", number, "5")
    assert json.loads(incoming.payload)["message"]["text"] == "hello \ud83d world"


async def test_nothing_is_confirmed_before_it_is_taken(
    botapi: BotApi, api: Api, inbox: Inbox, pauses: Pauses
) -> None:
    async with polling(api, inbox, pauses):
        for number in range(1, 251):
            await botapi.person(number % 7 + 1).write(f"text {number}")
        numbers = await inbox.wait(250)
    assert numbers == list(range(numbers[0], numbers[0] + 250))
    assert sum(inbox.unconfirmed) == 250


async def test_a_batch_that_can_not_be_stored_comes_again(
    botapi: BotApi, api: Api, inbox: Inbox, pauses: Pauses
) -> None:
    await botapi.person(5).write("once")
    inbox.refusals = 3
    async with polling(api, inbox, pauses):
        numbers = await inbox.wait(1)
    assert len(numbers) == 1
    assert pauses.lengths == [1, 2, 4]
    assert [call.arguments.get("offset") for call in botapi.calls("getUpdates")][:4] == [None] * 4


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (OSError("they said no"), "OSError"),
        (StoreError("The disk is full: free some."), "The disk is full: free some."),
    ],
    ids=["any", "the store's own"],
)
async def test_only_the_stores_own_words_are_logged(  # noqa: PLR0917
    botapi: BotApi, api: Api, inbox: Inbox, pauses: Pauses, fault: Exception, reason: str
) -> None:
    inbox.fault = fault
    await botapi.person(5).write("once")
    inbox.refusals = 1
    with structlog.testing.capture_logs() as logs:
        async with polling(api, inbox, pauses):
            await inbox.wait(1)
    assert [entry for entry in logs if entry["event"] == "inbox_refused"] == [
        {"event": "inbox_refused", "reason": reason, "retry_in": 1.0, "log_level": "error"}
    ]


async def test_the_offset_is_that_of_the_last_batch(
    botapi: BotApi, api: Api, inbox: Inbox, pauses: Pauses
) -> None:
    ada = botapi.person(5)
    async with polling(api, inbox, pauses):
        await ada.write("before the quiet week")
        await inbox.wait(1)
        await empty_answer(botapi, api)
        botapi.updates.next_id = 7
        await ada.write("after it")
        assert (await inbox.wait(2))[-1] == 7


async def empty_answer(botapi: BotApi, api: Api) -> None:
    """Let the question that is open end with nothing, as it does after `hold`, and wait for the one after it."""
    asked = len(botapi.calls("getUpdates"))
    async with asyncio.timeout(5):
        while botapi.updates.pending or len(botapi.calls("getUpdates")) <= asked:
            botapi.updates.end_hold()
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("kind", "more", "event", "first_pause"),
    [
        ("bad_gateway", {}, "telegram_unreachable", 1),
        ("reset", {}, "telegram_unreachable", 1),
        ("garbage", {}, "telegram_unreachable", 1),
        ("flood", {"retry_after": 9}, "telegram_poll_slowed", 9),
        ("error", {"code": 409, "description": "Conflict: other"}, "telegram_poll_conflict", 1),
    ],
)
async def test_trouble_is_waited_out(  # noqa: PLR0917
    botapi: BotApi,
    api: Api,
    inbox: Inbox,
    pauses: Pauses,
    kind: str,
    more: dict,
    event: str,
    first_pause: float,
) -> None:
    await botapi.person(5).write("kept")
    botapi.fail("getUpdates", kind, times=3, **more)
    with structlog.testing.capture_logs() as logs:
        async with polling(api, inbox, pauses):
            await inbox.wait(1)
    assert [entry["event"] for entry in logs] == [event] * 3
    assert pauses.lengths[0] == first_pause


async def test_an_answer_lost_on_the_way_loses_nothing(
    botapi: BotApi, api: Api, inbox: Inbox, pauses: Pauses
) -> None:
    ada = botapi.person(5)
    botapi.fail("getUpdates", "lost_answer", times=1, skip=1)
    async with polling(api, inbox, pauses):
        await ada.write("one")
        await inbox.wait(1)
        await ada.write("two")
        numbers = await inbox.wait(2)
    assert numbers == [numbers[0], numbers[0] + 1]


async def test_pauses_start_anew_after_a_success(
    botapi: BotApi, api: Api, inbox: Inbox, pauses: Pauses
) -> None:
    ada = botapi.person(5)
    async with polling(api, inbox, pauses):
        for number in (1, 2):
            inbox.refusals = 2
            await ada.write("x")
            await inbox.wait(number)
    assert pauses.lengths == [1, 2, 1, 2]


async def test_pauses_grow_to_half_a_minute(botapi: BotApi, api: Api, inbox: Inbox, pauses: Pauses) -> None:
    botapi.fail("*", "bad_gateway", times=1000)
    pauses.want = 8
    async with polling(api, inbox, pauses):
        await asyncio.wait_for(pauses.reached.wait(), 5)
    assert pauses.lengths[:8] == [1, 2, 4, 8, 16, 30, 30, 30]


async def test_a_webhook_left_behind_is_removed_and_nothing_dropped(
    botapi: BotApi, api: Api, inbox: Inbox, pauses: Pauses
) -> None:
    await api.bot.set_webhook("http://127.0.0.1:9/nobody-there")
    await botapi.person(5).write("while the bot was down")
    async with polling(api, inbox, pauses):
        await inbox.wait(1)
    assert botapi.updates.webhook == {}


async def test_two_pollers_are_told_of_each_other(
    botapi: BotApi, api: Api, inbox: Inbox, pauses: Pauses
) -> None:
    with structlog.testing.capture_logs() as logs:
        async with polling(api, inbox, pauses), polling(api, Inbox(botapi), pauses):
            await asyncio.wait_for(pauses.reached.wait(), 5)
    conflict = next(entry for entry in logs if entry["event"] == "telegram_poll_conflict")
    assert "Stop the other process" in conflict["what_to_do"]


@pytest.mark.parametrize("code", [401, 404])
async def test_a_refused_token_ends_it_with_what_to_do(botapi: BotApi, inbox: Inbox, code: int) -> None:
    botapi.fail("*", "error", code=code, description="Unauthorized", times=9)
    async with Api("99:wrong-token", api_url=botapi.url) as api:
        with pytest.raises(ChannelError, match="BotFather") as caught:
            await poll(api, inbox)
    assert "wrong-token" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("token", ["", "abc", "123", "123:", ":abc", "123:abc def", "１:a"])
def test_what_can_not_be_a_token_is_refused_at_once(token: str) -> None:
    with pytest.raises(ChannelError, match="BotFather"):
        Api(token)


async def test_malformed_updates_pass_with_the_good_ones(
    botapi: BotApi, api: Api, inbox: Inbox, pauses: Pauses
) -> None:
    ada = botapi.person(5)
    await ada.write("first")
    botapi.updates.push_raw('{"update_id": 100001, "message": [1, 2]}', number=100001)
    botapi.updates.push_raw('"nonsense"', number=100002)
    botapi.updates.next_id = 100003
    await ada.write("last")
    async with polling(api, inbox, pauses):
        await inbox.wait(4)
        await empty_answer(botapi, api)
    assert [incoming.address for incoming in inbox.taken] == ["5", None, None, "5"]
    assert inbox.taken[2].update_id < 0
    assert botapi.updates.pending == {}


async def test_each_update_is_noticed_once_it_is_stored(
    botapi: BotApi, api: Api, inbox: Inbox, pauses: Pauses
) -> None:
    noticed: list[tuple[int, int]] = []
    await botapi.person(5).write("one")
    inbox.refusals = 1
    async with polling(
        api, inbox, pauses, notice=lambda raw: noticed.append((raw["update_id"], len(inbox.taken)))
    ):
        [number] = await inbox.wait(1)
        await empty_answer(botapi, api)
    assert noticed == [(number, 1)]
