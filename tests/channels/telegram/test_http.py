from __future__ import annotations

import asyncio
import io
import logging
import traceback
from datetime import timedelta

import pytest
import structlog
from telegram import InputFile
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import (
    ChannelError,
    FloodedError,
    NoAnswerError,
    NotSentError,
    OutageError,
    refusal,
)
from bot.channels.telegram.http import HttpRequest, Timeouts, proxy_for
from bot.channels.telegram.instant import InstantSigns
from bot.channels.telegram.poll import poll
from bot.channels.telegram.profile import Profile, publish_profiles
from bot.channels.telegram.send import TelegramSender
from bot.dialogue.message import Message, Text
from tests.botapi import BotApi
from tests.channels.telegram.conftest import Inbox, Pauses

FAULTS = ["flood", "error", "bad_gateway", "garbage", "reset", "lost_answer", "silence", "slow_answer"]


async def test_a_file_is_uploaded_through_the_library(botapi: BotApi, api: Api) -> None:
    botapi.person(5)
    sent = await api.bot.send_document(
        5, InputFile(io.BytesIO(b"%PDF words"), "Brief für Ada.pdf"), caption="Here"
    )
    posted = botapi.methods.chat(5).messages[sent.message_id]
    assert (posted.kind, posted.file_name, posted.file, posted.text) == (
        "document",
        "Brief für Ada.pdf",
        b"%PDF words",
        "Here",
    )


async def test_the_library_reads_what_we_send_by_its_own_methods(botapi: BotApi, api: Api) -> None:
    botapi.person(5)
    sent = await api.bot.send_message(5, "<b>Hi</b> 🌱")
    assert sent.text == "<b>Hi</b> 🌱"
    assert (await api.bot.get_me()).username == "OnwardTestBot"


@pytest.mark.parametrize(
    ("code", "payload", "expected"),
    [
        (400, b'{"description": "Bad Request: no"}', BadRequest),
        (401, b"{}", InvalidToken),
        (403, b"{}", Forbidden),
        (404, b"{}", InvalidToken),
        (409, b"{}", Conflict),
        (413, b"<html>", BadRequest),
        (403, b"<html>", OutageError),
        (404, b"", OutageError),
        (429, b"<html>", FloodedError),
        (429, b'{"parameters": {"retry_after": "x"}}', FloodedError),
        (500, b"[" * 100_000, OutageError),
        (502, b'{"parameters": 7}', OutageError),
        (599, b"\xff", OutageError),
    ],
)
def test_every_status_is_an_error_of_a_known_kind(code: int, payload: bytes, expected: type) -> None:
    assert type(refusal(code, payload)) is expected


async def test_waiting_in_vain_for_a_free_connection_is_not_sent(botapi: BotApi) -> None:
    botapi.fail("getMe", "silence")
    short = timedelta(seconds=0.05)
    request = HttpRequest(
        max_connections=1, timeouts=Timeouts(pool=short, connect=short, read=timedelta(seconds=1))
    )
    url = f"{botapi.url}/bot{botapi.token}/getMe"
    async with request:
        first = asyncio.create_task(request.call(url, {}))
        while not botapi.calls("getMe"):  # noqa: ASYNC110
            await asyncio.sleep(0)
        with pytest.raises(NotSentError) as caught:
            await request.call(url, {})
        # aiohttp's own error quotes the address.
        assert caught.value.__context__ is None
        with pytest.raises(NoAnswerError):
            await first


async def test_a_server_that_answers_nothing_is_ambiguous(botapi: BotApi, api: Api) -> None:
    botapi.fail("getMe", "silence")
    with pytest.raises(NoAnswerError):
        await api.me()


def test_loopback_is_never_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    monkeypatch.setenv("http_proxy", "http://proxy:3128")
    monkeypatch.setenv("no_proxy", "intern.example")
    assert proxy_for("https://api.telegram.org") == "http://proxy:3128"
    assert proxy_for("http://127.0.0.1:8081") is None
    assert proxy_for("https://intern.example") is None


async def test_the_bot_knows_itself(api: Api) -> None:
    me = await api.me()
    assert (me.id, me.username, api.source) == (123456, "OnwardTestBot", "telegram:123456")


async def test_it_asks_until_telegram_can_be_reached(botapi: BotApi, api: Api, pauses: Pauses) -> None:
    botapi.fail("getMe", "bad_gateway", times=3)
    with structlog.testing.capture_logs() as logs:
        assert (await api.meet(pauses)).id == 123456
    assert pauses.lengths == [1, 2, 4]
    assert [entry["event"] for entry in logs] == ["telegram_unreachable"] * 3


async def test_a_token_telegram_does_not_know_is_said_so(botapi: BotApi) -> None:
    async with Api("99:unknown", api_url=botapi.url) as api:
        with pytest.raises(ChannelError, match="BotFather"):
            await api.me()


async def test_no_log_and_no_traceback_at_any_level_holds_the_token_or_a_text(
    botapi: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    ada, secret_text = botapi.person(5), "they-turned-me-down"
    short = timedelta(seconds=0.05)
    found: list[str] = []
    async with Api(botapi.token, api_url=botapi.url, timeouts=Timeouts(read=short)) as api:
        every_logger_speaks(caplog)
        sender, signs = TelegramSender(api), InstantSigns(api)
        with structlog.testing.capture_logs() as lines:
            for kind in FAULTS:
                botapi.fail("sendMessage", kind)
                await sender.say("5", Message(text=Text(plain=secret_text)))
                botapi.fail("sendMessage", kind)
                found.append(await traceback_of(api, secret_text))
                if kind not in ("silence", "slow_answer"):
                    botapi.fail("getUpdates", kind)
            await ada.write(secret_text)
            await ada.tap_data("x")
            inbox = Inbox(botapi)
            inbox.refusals = 2
            task = asyncio.create_task(
                poll(api, inbox, sleep=Pauses(), notice=signs.notice, hold=timedelta(seconds=0))
            )
            await inbox.wait(2)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await signs.close()
    found += [f"{record.name} {record.getMessage()} {record.exc_text}" for record in caplog.records]
    found += [str(line) for line in lines]
    secret_token = botapi.token.partition(":")[2]
    assert not [line for line in found if secret_token in line or secret_text in line]
    assert lines


async def traceback_of(api: Api, text: str) -> str:
    try:
        await api.bot.send_message(5, text)
    except TelegramError as error:
        shown = "".join(traceback.format_exception(error))
        hidden, seen = error, ""
        while hidden is not None:
            seen, hidden = seen + repr(hidden) + str(hidden), hidden.__context__
        return shown.replace(text, "") + seen
    return ""


def every_logger_speaks(caplog: pytest.LogCaptureFixture) -> None:
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger(name).disabled = False
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)


async def test_a_tap_is_answered_and_typing_shown(botapi: BotApi, api: Api) -> None:
    ada = botapi.person(5)
    signs = InstantSigns(api)
    signs.notice({"message": {"chat": {"id": 5, "type": "private"}}})
    query_id = await ada.tap_data("x")
    signs.notice({"callback_query": {"id": query_id, "message": {"chat": {"id": 5, "type": "private"}}}})
    await asyncio.gather(*signs._running)
    methods = sorted(call.method for call in botapi.calls() if call.status == 200)
    assert methods == ["answerCallbackQuery", "sendChatAction"], "typing is shown once while it is under way"
    signs.notice({"message": {"chat": {"id": 5, "type": "private"}}})
    await asyncio.gather(*signs._running)
    assert len(botapi.calls("sendChatAction")) == 2
    assert query_id not in botapi.methods.queries


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"message": 3},
        {"message": {"chat": {"id": -7, "type": "group"}}},
        {"callback_query": {"id": 3}},
        {"callback_query": []},
        {"edited_message": {"chat": {"id": 5, "type": "private"}}},
        {"message": {"chat": {"id": "x", "type": "private"}}},
    ],
)
async def test_nothing_is_signed_to_what_is_nobody(botapi: BotApi, api: Api, raw: dict) -> None:
    signs = InstantSigns(api)
    signs.notice(raw)
    assert signs._running == set()


@pytest.mark.parametrize("kind", ["error", "flood", "reset", "silence"])
async def test_a_sign_that_fails_is_not_tried_again(botapi: BotApi, api: Api, kind: str) -> None:
    botapi.person(5)
    botapi.fail("sendChatAction", kind)
    signs = InstantSigns(api)
    signs.notice({"message": {"chat": {"id": 5, "type": "private"}}})
    if kind == "silence":
        await asyncio.sleep(0)
        await signs.close()
    else:
        await asyncio.gather(*signs._running)
        assert len(botapi.calls("sendChatAction")) == 1


async def test_signs_are_left_out_when_too_many_are_under_way(botapi: BotApi, api: Api) -> None:
    botapi.fail("sendChatAction", "silence", times=99)
    signs = InstantSigns(api, max_running=3)
    for chat in range(1, 11):
        signs.notice({"message": {"chat": {"id": chat, "type": "private"}}})
    assert len(signs._running) == 3
    await signs.close()
    assert signs._running == set()


PROFILES = {
    "en": Profile(commands=(("vent", "Let it out"),), description="A program.", short_description="A coach."),
    "pt-BR": Profile(
        commands=(("vent", "Desabafar"),), description="Um programa.", short_description="Um apoio."
    ),
}


async def test_menu_and_descriptions_are_set_per_language_and_only_once(botapi: BotApi, api: Api) -> None:
    await publish_profiles(api, PROFILES)
    made = botapi.methods.settings
    assert made["description", "", "default"] == made["description", "en", "default"] == "A program."
    assert made["short_description", "pt", "default"] == "Um apoio."
    menu = made["commands", "pt", "all_private_chats"]
    assert menu == [{"command": "vent", "description": "Desabafar"}]
    sets = sum(call.method.startswith("set") for call in botapi.calls())
    await publish_profiles(api, PROFILES)
    assert sets == 9
    assert sum(call.method.startswith("set") for call in botapi.calls()) == sets


async def test_a_profile_that_can_not_be_set_is_a_warning(botapi: BotApi, api: Api) -> None:
    botapi.fail("*", "flood", times=2)
    botapi.fail("*", "garbage", times=2)
    wrong = Profile(commands=(("Not A Command", "x"),), description="x" * 600, short_description="fine")
    with structlog.testing.capture_logs() as logs:
        await publish_profiles(api, {"en": wrong, "de": wrong})
    assert {entry["event"] for entry in logs} == {"telegram_profile_not_set"}
    assert botapi.methods.settings["short_description", "de", "default"] == "fine"
