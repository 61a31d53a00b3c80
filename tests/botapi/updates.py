"""The queue of updates: kept until confirmed, given by long polling or pushed to a webhook."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from typing import Any

import aiohttp

from tests.botapi.checks import Refusal

_HOOKED = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_REPLACED = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
_USUAL = {
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "my_chat_member",
    "inline_query",
    "poll",
}


class Updates:
    """`first_id` may be any number, as with the real one; `retry_pause` seconds lie between webhook tries at first."""

    def __init__(self, *, first_id: int = 100_000, retry_pause: float = 0.02) -> None:
        self.next_id = first_id
        self.retry_pause = retry_pause
        self.pending: dict[int, tuple[object, str]] = {}
        self.webhook: dict[str, Any] = {}
        self.confirmed = 0
        self._allowed: set[str] = _USUAL
        self._poller: object = None
        self._hold_ended = False
        self._arrived = asyncio.Event()
        self._lanes: dict[object, deque[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def push(self, kind: str, content: dict[str, Any], chat: object) -> int:
        """Queue an update of `kind`; one the bot has not asked for is never made."""
        number = self.next_id
        self.next_id += 1
        if kind in self._allowed:
            self._queue(number, chat, json.dumps({"update_id": number, kind: content}))
        return number

    def push_raw(self, update: str, *, number: int | None = None, chat: object = None) -> int:
        """Queue any text in an update's place, however malformed."""
        if number is None:
            number, self.next_id = self.next_id, self.next_id + 1
        self._queue(number, chat, update)
        return number

    async def get(self, offset: int, limit: int, hold: float, allowed: list[str] | None) -> str:
        """Return getUpdates' result as JSON text."""
        if self.webhook:
            raise Refusal(409, _HOOKED)
        self._allow(allowed)
        self._confirm(offset)
        await self._wait(hold)
        given = list(self.pending.values())[: max(1, min(limit, 100))]
        return "[" + ",".join(text for _, text in given) + "]"

    def end_hold(self) -> None:
        """Let the open question end now, with nothing, as it would at its time."""
        self._hold_ended = True
        self._arrived.set()

    async def set_webhook(self, url: str, secret: str, connections: int, allowed: list[str] | None) -> None:
        await self.delete_webhook()
        self._allow(allowed)
        self.webhook = {"url": url, "secret": secret, "max_connections": connections, "last_error": None}
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections))
        self._arrived.set()
        for number, (chat, _) in self.pending.items():
            self._into_lane(number, chat)

    async def delete_webhook(self) -> None:
        self.webhook = {}
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._lanes.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _queue(self, number: int, chat: object, text: str) -> None:
        self.pending[number] = (chat, text)
        self._arrived.set()
        if self.webhook:
            self._into_lane(number, chat)

    def _allow(self, allowed: list[str] | None) -> None:
        if allowed is not None:
            self._allowed = set(allowed) or _USUAL

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = sorted(self.pending)[offset:][0] if self.pending else 0
        for number in [number for number in self.pending if number < offset]:
            del self.pending[number]
            self.confirmed += 1

    async def _wait(self, hold: float) -> None:
        me = self._poller = object()
        self._arrived.set()
        end = time.monotonic() + hold
        while not self.pending and (left := end - time.monotonic()) > 0:
            self._arrived.clear()
            try:
                async with asyncio.timeout(left):
                    await self._arrived.wait()
            except TimeoutError:
                return
            if self._hold_ended:
                self._hold_ended = False
                return
            if self.webhook:
                raise Refusal(409, "Conflict: terminated by setWebhook request")
            if self._poller is not me:
                raise Refusal(409, _REPLACED)

    def _into_lane(self, number: int, chat: object) -> None:
        lane = self._lanes.get(chat)
        if lane is not None:
            lane.append(number)
            return
        self._lanes[chat] = deque([number])
        task = asyncio.get_running_loop().create_task(self._drive(chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drive(self, chat: object) -> None:
        """Push one chat's updates one after the other, as the real one does; chats go side by side."""
        lane = self._lanes[chat]
        while lane:
            number = lane[0]
            pause = self.retry_pause
            while not await self._deliver(self.pending[number][1]):
                await asyncio.sleep(pause)
                pause = min(pause * 2, 1)
            del self.pending[number]
            self.confirmed += 1
            lane.popleft()
        del self._lanes[chat]

    async def _deliver(self, text: str) -> bool:
        assert self._session is not None
        headers = {"Content-Type": "application/json"}
        if self.webhook["secret"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook["secret"]
        try:
            async with self._session.post(self.webhook["url"], data=text.encode(), headers=headers) as answer:
                if answer.status // 100 == 2:
                    return True
                self.webhook["last_error"] = (
                    f"Wrong response from the webhook: {answer.status} {answer.reason}"
                )
        except aiohttp.ClientError as error:
            self.webhook["last_error"] = f"Connection failed: {type(error).__name__}"
        return False
