"""The editor's checks: one question a bubble, plain words, no cheering; a vent lands, every stage has its exits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.dialogue.flow import DEFAULT_LOCALE
from bot.script.compile import ReadFlow, full_target
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.documents import CaseDocument, LineDocument, Says
from bot.script.lint_ways import leads_to, targets_of
from bot.script.place import Place, places_of
from bot.script.texts import Words, texts_of
from bot.script.tone import ease_by, never_said, own_words, questions, reading_ease

LEAST_EASE = 60  # plain, for readers from twelve on
FEWEST_WORDS = 15  # one long word makes a short text look hard
MAX_TURN_CHARS = 700  # what a phone shows without scrolling
MANY = "many"


def check_voice(
    flows: tuple[ReadFlow, ...], *, praise: tuple[str, ...], ways_are_sound: bool
) -> Iterator[Diagnostic]:
    """Yield what an editor would mark; `praise` are the words that cheer. Broken ways are mended first."""
    places = places_of(flows)
    for place in places.values():
        yield from _check_words(place, praise)
        yield from _check_buttons(place)
        yield from _check_turn(place)
    if not ways_are_sound:
        return
    firsts = {flow.document.flow: flow.first for flow in flows}
    yield from _check_landings(places, firsts)
    yield from _check_stages(flows, places, firsts)


def _check_words(place: Place, praise: tuple[str, ...]) -> Iterator[Diagnostic]:
    for words in texts_of(place.document):
        for code, message, remedy in () if words.is_label else sounds_wrong(words.source, praise=praise):
            yield _at(place, words, code, message, remedy)


def sounds_wrong(
    text: str, *, praise: tuple[str, ...], locale: str = DEFAULT_LOCALE
) -> Iterator[tuple[Code, str, str]]:
    """Yield what an editor would mark in one text: the code, what it does, the remedy."""
    own = own_words(text)
    if (asked := questions(text)) > 1:
        message = f"asks {asked} questions in one bubble."
        remedy = "Ask one; what they may ask themselves or others goes into “quotes”."
        yield Code.TWO_QUESTIONS, message, remedy
    if "!" in own:
        yield Code.EXCLAIMS, "calls out with “!”.", "End it with a full stop."
    for phrase in never_said(own, praise):
        yield Code.PRAISE, f"praises with “{phrase}”.", "Say the fact instead, or say nothing."
    ease, length = reading_ease(text, locale) if ease_by(locale) else (100.0, 0)
    if length >= FEWEST_WORDS and ease < LEAST_EASE:
        message = f"is hard to read: {ease:.0f} by {ease_by(locale)}, {LEAST_EASE} and more is plain."
        yield Code.HARD_TO_READ, message, "Shorter sentences, shorter words."


def _check_buttons(place: Place) -> Iterator[Diagnostic]:
    ask = place.document.ask
    if ask is not None and ask.text and not ask.choice and ask.done is None and ask.pick is None:
        message = "asks for their own words, with no button beside."
        remedy = "Add `choice:` with an answer or two, a way out at the least."
        yield place.fault(Code.NO_BUTTONS, message, remedy, "ask", severity=Severity.WARNING)


def _check_turn(place: Place) -> Iterator[Diagnostic]:
    length = _longest(place.document.say)
    if length > MAX_TURN_CHARS:
        message = f"says up to {length} characters in a turn; {MAX_TURN_CHARS} fit on a phone."
        yield place.fault(
            Code.TURN_TOO_LONG, message, "Say less, or ask in between.", "say", severity=Severity.WARNING
        )


def _longest(says: Says | None) -> int:
    """Return how long what is always said can be; what hangs on a condition is left out."""
    if not isinstance(says, dict):
        return len(says or "")
    return sum(_longest_line(line) for line in says.values())


def _longest_line(line: str | LineDocument) -> int:
    if isinstance(line, str):
        return len(line)
    if line.when is not None:
        return 0
    parts: list[LineDocument | CaseDocument] = [line, *(line.cases or {}).values()]
    texts = [text for each in parts for text in (each.text, *(each.one_of or ())) if text]
    return max((len(own_words(text)) for text in texts), default=0)


def _check_landings(places: Mapping[str, Place], firsts: dict[str, str]) -> Iterator[Diagnostic]:
    """Whoever was listened to is asked something that settles before anything ends or another stage begins."""
    for place in places.values():
        ask = place.document.ask
        goes = ask.done.go if ask is not None and ask.done is not None else None
        if ask is None or ask.text != MANY or goes is None:
            continue
        for target in targets_of(goes):
            start = full_target(target, place.flow.document.flow, firsts)
            for end in sorted(_first_after(start, places, firsts)):
                if _unsettled(end, place, places):
                    message = f"listens, and after that leads to `{end}` without a landing."
                    remedy = "Lead through a step of the same stage that settles and asks, and end there."
                    yield place.fault(Code.NO_LANDING, message, remedy, "ask", "done")


def _unsettled(end: str, place: Place, places: Mapping[str, Place]) -> bool:
    if end.startswith("@"):
        return True
    stage, here = places[end].flow.document.stage, place.flow.document
    return stage is not None and stage not in (here.stage, "vent")


def _first_after(start: str, places: Mapping[str, Place], firsts: dict[str, str]) -> set[str]:
    """Return what comes first from `start` on: questions and ends, past the steps that only say."""
    found: set[str] = set()
    waiting, seen = [start], set[str]()
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if here.startswith("@") or here not in places or places[here].document.ask is not None:
            found.add(here)
        else:
            waiting += leads_to(places[here], firsts)
    return {each for each in found if each.startswith("@") or each in places}


def _check_stages(
    flows: tuple[ReadFlow, ...], places: Mapping[str, Place], firsts: dict[str, str]
) -> Iterator[Diagnostic]:
    """Each stage can be entered alone, and from each of its steps an end can be reached."""
    ending = _that_end(places, firsts)
    for flow in flows:
        document = flow.document
        if document.stage is None:
            continue
        if not document.starts_on.commands:
            yield Diagnostic(
                path=flow.source.path,
                line=flow.source.line_of(("stage",)),
                code=Code.STAGE_EXITS,
                message=f"The stage `{document.stage}` can't be entered alone.",
                remedy="Give it a command under `starts_on`.",
            )
        for place in places.values():
            if place.flow is flow and place.id not in ending:
                remedy = "Lead to `@end` from it, or from a step after it."
                yield place.fault(Code.STAGE_EXITS, "never comes to an end.", remedy)


def _that_end(places: Mapping[str, Place], firsts: dict[str, str]) -> set[str]:
    """Return the steps from which `@end`, or the way back, can be reached."""
    before: dict[str, set[str]] = {}
    for place in places.values():
        for target in leads_to(place, firsts):
            before.setdefault(target, set()).add(place.id)
    waiting, found = ["@end", "@return"], set[str]()
    while waiting:
        for place_id in before.get(waiting.pop(), set()) - found:
            found.add(place_id)
            waiting.append(place_id)
    return found


def _at(place: Place, words: Words, code: Code, message: str, remedy: str) -> Diagnostic:
    return place.fault(code, message, remedy, *words.keys, severity=Severity.WARNING)
