from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from bot.channels.terminal.chat import chat
from bot.channels.terminal.screen import Screen
from bot.dialogue.message import Message, Text
from bot.store.ports import Incoming

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class House:
    """Stands for the service behind the chat: says what it was asked to do, in order."""

    def __init__(self, folder: Path, due: int = 0) -> None:
        self.shown = io.StringIO()
        self.screen = Screen(Console(file=self.shown, highlight=False), folder)
        self.did: list[str] = []
        self.due = due
        self.said = asyncio.Event()

    async def receive(self, batch: Sequence[Incoming]) -> None:
        self.did.append("receive")

    async def drain(self) -> None:
        self.did.append("drain")

    async def until_due(self) -> None:
        if not self.due:
            await asyncio.Event().wait()
        self.due -= 1
        self.did.append("due")
        if not self.due:
            self.said.set()

    async def pass_time(self, by: timedelta, arrived: Callable[[datetime], None]) -> None:
        arrived(NOON + by)
        await self.screen.say("you", Message(text=Text(plain="There you are.")))

    async def talk(self, lines: AsyncIterator[str]) -> str:
        await chat(
            lines,
            self.screen,
            receive=self.receive,
            drain=self.drain,
            until_due=self.until_due,
            pass_time=self.pass_time,
        )
        return self.shown.getvalue()


async def typed(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


async def test_every_line_is_received_then_answered_and_empty_ones_are_passed_over(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.talk(typed("hello", "  ", "there"))
    assert house.did == ["drain", "receive", "drain", "receive", "drain"]


async def test_time_passes_with_a_note_of_when_it_is(tmp_path: Path) -> None:
    shown = await House(tmp_path).talk(typed("/+1d"))
    assert shown == "(Tuesday 03 March, 12:00 UTC)\nOnward: There you are.\n"


async def test_what_falls_due_is_said_while_nobody_types(tmp_path: Path) -> None:
    house = House(tmp_path, due=2)

    async def thinking() -> AsyncIterator[str]:
        await house.said.wait()
        yield "hello"

    await house.talk(thinking())
    assert house.did == ["drain", "due", "drain", "due", "drain", "receive", "drain"]


async def test_a_file_is_kept_beside_the_chat_and_only_its_name_and_size_are_shown(tmp_path: Path) -> None:
    house = House(tmp_path)
    sent = await house.screen.send_file("you", "../check-ins.ics", "text/calendar", b"BEGIN", "")
    assert house.shown.getvalue() == "(file check-ins.ics, 5 bytes)\n"
    assert (tmp_path / "files/check-ins.ics").read_bytes() == b"BEGIN"
    assert getattr(sent, "message_id", None) == "1"
