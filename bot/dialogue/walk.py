"""Walking the script: entering steps until one asks, and coming back to places that were kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.buttons import DONE, SKIP, SPEAK, TICK, Rows, encode, in_rows, scale_rows
from bot.dialogue.doing import do, erase
from bot.dialogue.draft import CHECK_INS, SAFETY, Draft
from bot.dialogue.drafting import put_letter
from bot.dialogue.flow import Ask, Choice, Deed, Go, Promise, Reads, Special, Step
from bot.dialogue.guesses import GUESS, TO_BEGIN_WITH, guess_in, keep_guess
from bot.dialogue.landing import landing_of
from bot.dialogue.message import Button
from bot.dialogue.picking import pickable
from bot.dialogue.proposing import zone_of
from bot.dialogue.reading import Feeling, Intent, Reading, Risk
from bot.dialogue.session import Frame

MAX_STEPS = 24
CARRY_ON, RETURNED = "anytime/carry-on", "anytime/returned"
_WAITING = frozenset({"anytime/cancelled", "anytime/rest", "anytime/fresh-start", "anytime/unclear-again"})
NEEDS_ZONE = "zone/needed"
LONG_KEPT = timedelta(hours=8)


def enter(draft: Draft, place: str) -> None:
    """Go to `place` and on from there until a question is asked or the conversation rests."""
    at: str | None = place
    while at is not None:
        draft.steps += 1
        if draft.steps > MAX_STEPS:
            draft.stack.clear()  # the content goes in circles; `onward check` forbids it
            return
        at = _special(draft, at) if at.startswith("@") else _arrive(draft, at)


def follow(draft: Draft, go: Go) -> None:
    """Take the first branch that holds."""
    enter(draft, target_of(draft, go))


def target_of(draft: Draft, go: Go) -> str:
    for branch in go:
        if branch.when is None or branch.when.holds(draft.context):
            return branch.to
    return Special.END


def digress(draft: Draft, place: str) -> None:
    """Go to `place`, keeping the open question under it."""
    draft.close_buttons()
    enter(draft, place)


def ask_again(draft: Draft, lead_in: bool = True) -> None:
    """Ask the open question again; `lead_in` false keeps still where nothing but a listening silence is open."""
    frame, step = open_question(draft)
    if frame is not None and frame.pending:  # the content changed under it: it is asked for the first time
        draft.stack.pop()
        draft.close_buttons()
        enter(draft, frame.place)
        return
    if frame is None or step is None or step.ask is None:
        return
    if step.ask.listens and not lead_in:
        return
    _set_place(draft)
    draft.close_buttons()
    if step.shows_letter:
        put_letter(draft, step.again or step.say, rows_of(draft, frame, step.ask), anew=True)
        return
    draft.say(step.again or step.say[-1:])
    if not draft.said and step.say:
        draft.say(step.say)
    put_question(draft)


def open_question(draft: Draft) -> tuple[Frame | None, Step | None]:
    frame = draft.top
    return (frame, draft.script.steps.get(frame.place)) if frame else (None, None)


def put_question(draft: Draft) -> None:
    """Put the open question's buttons under what was just said."""
    frame, step = open_question(draft)
    if frame is not None and step is not None and step.ask is not None:
        draft.offer(rows_of(draft, frame, step.ask))


def offered(draft: Draft, ask: Ask) -> tuple[Choice, ...]:
    """Return the choices whose conditions hold now."""
    return tuple(choice for choice in ask.choices if choice.when is None or choice.when.holds(draft.context))


def rows_of(draft: Draft, frame: Frame, ask: Ask) -> Rows:
    def button(key: str, label: str) -> Button:
        return Button(label=label, data=encode(draft.session.id, frame.visit, key))

    choices = [
        button(choice.key, (TICK if choice.key in frame.picked else "") + draft.label(choice))
        for choice in offered(draft, ask)
    ]
    choices = [button(key, label) for key, label in pickable(draft, ask)] + choices
    if ask.done is not None:
        choices.append(button(DONE, draft.words(ask.done.label)))
    speak = draft.script.languages.get(draft.offers_language or "")
    another = ((button(f"{SPEAK}{speak.locale}", speak.name),),) if speak is not None else ()
    if not ask.scale:
        return in_rows(choices) + another
    skip = draft.words(draft.script.flows["anytime"].labels.get("skip", {}))
    choices += [button(SKIP, skip)] if skip else []
    return scale_rows([button(str(n), str(n)) for n in range(11)]) + in_rows(choices) + another


def route(reading: Reading, draft: Draft) -> str | None:
    """Return where a text leads by itself, or None when nothing in it says."""
    for intent in reading.intents:
        if intent in draft.script.intents and intent is not Intent.OTHER:
            return draft.script.intents[intent]
    hurt = any(feeling not in (Feeling.RELIEF, Feeling.HOPE) for feeling in reading.feelings)
    if hurt or reading.risk is Risk.DISTRESS or reading.rejection.outcome is not None:
        return draft.script.intents.get(Intent.REJECTION)
    return None


def _special(draft: Draft, target: str) -> str | None:
    match Special(target):
        case Special.ROUTE:
            other = draft.script.intents.get(Intent.OTHER) or "anytime/rest"
            return route(draft.reading, draft) or (GUESS if guess_in(draft, TO_BEGIN_WITH) else other)
        case Special.END:
            return _end(draft, politely=True)
        case Special.RETURN | Special.GUESSED:
            return _end(draft, politely=False)


def _end(draft: Draft, *, politely: bool) -> str | None:
    """Leave the innermost flow: back to the place kept under it, or to rest."""
    left = draft.stack.pop() if draft.stack else None
    politely = politely and left is not None and left.flow != "anytime"
    while draft.top is not None and not draft.top.pending and _asks_nothing(draft, draft.top):
        draft.stack.pop()  # it only said something before it led on
    while politely and draft.top is not None and draft.top.place in _WAITING:
        draft.stack.pop()  # "something else, or nothing?" has had its answer
    kept = draft.top
    if kept is None:
        return None
    came_by_itself = left is not None and (left.flow == CHECK_INS or (left.flow == SAFETY and politely))
    if kept.pending:  # never entered yet, however long ago: it can't be what is open
        draft.stack.pop()
        return kept.place
    if came_by_itself and draft.at - kept.since >= LONG_KEPT:
        return None  # a place left that long ago stays kept, and isn't asked about after every check-in
    # An aside asks nothing of its own: what it led to was asked for at the place under it.
    stood = [frame.flow for frame in draft.session.stack if frame.flow != "anytime"]
    asked_something = stood and stood[-1] != kept.flow
    if politely and asked_something and kept.flow != SAFETY and not _only_offered(draft, kept):
        _set_place(draft)
        return CARRY_ON
    ask_again(draft)
    return None


def _only_offered(draft: Draft, frame: Frame) -> bool:
    """Nobody is asked to carry on with what they were only asked whether they want."""
    step = draft.script.steps.get(frame.place)
    return step is not None and step.offers


def _asks_nothing(draft: Draft, frame: Frame) -> bool:
    step = draft.script.steps.get(frame.place)
    return step is not None and step.ask is None


def _set_place(draft: Draft) -> None:
    kept = next((f for f in reversed(draft.stack) if f.flow not in ("anytime", SAFETY)), None)
    # "We had stopped at looking back" would be wrong of somebody who was only asked whether to.
    unnamed = kept is None or (draft.stack[-1].place == RETURNED and _only_offered(draft, kept))
    flow = None if unnamed or kept is None else draft.script.flows.get(kept.flow)
    draft.context["place"] = draft.words(flow.title) if flow and flow.title else None


def _arrive(draft: Draft, place: str) -> str | None:
    landing = landing_of(draft.script, place)
    if landing is None:
        return None
    step = draft.script.steps[landing]
    if _needs_zone(step) and zone_of(draft) is None:
        if not draft.variables.get("seen.no_zone"):
            return _ask_zone_first(draft, step)
        draft.set("seen.no_zone", None)  # asked, and skipped: the step does what it can
    frame = _stand_at(draft, step)
    if place == GUESS:
        keep_guess(draft)
    instead = do(draft, step, frame)
    if instead is not None:
        return instead
    if Deed.ERASE_EVERYTHING in step.do:
        erase(draft, step)
        return None
    draft.advised += step.advice
    if step.shows_letter and step.ask is not None:
        put_letter(draft, step.say, rows_of(draft, frame, step.ask), anew=False)
        draft.asks += any(
            said.key == draft.letter for said in draft.said
        )  # changed in place, it isn't asked anew
        return None
    draft.say(step.say)
    if draft.looks_up:
        return None  # it is to be run again
    if step.ask is None:
        return target_of(draft, step.go)
    draft.asks += 1
    draft.misfits = 0 if step.flow != "anytime" else draft.misfits
    put_question(draft)
    return None


def _needs_zone(step: Step) -> bool:
    in_hours = step.schedule is Promise.FOLLOW_UP or (step.schedule or "").startswith("write-")
    timed = step.schedule is not None and not in_hours
    return timed or (step.ask is not None and step.ask.reads is Reads.TIME)


def _ask_zone_first(draft: Draft, step: Step) -> str:
    """The zone is asked for only now that a time is needed; then this step goes on."""
    frame = _stand_at(draft, step)
    draft.stack[-1] = replace(frame, pending=True)
    draft.set("seen.no_zone", True)  # asked once for this; skipped, the step does what it can
    return NEEDS_ZONE


def _stand_at(draft: Draft, step: Step) -> Frame:
    """Put a frame for `step` where it belongs: over, in place of, or instead of what is open."""
    draft.visit += 1
    draft.visited.append(step.place)
    frame = Frame(flow=step.flow, step=step.name, visit=draft.visit, since=draft.at)
    flows = [open_frame.flow for open_frame in draft.stack]
    if step.flow in flows:
        del draft.stack[flows.index(step.flow) :]
    elif not draft.script.flows[step.flow].digression:
        draft.stack.clear()
    while draft.stack and not _worth_keeping(draft, draft.stack[-1]):
        draft.stack.pop()
    draft.stack.append(frame)
    _set_place(draft)
    return frame


def _worth_keeping(draft: Draft, frame: Frame) -> bool:
    """A step that only spoke is no place to come back to."""
    step = draft.script.steps.get(frame.place)
    return frame.pending or (step is not None and step.ask is not None)
