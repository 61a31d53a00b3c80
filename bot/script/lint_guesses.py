"""The check of the question after a guess: a sentence of its own for each wish that may be guessed."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.draft import GUESSED
from bot.dialogue.guesses import GUESS, MOVES_GUESSED
from bot.dialogue.reading import Intent
from bot.dialogue.render import Condition, ContentError, names_in
from bot.script.compile import ReadFlow
from bot.script.diagnostics import Code, Diagnostic
from bot.script.place import Place
from bot.script.texts import Words, texts_of
from bot.understanding.guessing import KINDS


def check_guesses(flows: tuple[ReadFlow, ...], places: dict[str, Place]) -> Iterator[Diagnostic]:
    """Yield an error for each wish that may be guessed, can be done here, and is asked about in no words of its own."""
    place = places.get(GUESS)
    if place is None:
        return  # an engine step that is missing is told as one
    asked = [words for words in texts_of(place.document) if words.keys[0] == "say"]
    for wish in sorted(_guessable(flows)):
        if not any(_only_for(wish, words) for words in asked):
            message = f"there is no sentence for the guess `{wish}`."
            remedy = (
                f'Add a case with `when: {GUESSED} == "{wish}"`, a whole sentence that asks for just this.'
            )
            yield place.fault(Code.GUESS_UNASKED, message, remedy, "say")


def _guessable(flows: tuple[ReadFlow, ...]) -> set[Intent]:
    wishes = {wish for flow in flows for wish in flow.document.starts_on.intents}
    return {wish for wish in KINDS if wish in wishes or wish in MOVES_GUESSED} - {Intent.OTHER}


def _only_for(wish: Intent, words: Words) -> bool:
    """Whether these are said for `wish` and not for whatever else was guessed."""
    return _said_for(wish, words) and not _said_for(Intent.OTHER, words)


def _said_for(wish: Intent, words: Words) -> bool:
    space, _, name = GUESSED.partition(".")
    try:
        if any(names_in(when, expression=True) != {GUESSED} for when in words.whens):
            return False
        return all(Condition(when).holds({space: {name: wish.value}}) for when in words.whens)
    except ContentError:
        return False  # told where conditions are checked
