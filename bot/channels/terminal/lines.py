"""What a line typed in the terminal is: words, a button, something shared, or a move of the clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.dialogue.events import SharedKind
from bot.dialogue.heard import Heard, HeardKind
from bot.dialogue.message import Button

SOURCE = "terminal"
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePasses:
    by: timedelta


def read_line(line: str, buttons: Sequence[Button]) -> Heard | TimePasses:
    """Return what a typed line means beside these open buttons."""
    text = line.strip()
    if moved := re.fullmatch(r"/\+(\d{1,4})([mhdw])", text):
        return TimePasses(by=timedelta(**{_UNITS[moved[2]]: int(moved[1])}))
    if (shared := re.fullmatch(r"\((\w+)\)", text)) and shared[1] in set(SharedKind):
        return Heard(kind=HeardKind.SHARED, shared=SharedKind(shared[1]))
    button = _button(text, buttons)
    if button is not None and button.data is not None:
        return Heard(kind=HeardKind.TAP, data=button.data)
    return Heard(kind=HeardKind.TEXT, text=line)


def _button(text: str, buttons: Sequence[Button]) -> Button | None:
    wanted = text.strip("[]").casefold()
    by_label = next((b for b in buttons if b.label.removeprefix("✓ ").casefold() == wanted), None)
    if by_label is not None:
        return by_label
    # Where labels are numbers themselves, as on a scale, a number is the label and never a position.
    if wanted.isdigit() and not any(b.label.isdigit() for b in buttons) and 1 <= int(wanted) <= len(buttons):
        return buttons[int(wanted) - 1]
    return None
