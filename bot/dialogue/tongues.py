"""Danger told in another language: fixed lines in it, before the English safety question. The lines are content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.dialogue.helplines import Directory, Line, lines_for

MAX_LINES = 2  # of a country's helplines, beside the directory
BOTH = "{own} · {english}"
MAX_LABEL_CHARS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """One language. `emergency` and `call` hold {numbers}, `talk` {address}.

    `labels`: the English label of a button of the safety question, to its words in this language. `codes`: what the
    language is called where helplines name the languages they speak.
    """

    locale: str
    name: str
    serious: str
    person: str
    emergency: str
    talk: str
    call: str
    look_in: str
    english_only: str
    codes: frozenset[str]
    labels: Mapping[str, str] = field(default_factory=dict)
    reviewed_by: str | None = None
    reviewed_on: date | None = None

    def label(self, english: str) -> str:
        """Return a button's words in both languages, or in this one where both would be too long."""
        own = self.labels.get(english)
        if own is None:
            return english
        both = BOTH.format(own=own, english=english)
        return both if len(both) <= MAX_LABEL_CHARS else own


def tongue_context(
    tongue: Tongue, directory: Directory, country: str | None, at: datetime, zone: str | None
) -> dict[str, object]:
    """Return what texts read as `tongue.…`; the lines are those of `country` that speak the language."""
    offer = lines_for(directory, country, at, zone)
    numbers = " / ".join(offer.emergency)
    reach = [tongue.emergency.format(numbers=numbers), tongue.talk.format(address=offer.finder)]
    lines = [each.line for each in offer.lines if tongue.codes.intersection(each.line.languages)]
    reach += [_line(line) for line in lines[:MAX_LINES]]
    return {
        "danger": "\n".join((tongue.serious, tongue.person, *reach)),
        "reach": "\n".join(reach),
        "call": tongue.call.format(numbers=numbers),
        "look_in": tongue.look_in,
        "english_only": tongue.english_only,
    }


def _line(line: Line) -> str:
    """A service in no language's words: its name, and its number or address."""
    ways = (line.call, line.text if not line.keyword else None, line.whatsapp, line.chat, line.website)
    return f"{line.name}: {next(way for way in ways if way)}"
