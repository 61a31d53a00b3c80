from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from bot.channels.telegram.api import Api
from bot.channels.telegram.http import Timeouts
from bot.channels.telegram.send import TelegramSender
from bot.store.ports import Incoming
from tests.botapi import BotApi

QUICK = Timeouts(
    pool=timedelta(seconds=2),
    connect=timedelta(seconds=2),
    read=timedelta(seconds=0.2),
    upload=timedelta(seconds=2),
)


class Inbox:
    """Stands for the service: remembers what it took, and refuses while told to. Lets a test wait for a moment."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self.taken: list[Incoming] = []
        self.refusals = 0
        self.fault: Exception = OSError("database is locked")
        self.unconfirmed: list[int] = []
        self._more = asyncio.Event()

    async def __call__(self, batch: Sequence[Incoming]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise self.fault
        await asyncio.sleep(0)
        self.unconfirmed.append(sum(update.update_id in self._api.updates.pending for update in batch))
        self.taken.extend(batch)
        self._more.set()

    async def wait(self, count: int) -> list[int]:
        async with asyncio.timeout(5):
            while len(self.taken) < count:
                self._more.clear()
                await self._more.wait()
        return [update.update_id for update in self.taken]


class Pauses:
    """An injected sleep that takes no time."""

    def __init__(self) -> None:
        self.lengths: list[float] = []
        self.reached = asyncio.Event()
        self.want = 1

    async def __call__(self, seconds: float) -> None:
        self.lengths.append(seconds)
        if len(self.lengths) >= self.want:
            self.reached.set()
        await asyncio.sleep(0)


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


@pytest.fixture
async def inbox(botapi: BotApi) -> Inbox:
    return Inbox(botapi)


@pytest.fixture
async def pauses() -> Pauses:
    return Pauses()
