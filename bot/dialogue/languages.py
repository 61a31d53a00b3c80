"""The languages a conversation can be held in, and which one a person asks for. The names are content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.dialogue.countries import spelling

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
