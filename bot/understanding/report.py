"""A reading as JSON, for `onward understand`."""

from __future__ import annotations

from bot.dialogue.reading import Intent, Reading

REPORTED = frozenset(
    {
        Intent.REJECTION,
        Intent.VENT,
        Intent.FEEDBACK_EMAIL,
        Intent.CHECKIN,
        Intent.WIN,
        Intent.PROGRESS,
        Intent.GOOD_NEWS,
        Intent.HUMAN,
        Intent.HELP,
        Intent.PRIVACY,
        Intent.SETTINGS,
        Intent.EXPORT,
        Intent.DELETE,
        Intent.STOP,
        Intent.BACK,
        Intent.CANCEL,
        Intent.RESTART,
        Intent.OTHER,
    }
)


def reading_as_json(reading: Reading, *, explain: bool = False) -> dict[str, object]:
    """`reading` as JSON values; intents that are moves inside a conversation are told as `other`."""
    said = reading.rejection
    report: dict[str, object] = {
        "risk": reading.risk,
        "about": reading.about,
        "intents": _intents(reading),
        "rejection": {
            "company": said.company,
            "role": said.role,
            "stage": said.stage,
            "outcome": said.outcome,
        },
        "feelings": list(reading.feelings),
        "mood": reading.mood,
        "when": reading.when,
    }
    if explain:
        report["tongue"] = reading.tongue
        report["rules"] = list(reading.rules)
    return report


def _intents(reading: Reading) -> list[Intent]:
    """Best first; `other` only where there is nothing else, and a guess only where the rules saw none of these."""
    told = dict.fromkeys(map(_reported, reading.intents))
    named: list[Intent] = [intent for intent in told if intent is not Intent.OTHER]
    return named or [Intent.OTHER if reading.guess is None else reading.guess]


def _reported(intent: Intent) -> Intent:
    if intent in (Intent.MOVED, Intent.LANGUAGE):
        return Intent.SETTINGS
    return intent if intent in REPORTED else Intent.OTHER
