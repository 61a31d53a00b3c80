"""Walking the script: entering steps until one asks, and coming back to places that were kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.aftercare import follow_ups_shown, noted
from bot.dialogue.buttons import DONE, SKIP, TICK, Rows, encode, in_rows, scale_rows
from bot.dialogue.draft import LETTERS, Draft
from bot.dialogue.drafting import begin_letter, put_letter, work_on_letter
from bot.dialogue.effects import EraseEverything, Record, SendCalendar, SendExport, WithdrawUnsent
from bot.dialogue.flow import Ask, Choice, Deed, Go, Promise, Reads, Special, Step
from bot.dialogue.landing import landing_of
from bot.dialogue.mails import take_mail
from bot.dialogue.message import Button, Message, Text
from bot.dialogue.noticing import notice
from bot.dialogue.picking import pickable, show_promises, take_language
from bot.dialogue.progress import name_pattern, send_chart, sum_up
from bot.dialogue.promises import (
    cancel,
    fewer,
    listed,
    move_picked,
    schedule,
    series_shown,
    snooze,
    take_zone,
)
from bot.dialogue.proposing import read_heard, take_suggested_country, zone_of
from bot.dialogue.reading import Feeling, Intent, Reading, Risk
from bot.dialogue.session import Frame
from bot.dialogue.settings import take_settings
from bot.dialogue.shelf import remove_opened, return_line, show_list, turn_page

HEARD = "heard.text"  # what they have just written, as it stands: may be saved like a variable
MAX_STEPS = 24
CARRY_ON = "anytime/carry-on"
SAFETY = "safety"
CHECK_INS, NEEDS_ZONE = "check-ins", "zone/needed"
FILE_NAME = "file-name"  # the label that names the files of an export
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
    if not ask.scale:
        return in_rows(choices)
    skip = draft.words(draft.script.flows["anytime"].labels.get("skip", {}))
    choices += [button(SKIP, skip)] if skip else []
    return scale_rows([button(str(n), str(n)) for n in range(11)]) + in_rows(choices)


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
            return route(draft.reading, draft) or draft.script.intents.get(Intent.OTHER) or "anytime/rest"
        case Special.END:
            return _end(draft, politely=True)
        case Special.RETURN:
            return _end(draft, politely=False)


def _end(draft: Draft, *, politely: bool) -> str | None:
    """Leave the innermost flow: back to the place kept under it, or to rest."""
    left = draft.stack.pop() if draft.stack else None
    politely = politely and left is not None and left.flow != "anytime"
    while draft.top is not None and not draft.top.pending and _asks_nothing(draft, draft.top):
        draft.stack.pop()  # it only said something before it led on
    kept = draft.top
    if kept is None:
        return None
    came_by_itself = left is not None and (left.flow == CHECK_INS or (left.flow == SAFETY and politely))
    if kept.pending:  # never entered yet, however long ago: it can't be what is open
        draft.stack.pop()
        return kept.place
    if came_by_itself and draft.at - kept.since >= LONG_KEPT:
        return None  # a place left that long ago stays kept, and isn't asked about after every check-in
    asked_something = draft.session.stack and draft.session.stack[-1].flow != kept.flow
    if politely and asked_something and kept.flow != SAFETY:
        _set_place(draft)
        return CARRY_ON
    ask_again(draft)
    return None


def _asks_nothing(draft: Draft, frame: Frame) -> bool:
    step = draft.script.steps.get(frame.place)
    return step is not None and step.ask is None


def _set_place(draft: Draft) -> None:
    kept = next((f for f in reversed(draft.stack) if f.flow not in ("anytime", SAFETY)), None)
    flow = draft.script.flows.get(kept.flow) if kept else None
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
    instead = _prepare(draft, step, frame)
    if instead is not None:
        return instead
    if Deed.ERASE_EVERYTHING in step.do:
        _erase(draft, step)
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


def _prepare(draft: Draft, step: Step, frame: Frame) -> str | None:
    """Do what a step does besides talking. Returns the step to go to instead, when its promise can't be made."""
    _begin(draft, step, frame)
    for variable, value in step.sets.items():
        draft.set(variable, value)
    _look_up(draft, step)
    for target, variable in step.saves.items():
        value = draft.text.strip() if variable == HEARD else draft.variables.get(variable)
        draft.save(target, value, frame.visit)
        if draft.script.variables.get(variable) == "texts":
            draft.set(variable, None)  # kept once
    for variable in step.forget:
        draft.forget(variable)
    if step.flow == LETTERS:
        work_on_letter(draft, step.do, frame.visit)
    if Deed.WITHDRAW_UNSENT in step.do or Deed.STOP_MESSAGES in step.do:
        draft.effects.append(WithdrawUnsent())
    take_settings(draft, step)
    if Deed.SEND_EXPORT in step.do:
        _send_export(draft, step)
    if Deed.READ_MAIL in step.do:
        take_mail(draft, frame.visit)
    return _keep_promises(draft, step)


def _look_up(draft: Draft, step: Step) -> None:
    """Bring up, or take off, what is on record."""
    if Deed.REMOVE_OPENED in step.do:
        remove_opened(draft)
    if step.page is not None:
        turn_page(draft, step.page)
    if step.lists is not None:
        show_list(draft, step.lists)
    if Deed.RETURN_LINE in step.do:
        return_line(draft)
    if Deed.NAME_PATTERN in step.do:
        name_pattern(draft)
    if Deed.SUM_UP in step.do:
        sum_up(draft)
    if Deed.SEND_CHART in step.do:
        send_chart(draft)


def _begin(draft: Draft, step: Step, frame: Frame) -> None:
    if step.begin == Record.LETTER:
        begin_letter(draft, frame.visit, step.sets.get("letters.sort"))
    elif step.begin is not None:
        draft.begin(step.begin, frame.visit)
        if step.begin == Record.REJECTION:
            notice(draft, draft.reading)


def _keep_promises(draft: Draft, step: Step) -> str | None:
    if step.danger is not None:
        noted(draft, step.danger)
    _read_and_take(draft, step)
    if step.snooze is not None:
        snooze(draft, step.snooze)
    if step.moves_picked:
        move_picked(draft)
    cancel(draft, step.cancel)
    if Deed.FEWER in step.do:
        fewer(draft)
    instead = schedule(draft, step.schedule) if step.schedule is not None else None
    if step.schedule in (Promise.SERIES, None) and step.flow == CHECK_INS:
        draft.set("series.shown", series_shown(draft))
    show_promises(draft, step)
    if step.flow == SAFETY:
        draft.show_danger(shown=follow_ups_shown(draft))
    if Deed.SEND_CALENDAR in step.do and listed(draft):
        _send_calendar(draft)
    return instead


def _read_and_take(draft: Draft, step: Step) -> None:
    if Deed.READ_TIME in step.do:
        read_heard(draft, Reads.TIME)
    if Deed.READ_ZONE in step.do:
        read_heard(draft, Reads.ZONE)
    if Deed.TAKE_SUGGESTED_COUNTRY in step.do:
        take_suggested_country(draft)
    if Deed.TAKE_ZONE in step.do:
        take_zone(draft)
        draft.set("seen.no_zone", None)
    if Deed.TAKE_LANGUAGE in step.do:
        take_language(draft)


def _send_calendar(draft: Draft) -> None:
    labels = draft.script.flows[CHECK_INS].labels
    title, name = draft.words(labels.get("calendar-title", {})), draft.words(labels.get("calendar-file", {}))
    key = f"{draft.turn}.calendar"
    draft.effects.append(
        SendCalendar(key=key, title=title, file_name=f"{name or CHECK_INS}.ics", check_ins=listed(draft))
    )


def _send_export(draft: Draft, step: Step) -> None:
    words = {name: draft.words(texts) for name, texts in draft.script.flows[step.flow].labels.items()}
    name = words.get(FILE_NAME) or step.flow
    draft.effects.append(SendExport(key=f"{draft.turn}.export", file_name=name, words=words))


def _erase(draft: Draft, step: Step) -> None:
    draft.say(step.say)
    last = draft.said[-1].message if draft.said else Message(text=Text(plain=""))
    for said in draft.said:
        draft.effects.remove(said)
    draft.said.clear()
    draft.stack.clear()
    draft.barrier()
    draft.effects.append(EraseEverything(last=replace(last, rows=())))
