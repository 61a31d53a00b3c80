"""A check-in that was promised: what it is for, its rule in wall-clock time, and the moment it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.dialogue.missed import Kind
from bot.dialogue.schedule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """One promise. `key` names it within the conversation: scheduling the same key again moves it.

    `rule` is what was promised, in wall-clock time of `zone` (IANA); `day` and `due` (UTC) are its next
    occurrence. `named`: the person chose this very hour, so quiet hours don't move it. `ref` is the rejection's or
    plan's number, 0 for none; `words` the person's own, such as what they planned.
    """

    key: str
    kind: Kind
    rule: Rule
    zone: str
    day: date
    due: datetime
    ref: int = 0
    named: bool = False
    words: str = ""
