"""The words of a text that name a time."""

from __future__ import annotations

from collections.abc import Sequence

from bot.understanding.rules import Hit
from bot.understanding.text import Text


def when_in(text: Text, found: Sequence[Hit]) -> str | None:
    """The longest words that name a time, as written; the first of several alike."""
    if not found:
        return None
    hit = max(found, key=lambda h: (h.end - h.start, -h.start))
    first, last = text.word_at(hit.start), text.word_at(hit.end) - 1
    spans = text.spans()
    return text.source[spans[text.origin[first]][0] : spans[text.origin[last]][1]]
