from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.channels.telegram.api import Api
from bot.channels.telegram.http import Timeouts
from bot.channels.telegram.send import TelegramSender
from tests.botapi import BotApi

QUICK = Timeouts(
    pool=timedelta(seconds=2),
    connect=timedelta(seconds=2),
    read=timedelta(seconds=0.2),
    upload=timedelta(seconds=2),
)


@pytest.fixture
async def botapi() -> AsyncIterator[BotApi]:
    async with BotApi.running() as running:
        yield running


@pytest.fixture
async def api(botapi: BotApi) -> AsyncIterator[Api]:
    async with Api(botapi.token, api_url=botapi.url, timeouts=QUICK) as opened:
        yield opened


@pytest.fixture
def sender(api: Api) -> TelegramSender:
    return TelegramSender(api)
