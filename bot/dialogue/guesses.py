"""What unclear words may ask for: which guess is asked about where, and what is kept while it is."""

from __future__ import annotations

from bot.dialogue.draft import GUESSED, GUESSED_FROM, Draft
from bot.dialogue.reading import Intent, Risk

GUESS = "anytime/guess"
MOVES_GUESSED = frozenset({Intent.BACK, Intent.CANCEL, Intent.RESTART})
MAX_CHARS = 80  # a request is short; whoever writes more tells something
MIN_WORDS = 2  # "nothing", where a number is asked for, asks for nothing
# Told, not asked for: "Did something go well?" would be cold to somebody who tells of a bad day.
_TOLD = frozenset({Intent.REJECTION, Intent.VENT, Intent.WIN, Intent.GOOD_NEWS})
ASKED_FOR = frozenset(Intent) - _TOLD
TO_BEGIN_WITH = ASKED_FOR | {Intent.REJECTION, Intent.VENT}


def guess_in(draft: Draft, among: frozenset[Intent] = ASKED_FOR | _TOLD) -> Intent | None:
    """Return what the words just written may ask for, where no rule saw a wish, no pain is told and it can be done."""
    reading, guess = draft.reading, draft.reading.guess
    can_be_done = guess in draft.script.intents or guess in MOVES_GUESSED
    tells = reading.feelings or reading.risk is not Risk.NONE or reading.rejection.outcome is not None
    is_request = len(draft.text) <= MAX_CHARS and len(draft.text.split()) >= MIN_WORDS
    return guess if guess in among and is_request and can_be_done and not tells else None


def keep_guess(draft: Draft) -> None:
    """Keep what is asked about, and the words: whoever says yes need not write them again."""
    guess = guess_in(draft)
    draft.set(GUESSED, guess.value if guess is not None else None)
    draft.set(GUESSED_FROM, draft.text)
