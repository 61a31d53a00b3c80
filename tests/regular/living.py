"""A regular's half year (`life.yaml`), lived in memory: every question gets an answer. Yields the chat."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.dialogue.flow import TextAsk
from bot.script.load import Content
from bot.script.rehearsal import Rehearsal

HERE = Path(__file__).parent
KEPT = HERE.parent / "transcripts" / "a-regular.txt"
MOST_ANSWERS = 24  # in one visit
_HEAD = "# Half a year of a regular: thirty noes at different stages and in different moods. Lived by tests/regular.\n"


@dataclass(kw_only=True)
class Visit:
    """One coming: the local moment, what they write, and how they are."""

    at: datetime
    says: list[str]
    mood: int
    after: int
    stopped: str | None = None  # where it stopped, for the tests
    told: list[str] = field(default_factory=list)
    at_step: dict[str, list[str]] = field(default_factory=dict)


def visits() -> tuple[str, list[Visit], dict[str, list[str]]]:
    read: dict[str, Any] = yaml.safe_load((HERE / "life.yaml").read_text(encoding="utf-8"))
    zone, start = ZoneInfo(read["zone"]), read["start"]
    found = []
    for each in read["visits"]:
        day, at = each.pop("day"), time.fromisoformat(each.pop("at"))
        found.append(Visit(at=datetime.combine(start + timedelta(days=day), at, zone), **each))
    return read["zone"], found, read["usually"]


class Life:
    """Decides what this person does next, and writes down what they did as a transcript's lines."""

    def __init__(self, content: Content) -> None:
        self._zone, self._visits, self._usually = visits()
        first = self._visits[0].at
        self._rehearsal = Rehearsal(content, now=first.astimezone(ZoneInfo("UTC")))
        self._script = content.script
        self._answered: Counter[str] = Counter()
        self.lines: list[str] = [f"@ {first:%Y-%m-%d %H:%M}"]

    def live(self) -> str:
        for visit in self._visits:
            self._let_pass(visit.at)
            self._come(visit)
        return _HEAD + "\n".join(self.lines) + "\n"

    def _let_pass(self, until: datetime) -> None:
        """Time passes up to the visit; a check-in that comes on the way is answered within the hour."""
        while (minutes := int((until - self._rehearsal.now).total_seconds() // 60)) > 0:
            coming = min((each.due for each in self._rehearsal.check_ins.values()), default=until)
            if coming < until:
                minutes = min(minutes, int((coming - self._rehearsal.now).total_seconds() // 60) + 25)
            self.lines.append(f"~ +{minutes}m")
            self._rehearsal.wait(timedelta(minutes=minutes))
            if coming < until and self._rehearsal.session.stack:
                self._converse(Visit(at=until, says=[], mood=5, after=5))

    def _come(self, visit: Visit) -> None:
        self._answered.subtract({place: self._answered[place] for place in visit.at_step})
        for line in visit.says:
            self._do(line)
        self._converse(visit)

    def _converse(self, visit: Visit) -> None:
        told = list(visit.told)
        for _ in range(MOST_ANSWERS):
            if not self._rehearsal.session.stack:
                return
            self._do(self._answer(visit, told))
        raise AssertionError(f"no end of it: {self.lines[-6:]}")

    def _answer(self, visit: Visit, told: list[str]) -> str:
        place = self._rehearsal.session.stack[-1].place
        ask = self._script.steps[place].ask
        labels = [button.label for button in self._rehearsal.buttons if button.data]
        if ask is not None and ask.text is TextAsk.MANY:
            return told.pop(0) if told else "[Done]"
        if ask is not None and ask.scale:
            before = place in ("vent/landing", "reflect/before", "exercises/number-before", "check-ins/mood")
            return f"[{visit.mood if before else visit.after}]"
        wanted = visit.at_step.get(place) or self._usually.get(place) or []
        for n in range(len(wanted)):
            line = wanted[(self._answered[place] + n) % len(wanted)]
            if not line.startswith("[") or line[1:-1] in labels:
                self._answered[place] += n + 1
                return line
        return next((f"[{label}]" for label in reversed(labels) if label in _NO_MORE), "/skip")

    def _do(self, line: str) -> None:
        self.lines.append(f"> {line}")
        if line.startswith("["):
            self._rehearsal.tap(line[1:-1])
        else:
            self._rehearsal.write(line)
        self._rehearsal.wait(timedelta(seconds=20))


_NO_MORE = (
    "Nothing for now", "Enough for today", "Enough for now", "No, thanks", "Not now", "Leave it", "None now",
    "That's all", "Just looking", "Done",
)  # fmt: skip
