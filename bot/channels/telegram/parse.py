"""From a raw update to what was heard.

The update's JSON is read directly and not through `Update.de_json`: that takes 61 µs and this 5, and a field of
an unexpected shape ends it with whatever exception came first, where here it is only a field that isn't there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeGuard

from bot.channels.telegram.format import clean
from bot.dialogue.events import SharedKind
from bot.dialogue.heard import Heard, HeardKind

_MAX_ID = 2**63 - 1  # what a database's integer holds; Telegram's own stay below 2**53

# In this order: a GIF has a `document` too, a venue a `location`.
_SHARED = {
    "voice": SharedKind.VOICE,
    "video_note": SharedKind.VOICE,
    "audio": SharedKind.VOICE,
    "photo": SharedKind.PHOTO,
    "live_photo": SharedKind.PHOTO,
    "animation": SharedKind.PHOTO,
    "sticker": SharedKind.STICKER,
    "location": SharedKind.LOCATION,
    "contact": SharedKind.CONTACT,
    "poll": SharedKind.POLL,
    "document": SharedKind.FILE,
    "video": SharedKind.FILE,
}
_FORWARDED = ("forward_origin", "forward_date", "forward_from", "forward_from_chat", "forward_sender_name")
# What Telegram says in a chat by itself. Anything else we don't know was sent by the person, so it gets an answer.
_SERVICE = (
    "boost_added",
    "chat_background_set",
    "chat_shared",
    "connected_website",
    "delete_chat_photo",
    "gift",
    "gift_upgrade_sent",
    "message_auto_delete_timer_changed",
    "new_chat_photo",
    "new_chat_title",
    "paid_message_price_changed",
    "passport_data",
    "pinned_message",
    "proximity_alert_triggered",
    "refunded_payment",
    "successful_payment",
    "unique_gift",
    "users_shared",
    "web_app_data",
    "write_access_allowed",
)


def peek(raw: object) -> tuple[int, str | None]:
    """Return an update's number and address, without a thought of what it says; never raises.

    An update without a number gets a negative one of its own content, so that a repetition is known as one.
    """
    if not isinstance(raw, dict):
        return unnumbered(_dumped(raw)), None
    number = raw.get("update_id")
    if not _is_int(number) or not 0 <= number <= _MAX_ID:
        number = unnumbered(_dumped(raw))
    return number, _address(raw)


def unnumbered(payload: bytes) -> int:
    """Return the number of an update that has none."""
    return -1 - int.from_bytes(hashlib.sha256(payload).digest()[:7])


def parse(payload: bytes, *, username: str = "") -> Heard | None:
    """Return what was heard; None when it concerns nobody we talk to, such as a service message.

    `username` is the bot's own: in a group only what is addressed to it is heard. Raises ValueError, without a
    word of the person's, when `payload` is not an update.
    """
    try:
        update = json.loads(payload)
    except (ValueError, RecursionError):
        update = None
    if not isinstance(update, dict) or not _is_int(update.get("update_id")):
        raise ValueError("not an update: no JSON object with an update_id")
    if message := _object(update, "message"):
        return _message(message, username)
    if message := _object(update, "edited_message"):
        return _edited(message)
    if query := _object(update, "callback_query"):
        return _tap(query)
    if change := _object(update, "my_chat_member"):
        return _membership(change)
    if any(kind in update for kind in ("message", "edited_message", "callback_query", "my_chat_member")):
        raise ValueError("not an update: its content is not an object")
    return None


def _message(message: dict[str, Any], username: str) -> Heard | None:
    if not _is_private(_chat(message)):
        return _in_group(message, username)
    said, shared = _text(message), _shared(message)
    if not said and any(key in message for key in _SERVICE):
        return None
    return Heard(
        kind=HeardKind.TEXT if shared is None else HeardKind.SHARED,
        text=_point(message) if shared is SharedKind.LOCATION else said,
        shared=shared,
        message_id=_id(message),
        language=_language(message),
    )


def _point(message: dict[str, Any]) -> str:
    """Return a shared location as "geo:38.7,-9.1" (degrees), or nothing when it isn't one."""
    location = _object(message, "location") or {}
    degrees = (location.get("latitude"), location.get("longitude"))
    whole = all(isinstance(part, int | float) and not isinstance(part, bool) for part in degrees)
    return f"geo:{degrees[0]},{degrees[1]}" if whole else ""


def _shared(message: dict[str, Any]) -> SharedKind | None:
    """Return what was shared, or None for the person's own words: those count before what they came with."""
    if any(key in message for key in _FORWARDED):
        return SharedKind.FORWARD
    if _text(message):
        return None
    return next((kind for key, kind in _SHARED.items() if key in message), SharedKind.OTHER)


def _edited(message: dict[str, Any]) -> Heard | None:
    # A live location is edited every few seconds; only words are read again.
    if not (said := _text(message)) or not _is_private(_chat(message)):
        return None
    return Heard(kind=HeardKind.EDIT, text=said, message_id=_id(message), language=_language(message))


def _tap(query: dict[str, Any]) -> Heard:
    message = _object(query, "message") or {}
    if message and not _is_private(_chat(message)):
        return Heard(kind=HeardKind.GROUP)
    data = query.get("data")
    return Heard(
        kind=HeardKind.TAP,
        data=_clean(data) if isinstance(data, str) else "",
        message_id=_id(message),
        language=_language(query),
    )


def _membership(change: dict[str, Any]) -> Heard | None:
    status = (_object(change, "new_chat_member") or {}).get("status")
    before = (_object(change, "old_chat_member") or {}).get("status")
    if _is_private(_chat(change)):
        match status:
            case "kicked":
                return Heard(kind=HeardKind.BLOCKED, language=_language(change))
            case "member":
                return Heard(kind=HeardKind.RETURNED, language=_language(change))
            case _:
                return None
    inside = ("member", "administrator", "restricted")
    return Heard(kind=HeardKind.GROUP) if status in inside and before not in inside else None


def _in_group(message: dict[str, Any], username: str) -> Heard | None:
    moved_to = message.get("migrate_to_chat_id")
    if _is_int(moved_to) and abs(moved_to) <= _MAX_ID:
        return Heard(kind=HeardKind.MOVED, moved_to=str(moved_to))
    return Heard(kind=HeardKind.GROUP) if _addresses(message, username.lower()) else None


def _addresses(message: dict[str, Any], username: str) -> bool:
    said = _text(message).lower()
    answered = _object(_object(message, "reply_to_message") or {}, "from") or {}
    if username and str(answered.get("username")).lower() == username:
        return True
    if username and f"@{username}" in said:
        return True
    # "/help@another_bot" is for another.
    return said.startswith("/") and "@" not in said.partition(" ")[0]


def _address(raw: dict[str, Any]) -> str | None:
    for value in raw.values():
        if not isinstance(value, dict):
            continue
        message = _object(value, "message") or {}
        for holder, key in ((value, "chat"), (message, "chat"), (value, "from"), (value, "user")):
            number = (_object(holder, key) or {}).get("id")
            if _is_int(number) and abs(number) <= _MAX_ID:
                return str(number)
    return None


def _chat(holder: dict[str, Any]) -> dict[str, Any]:
    if (chat := _object(holder, "chat")) is None:
        raise ValueError("not an update: a message without its chat")
    return chat


def _is_private(chat: dict[str, Any]) -> bool:
    return chat.get("type") == "private"


def _text(message: dict[str, Any]) -> str:
    for key in ("text", "caption"):
        if isinstance(said := message.get(key), str) and (cleaned := _clean(said)):
            return cleaned
    return ""


def _clean(text: str) -> str:
    # PostgreSQL's text holds no NUL, UTF-8 no lone surrogate.
    return clean(text.replace("\0", ""))


def _language(holder: dict[str, Any]) -> str | None:
    code = (_object(holder, "from") or {}).get("language_code")
    return _clean(code)[:35] or None if isinstance(code, str) else None


def _id(message: dict[str, Any]) -> str | None:
    number = message.get("message_id")
    return str(number) if _is_int(number) and 0 < number <= _MAX_ID else None


def _object(holder: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    value = holder.get(key)
    return value if isinstance(value, dict) else None


def _is_int(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _dumped(raw: object) -> bytes:
    try:
        return json.dumps(raw, sort_keys=True).encode()
    except (TypeError, ValueError, RecursionError):
        return repr(type(raw)).encode()
