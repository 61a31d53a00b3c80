"""What a text wants, from the rules that spoke and from what it says of a rejection."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.reading import Intent, Outcome, RejectionRead
from bot.understanding.rules import Hit

_LOSSES = (Outcome.REJECTED, Outcome.GHOSTED, Outcome.WITHDRAWN, Outcome.LAID_OFF)
_GAINS = (Outcome.INVITED, Outcome.OFFERED)
# What a person asks for comes before what they tell; these only tell.
_MOVES = frozenset(
    {
        Intent.SKIP,
        Intent.REPEAT,
        Intent.PAUSE,
        Intent.RESUME,
        Intent.DONE,
        Intent.BACK,
        Intent.CANCEL,
        Intent.SETTINGS,
        Intent.NEXT_STEPS,
    }
)
_TELLING = frozenset({Intent.WIN, Intent.GOOD_NEWS, Intent.CORRECTION, Intent.THANKS, Intent.GREETING})


def control_of(found: Sequence[Hit]) -> Intent | None:
    """The wish that is all the text says."""
    return next(iter(_whole(found)), None) if found else None


def intents_of(found: Sequence[Hit], rejection: RejectionRead) -> tuple[Intent, ...]:
    """Best first: the whole text's wish, other wishes in the order of the rules, then what is told."""
    if not found:
        return tuple(_told(rejection)) or (Intent.OTHER,)
    whole = _whole(found)
    partly = [Intent(hit.rule.says["intent"]) for hit in found if not hit.whole]
    asked = [intent for intent in partly if intent not in _TELLING]
    told = _told(rejection) + [intent for intent in partly if intent in _TELLING]
    if rejection.outcome in _LOSSES:
        told = [intent for intent in told if intent is not Intent.GOOD_NEWS]
        # "they decided not to proceed": a move in the middle of bad news is no move.
        asked = [intent for intent in asked if intent not in _MOVES]
    return tuple(dict.fromkeys(whole + asked + told)) or (Intent.OTHER,)


def _whole(found: Sequence[Hit]) -> list[Intent]:
    wholes = sorted((hit for hit in found if hit.whole), key=lambda hit: hit.start)
    return [Intent(hit.rule.says["intent"]) for hit in wholes]


def _told(rejection: RejectionRead) -> list[Intent]:
    if rejection.outcome in _LOSSES:
        return [Intent.REJECTION]
    return [Intent.GOOD_NEWS] if rejection.outcome in _GAINS else []
