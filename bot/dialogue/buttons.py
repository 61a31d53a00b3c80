"""Buttons: what they carry, and how they are laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.message import Button

VERSION = "1"
MAX_DATA_BYTES = 64
ROW_CHARS = 30
ROW_BUTTONS = 3
TICK = "✓ "
Rows = tuple[tuple[Button, ...], ...]
# Keys of the buttons that the engine itself adds.
DONE, SKIP = "done", "skip"
SPEAK = "speak-"  # and a locale: to go on in that language


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A button's data, decoded: which question of which session, and which answer."""

    session: str
    visit: int
    choice: str


def encode(session: str, visit: int, choice: str) -> str:
    return f"{VERSION}|{session}|{visit}|{choice}"


def decode(data: str) -> Tap | None:
    """Return what a button carried, or None if this is not (or no longer) how buttons are written."""
    parts = data.split("|")
    if len(parts) != 4 or parts[0] != VERSION or not (parts[2].isascii() and parts[2].isdigit()):
        return None
    return Tap(session=parts[1], visit=int(parts[2][:12]), choice=parts[3])


def in_rows(buttons: Sequence[Button]) -> Rows:
    """Lay buttons out so that every label stays readable on a narrow phone."""
    rows: list[list[Button]] = []
    width = ROW_CHARS
    for button in buttons:
        size = len(button.label) + 4
        if not rows or width + size > ROW_CHARS or len(rows[-1]) == ROW_BUTTONS:
            rows.append([])
            width = 0
        rows[-1].append(button)
        width += size
    return tuple(tuple(row) for row in rows)


def scale_rows(buttons: Sequence[Button]) -> Rows:
    """Lay out 0 to 10 in two rows of short buttons."""
    return (tuple(buttons[:6]), tuple(buttons[6:]))
