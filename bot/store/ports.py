"""What passes between the store's rows and the channels: what came in, what goes out, how a delivery ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.dialogue.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One update as a channel received it: stored raw first, parsed later, in its turn.

    `source` names the channel and account it came by ("telegram:123456", "terminal"); `update_id` is the
    platform's own number, unique within the source for a week. `address` is where the conversation is (a chat id), or
    None when none could be found: such a row is parked. `payload` is the raw update, UTF-8 JSON.
    """

    source: str
    update_id: int
    address: str | None
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Done. `message_id` is the platform's id of a new message, if there is one."""

    message_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TryLater:
    """Certainly not delivered; try again. `after` is the platform's own wait, if it gave one.

    `whole` tells that the API as a whole is out of reach, not only this conversation.
    """

    after: timedelta | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """May have been delivered (no answer came). It is sent again, a few times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The platform will never take it. `reason` is the platform's words; holds no text of a person."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The person blocked the bot or the chat no longer exists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The conversation has a new address; deliver there."""

    to: str


Outcome = Sent | TryLater | Unsure | Refused | Gone | Moved


class Sender(Protocol):
    """How a channel delivers. No method raises for what the platform or the network does: it returns an outcome."""

    async def say(self, address: str, message: Message) -> Outcome: ...

    async def send_file(
        self, address: str, name: str, mime: str, content: bytes, caption: str
    ) -> Outcome: ...

    async def edit(self, address: str, message_id: str, message: Message) -> Outcome: ...

    async def close_buttons(self, address: str, message_id: str, chosen: str | None) -> Outcome:
        """Replace a message's buttons by what was chosen, as one inert button; None takes them away."""
        ...

    async def delete(self, address: str, message_ids: tuple[str, ...]) -> Outcome: ...
