"""From neutral messages to what the Bot API takes: entities in UTF-16 units, keyboards, pieces that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from telegram.constants import MessageLimit

from bot.dialogue.message import Button, Span, Text

MAX_UNITS = int(MessageLimit.MAX_TEXT_LENGTH)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Where a text is best cut: after a blank line, a line, a sentence, a word. Behind half of the room at least.
_SEAMS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"[.!?…。！？]\s"), re.compile(r"\s"))


def pieces(text: Text) -> list[Text]:
    """Cut `text` so that every piece fits one message. Only pieces of nothing but white space are left out."""
    plain = clean(text.plain)
    whole = [_part(plain, text.spans, start, end) for start, end in _cuts(plain)]
    return [piece for piece in whole if piece.plain.strip()] or whole[:1]


def entities(text: Text) -> list[dict[str, Any]]:
    """Return the spans as MessageEntity values: offsets and lengths in UTF-16 code units."""
    found = []
    for span in text.spans:
        start, end = max(span.start, 0), min(span.start + span.length, len(text.plain))
        if start < end:
            offset, length = units(text.plain[:start]), units(text.plain[start:end])
            found.append({"type": span.kind.value, "offset": offset, "length": length})
    return found


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> dict[str, Any]:
    """Return the InlineKeyboardMarkup of `rows`; without any it takes a keyboard away."""
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows if row]}


def units(text: str) -> int:
    """Return the length as Telegram counts: in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Return `text` as the API can take it: half a character (a lone surrogate) is not UTF-8."""
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _button(button: Button) -> dict[str, Any]:
    made: dict[str, Any] = {"text": clean(button.label)}
    if button.url is not None:
        made["url"] = button.url
    elif button.copy is not None:
        made["copy_text"] = {"text": clean(button.copy)}
    else:
        made["callback_data"] = button.data or ""
    return made


def _cuts(plain: str) -> Iterator[tuple[int, int]]:
    start = 0
    while units(plain[start:]) > MAX_UNITS:
        end = _seam(plain, start, _reach(plain, start))
        yield start, end
        start = end
    yield start, len(plain)


def _reach(plain: str, start: int) -> int:
    """Return how far a message from `start` can go: the code point behind the last that fits."""
    end = min(start + MAX_UNITS, len(plain))
    while (excess := units(plain[start:end]) - MAX_UNITS) > 0:
        end -= (excess + 1) // 2
    return end


def _seam(plain: str, start: int, reach: int) -> int:
    half = start + (reach - start) // 2
    for seam in _SEAMS:
        ends = [found.end() for found in seam.finditer(plain, half, reach)]
        if ends:
            return ends[-1]
    return reach


def _part(plain: str, spans: tuple[Span, ...], start: int, end: int) -> Text:
    inside = (
        Span(kind=span.kind, start=max(span.start, start) - start, length=overlap)
        for span in spans
        if (overlap := min(span.start + span.length, end) - max(span.start, start)) > 0
    )
    return Text(plain=plain[start:end], spans=tuple(inside))
