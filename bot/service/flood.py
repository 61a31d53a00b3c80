"""A flood: far more messages of one person waiting than a person writes. One kind line answers them; danger is heard.

Every text goes through the crisis gate first. The line is the engine's, as all words are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.dialogue.events import Flooded
from bot.dialogue.heard import HeardKind
from bot.service.decide import Known, Mind, carry_out, decide, hear, session_of, spoken
from bot.store.inbox import FLOOD, Waiting
from bot.store.places import Place
from bot.store.writing import Written

AT_ONCE = 10  # rows of a flood in one turn: others' turns must not wait for more
LOOK_AT = AT_ONCE + FLOOD
_LEFT_OUT = frozenset({HeardKind.TEXT, HeardKind.EDIT, HeardKind.TAP, HeardKind.SHARED, HeardKind.GROUP})


def next_rows(oldest: Sequence[Waiting]) -> Sequence[Waiting]:
    """Return what one turn takes of the `LOOK_AT` oldest rows: of its end all, or each would get a turn of its own."""
    return oldest if len(oldest) < LOOK_AT else oldest[:AT_ONCE]


def left_out(mind: Mind, place: Place, row: Waiting) -> str | None:
    """Return the words of a row that is something a person said; None for news of theirs that must not be missed."""
    if row.from_within:
        return None
    heard = hear(mind, place, row)
    if heard is None:
        return ""
    return heard.text if heard.kind in _LEFT_OUT else None


def alarms(mind: Mind, text: str, known: Known) -> bool:
    return bool(text) and mind.read(text, spoken(mind, known.facts).locale).risk.alarms


def answer_flood(
    mind: Mind, place: Place, rows: Iterable[Waiting], danger: Waiting | None, known: Known
) -> Written:
    """Return one turn for many rows: that of `danger`, which spoke of it, or the one line."""
    done = tuple(row.id for row in rows)
    written = None if danger is None else decide(mind, place, danger, known)
    if written is None:
        last = max(row.at for row in rows)
        noted = Written(conversation_id=place.id, inbox_id=done[0], at=last)
        facts = spoken(mind, known.facts)
        written = carry_out(noted, mind.advance(session_of(mind, place), Flooded(at=last), facts))
    return replace(written, inbox_id=done[0], also_done=done[1:])
