"""Handing one row of the outbox to its channel: what it holds is opened, made where it is a file, and sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

import structlog

from bot.dialogue.effects import SendCalendar, SendChart, SendExport, SendLetter
from bot.service import calendar, eml
from bot.service.chart import MIME as PNG
from bot.service.chart import as_png
from bot.service.clock import Clock
from bot.service.export import DATA, PAGE, as_data, as_page
from bot.service.verdicts import sent_as
from bot.store.codec import load_calendar, load_chart, load_export, load_ids, load_letter, load_message
from bot.store.database import Store
from bot.store.errors import StoreError
from bot.store.kept import kept_of
from bot.store.outbox import Kind, Letter
from bot.store.ports import Outcome, Refused, Sender, Sent, Unsure

log = structlog.get_logger(__name__)

File = SendCalendar | SendLetter | SendChart
_FILES: Mapping[Kind, Callable[[bytes], File]] = {
    Kind.CALENDAR: load_calendar,
    Kind.EML: load_letter,
    Kind.CHART: load_chart,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """`senders` by source."""

    store: Store
    clock: Clock
    senders: Mapping[str, Sender]

    async def hand_over(self, letter: Letter) -> Outcome:
        try:
            return await self._outcome(letter)
        except Exception as fault:  # noqa: BLE001 - a sender promises not to raise; if it does, it may have sent
            log.warning("a sender failed", error=type(fault).__name__, kind=letter.kind.value)
            return Unsure()

    async def _outcome(self, letter: Letter) -> Outcome:
        try:
            address = letter.address.text()
            payload = b"" if letter.payload is None else letter.payload.open()
            message = load_message(payload) if letter.kind in (Kind.SAY, Kind.EDIT) else None
            ids = load_ids(payload) if letter.kind is Kind.FORGET else ()
            file = _FILES[letter.kind](payload) if letter.kind in _FILES else None
        except (StoreError, ValueError):
            return Refused(reason="the stored message can't be read")
        sender, known = self.senders[letter.source], letter.message_id
        match sent_as(letter):
            case Kind.SAY:
                assert message is not None
                return await sender.say(address, message)
            case Kind.EDIT:
                assert message is not None
                assert known is not None
                return await sender.edit(address, known, message)
            case Kind.CLOSE:
                chosen = payload.decode() if letter.payload is not None else None
                return await sender.close_buttons(address, known, chosen) if known is not None else Sent()
            case Kind.DELETE:
                return await sender.delete(address, (known,)) if known is not None else Sent()
            case Kind.FORGET:
                return await sender.delete(address, ids)
            case Kind.PAGE | Kind.DATA:
                return await self._send_export(sender, letter, address, load_export(payload))
            case Kind.CALENDAR | Kind.EML | Kind.CHART:
                assert file is not None
                return await self._send_file(sender, letter, address, file)

    async def _send_file(self, sender: Sender, letter: Letter, address: str, file: File) -> Outcome:
        """Make a file, in a thread of its own, and send it."""
        now, of = self.clock.now(), letter.conversation_id
        match file:
            case SendCalendar():
                made = await asyncio.to_thread(calendar.as_file, file, of=of, made_at=now)
                mime = calendar.MIME
            case SendLetter():
                made, mime = await asyncio.to_thread(eml.as_file, file, made_at=now), eml.MIME
            case SendChart():
                made, mime = await asyncio.to_thread(as_png, file.chart), PNG
            case _:
                assert_never(file)
        return await sender.send_file(address, file.file_name, mime, made, "")

    async def _send_export(self, sender: Sender, letter: Letter, address: str, export: SendExport) -> Outcome:
        # Read only now, so that it is what is kept at the moment it is sent.
        async with self.store.read() as connection:
            kept = await kept_of(connection, letter.conversation_id)
        now, page = self.clock.now(), letter.kind is Kind.PAGE
        file = await asyncio.to_thread(as_page, kept, export.words, now) if page else as_data(kept, now)
        name, mime = (f"{export.file_name}.html", PAGE) if page else (f"{export.file_name}.json", DATA)
        return await sender.send_file(address, name, mime, file, "")
