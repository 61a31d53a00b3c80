from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.channels.telegram.api import Api
from bot.channels.telegram.send import INERT_DATA, TelegramSender
from bot.dialogue.message import Button, Message, Span, SpanKind, Text
from bot.store.ports import Gone, Moved, Outcome, Refused, Sent, TryLater, Unsure
from tests.botapi import BotApi
from tests.channels.telegram.conftest import QUICK

ADA = 5


def message(plain: str, *spans: Span, rows: tuple[tuple[Button, ...], ...] = ()) -> Message:
    return Message(text=Text(plain=plain, spans=spans), rows=rows)


HELLO = message("Hello", rows=((Button(label="Yes", data="y"), Button(label="No", data="n")),))


async def test_a_message_arrives_with_its_buttons(botapi: BotApi, sender: TelegramSender) -> None:
    ada = botapi.person(ADA)
    rows = (
        (Button(label="Tell me", data="a:1"),),
        (Button(label="Open", url="https://example.org"), Button(label="Copy", copy="Subject")),
    )
    outcome = await sender.say("5", message("Hello", rows=rows))
    [shown] = await ada.replies()
    assert outcome == Sent(message_id=str(shown.id))
    assert shown.text == "Hello"
    assert botapi.calls("sendMessage")[-1].arguments["reply_markup"]["inline_keyboard"] == [
        [{"text": "Tell me", "callback_data": "a:1"}],
        [{"text": "Open", "url": "https://example.org"}, {"text": "Copy", "copy_text": {"text": "Subject"}}],
    ]


@pytest.mark.parametrize(
    ("plain", "marked"),
    [("a bold word", "bold"), ("🌱 a 🌱 bold", "🌱 bold"), ("𝔸👩‍👩‍👧é", "👩‍👩‍👧"), ("שלום עולם", "עולם")],
    ids=["ascii", "astral", "joined", "right-to-left"],
)
async def test_a_span_covers_the_same_characters_in_utf_16(
    botapi: BotApi, sender: TelegramSender, plain: str, marked: str
) -> None:
    botapi.person(ADA)
    span = Span(kind=SpanKind.BOLD, start=plain.index(marked), length=len(marked))
    assert isinstance(await sender.say("5", message(plain, span)), Sent)
    [entity] = botapi.calls("sendMessage")[0].arguments["entities"]
    encoded = plain.encode("utf-16-le")
    covered = encoded[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])]
    assert (entity["type"], covered.decode("utf-16-le")) == ("bold", marked)


async def test_half_a_character_is_replaced_and_the_rest_arrives(
    botapi: BotApi, sender: TelegramSender
) -> None:
    ada = botapi.person(ADA)
    assert isinstance(await sender.say("5", message("so \ud83d sad")), Sent)
    assert (await ada.replies())[0].text == "so \N{REPLACEMENT CHARACTER} sad"


async def test_a_long_text_comes_in_pieces_with_the_buttons_under_the_last(
    botapi: BotApi, sender: TelegramSender
) -> None:
    ada = botapi.person(ADA)
    long = Message(text=Text(plain="A sentence of some words. 🌱 " * 400), rows=HELLO.rows)
    outcome = await sender.say("5", long)
    shown = await ada.replies(3)
    assert outcome == Sent(message_id=",".join(str(each.id) for each in shown))
    assert "".join(each.text for each in shown) == long.text.plain
    assert [each.buttons for each in shown] == [(), (), ("Yes", "No")]
    assert isinstance(outcome, Sent)
    assert await sender.delete("5", (outcome.message_id or "",)) == Sent()
    assert await ada.replies(0) == []


async def test_a_text_interrupted_between_its_pieces_goes_on_where_it_stopped(
    botapi: BotApi, sender: TelegramSender
) -> None:
    ada = botapi.person(ADA)
    long = message("word " * 1500)
    botapi.fail("sendMessage", "flood", skip=1)
    assert await sender.say("5", long) == TryLater(after=timedelta(seconds=1))
    assert isinstance(await sender.say("5", long), Sent)
    assert "".join(each.text for each in await ada.replies(2)) == long.text.plain
    assert len(botapi.calls("sendMessage")) == 3


async def test_a_text_unsure_again_and_again_goes_on_where_it_stopped(
    botapi: BotApi, sender: TelegramSender
) -> None:
    ada = botapi.person(ADA)
    long = message("word " * 1500)
    botapi.fail("sendMessage", "reset", skip=1, times=2)
    assert [await sender.say("5", long), await sender.say("5", long)] == [Unsure(), Unsure()]
    assert isinstance(await sender.say("5", long), Sent)
    assert "".join(each.text for each in await ada.replies(2)) == long.text.plain


FAULTS = [
    ("flood", {"retry_after": 7}, TryLater(after=timedelta(seconds=7))),
    ("error", {"code": 500}, TryLater(whole=True)),
    ("bad_gateway", {}, TryLater(whole=True)),
    ("error", {"code": 401, "description": "Unauthorized"}, TryLater(whole=True)),
    ("reset", {}, Unsure()),
    ("lost_answer", {}, Unsure()),
    ("slow_answer", {}, Unsure()),
    ("garbage", {}, TryLater(whole=True)),
    ("error", {"code": 400, "description": "Bad Request: nonsense"}, Refused(reason="Nonsense")),
    (
        "error",
        {"code": 413, "description": "Request Entity Too Large"},
        Refused(reason="Request Entity Too Large"),
    ),
    ("error", {"code": 403, "description": "Forbidden: user is deactivated"}, Gone()),
]


@pytest.mark.parametrize(
    ("kind", "more", "expected"), FAULTS, ids=[f"{kind}{more}" for kind, more, _ in FAULTS]
)
@pytest.mark.parametrize("what", ["say", "edit", "close_buttons", "delete"])
async def test_every_fault_is_an_outcome(  # noqa: PLR0917
    botapi: BotApi, sender: TelegramSender, what: str, kind: str, more: dict[str, Any], expected: Outcome
) -> None:
    botapi.person(ADA)
    first = await sender.say("5", HELLO)
    assert isinstance(first, Sent)
    number = first.message_id or ""
    # A deletion that is refused as a whole is tried one by one: two calls.
    botapi.fail("*", kind, times=2 if what == "delete" and isinstance(expected, Refused) else 1, **more)
    calls = {
        "say": lambda: sender.say("5", HELLO),
        "edit": lambda: sender.edit("5", number, message("Other")),
        "close_buttons": lambda: sender.close_buttons("5", number, "Yes"),
        "delete": lambda: sender.delete("5", (number,)),
    }
    assert await calls[what]() == expected


async def test_no_connection_is_certainly_not_delivered() -> None:
    async with Api("1:a", api_url="http://127.0.0.1:9", timeouts=QUICK) as api:
        assert await TelegramSender(api).say("5", HELLO) == TryLater(whole=True)


async def test_an_unknown_host_is_certainly_not_delivered() -> None:
    async with Api("1:a", api_url="http://no-such-host.invalid", timeouts=QUICK) as api:
        assert await TelegramSender(api).say("5", HELLO) == TryLater(whole=True)


async def test_a_block_is_gone_and_a_return_is_not(botapi: BotApi, sender: TelegramSender) -> None:
    ada = botapi.person(ADA)
    await ada.block()
    assert await sender.say("5", HELLO) == Gone()
    await ada.unblock()
    assert isinstance(await sender.say("5", HELLO), Sent)


async def test_a_chat_nobody_has_is_gone(sender: TelegramSender) -> None:
    assert await sender.say("404", HELLO) == Gone()


async def test_a_chat_that_moved_tells_where_to(botapi: BotApi, sender: TelegramSender) -> None:
    botapi.person(ADA).chat.moved_to = -100
    assert await sender.say("5", HELLO) == Moved(to="-100")


async def test_an_edit_replaces_text_and_buttons_and_the_same_again_is_fine(
    botapi: BotApi, sender: TelegramSender
) -> None:
    ada = botapi.person(ADA)
    await sender.say("5", HELLO)
    for _ in range(2):
        assert await sender.edit("5", "1", message("Better")) == Sent()
    assert botapi.transcript(ADA) == "Bot: Better (edited)"
    assert [shown.text for shown in await ada.replies()] == ["Better"]


async def test_an_edit_grows_and_shrinks_over_several_messages(
    botapi: BotApi, sender: TelegramSender
) -> None:
    ada = botapi.person(ADA)
    await sender.say("5", HELLO)
    long = message("word " * 1500)
    assert await sender.edit("5", "1", long) == Sent(message_id="1,2")
    assert "".join(each.text for each in await ada.replies(0)) == long.text.plain
    assert await sender.edit("5", "1,2", HELLO) == Sent(message_id="1")
    assert botapi.transcript(ADA).splitlines()[0] == "Bot: Hello   [Yes] [No] (edited)"
    assert botapi.transcript(ADA).endswith("(deleted)")


async def test_an_edit_of_an_unknown_message_is_refused(botapi: BotApi, sender: TelegramSender) -> None:
    botapi.person(ADA)
    assert await sender.edit("5", "77", HELLO) == Refused(reason="Message to edit not found")


async def test_what_was_chosen_stays_as_one_button_that_means_nothing(
    botapi: BotApi, sender: TelegramSender
) -> None:
    ada = botapi.person(ADA)
    await sender.say("5", HELLO)
    for _ in range(2):
        assert await sender.close_buttons("5", "1", "Yes") == Sent()
    [shown] = await ada.replies()
    assert shown.buttons == ("✓ Yes",)
    assert ada.chat.messages[1].buttons[0]["callback_data"] == INERT_DATA
    assert isinstance(await sender.close_buttons("5", "1", None), Sent)
    assert ada.chat.messages[1].buttons == []


async def test_a_long_choice_is_shortened_on_its_button(botapi: BotApi, sender: TelegramSender) -> None:
    ada = botapi.person(ADA)
    await sender.say("5", HELLO)
    assert isinstance(await sender.close_buttons("5", "1", "long " * 100), Sent)
    assert ada.chat.messages[1].buttons[0]["text"].endswith("…")


async def test_messages_are_deleted_a_hundred_at_a_time(botapi: BotApi, sender: TelegramSender) -> None:
    ada = botapi.person(ADA)
    numbers = tuple([str(await ada.write("x")) for _ in range(230)])
    assert await sender.delete("5", numbers) == Sent()
    assert len(botapi.calls("deleteMessages")) == 3
    assert all(posted.deleted for posted in ada.chat.messages.values())


async def test_one_message_too_old_to_delete_does_not_keep_the_others(
    botapi: BotApi, sender: TelegramSender
) -> None:
    ada = botapi.person(ADA)
    numbers = tuple([str(await ada.write("x")) for _ in range(3)])
    ada.chat.messages[2].date -= 49 * 3600
    assert await sender.delete("5", numbers) == Sent()
    assert [posted.deleted for posted in ada.chat.messages.values()] == [True, False, True]


async def test_messages_that_can_all_not_be_deleted_are_refused(
    botapi: BotApi, sender: TelegramSender
) -> None:
    ada = botapi.person(ADA)
    number = str(await ada.write("x"))
    ada.chat.messages[1].date -= 49 * 3600
    assert isinstance(await sender.delete("5", (number,)), Refused)


async def test_deleting_nothing_asks_nothing(botapi: BotApi, sender: TelegramSender) -> None:
    assert await sender.delete("5", ()) == Sent()
    assert botapi.calls() == []


async def test_formatting_that_is_refused_is_sent_plain(botapi: BotApi, sender: TelegramSender) -> None:
    ada = botapi.person(ADA)
    words = "Bad Request: can't parse entities: unsupported"
    botapi.fail("sendMessage", "error", code=400, description=words)
    bold = Span(kind=SpanKind.BOLD, start=0, length=2)
    assert isinstance(await sender.say("5", message("Hello", bold)), Sent)
    [shown] = await ada.replies()
    assert (shown.text, ada.chat.messages[shown.id].entities) == ("Hello", [])


@pytest.mark.parametrize("address", ["", "@ada", "5; drop", "٥", "9" * 40])
async def test_an_address_that_is_none_is_refused_without_a_call(
    botapi: BotApi, sender: TelegramSender, address: str
) -> None:
    assert isinstance(await sender.say(address, HELLO), Refused)
    assert isinstance(await sender.edit("5", "none", HELLO), Refused)
    assert botapi.calls() == []
