"""Delivery by the Bot API: every way it can end becomes an Outcome, nothing is raised."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from telegram import InputFile
from telegram.constants import BulkRequestLimit
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram import format as telegram_format
from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import REFUSED_US, FloodedError, NotSentError, OutageError
from bot.dialogue.message import Message, Text
from bot.store.ports import Gone, Moved, Outcome, Refused, Sent, TryLater, Unsure

log = structlog.get_logger(__name__)

INERT_DATA = "0"  # what the button "✓ chosen" carries: a tap on it means nothing
_MAX_LABEL = 60
_RESUMED_WITHIN = timedelta(minutes=15)
_NOT_MODIFIED = re.compile("message is not modified", re.IGNORECASE)
_BAD_ENTITIES = re.compile("can't parse entit|can't parse messageentity|entity_", re.IGNORECASE)
_NO_CHAT = re.compile("chat not found|user not found|peer_id_invalid|user_is_deactivated", re.IGNORECASE)


class TelegramSender:
    """Sends to private chats; an address is a chat id.

    A text that needs several messages has the id "12,13": all of them are deleted, edited and closed as one.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        # How far a text of several messages got before it had to wait: tried again soon, it goes on from there.
        self._begun: dict[tuple[str, int], tuple[float, list[str]]] = {}

    async def say(self, address: str, message: Message) -> Outcome:
        if (chat := _integer(address)) is None:
            return _NO_ADDRESS
        texts = telegram_format.pieces(message.text)
        ids = self._resumed(address, message)
        while len(ids) < len(texts):
            outcome = await self._send_piece(chat, texts, len(ids), message)
            if not isinstance(outcome, Sent):
                if ids and isinstance(outcome, TryLater | Unsure):
                    self._begun[address, hash(message)] = time.monotonic(), ids
                return outcome
            ids.append(outcome.message_id or "")
        return Sent(message_id=",".join(filter(None, ids)) or None)

    async def send_file(self, address: str, name: str, mime: str, content: bytes, caption: str) -> Outcome:
        if (chat := _integer(address)) is None:
            return _NO_ADDRESS
        document = InputFile(content, filename=name)
        document.mimetype = mime  # the library guesses it by the name, from what this machine knows
        try:
            if mime == "image/png":  # shown in the chat, rather than as a file to be opened
                sent = await self._api.bot.send_photo(chat, document, caption=caption or None)
            else:
                sent = await self._api.bot.send_document(chat, document, caption=caption or None)
        except TelegramError as error:
            return _outcome("sendDocument", error)
        return Sent(message_id=str(sent.message_id))

    async def edit(self, address: str, message_id: str, message: Message) -> Outcome:
        chat, ids = _integer(address), _integers(message_id)
        if chat is None or not ids:
            return _NO_ADDRESS
        texts = telegram_format.pieces(message.text)
        kept = ids[: len(texts)]
        for number, old in enumerate(kept):
            outcome = await self._edit_piece(chat, old, texts, number, message)
            if not isinstance(outcome, Sent):
                return outcome
        return await self._settle_length(chat, ids, kept, texts, message)

    async def close_buttons(self, address: str, message_id: str, chosen: str | None) -> Outcome:
        chat, ids = _integer(address), _integers(message_id)
        if chat is None or not ids:
            return _NO_ADDRESS
        parameters: dict[str, Any] = {"chat_id": chat, "message_id": ids[-1]}
        if chosen is not None:
            parameters["reply_markup"] = {"inline_keyboard": [[_inert(chosen)]]}
        return await self._try("editMessageReplyMarkup", parameters, lambda _: Sent())

    async def delete(self, address: str, message_ids: tuple[str, ...]) -> Outcome:
        chat = _integer(address)
        ids = [number for message_id in message_ids for number in _integers(message_id)]
        if chat is None or (message_ids and not ids):
            return _NO_ADDRESS
        at_once = int(BulkRequestLimit.MAX_LIMIT)
        for start in range(0, len(ids), at_once):
            outcome = await self._delete_some(chat, ids[start : start + at_once])
            if not isinstance(outcome, Sent):
                return outcome
        return Sent()

    def _resumed(self, address: str, message: Message) -> list[str]:
        oldest = time.monotonic() - _RESUMED_WITHIN.total_seconds()
        for key in [key for key, (at, _) in self._begun.items() if at < oldest]:
            del self._begun[key]
        return self._begun.pop((address, hash(message)), (0.0, []))[1]

    async def _send_piece(self, chat: int, texts: list[Text], number: int, message: Message) -> Outcome:
        parameters = {"chat_id": chat, **_content(texts, number, message)}
        return await self._try_plainer("sendMessage", parameters, _sent)

    async def _edit_piece(
        self, chat: int, message_id: int, texts: list[Text], number: int, message: Message
    ) -> Outcome:
        parameters = {"chat_id": chat, "message_id": message_id, **_content(texts, number, message)}
        return await self._try_plainer("editMessageText", parameters, lambda _: Sent())

    async def _settle_length(
        self, chat: int, ids: list[int], kept: list[int], texts: list[Text], message: Message
    ) -> Outcome:
        """Take away the messages an edited text no longer fills; send those it has grown by."""
        if surplus := ids[len(kept) :]:
            await self._delete_some(chat, surplus)
        now = [str(number) for number in kept]
        for number in range(len(kept), len(texts)):
            outcome = await self._send_piece(chat, texts, number, message)
            if not isinstance(outcome, Sent):
                return outcome
            now.append(outcome.message_id or "")
        changed = len(now) != len(ids)
        return Sent(message_id=",".join(filter(None, now)) if changed else None)

    async def _delete_some(self, chat: int, ids: list[int]) -> Outcome:
        outcome = await self._try("deleteMessages", {"chat_id": chat, "message_ids": ids}, lambda _: Sent())
        if not isinstance(outcome, Refused):
            return outcome
        # One that can't be deleted must not keep the others.
        gone = 0
        for message_id in ids:
            parameters = {"chat_id": chat, "message_id": message_id}
            outcome = await self._try("deleteMessage", parameters, lambda _: Sent())
            if not isinstance(outcome, Sent | Refused):
                return outcome
            gone += isinstance(outcome, Sent)
        return Sent() if gone else outcome

    async def _try_plainer(
        self, method: str, parameters: dict[str, Any], done: Callable[[Any], Sent]
    ) -> Outcome:
        outcome = await self._try(method, parameters, done)
        if isinstance(outcome, Refused) and "entities" in parameters and _BAD_ENTITIES.search(outcome.reason):
            log.error("telegram_formatting_refused", method=method, reason=outcome.reason)
            del parameters["entities"]
            return await self._try(method, parameters, done)
        return outcome

    async def _try(self, method: str, parameters: dict[str, Any], done: Callable[[Any], Sent]) -> Outcome:
        try:
            return done(await self._api.call(method, parameters))
        except TelegramError as error:
            return _outcome(method, error)


_NO_ADDRESS = Refused(reason="not a chat id and message ids of Telegram")


def _outcome(method: str, error: TelegramError) -> Outcome:
    match error:
        case FloodedError():
            return TryLater(after=error.after)
        case NotSentError() | OutageError():
            return TryLater(whole=True)
        case InvalidToken():
            # Nobody can be reached until someone acts; meanwhile nothing is given up.
            log.error("telegram_token_refused", what_to_do=REFUSED_US)
            return TryLater(whole=True)
        case ChatMigrated():
            return Moved(to=str(error.new_chat_id))
        case Forbidden():
            return Gone()
        case BadRequest():
            return _refused(method, error.message)
        case _:
            return Unsure()


def _refused(method: str, reason: str) -> Outcome:
    if _NOT_MODIFIED.search(reason):
        return Sent()
    if _NO_CHAT.search(reason):
        return Gone()
    log.warning("telegram_refused", method=method, reason=reason)
    return Refused(reason=reason)


def _content(texts: list[Text], number: int, message: Message) -> dict[str, Any]:
    text, last = texts[number], number == len(texts) - 1
    content: dict[str, Any] = {"text": text.plain, "link_preview_options": {"is_disabled": True}}
    if formatted := telegram_format.entities(text):
        content["entities"] = formatted
    if last and message.rows:
        content["reply_markup"] = telegram_format.keyboard(message.rows)
    return content


def _sent(result: Any) -> Sent:
    number = result.get("message_id") if isinstance(result, dict) else None
    return Sent(message_id=None if number is None else str(number))


def _inert(chosen: str) -> dict[str, str]:
    label = f"✓ {telegram_format.clean(chosen)}"
    short = label if len(label) <= _MAX_LABEL else f"{label[: _MAX_LABEL - 1]}…"
    return {"text": short, "callback_data": INERT_DATA}


def _integer(number: str) -> int | None:
    return int(number) if re.fullmatch(r"-?[0-9]{1,18}", number, re.ASCII) else None


def _integers(numbers: str) -> list[int]:
    found = [_integer(number) for number in numbers.split(",")]
    return [number for number in found if number is not None]
