"""One bot's Bot API: the library's `Bot` for what is rare, a direct call for what every turn does."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.errors import REFUSED_US, ChannelError
from bot.channels.telegram.http import HttpRequest, Timeouts, proxy_for
from bot.store.ports import Incoming

log = structlog.get_logger(__name__)

# Stores and commits a batch; returning is the promise that none of it can be lost.
Receive = Callable[[Sequence[Incoming]], Awaitable[object]]
# Is told of each update once it is stored.
Notice = Callable[[Mapping[str, Any]], None]

# What we take; anything else is never sent to us. The library's names of updates are the API's own.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The bot's own account."""

    id: int
    username: str


class Api:
    """The Bot API as one bot sees it. Open it before use and close it at the end: `async with Api(...)`.

    `call` is for the calls of every turn: through `Bot.send_message` one costs 142 µs of processor time before
    any network, straight it costs 16. `bot` is for all others.
    """

    def __init__(
        self, token: str, *, api_url: str = "https://api.telegram.org", timeouts: Timeouts | None = None
    ) -> None:
        """Raise ChannelError when `token` can't be one."""
        if not re.fullmatch(r"[0-9]{1,19}:[A-Za-z0-9_-]+", token):
            raise ChannelError(REFUSED_US)
        self.bot_id = int(token.partition(":")[0])
        self._http = HttpRequest(timeouts=timeouts, proxy=proxy_for(api_url))
        self._address = f"{api_url.rstrip('/')}/bot{token}"
        self.bot = Bot(
            token,
            base_url=f"{api_url.rstrip('/')}/bot",
            base_file_url=f"{api_url.rstrip('/')}/file/bot",
            request=self._http,
            get_updates_request=self._http,
        )

    @property
    def source(self) -> str:
        """The name of this account in `Incoming.source`."""
        return f"telegram:{self.bot_id}"

    async def __aenter__(self) -> Self:
        await self._http.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.shutdown()

    async def call(
        self, method: str, parameters: dict[str, Any], *, read_timeout: timedelta | None = None
    ) -> Any:
        """Return the API's `result`; raise TelegramError in one of the kinds of `errors`."""
        return await self._http.call(f"{self._address}/{method}", parameters, read_timeout=read_timeout)

    async def meet(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> Me:
        """Ask who this bot is until Telegram can be reached; raise ChannelError when the token is refused."""
        pause = 1.0
        while True:
            try:
                return await self.me()
            except TelegramError as error:
                log.warning("telegram_unreachable", reason=error.message, retry_in=pause)
            await sleep(pause)
            pause = min(pause * 2, 30.0)

    async def me(self) -> Me:
        """Ask who this bot is. Raise ChannelError when the token is refused, TelegramError on trouble."""
        refused = False
        try:
            answer = await self.call("getMe", {})
        except InvalidToken:
            refused = True
            answer = None
        if refused:
            raise ChannelError(REFUSED_US)
        if not isinstance(answer, dict):
            raise TelegramError("The API's answer to getMe is not an account")
        return Me(id=self.bot_id, username=str(answer.get("username", "")))
