"""The checks of a step by itself: its question, its bubbles, the advice it gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.dialogue.reading import Intent
from bot.script.catalogue import CATALOGUE
from bot.script.compile import ReadFlow
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.documents import LineDocument, is_yes
from bot.script.engine_steps import ENGINE_STEPS, TONGUE_STEPS
from bot.script.place import Place, places_of
from bot.script.source import KeyPath

MAX_BUBBLES = 3
SAFETY = "safety"


def check_step(place: Place) -> Iterator[Diagnostic]:
    yield from _check_questions(place)
    yield from _check_intents(place)
    yield from _check_bubbles(place)
    yield from _check_advice(place)


def advice_lost(flows: tuple[ReadFlow, ...], lives: Path) -> Iterator[Diagnostic]:
    """Yield the pieces of the catalogue that no step gives; `onward check --advice` proves the way to the others."""
    given = {name for place in places_of(flows).values() for _, names in _advice_of(place) for name in names}
    for piece in CATALOGUE:
        if piece not in given:
            yield Diagnostic(
                path=lives,
                line=0,
                code=Code.ADVICE_LOST,
                message=f"No step gives `{piece}` any more.",
                remedy=f"Tag the step or line that gives it: `advice: [{piece}]`.",
            )


def _check_questions(place: Place) -> Iterator[Diagnostic]:
    document, ask = place.document, place.document.ask
    if ask is None:
        says_only = place.id in ENGINE_STEPS + TONGUE_STEPS or "erase-everything" in document.do
        if document.go is None and not says_only:
            yield place.fault(
                Code.NO_WAY_ON,
                "neither asks nor goes anywhere.",
                "Add `ask:` or `go:` (`@end` ends the flow).",
            )
        return
    if ask.skip is None:
        yield place.fault(
            Code.NO_WAY_OUT, "asks a question that can't be skipped.", "Add `skip:` with a target.", "ask"
        )
    needs_go = [key for key, choice in ask.choice.items() if choice.go is None and not is_yes(ask.several)]
    needs_go += ["done"] if ask.done is not None and ask.done.go is None else []
    needs_go += ["scale"] if ask.scale is not None else []
    needs_go += ["what is picked"] if ask.pick is not None else []
    needs_go += ["text"] if ask.text == "one" and ask.typed is None and not is_yes(ask.several) else []
    if needs_go and document.go is None:
        message = f"the answers {', '.join(needs_go)} lead nowhere."
        yield place.fault(Code.NO_WAY_ON, message, "Give each a `go:`, or the step one for all.", "ask")
    if place.flow.document.flow == SAFETY and document.on_alarm is None:
        message = "asks in `safety`, and doesn't say where another signal of danger leads."
        yield place.fault(Code.NO_ALARM, message, "Add `on_alarm:` with a step.", "ask")
    if document.say is None:
        yield place.fault(Code.NO_WAY_ON, "asks without saying anything.", "Add `say:`.", "ask")


def _check_intents(place: Place) -> Iterator[Diagnostic]:
    for key, choice in (place.document.ask.choice if place.document.ask else {}).items():
        for n, intent in enumerate(choice.intents):
            if intent not in set(Intent):
                remedy = f"Use one of: {', '.join(Intent)}."
                yield place.fault(
                    Code.UNKNOWN_INTENT,
                    f"there is no intent `{intent}`.",
                    remedy,
                    *("ask", "choice", key, "intents", n),
                )


def _check_bubbles(place: Place) -> Iterator[Diagnostic]:
    says = place.document.say
    always = [
        key
        for key, line in (says.items() if isinstance(says, dict) else ())
        if isinstance(line, str) or (line.when is None and not is_yes(line.joined))
    ]
    if len(always) > MAX_BUBBLES:
        message = f"says {len(always)} bubbles in a row; {MAX_BUBBLES} at most before the person's turn."
        remedy = "Join some with `joined: true`, say less, or ask in between."
        yield place.fault(Code.TOO_MANY_BUBBLES, message, remedy, "say", severity=Severity.WARNING)


def _check_advice(place: Place) -> Iterator[Diagnostic]:
    for keys, names in _advice_of(place):
        for n, advice in enumerate(names):
            if advice not in CATALOGUE:
                message = f"`{advice}` is no piece of the catalogue."
                yield place.fault(Code.UNKNOWN_ADVICE, message, "Correct its name.", *keys, "advice", n)


def _advice_of(place: Place) -> Iterator[tuple[KeyPath, list[str]]]:
    says = place.document.say
    yield (), place.document.advice
    for key, line in says.items() if isinstance(says, dict) else ():
        if isinstance(line, LineDocument):
            yield ("say", key), line.advice
            for name, case in (line.cases or {}).items():
                yield ("say", key, "cases", name), case.advice
