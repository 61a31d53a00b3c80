"""The two signs given the moment an update is stored: a tap's clock stops, and "typing" appears. No words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from telegram.error import TelegramError

from bot.channels.telegram.api import Api

_TIMEOUT = timedelta(seconds=5)


class InstantSigns:
    """Fire and forget: never retried, never waited for; above `max_running` at once they are left out."""

    def __init__(self, api: Api, *, max_running: int = 100) -> None:
        self._api = api
        self._max_running = max_running
        self._running: set[asyncio.Task[None]] = set()
        self._typing: set[int] = set()

    def notice(self, raw: Mapping[str, Any]) -> None:
        """Give the signs that `raw`, an update just stored, asks for."""
        query = raw.get("callback_query")
        if isinstance(query, dict):
            if isinstance(query_id := query.get("id"), str):
                self._fire("answerCallbackQuery", {"callback_query_id": query_id})
            message = query.get("message")
        else:
            message = raw.get("message")
        chat = message.get("chat") if isinstance(message, dict) else None
        if isinstance(chat, dict) and chat.get("type") == "private" and isinstance(chat.get("id"), int):
            self._type(chat["id"])

    async def close(self) -> None:
        """Drop what is still under way."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _type(self, chat: int) -> None:
        # Whoever writes ten messages at once needs to see it once.
        if chat in self._typing:
            return
        if (task := self._fire("sendChatAction", {"chat_id": chat, "action": "typing"})) is not None:
            self._typing.add(chat)
            task.add_done_callback(lambda _: self._typing.discard(chat))

    def _fire(self, method: str, parameters: dict[str, Any]) -> asyncio.Task[None] | None:
        if len(self._running) >= self._max_running:
            return None
        task = asyncio.get_running_loop().create_task(self._call(method, parameters))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _call(self, method: str, parameters: dict[str, Any]) -> None:
        try:
            await self._api.call(method, parameters, read_timeout=_TIMEOUT)
        except TelegramError:
            return  # "query is too old" and all else: a sign that came too late is worth nothing
