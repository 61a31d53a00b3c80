from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.telegram.send import TelegramSender
from bot.store.ports import Gone, Outcome, Refused, Sent, TryLater, Unsure
from tests.botapi import BotApi

ADA = 5


async def send(sender: TelegramSender, address: str = "5", content: bytes = b"BEGIN:VCALENDAR") -> Outcome:
    return await sender.send_file(address, "check-ins für dich.ics", "text/calendar", content, "Here")


async def test_a_file_arrives_with_its_name(botapi: BotApi, sender: TelegramSender) -> None:
    ada = botapi.person(ADA)
    outcome = await send(sender)
    (posted,) = ada.chat.messages.values()
    assert outcome == Sent(message_id=str(posted.id))
    assert (posted.file_name, posted.file, posted.text) == (
        "check-ins für dich.ics",
        b"BEGIN:VCALENDAR",
        "Here",
    )


async def test_a_file_without_an_address_is_refused(botapi: BotApi, sender: TelegramSender) -> None:
    assert isinstance(await send(sender, "nobody"), Refused)
    assert botapi.calls() == []


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("reset", Unsure()), ("bad_gateway", TryLater(whole=True)), ("lost_answer", Unsure())],
)
async def test_a_file_that_does_not_arrive_has_an_outcome(
    botapi: BotApi, sender: TelegramSender, kind: str, outcome: Outcome
) -> None:
    botapi.person(ADA)
    botapi.fail("sendDocument", kind)
    assert await send(sender) == outcome


async def test_a_flood_says_how_long(botapi: BotApi, sender: TelegramSender) -> None:
    botapi.person(ADA)
    botapi.fail("sendDocument", "flood", retry_after=7)
    assert await send(sender) == TryLater(after=timedelta(seconds=7))


async def test_who_has_blocked_the_bot_is_gone(botapi: BotApi, sender: TelegramSender) -> None:
    botapi.person(ADA)
    botapi.fail("sendDocument", "error", code=403, description="Forbidden: bot was blocked by the user")
    assert await send(sender) == Gone()
