"""What a short text comes down to: without filler at its ends, and without what leads up to a wish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.understanding.text import Text


def cores_of(text: Text, lists: Mapping[str, frozenset[str]]) -> tuple[str, str, str]:
    """The line without sentence ends; without filler at both ends too; and without what leads up to a wish.

    "ok could you go back pls" -> "could you go back" -> "go back".
    """
    filler, openers = lists.get("filler", frozenset()), lists.get("openers", frozenset())
    words = [word for word in text.words if word not in (".", "?")]
    start, end = 0, len(words)
    while (skipped := _filling(words[start:end], filler)) and end - start > skipped:
        start += skipped
    while (skipped := _filling(words[start:end], filler, at_end=True)) and end - start > skipped:
        end -= skipped
    lead = start
    while end - lead > 1 and (words[lead] in openers or words[lead] in filler):
        lead += 1
    whole = text.line if end == len(text.words) else _line(words)
    bare = whole if end - start == len(words) else _line(words[start:end])
    return whole, bare, bare if lead == start else _line(words[lead:end])


def _filling(words: Sequence[str], filler: frozenset[str], *, at_end: bool = False) -> int:
    """How many words at one end are filler: one, or two that the list joins by a hyphen ("por-favor")."""
    two = words[-2:] if at_end else words[:2]
    if not two:
        return 0
    return 1 if (two[-1] if at_end else two[0]) in filler else 2 * ("-".join(two) in filler)


def _line(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "
