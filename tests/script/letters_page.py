"""The page `docs/letters.md`: six finished letters, two in Spanish. `python -m tests.script.letters_page` writes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.dialogue.effects import Value
from bot.dialogue.letters import LetterWords, written
from bot.script.letters import read_letters

LETTERS = Path(__file__).parents[2] / "content" / "letters" / "en"
PAGE = Path(__file__).parents[2] / "docs" / "letters.md"
ACME: dict[str, Value] = {
    "company": "Globex",
    "role": "UX designer",
    "recipient": "Lena Weiß",
    "sender": "Sam O'Neil",
}
SIX: dict[str, dict[str, Value]] = {
    "Asking why after a final round, warm": {
        **ACME,
        "sort": "feedback",
        "stage": "final",
        "specific": "how openly you spoke about the first year",
    },
    "Asking why when nobody was ever met, formal, with nothing else known": {
        "sort": "feedback",
        "tone": "formal",
        "stage": "application",
        "company": "Initech",
    },
    "Asking why after a grant was refused, brief, for a call": {
        "sort": "feedback",
        "tone": "brief",
        "kind": "grant",
        "role": "early career grant",
        "company": "the Umbrella Foundation",
        "asking": "call",
    },
    "A gracious answer, warm": {**ACME, "sort": "gracious", "stage": "interview", "when": "Tuesday"},
    "A nudge after silence, brief": {
        **ACME,
        "sort": "nudge",
        "tone": "brief",
        "stage": "interview",
        "when": "3 March",
    },
    "Asking somebody in the field for a chat, a LinkedIn note": {
        **ACME,
        "sort": "chat",
        "medium": "linkedin",
        "asking": "call",
    },
}


SPANISH: dict[str, dict[str, Value]] = {
    "After a final round, warm: tú": {
        "sort": "feedback",
        "stage": "final",
        "company": "Globex",
        "role": "el puesto de analista de datos",
        "recipient": "Íñigo Peña",
        "sender": "Sam O'Neil",
        "specific": "La claridad con que hablaron del primer año.",
    },
    "A nudge with no name known, formal: usted, whoever reads it": {
        "sort": "nudge",
        "tone": "formal",
        "stage": "interview",
        "company": "Initech",
        "when": "martes",
    },
}


def page(letters: Mapping[str, LetterWords]) -> str:
    made = "Made from `content/letters/` by\n`.venv/bin/python -m tests.script.letters_page`; a test keeps it current."
    parts = [
        f"# Six letters\n\nAs Onward writes them, each finished: what wasn't known is left out. {made}\n"
    ]
    parts += [_shown(letters["en"], f"## {title}", fields) for title, fields in SIX.items()]
    parts.append("And two in Spanish:\n")
    parts += [_shown(letters["es"], f"### {title}", fields) for title, fields in SPANISH.items()]
    return "\n".join(parts)


def _shown(words: LetterWords, heading: str, fields: Mapping[str, Value]) -> str:
    letter = written(words, fields, with_gaps=False)
    subject = f"{words.subject} {letter.subject}\n\n" if letter.subject else ""
    return f"{heading}\n\n```\n{subject}{letter.body}\n```\n"


if __name__ == "__main__":
    letters, _ = read_letters(LETTERS.parent, never_says={}, thoroughly=False)
    PAGE.write_text(page(letters), encoding="utf-8")
