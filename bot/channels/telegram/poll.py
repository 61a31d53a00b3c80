"""Long polling: an update is stored and committed before Telegram may forget it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NoReturn

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.telegram.api import ALLOWED_UPDATES, Api, Notice, Receive
from bot.channels.telegram.errors import REFUSED_US, ChannelError, FloodedError, why_not_taken
from bot.channels.telegram.parse import peek
from bot.store.ports import Incoming

log = structlog.get_logger(__name__)

Sleep = Callable[[float], Awaitable[object]]

_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(seconds=30)
_BATCH = 100  # the most getUpdates gives


async def poll(
    api: Api,
    receive: Receive,
    *,
    notice: Notice | None = None,
    sleep: Sleep = asyncio.sleep,
    hold: timedelta = timedelta(seconds=50),
    turnstile: Callable[[], Awaitable[None]] | None = None,
) -> NoReturn:
    """Hand every update to `receive` until cancelled; raise ChannelError when the token is refused.

    `turnstile` returns when this process may ask: Telegram answers one at a time. `hold` is how long Telegram keeps
    a question open while there is nothing to tell.
    """
    offset, failures, hooked = 0, 0, True
    while True:
        try:
            if turnstile is not None:
                await turnstile()
            if hooked:
                # People wrote these while the bot was down, or while it was reached by a webhook: keep them.
                await api.call("deleteWebhook", {"drop_pending_updates": False})
                hooked = False
            batch = await _ask(api, offset, hold)
            offset = await _take(api, batch, receive, notice)
            failures = 0
        except InvalidToken:
            break
        # The one broad catch of this loop: a database that can't take a batch makes it come again.
        except Exception as error:  # noqa: BLE001
            failures += 1
            await _rest(error, failures, sleep)
    raise ChannelError(REFUSED_US)


async def _ask(api: Api, offset: int, hold: timedelta) -> list[Any]:
    parameters: dict[str, Any] = {
        "timeout": int(hold.total_seconds()),
        "limit": _BATCH,
        "allowed_updates": list(ALLOWED_UPDATES),
    }
    if offset:
        parameters["offset"] = offset
    batch = await api.call("getUpdates", parameters, read_timeout=hold + timedelta(seconds=10))
    if not isinstance(batch, list):
        raise TelegramError("The API's answer to getUpdates is not a list")
    return batch


async def _take(api: Api, batch: list[Any], receive: Receive, notice: Notice | None) -> int:
    """Store `batch` and return the offset that confirms it: the next question tells Telegram to forget it."""
    if not batch:
        # All there was is confirmed. Telegram starts its numbers anew after a quiet week, maybe below the last.
        return 0
    incoming = [_incoming(api.source, raw) for raw in batch]
    await receive(incoming)
    if notice is not None:
        for raw in batch:
            if isinstance(raw, dict):
                notice(raw)
    numbers = [update.update_id for update in incoming if update.update_id >= 0]
    if not numbers:
        raise TelegramError("None of the updates has a number, so they can't be confirmed")
    return max(numbers) + 1


def _incoming(source: str, raw: object) -> Incoming:
    number, address = peek(raw)
    return Incoming(source=source, update_id=number, address=address, payload=json.dumps(raw).encode())


async def _rest(error: Exception, failures: int, sleep: Sleep) -> None:
    pause = min(_FIRST_PAUSE * 2 ** min(failures - 1, 10), _LONGEST_PAUSE)
    match error:
        case FloodedError():
            pause = error.after
            log.warning("telegram_poll_slowed", retry_in=pause.total_seconds())
        case Conflict():
            log.error(
                "telegram_poll_conflict",
                reason=error.message,
                what_to_do="Stop the other process that uses this bot's token, or remove its webhook.",
                retry_in=pause.total_seconds(),
            )
        case TelegramError():
            log.warning("telegram_unreachable", reason=error.message, retry_in=pause.total_seconds())
        case _:
            log.error("inbox_refused", reason=why_not_taken(error), retry_in=pause.total_seconds())
    await sleep(pause.total_seconds())
