"""Chats and their histories, as the platform holds them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class Posted:
    """One message of a chat. `versions` are its texts, the newest last; `kind` is text, voice, document…"""

    id: int
    by_bot: bool
    date: int
    versions: list[str]
    kind: str = "text"
    entities: list[dict[str, Any]] = field(default_factory=list)
    markup: dict[str, Any] | None = None
    file: bytes | None = None
    file_name: str = ""
    deleted: bool = False

    @property
    def text(self) -> str:
        return self.versions[-1]

    @property
    def buttons(self) -> list[dict[str, Any]]:
        return [button for row in (self.markup or {}).get("inline_keyboard", []) for button in row]


@dataclass(slots=True, kw_only=True)
class Chat:
    """A private chat with one person; `unreachable` is what the API says instead of delivering."""

    id: int
    name: str = "Ada"
    language: str | None = "en"
    unreachable: str | None = None
    moved_to: int | None = None
    messages: dict[int, Posted] = field(default_factory=dict)
    last_id: int = 0
    bot_acts: int = 0  # messages and edits of the bot so far
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def post(self, **values: Any) -> Posted:
        self.last_id += 1
        posted = Posted(id=self.last_id, **values)
        self.messages[posted.id] = posted
        return posted

    def touched(self) -> None:
        """Wake whoever waits for the bot."""
        self.bot_acts += 1
        self._changed.set()

    async def wait(self, acts: int, within: float) -> bool:
        """Wait until the bot has acted more than `acts` times; False when `within` seconds passed first."""
        try:
            async with asyncio.timeout(within):
                while self.bot_acts <= acts:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": self.name}

    def sender(self) -> dict[str, Any]:
        person = {"id": self.id, "is_bot": False, "first_name": self.name}
        return person | ({"language_code": self.language} if self.language else {})

    def transcript(self) -> str:
        """Return the chat as a person sees it, one message a line: theirs after ">", the bot's with its buttons."""
        return "\n".join(_line(posted) for posted in self.messages.values())


def _line(posted: Posted) -> str:
    marks = (" (edited)" if len(posted.versions) > 1 else "") + (" (deleted)" if posted.deleted else "")
    said = posted.text if posted.kind == "text" else f"<{posted.kind}> {posted.text}".rstrip()
    buttons = "".join(f" [{button['text']}]" for button in posted.buttons)
    return f"{'Bot:' if posted.by_bot else '>'} {said}{'  ' + buttons if buttons else ''}{marks}"
