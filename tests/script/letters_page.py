"""The page `docs/letters.md`: six finished letters. `python -m tests.script.letters_page` writes it anew."""

from __future__ import annotations

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


def page(words: LetterWords) -> str:
    made = "Made from `content/letters/` by\n`.venv/bin/python -m tests.script.letters_page`; a test keeps it current."
    parts = [
        f"# Six letters\n\nAs Onward writes them, each finished: what wasn't known is left out. {made}\n"
    ]
    for title, fields in SIX.items():
        letter = written(words, fields, with_gaps=False)
        subject = f"{words.subject} {letter.subject}\n\n" if letter.subject else ""
        parts.append(f"## {title}\n\n```\n{subject}{letter.body}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    letters, _ = read_letters(LETTERS.parent, never_says={}, thoroughly=False)
    PAGE.write_text(page(letters["en"]), encoding="utf-8")
