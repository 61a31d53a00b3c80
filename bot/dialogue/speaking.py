"""A text in another language than the conversation's: the fixed lines in it, said before everything else."""

from __future__ import annotations

from bot.dialogue.context import GIVEN
from bot.dialogue.draft import SAFETY, Draft
from bot.dialogue.reading import Intent
from bot.dialogue.tongues import Tongue
from bot.dialogue.walk import open_question

IN_TONGUE, ENGLISH_ONLY = "safety/in-their-tongue", "anytime/english-only"
CAN_CHANGE = "anytime/other-language"
TOLD = "seen.told_english"
WRITTEN = "seen.written_in"  # a vent was in this language: it is offered when the listening is over
_NOTHING = dict.fromkeys(GIVEN["tongue"])


def in_their_tongue(draft: Draft) -> None:
    """Danger told in another language: its fixed lines and the directory first; the questions follow."""
    theirs = draft.reading.tongue
    if theirs in draft.script.locales and theirs != draft.locale:
        draft.speak_language(theirs)  # everything can be said in it
    tongue = _other_tongue(draft)
    draft.speak(tongue)
    if tongue is not None:
        _say(draft, IN_TONGUE, draft.locale)


def say_what_is_spoken(draft: Draft) -> None:
    """The first text in another language gets an honest line in it, once; not in a vent, nor in the safety flow."""
    theirs, tongue = draft.reading.tongue, _other_tongue(draft)
    _, open_step = open_question(draft)
    listens = open_step is not None and open_step.ask is not None and open_step.ask.listens
    safety = open_step is not None and open_step.flow == SAFETY
    asks = Intent.LANGUAGE in draft.reading.intents  # who asks for one needs no offer of it
    if safety or asks or draft.variables.get(TOLD):
        return
    if listens:
        if theirs in draft.script.locales and theirs != draft.locale:
            draft.set(WRITTEN, theirs)
        return
    if theirs in draft.script.locales and theirs != draft.locale:
        draft.set(TOLD, True)
        draft.offers_language = theirs
        _say(draft, CAN_CHANGE, theirs)
    elif tongue is not None:
        draft.set(TOLD, True)
        draft.context["tongue"] = {**_NOTHING, "english_only": tongue.english_only}
        _say(draft, ENGLISH_ONLY, draft.locale)


def offer_what_was_written(draft: Draft) -> None:
    """Under the question after a vent in another language that is spoken: a button for it."""
    theirs = draft.variables.get(WRITTEN)
    if theirs is None or theirs == draft.locale or theirs not in draft.script.locales:
        return
    draft.set(WRITTEN, None)
    draft.set(TOLD, True)
    draft.offers_language = str(theirs)
    _say(draft, CAN_CHANGE, str(theirs))


def _say(draft: Draft, place: str, locale: str) -> None:
    step = draft.script.steps.get(place)
    if step is not None:
        draft.say(step.say, locale)


def _other_tongue(draft: Draft) -> Tongue | None:
    tongue = draft.script.tongues.get(draft.reading.tongue or "")
    return tongue if tongue is not None and tongue.locale != draft.locale else None
