"""What an author sees beside the practice chat: its place, what was understood and promised, what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.session import Session
from bot.script.diagnostics import Diagnostic
from bot.script.live import LiveContent
from bot.service import person
from bot.service.clock import Clock
from bot.store import check_ins, places
from bot.store.codec import load_session
from bot.store.database import Store
from bot.understanding.report import reading_as_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """One practice conversation, at `address` of the channel `source`."""

    store: Store
    clock: Clock
    live: LiveContent
    source: str
    address: str

    async def panel(self, text: str) -> dict[str, Any]:
        """Return what the side panel shows, JSON-ready; `text` is the last one that was written."""
        session, promised = await self._known()
        read = self.live.content.understanding.read(text, "en") if text else None
        return {
            "now": self.clock.now().isoformat(),
            "at": [self._place(frame.place) for frame in reversed(session.stack)] if session else [],
            "variables": sorted(map(list, session.variables.items())) if session else [],
            "asked": session.asks if session else 0,
            "read": None if read is None else reading_as_json(read, explain=True),
            "promised": [_promise(each) for each in promised],
            "findings": [self._finding(each) for each in self.live.findings],
        }

    async def restart(self) -> None:
        """Forget the person: the next word is a stranger's."""
        await person.erase(self.store, self.source, self.address)

    async def _known(self) -> tuple[Session | None, Sequence[CheckIn]]:
        async with self.store.read() as connection:
            place = await places.look(connection, self.store.lookup.of(self.source, self.address))
            if place is None:
                return None, ()
            promised = (await check_ins.load(connection, [place.id])).get(place.id, ())
        session = load_session(place.session.open()) if place.session is not None else None
        return session, promised

    def _place(self, place: str) -> dict[str, Any]:
        name, _, step = place.partition("/")
        flow = next((each for each in self.live.content.flows if each.document.flow == name), None)
        if flow is None:
            return {"place": place, "path": None, "line": 0}
        path = str(flow.source.path.relative_to(self.live.folder))
        return {"place": place, "path": path, "line": flow.source.line_of(("steps", step))}

    def _finding(self, each: Diagnostic) -> dict[str, Any]:
        inside = each.path.is_relative_to(self.live.folder)
        return {
            "code": each.code.value,
            "severity": each.severity.value,
            "path": str(each.path.relative_to(self.live.folder)) if inside else str(each.path),
            "line": each.line,
            "message": each.message,
            "remedy": each.remedy,
        }


def _promise(each: CheckIn) -> dict[str, Any]:
    return {"key": each.key, "kind": each.kind.value, "due": each.due.isoformat(), "zone": each.zone}
