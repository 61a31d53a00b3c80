"""The bubbles of the practice chat, kept in memory only; also its `Sender`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bot.dialogue.message import Button, Message, Text
from bot.store.ports import Outcome, Refused, Sent

MOST = 2000  # bubbles shown; older ones leave the page
MOST_BYTES = 50 * 1024 * 1024  # of files kept for download

Change = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """`chosen` replaces the buttons once one was taken."""

    id: str
    mine: bool
    text: Text
    rows: tuple[tuple[Button, ...], ...] = ()
    chosen: str | None = None
    changed: bool = False
    file: File | None = None

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "mine": self.mine,
            "text": self.text.plain,
            "spans": [[each.kind, each.start, each.length] for each in self.text.spans],
            "rows": [[_button(each) for each in row] for row in self.rows],
            "chosen": self.chosen,
            "changed": self.changed,
            "file": {"name": self.file.name, "mime": self.file.mime, "bytes": len(self.file.content)}
            if self.file
            else None,
        }


@dataclass(slots=True)
class Bubbles:
    """`tell` hears every change, JSON-ready, as the page takes it."""

    tell: Callable[[Change], None]
    _shown: dict[str, Bubble] = field(default_factory=dict)
    # Ids go on from run to run, since the database still knows the earlier ones.
    _last: int = field(default_factory=lambda: time.time_ns() // 1_000_000)

    def all(self) -> list[dict[str, object]]:
        return [each.as_json() for each in self._shown.values()]

    def heard(self, text: str) -> str:
        """Show what the person wrote; return its id."""
        return self._add(Bubble(id=self._next(), mine=True, text=Text(plain=text)))

    def rewritten(self, bubble_id: str, text: str) -> bool:
        """Show the person's own bubble as it reads now; False when there is none of theirs with that id."""
        bubble = self._shown.get(bubble_id)
        if bubble is None or not bubble.mine:
            return False
        self._add(replace(bubble, text=Text(plain=text), changed=True))
        return True

    def file(self, bubble_id: str) -> File | None:
        bubble = self._shown.get(bubble_id)
        return bubble.file if bubble else None

    def clear(self) -> None:
        self._shown.clear()
        self.tell({"what": "all", "bubbles": []})

    async def say(self, address: str, message: Message) -> Outcome:
        bubble = Bubble(id=self._next(), mine=False, text=message.text, rows=message.rows)
        return Sent(message_id=self._add(bubble))

    async def send_file(self, address: str, name: str, mime: str, content: bytes, caption: str) -> Outcome:
        sent = File(name=name, mime=mime, content=content)
        return Sent(
            message_id=self._add(Bubble(id=self._next(), mine=False, text=Text(plain=caption), file=sent))
        )

    async def edit(self, address: str, message_id: str, message: Message) -> Outcome:
        bubble = self._shown.get(message_id)
        if bubble is None:
            return Refused(reason="that message is not on the page any more")
        self._add(replace(bubble, text=message.text, rows=message.rows, chosen=None, changed=True))
        return Sent()

    async def close_buttons(self, address: str, message_id: str, chosen: str | None) -> Outcome:
        if bubble := self._shown.get(message_id):
            self._add(replace(bubble, rows=(), chosen=chosen))
        return Sent()

    async def delete(self, address: str, message_ids: tuple[str, ...]) -> Outcome:
        gone = [each for each in message_ids if self._shown.pop(each, None)]
        self.tell({"what": "gone", "ids": gone})
        return Sent()

    def _next(self) -> str:
        self._last += 1
        return str(self._last)

    def _add(self, bubble: Bubble) -> str:
        self._shown[bubble.id] = bubble
        self.tell({"what": "bubble", "bubble": bubble.as_json()})
        self._make_room()
        return bubble.id

    def _make_room(self) -> None:
        while len(self._shown) > MOST or (self._bytes() > MOST_BYTES and len(self._shown) > 1):
            self._shown.pop(next(iter(self._shown)))

    def _bytes(self) -> int:
        return sum(len(each.file.content) for each in self._shown.values() if each.file)


def _button(button: Button) -> dict[str, str | None]:
    return {"label": button.label, "data": button.data, "url": button.url, "copy": button.copy}
