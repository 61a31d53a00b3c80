"""The engine: one event in, one turn out. Pure and total: any event in any state, never an exception.

The order of things: the crisis gate, then the moves that work everywhere, then the open question, then wishes,
then what can be made of the rest.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from bot.dialogue.aftercare import settle
from bot.dialogue.answers import Answer, chosen
from bot.dialogue.asking_again import asked_first
from bot.dialogue.coming_due import came_due, expired, unanswered
from bot.dialogue.draft import Draft
from bot.dialogue.effects import Edit, EraseEverything, Say, WithdrawUnsent
from bot.dialogue.events import (
    Blocked,
    CheckInDue,
    Chose,
    Commanded,
    Event,
    Expired,
    Flooded,
    Grouped,
    Returned,
    Shared,
    SharedKind,
    Started,
    TurnFailed,
    Wrote,
)
from bot.dialogue.facts import Facts
from bot.dialogue.flow import Cancel, Reads, Script
from bot.dialogue.gate import alarmed, listening
from bot.dialogue.landing import landed
from bot.dialogue.promises import cancel
from bot.dialogue.reading import NOTHING_READ, Intent, Reading
from bot.dialogue.repair import MOVES, aside, leaves_safety_open, move
from bot.dialogue.session import Session, Turn
from bot.dialogue.taking import take
from bot.dialogue.taps import tapped_button
from bot.dialogue.walk import (
    ask_again,
    digress,
    enter,
    offered,
    open_question,
)
from bot.dialogue.words import AWAY, wrote

AGAIN = "welcome/again"
NotTheirWords = Blocked | Returned | TurnFailed | CheckInDue | Expired


FLOOD_LASTS = timedelta(minutes=1)
_FLOODED = "seen.flooded"
_HEARD = (Say, Edit, EraseEverything)  # what a person can notice as an answer


def advance(script: Script, session: Session, event: Event, facts: Facts) -> Turn:
    """Return what `event` leads to. `facts` are what the records say now; `event.at` is the only clock."""
    reading, text = _read(event)
    draft = Draft(script, landed(script, session), facts, event.at, reading=reading, text=text)
    _welcome_back(draft, event)
    _dispatch(draft, event)
    if draft.looks_up:
        return Turn(session=session, looks_up=True)
    if not draft.silence_declared and not any(isinstance(effect, _HEARD) for effect in draft.effects):
        aside(draft, "rest")
    settle(draft)
    return draft.finish()


def _read(event: Event) -> tuple[Reading, str]:
    match event:
        case Wrote(text=text, reading=reading) | Shared(text=text, reading=reading):
            return reading, text
        case Commanded(argument=argument, reading=reading):
            return reading, argument
        case _:
            return NOTHING_READ, ""


def _dispatch(draft: Draft, event: Event) -> None:
    match event:
        case Started():
            _started(draft)
        case Wrote():
            wrote(draft, edited=event.edited)
        case Chose(data=data):
            tapped_button(draft, data)
        case Commanded(command=command):
            _commanded(draft, command)
        case Shared(kind=kind):
            _shared(draft, kind)
        case Grouped():
            _grouped(draft)
        case Flooded(at=at):
            _flooded(draft, at)
        case Blocked() | Returned() | TurnFailed() | CheckInDue() | Expired():
            _happened(draft, event)
        case _:
            assert_never(event)


def _happened(draft: Draft, event: NotTheirWords) -> None:
    """What the person did not say themselves."""
    match event:
        case Blocked():
            draft.blocked = True
            draft.silence_declared = True
            draft.effects.append(WithdrawUnsent())
            cancel(draft, (Cancel.ALL,))  # back again, they are asked anew
        case Returned():
            draft.silence_declared = True  # they are greeted when they say something
        case TurnFailed():
            aside(draft, "failed")
        case CheckInDue(check_in=check_in):
            came_due(draft, check_in)
        case Expired():
            expired(draft)
        case _:
            assert_never(event)


def _welcome_back(draft: Draft, event: Event) -> None:
    """A sign of life: check-ins count as answered, and who had blocked the bot is back."""
    if isinstance(event, NotTheirWords):
        return
    if unanswered(draft):
        draft.set("seen.unanswered", 0)
    if draft.session.last_at is not None and draft.at - draft.session.last_at >= AWAY:
        draft.set("seen.distress", None)  # met softly once in a conversation, and this is another
    _count_visit(draft)
    if draft.blocked:
        draft.blocked = False
        if draft.met:  # whoever never was is greeted, and that is enough
            draft.say(draft.script.steps["anytime/back-after-block"].say)


def _count_visit(draft: Draft) -> None:
    """A visit begins when they come, or come back after hours."""
    last = draft.session.last_at
    if last is None or draft.at - last >= AWAY:
        visits = draft.variables.get("seen.visits")
        draft.set("seen.visits", (visits if isinstance(visits, int) else 0) + 1)
        draft.set("seen.away_days", (draft.at - last).days if last is not None else 0)


def _grouped(draft: Draft) -> None:
    draft.silence_declared = True
    if not draft.met:
        draft.met = True
        draft.say(draft.script.steps["anytime/group"].say)


def _flooded(draft: Draft, at: datetime) -> None:
    """One kind line for many messages; the rest of the same flood needs no second one."""
    told = draft.variables.get(_FLOODED)
    if isinstance(told, str) and timedelta() <= at - datetime.fromisoformat(told) < FLOOD_LASTS:
        draft.silence_declared = True
        return
    draft.set(_FLOODED, at.isoformat())
    if not leaves_safety_open(draft):  # what is said in danger is said
        draft.effects.append(WithdrawUnsent())
    aside(draft, "flooded")
    draft.met = True


def _started(draft: Draft) -> None:
    if not draft.met:
        enter(draft, "welcome/hello")
        draft.met = True
    elif asked_first(draft, AGAIN):
        pass
    elif leaves_safety_open(draft) or draft.question_open:
        while not leaves_safety_open(draft):
            draft.stack.pop()  # what lay over the question gives way to it
        ask_again(draft)
    else:
        digress(draft, AGAIN)


def _commanded(draft: Draft, command: str) -> None:
    if alarmed(draft):
        return
    draft.misfits = 0
    if _answers_in_danger(draft, command):
        return
    if command in MOVES:
        move(draft, MOVES[command])
    elif (place := draft.script.commands.get(command)) is not None:
        _led_to(draft, place)
    else:
        aside(draft, "unknown-command")
    draft.met = True


def _led_to(draft: Draft, place: str) -> None:
    if asked_first(draft, place):
        return
    if leaves_safety_open(draft) and not draft.script.flows[place.partition("/")[0]].digression:
        ask_again(draft)  # an open safety question leads the next reply
        return
    draft.remember()
    digress(draft, place)


def _answers_in_danger(draft: Draft, command: str) -> bool:
    """/help while somebody is to be called: where the open safety question has an answer for it, it is that."""
    _, step = open_question(draft)
    if step is None or step.ask is None or not leaves_safety_open(draft):
        return False
    meant = next((each for each in offered(draft, step.ask) if command in each.intents), None)
    if meant is None or command not in ("help", "human"):
        return False
    take(draft, step, chosen(draft, meant))
    return True


_SHARED_STEPS = {kind: kind.value for kind in SharedKind} | {SharedKind.OTHER: "something"}


def _shared(draft: Draft, kind: SharedKind) -> None:
    if alarmed(draft):
        return
    if kind is SharedKind.FORWARD and draft.reading.rejection.pasted and not listening(draft):
        draft.remember()
        digress(draft, draft.script.intents.get(Intent.READ_EMAIL) or "anytime/forward")
        draft.met = True
        return
    _, step = open_question(draft)
    asked_where = step is not None and step.ask is not None and step.ask.reads is Reads.ZONE
    if (
        kind is SharedKind.LOCATION
        and draft.text
        and asked_where
        and step is not None
        and step.ask is not None
    ):
        take(draft, step, Answer(value=draft.text, go=step.ask.typed))
        return
    aside(draft, _SHARED_STEPS[kind])
    draft.met = True
