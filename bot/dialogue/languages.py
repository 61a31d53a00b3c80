"""The languages a conversation can be held in, and which one a person asks for. The names are content."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from bot.dialogue.countries import spelling
from bot.dialogue.reading import Reading, Risk

MAX_READ_CHARS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language. It is `offered` once everything is said in it; `asked_by` are folded names in any language."""

    locale: str
    name: str
    offered: bool = True
    asked_by: frozenset[str] = field(default_factory=frozenset)


def offered(languages: Mapping[str, Language]) -> tuple[Language, ...]:
    return tuple(language for language in languages.values() if language.offered)


def language_in(languages: Mapping[str, Language], text: str) -> str | None:
    """Return the one offered language a text names ("in english please"); None when it names none, or several."""
    words = f" {spelling(text[:MAX_READ_CHARS])} "
    named = {
        each.locale
        for each in offered(languages)
        if any(f" {name} " in words for name in each.asked_by | {spelling(each.name)})
    }
    return named.pop() if len(named) == 1 else None


def read_as_written(
    read: Callable[[str, str], Reading], text: str, locale: str, spoken: Collection[str]
) -> Reading:
    """What `text` says, read in its own language where it is surely another one `spoken` here; `tongue` names it.

    Danger heard in the conversation's language stands as it is.
    """
    reading = read(text, locale)
    theirs = reading.tongue
    if theirs is None or theirs == locale or theirs not in spoken or reading.risk is not Risk.NONE:
        return reading
    return replace(read(text, theirs), tongue=theirs)
