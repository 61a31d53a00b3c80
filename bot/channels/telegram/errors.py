"""What can go wrong with a Bot API call: what is certain told apart from what is not, and no token in any of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.store.errors import StoreError

REFUSED_US = (
    "Telegram refuses the bot token. Get the current one from @BotFather (/mybots, API Token),"
    " set TELEGRAM_BOT_TOKEN to it, and start again."
)


class ChannelError(Exception):
    """The channel cannot work until somebody acts; its text says what is wrong and what to do."""


class NotSentError(NetworkError):
    """No connection was made: the API certainly knows nothing of this call."""


class NoAnswerError(TimedOut):
    """The call may have reached the API; its answer did not reach us."""


class OutageError(NetworkError):
    """The API has trouble of its own (5xx), or something else answered in its place."""


class FloodedError(TelegramError):
    """Too many calls; `after` is how long the API wants to be left alone.

    The library's own RetryAfter warns of its deprecation whenever one is made.
    """

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"Too many requests: wait {after.total_seconds():.0f} s")
        self.after = after


def refusal(code: int, payload: bytes) -> TelegramError:
    """Return what an answer with an HTTP status other than 2xx means."""
    found = json_object(payload)
    if found is None and code not in (413, 429):
        # Telegram says all else in JSON. A proxy's 403 must not count as a person who blocked the bot.
        return OutageError(f"HTTP {code}, and not in Telegram's words")
    answer = found or {}
    description, given = answer.get("description"), answer.get("parameters")
    said = description if isinstance(description, str) else f"HTTP {code}"
    parameters = given if isinstance(given, dict) else {}
    moved_to, after = parameters.get("migrate_to_chat_id"), parameters.get("retry_after")
    if code == 429:
        return FloodedError(timedelta(seconds=after if isinstance(after, int) else 5))
    if code >= 500:
        return OutageError(said)
    if isinstance(moved_to, int):
        return ChatMigrated(moved_to)
    if code in (401, 404):
        return InvalidToken(said)
    known: dict[int, type[TelegramError]] = {403: Forbidden, 409: Conflict}
    # Any other 4xx is about this very call: asked again it would only be refused again.
    return known.get(code, BadRequest)(said)


def network_error(error: Exception) -> TelegramError:
    """Return what a failed request means. aiohttp's own texts quote the address, and with it the token."""
    match error:
        case aiohttp.ClientConnectorError():
            why = error.os_error.strerror or type(error.os_error).__name__
            return NotSentError(f"No connection to {error.host}:{error.port} ({why})")
        case aiohttp.ClientHttpProxyError():
            return NotSentError(f"The proxy refuses the connection ({error.status})")
        case aiohttp.ConnectionTimeoutError():
            return NotSentError("No connection in time")
        case aiohttp.InvalidURL():
            return NotSentError("The API's address is not a web address")
        case _:
            return NoAnswerError(f"No answer ({type(error).__name__})")


def why_not_taken(error: Exception) -> str:
    """Return why updates could not be stored: the store's own words, or else only the kind of error.

    Any other text may quote what a person wrote.
    """
    return str(error) if isinstance(error, StoreError) else type(error).__name__


def json_object(payload: bytes) -> dict[str, Any] | None:
    """Return the JSON object that `payload` is, or None."""
    try:
        answer = json.loads(payload.decode(errors="replace"))
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None
