"""What a step does besides talking: what it keeps, looks up, promises and sends."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.aftercare import follow_ups_shown, noted
from bot.dialogue.draft import CHECK_INS, LETTERS, SAFETY, Draft
from bot.dialogue.drafting import begin_letter, work_on_letter
from bot.dialogue.effects import EraseEverything, Record, SendCalendar, SendExport, WithdrawUnsent
from bot.dialogue.flow import Deed, Promise, Reads, Step
from bot.dialogue.just_said import HEARD, heard_value
from bot.dialogue.mails import take_mail
from bot.dialogue.message import Message, Text
from bot.dialogue.moments import listed, series_shown
from bot.dialogue.noticing import notice
from bot.dialogue.picking import show_promises, take_language
from bot.dialogue.progress import name_pattern, send_chart, sum_up
from bot.dialogue.promises import (
    cancel,
    fewer,
    move_picked,
    schedule,
    snooze,
    take_zone,
)
from bot.dialogue.proposing import read_heard, take_suggested_country
from bot.dialogue.session import Frame
from bot.dialogue.settings import take_settings
from bot.dialogue.shelf import remove_opened, return_line, show_list, turn_page

FILE_NAME = "file-name"  # the label that names the files of an export


def do(draft: Draft, step: Step, frame: Frame) -> str | None:
    """Do what a step does besides talking. Returns the step to go to instead, when its promise can't be made."""
    _begin(draft, step, frame)
    for variable, value in step.sets.items():
        draft.set(variable, value)
    _look_up(draft, step)
    for target, variable in step.saves.items():
        said = variable in HEARD
        value = heard_value(variable, draft.reading, draft.text) if said else draft.variables.get(variable)
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


def erase(draft: Draft, step: Step) -> None:
    draft.say(step.say)
    last = draft.said[-1].message if draft.said else Message(text=Text(plain=""))
    for said in draft.said:
        draft.effects.remove(said)
    draft.said.clear()
    draft.stack.clear()
    draft.barrier()
    draft.effects.append(EraseEverything(last=replace(last, rows=())))
