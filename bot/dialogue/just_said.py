"""What has just been written, as texts and conditions may name it, and as it may be kept."""

from __future__ import annotations

import hashlib

from bot.dialogue.effects import Value
from bot.dialogue.reading import Reading

# What may be saved like a variable: the words as they stand, when it is to be, and the rest of them.
HEARD = frozenset({"heard.text", "heard.when", "heard.deed"})


def heard_of(reading: Reading, text: str) -> dict[str, object]:
    rejection = reading.rejection
    return {
        "feelings": tuple(feeling.value for feeling in reading.feelings),
        "count": rejection.count,
        "outcome": rejection.outcome.value if rejection.outcome else None,
        "stage": rejection.stage.value if rejection.stage else None,
        "pasted": rejection.pasted,
        "company": rejection.company,
        "phrases": tuple(phrase.family for phrase in reading.phrases),
        "mail": fingerprint(text) if rejection.pasted else None,
        "risk": reading.risk.value,
        "about": reading.about.value,
        "concern": reading.concern.value if reading.concern else None,
        "temper": reading.temper.value if reading.temper else None,
        "intent": reading.intent.value,
        "topics": reading.topics,
        "ordinary": reading.ordinary,
        "text": text,
        "when": reading.when,
        "deed": _deed(text, reading.when),
    }


def heard_value(name: str, reading: Reading, text: str) -> Value:
    """What of the words just written a step saves, by its name."""
    plain = text.strip()
    return {"heard.text": plain, "heard.when": reading.when, "heard.deed": _deed(plain, reading.when)}[name]


def _deed(text: str, when: str | None) -> str:
    """What is planned, without the words for when: "call Ana *on friday at ten*"."""
    deed = " ".join(text.replace(when, " ", 1).split()).strip(" ,.;:-") if when else text
    return deed or text


def fingerprint(letter: str) -> str:
    """What tells one pasted letter from another, however its lines were broken; no word of it can be got back."""
    plain = "".join(c for c in letter.casefold() if c.isalnum())
    return hashlib.blake2b(plain.encode(errors="replace"), digest_size=8).hexdigest()
