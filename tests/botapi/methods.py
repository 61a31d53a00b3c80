"""The Bot API's methods, on chats and messages; each returns what the API's `result` holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.botapi import checks
from tests.botapi.chats import Chat, Posted
from tests.botapi.checks import Arguments, Refusal, bad

_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
_DELETABLE_SECONDS = 48 * 3600
_QUERY_SECONDS = 15 * 60


class Methods:
    """Everything but what has to do with updates. `now` returns Unix seconds."""

    def __init__(self, bot: dict[str, Any], now: Callable[[], float]) -> None:
        self.bot = bot
        self.now = now
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, dict[str, Any]] = {}  # taps not answered yet, and when they were made
        self.settings: dict[tuple[str, str, str], Any] = {}
        self.typing: dict[int, int] = {}

    def chat(self, number: int) -> Chat:
        """Return the chat with this number, made if it is new."""
        if number not in self.chats:
            self.chats[number] = Chat(id=number)
        return self.chats[number]

    def get_me(self, _: Arguments) -> Any:
        return self.bot

    def send_message(self, a: Arguments) -> Any:
        chat = self._reach(a)
        text = checks.message_text(a)
        return self._post(chat, a, text, entities=checks.entities(a, text))

    def send_document(self, a: Arguments) -> Any:
        return self._send_file(a, "document")

    def send_photo(self, a: Arguments) -> Any:
        return self._send_file(a, "photo")

    def edit_message_text(self, a: Arguments) -> Any:
        chat, posted = self._own(a)
        text = checks.message_text(a)
        entities, markup = checks.entities(a, text), checks.inline_keyboard(a)
        if (posted.text, posted.entities, posted.markup) == (text, entities, markup):
            raise _not_modified()
        posted.versions.append(text)
        posted.entities, posted.markup = entities, markup
        chat.touched()
        return self.message_json(chat, posted)

    def edit_message_reply_markup(self, a: Arguments) -> Any:
        chat, posted = self._own(a)
        markup = checks.inline_keyboard(a)
        if posted.markup == markup:
            raise _not_modified()
        posted.markup = markup
        chat.touched()
        return self.message_json(chat, posted)

    def delete_message(self, a: Arguments) -> Any:
        chat = self._reach(a)
        posted = chat.messages.get(a.integer("message_id"))
        if posted is None or posted.deleted:
            raise bad("message to delete not found")
        if self.now() - posted.date > _DELETABLE_SECONDS:
            raise bad("message can't be deleted for everyone")
        posted.deleted = True
        return True

    def delete_messages(self, a: Arguments) -> Any:
        chat, ids = self._reach(a), a.json("message_ids", [])
        if not 1 <= len(ids) <= 100:
            raise bad("there must be from 1 to 100 messages")
        known = [chat.messages[number] for number in ids if number in chat.messages]
        if any(self.now() - posted.date > _DELETABLE_SECONDS for posted in known):
            raise bad("message can't be deleted for everyone")
        for posted in known:
            posted.deleted = True
        return True

    def answer_callback_query(self, a: Arguments) -> Any:
        query = self.queries.pop(a.text("callback_query_id"), None)
        if query is None or self.now() - query["at"] > _QUERY_SECONDS:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(a.text("text")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        query["answered"] = True
        return True

    def send_chat_action(self, a: Arguments) -> Any:
        chat = self._reach(a)
        if a.text("action") not in _ACTIONS:
            raise bad("wrong parameter action in request")
        self.typing[chat.id] = self.typing.get(chat.id, 0) + 1
        return True

    def set_my_commands(self, a: Arguments) -> Any:
        return self._set(a, "commands", checks.commands(a))

    def get_my_commands(self, a: Arguments) -> Any:
        return self._get(a, "commands", [])

    def delete_my_commands(self, a: Arguments) -> Any:
        return self._set(a, "commands", [])

    def set_my_description(self, a: Arguments) -> Any:
        return self._describe(a, "description", 512)

    def get_my_description(self, a: Arguments) -> Any:
        return {"description": self._get(a, "description", "")}

    def set_my_short_description(self, a: Arguments) -> Any:
        return self._describe(a, "short_description", 120)

    def get_my_short_description(self, a: Arguments) -> Any:
        return {"short_description": self._get(a, "short_description", "")}

    def message_json(self, chat: Chat, posted: Posted) -> dict[str, Any]:
        """Return a message as the API shows it."""
        sender = self.bot if posted.by_bot else chat.sender()
        shown: dict[str, Any] = {
            "message_id": posted.id,
            "from": sender,
            "chat": chat.as_json(),
            "date": posted.date,
            "caption" if posted.kind in ("document", "photo") else "text": posted.text,
        }
        if posted.kind == "document":
            shown["document"] = {"file_id": f"f{posted.id}", "file_unique_id": f"u{posted.id}"}
        if posted.kind == "photo":
            size = {"file_id": f"f{posted.id}", "file_unique_id": f"u{posted.id}", "width": 1, "height": 1}
            shown["photo"] = [size]
        if posted.entities:
            shown["entities"] = posted.entities
        if posted.markup:
            shown["reply_markup"] = posted.markup
        if len(posted.versions) > 1:
            shown["edit_date"] = int(self.now())
        return shown

    def _reach(self, a: Arguments) -> Chat:
        if not a.has("chat_id"):
            raise bad("chat_id is empty")
        chat = self.chats.get(a.integer("chat_id"))
        if chat is None:
            raise bad("chat not found")
        if chat.moved_to is not None:
            words = "group chat was upgraded to a supergroup chat"
            raise Refusal(400, f"Bad Request: {words}", migrate_to_chat_id=chat.moved_to)
        if chat.unreachable:
            raise Refusal(403, f"Forbidden: {chat.unreachable}")
        return chat

    def _own(self, a: Arguments) -> tuple[Chat, Posted]:
        chat = self._reach(a)
        posted = chat.messages.get(a.integer("message_id"))
        if posted is None or posted.deleted:
            raise bad("message to edit not found")
        if not posted.by_bot:
            raise bad("message can't be edited")
        return chat, posted

    def _post(self, chat: Chat, a: Arguments, text: str, **values: Any) -> dict[str, Any]:
        markup, date = checks.inline_keyboard(a), int(self.now())
        posted = chat.post(by_bot=True, date=date, versions=[text], markup=markup, **values)
        chat.touched()
        return self.message_json(chat, posted)

    def _send_file(self, a: Arguments, kind: str) -> Any:
        chat, file = self._reach(a), a.given.get(kind)
        caption = a.text("caption")
        if checks.units(caption) > 1024:
            raise bad("message caption is too long")
        if not isinstance(file, tuple):
            raise bad(f"there is no {kind} in the request")
        name, content = file
        if not content:
            raise bad("file must be non-empty")
        entities = checks.entities(a, caption, "caption_entities")
        return self._post(chat, a, caption, kind=kind, file=content, file_name=name, entities=entities)

    def _describe(self, a: Arguments, name: str, limit: int) -> Any:
        if len(a.text(name)) > limit:
            raise bad(f"bot {name.replace('_', ' ')} is too long")
        return self._set(a, name, a.text(name))

    def _key(self, a: Arguments, name: str) -> tuple[str, str, str]:
        language = a.text("language_code")
        if language and not re.fullmatch(r"[a-z]{2}", language):
            raise bad("LANGUAGE_CODE_INVALID")
        return name, language, (a.json("scope") or {}).get("type", "default")

    def _set(self, a: Arguments, name: str, value: Any) -> bool:
        self.settings[self._key(a, name)] = value
        return True

    def _get(self, a: Arguments, name: str, default: Any) -> Any:
        return self.settings.get(self._key(a, name), default)


def _not_modified() -> Refusal:
    return bad(
        "message is not modified: specified new message content and reply markup are exactly the same"
        " as a current content and reply markup of the message"
    )
