"""Taps: on the open question, on an old one, on none of ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.answers import tapped
from bot.dialogue.buttons import SPEAK, decode
from bot.dialogue.draft import Draft
from bot.dialogue.effects import Edit
from bot.dialogue.flow import Step
from bot.dialogue.reading import Intent
from bot.dialogue.repair import aside, move
from bot.dialogue.session import Frame
from bot.dialogue.taking import take
from bot.dialogue.walk import ask_again, open_question, rows_of

DOUBLE_TAP = timedelta(seconds=5)


def tapped_button(draft: Draft, data: str) -> None:
    tap = decode(data)
    frame, step = open_question(draft)
    current = (
        tap is not None
        and frame is not None
        and not frame.pending
        and tap.session == draft.session.id
        and tap.visit == frame.visit
    )
    if tap is not None and tap.session == draft.session.id and _language_taken(draft, tap.choice):
        return
    if tap is None or frame is None or step is None or step.ask is None or not current:
        _old_tap(draft, data)
        return
    if step.ask.several and any(choice.key == tap.choice for choice in step.ask.choices):
        _ticked(draft, frame, step, tap.choice)
        return
    answer = tapped(draft, step.ask, tap.choice, frame.picked)
    if answer is None:
        _old_tap(draft, data)
        return
    draft.last_tap = data
    take(draft, step, answer)


def _language_taken(draft: Draft, choice: str) -> bool:
    """The button of a language: what is open is asked again in it, however old the button is."""
    wanted = choice.removeprefix(SPEAK)
    if not choice.startswith(SPEAK) or wanted not in draft.script.locales:
        return False
    draft.remember()
    draft.speak_language(wanted)
    move(draft, Intent.REPEAT)
    return True


def _old_tap(draft: Draft, data: str) -> None:
    last_at = draft.session.last_at
    if data == draft.session.last_tap and last_at is not None and draft.at - last_at < DOUBLE_TAP:
        draft.silence_declared = True  # the same button twice at once: it has been answered
        return
    aside(draft, "old-button")


def _ticked(draft: Draft, frame: Frame, step: Step, key: str) -> None:
    picked = tuple(k for k in frame.picked if k != key) if key in frame.picked else (*frame.picked, key)
    ticked = replace(frame, picked=picked)
    draft.stack[-1] = ticked
    if draft.buttons is not None and draft.question is not None and step.ask is not None:
        draft.question = replace(draft.question, rows=rows_of(draft, ticked, step.ask))
        draft.effects.append(Edit(key=draft.buttons, message=draft.question))
    else:
        ask_again(draft)
