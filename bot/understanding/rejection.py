"""What a text says of a rejection: who, for what, how far, how it ended. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from bot.dialogue.reading import NOTHING_READ, Kind, Outcome, RejectionRead, Stage
from bot.understanding.message_names import MessageNames
from bot.understanding.names import Names
from bot.understanding.rules import Hit
from bot.understanding.text import Text

_Fact = TypeVar("_Fact", Outcome, Stage, Kind)
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")

Knows = Callable[[str], bool]


def rejection_in(
    text: Text,
    facts: Sequence[Hit],
    lists: Mapping[str, frozenset[str]],
    naming: MessageNames,
    knows: Knows | None = None,
    *,
    correcting: bool = False,
) -> tuple[RejectionRead, tuple[str, ...]]:
    """Read the facts of a rejection (or of what was not one, by `outcome`) in a person's own words.

    Also tells by which signs its names were chosen. `correcting`: the text says that something was misread, so that a
    name may stand there with nothing beside it.
    """
    hiring = _speaks_of(text, lists, "hiring")
    if not (facts or correcting or hiring):
        return NOTHING_READ.rejection, ()  # nearly always
    work = _speaks_of(text, lists, "role_heads") or _speaks_of(text, lists, "leading_heads")
    if not (facts or correcting or work):
        return NOTHING_READ.rejection, ()
    outcome = _first(facts, "outcome", Outcome)
    stage = _first(facts, "stage", Stage)
    kind = _first(facts, "kind", Kind)
    if kind is Kind.LOVE and outcome is None:
        kind = None
    hints = {hit.rule.says.get("hint") for hit in facts} - {None} if outcome is None else set()
    told = bool(outcome or stage or kind or correcting)
    about_work = bool(stage or kind or hiring or "flat" in hints)
    company = role = None
    why: tuple[str, ...] = ()
    if told or (about_work and work) or (hints and (about_work or work)):
        company, role, why = naming.choose(Names.of(text, lists, formal=False, knows=knows), facts)
    if hints and ((company and role) or (about_work and (company or role))):
        outcome = Outcome.GHOSTED if "silence" in hints else Outcome.REJECTED
    elif not (told or (company and role)):
        company, role, why = None, None, ()  # a name alone, in a message about who knows what
    if outcome is Outcome.LAID_OFF:
        kind = Kind.LAYOFF if kind in (None, Kind.JOB) else kind
    count = _count(text, facts)
    return RejectionRead(
        company=company, role=role, stage=stage, outcome=outcome, kind=kind, count=count
    ), why


def _speaks_of(text: Text, lists: Mapping[str, frozenset[str]], name: str) -> bool:
    """Whether a word of the list stands in the text: of being hired, so that a soft no beside a firm's name is a no."""
    return name in lists and not lists[name].isdisjoint(text.words)


def _first(facts: Sequence[Hit], key: str, kind: type[_Fact]) -> _Fact | None:
    for hit in facts:
        if (value := hit.rule.says.get(key)) is not None:
            return kind(value)
    return None


def _count(text: Text, facts: Sequence[Hit]) -> int | None:
    for hit in facts:
        if hit.pattern.slot == "count":
            at = text.word_at(hit.start) - 1 if hit.pattern.slot_leads else text.word_at(hit.end)
            word = text.words[at] if 0 <= at < len(text.words) else ""
            word = _ORDINAL.sub(r"\1", word)  # "my 10th no"
            if word.isascii() and word.isdigit() and 0 < int(word) < 10_000:
                return int(word)
    return None
