"""People as Telegram clients: they write, tap, edit, share, block; and they read what the bot says."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

_SHARED = {
    "voice": {"file_id": "f", "file_unique_id": "u", "duration": 3},
    "video_note": {"file_id": "f", "file_unique_id": "u", "duration": 3, "length": 240},
    "photo": [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90}],
    "sticker": {
        "file_id": "f",
        "file_unique_id": "u",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
    },
    "location": {"latitude": 52.5, "longitude": 13.4},
    "contact": {"phone_number": "+0", "first_name": "Somebody"},
    "poll": {
        "id": "1",
        "question": "Why?",
        "options": [],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
    },
    "document": {"file_id": "f", "file_unique_id": "u", "file_name": "letter.pdf"},
    "video": {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "duration": 1},
    "dice": {"emoji": "🎲", "value": 4},
}
_query_ids = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message of the bot as it reads now; `buttons` are labels."""

    id: int
    text: str
    buttons: tuple[str, ...] = ()
    kind: str = "text"


class Person:
    """One person in their private chat with the bot. Every method but `replies` returns at once."""

    def __init__(self, api: BotApi, chat_id: int) -> None:
        self._api = api
        self.chat = api.methods.chat(chat_id)
        self._read = self.chat.last_id
        self._acts = self.chat.bot_acts

    async def write(self, text: str) -> int:
        """Send a text; returns the message's id."""
        posted = self.chat.post(by_bot=False, date=self._now(), versions=[text])
        message = self._api.methods.message_json(self.chat, posted)
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        self._api.updates.push("message", message, self.chat.id)
        return posted.id

    async def edit(self, text: str, message_id: int | None = None) -> None:
        """Change their message `message_id`, or their last one."""
        own = [
            posted for posted in self.chat.messages.values() if not posted.by_bot and posted.kind == "text"
        ]
        posted = own[-1] if message_id is None else self.chat.messages[message_id]
        posted.versions.append(text)
        message = self._api.methods.message_json(self.chat, posted)
        self._api.updates.push("edited_message", message, self.chat.id)

    async def tap(self, label: str) -> str:
        """Tap the newest button that reads `label`; returns the query's id."""
        for posted in reversed(self.chat.messages.values()):
            for button in posted.buttons:
                if button["text"] == label and not posted.deleted:
                    assert "callback_data" in button, (
                        f"[{label}] opens or copies something, it tells the bot nothing"
                    )
                    return await self.tap_data(button["callback_data"], posted.id)
        raise AssertionError(f"no button [{label}] in:\n{self.chat.transcript()}")

    async def tap_data(self, data: str | None, message_id: int | None = None) -> str:
        """Send any data as a tap's, old or forged; on a message that needn't exist."""
        number = next(_query_ids)
        query_id = f"q{number}"
        posted = self.chat.messages.get(message_id or 0)
        inaccessible = {"chat": self.chat.as_json(), "message_id": message_id or 1, "date": 0}
        query: dict[str, Any] = {
            "id": query_id,
            "from": self.chat.sender(),
            "chat_instance": "1",
            "message": self._api.methods.message_json(self.chat, posted) if posted else inaccessible,
        }
        if data is not None:
            query["data"] = data
        self._api.methods.queries[query_id] = {"at": self._now()}
        self._api.updates.push("callback_query", query, self.chat.id)
        return query_id

    async def share(self, kind: str, caption: str = "") -> int:
        """Send a voice, video_note, photo, sticker, location, contact, poll, document, video or dice."""
        posted = self.chat.post(by_bot=False, date=self._now(), versions=[caption], kind=kind)
        message = self._base(posted.id) | {kind: _SHARED[kind]} | ({"caption": caption} if caption else {})
        self._api.updates.push("message", message, self.chat.id)
        return posted.id

    async def share_voice(self) -> int:
        return await self.share("voice")

    async def share_photo(self, caption: str = "") -> int:
        return await self.share("photo", caption)

    async def forward(self, text: str) -> int:
        """Forward somebody's message."""
        posted = self.chat.post(by_bot=False, date=self._now(), versions=[text], kind="forward")
        origin = {"type": "hidden_user", "sender_user_name": "HR", "date": posted.date}
        self._api.updates.push(
            "message", self._base(posted.id) | {"text": text, "forward_origin": origin}, self.chat.id
        )
        return posted.id

    async def block(self) -> None:
        self.chat.unreachable = "bot was blocked by the user"
        self._member("member", "kicked")

    async def unblock(self) -> None:
        self.chat.unreachable = None
        self._member("kicked", "member")

    async def leave_telegram(self) -> None:
        """Delete their account."""
        self.chat.unreachable = "user is deactivated"

    async def replies(self, count: int = 1, *, settle: float = 0.0, within: float = 10.0) -> list[Shown]:
        """Return what the bot has said since this was last asked, waiting for `count` messages.

        After them it waits until the bot has been quiet for `settle` seconds. What came `within` so many seconds is
        returned, be it less.
        """
        while len(self._unread()) < count and await self.chat.wait(self._acts, within):
            self._acts = self.chat.bot_acts
        while settle and await self.chat.wait(self._acts, settle):
            self._acts = self.chat.bot_acts
        unread = self._unread()
        if unread:
            self._read = unread[-1].id
        return unread

    async def transcript(self) -> str:
        return self.chat.transcript()

    def _unread(self) -> list[Shown]:
        numbers = range(self._read + 1, self.chat.last_id + 1)
        found = (self.chat.messages[number] for number in numbers)
        return [
            Shown(id=p.id, text=p.text, buttons=tuple(b["text"] for b in p.buttons), kind=p.kind)
            for p in found
            if p.by_bot and not p.deleted
        ]

    def _member(self, old: str, new: str) -> None:
        bot = self._api.methods.bot
        change = {
            "chat": self.chat.as_json(),
            "from": self.chat.sender(),
            "date": self._now(),
            "old_chat_member": {"user": bot, "status": old, "until_date": 0},
            "new_chat_member": {"user": bot, "status": new, "until_date": 0},
        }
        self._api.updates.push("my_chat_member", change, self.chat.id)

    def _base(self, message_id: int) -> dict[str, Any]:
        return {
            "message_id": message_id,
            "from": self.chat.sender(),
            "chat": self.chat.as_json(),
            "date": self._now(),
        }

    def _now(self) -> int:
        return int(self._api.methods.now())
