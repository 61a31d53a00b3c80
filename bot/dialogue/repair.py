"""The layer above all flows: back, skip, repeat, pause, cancel, start over, and what to do with the unclear."""

from __future__ import annotations

from bot.dialogue.answers import Answer
from bot.dialogue.danger import Danger
from bot.dialogue.draft import GUESSED, GUESSED_FROM, SAFETY, Draft
from bot.dialogue.effects import Record
from bot.dialogue.flow import Step, TextAsk
from bot.dialogue.guesses import ASKED_FOR, GUESS, guess_in
from bot.dialogue.honouring import honour, is_wish
from bot.dialogue.just_said import heard_of
from bot.dialogue.reading import Intent, Reading
from bot.dialogue.walk import ask_again, digress, enter, follow, open_question, target_of

MOVES = {
    "back": Intent.BACK,
    "skip": Intent.SKIP,
    "repeat": Intent.REPEAT,
    "pause": Intent.PAUSE,
    "later": Intent.PAUSE,
    "resume": Intent.RESUME,
    "cancel": Intent.CANCEL,
    "restart": Intent.RESTART,
}


def move(draft: Draft, wish: Intent) -> bool:
    """Do one of the moves that work in every place. False when `wish` is none of them."""
    match wish:
        case Intent.BACK:
            _back(draft)
        case Intent.SKIP:
            _skip(draft)
        case Intent.REPEAT:
            _repeat(draft)
        case Intent.PAUSE:
            aside(draft, "paused")
        case Intent.RESUME:
            _resume(draft)
        case Intent.CANCEL:
            _cancel(draft)
        case Intent.RESTART:
            _restart(draft)
        case _:
            return False
    return True


def aside(draft: Draft, name: str) -> None:
    """Say one of the engine's own lines. If it asks, it lies over the open question; if not, that is asked again."""
    step = draft.script.steps[f"anytime/{name}"]
    if step.ask is not None:
        digress(draft, step.place)
        return
    frame, open_step = open_question(draft)
    draft.say(step.say)
    if frame is not None and frame.pending:
        ask_again(draft)
        return
    if open_step is None or open_step.ask is None:
        return
    if open_step.ask.listens:
        return  # listening goes on; its Done button stays where it was
    ask_again(draft)


def misfit(draft: Draft) -> None:
    """Answer a text that fits nothing: a first and a second tack, then the place is kept and left alone.

    What it may ask for is asked about once, on the first.
    """
    if leaves_safety_open(draft):
        ask_again(draft)  # nobody in danger is told that they weren't understood
        return
    draft.misfits += 1
    match draft.misfits % 3:
        case 1 if _may_ask_for_something(draft):
            _ask_whether_meant(draft)
        case 1:
            aside(draft, "unclear-number" if _asks_number(draft) else "unclear")
        case 2 if _asks_number(draft):
            draft.misfits = 0
            _skip(draft)  # said in words twice: that is the answer
        case 2:
            aside(draft, "unclear-again")
        case _ if draft.top is not None and draft.top.place == "anytime/paused":
            ask_again(draft)
        case _:
            aside(draft, "paused")


def _may_ask_for_something(draft: Draft) -> bool:
    """Tell whether there is a guess, and one that leads elsewhere than where they are."""
    _, step = open_question(draft)
    # Told beside a number, it is how the number feels.
    guess = guess_in(draft, ASKED_FOR) if _asks_number(draft) else guess_in(draft)
    return guess is not None and step is not None and _leads_elsewhere(draft, guess, step)


def _leads_elsewhere(draft: Draft, wish: Intent, step: Step) -> bool:
    return wish in MOVES.values() or is_wish(draft, wish, step)


def asked_whether_meant(draft: Draft, step: Step, answer: Answer) -> bool:
    """Words that no question here waits for may be a request that no rule heard: asked, before they go elsewhere."""
    guess = guess_in(draft, ASKED_FOR)
    if guess is None or answer.choice is not None or answer.skipped or step.flow == SAFETY:
        return False
    waited_for = step.save or step.amend or (step.ask and step.ask.reads)
    if waited_for or step.place == GUESS or draft.misfits:
        return False
    target = target_of(draft, answer.go or step.go)
    let_out = draft.script.variables.get(step.keep_as or "") == "texts"
    elsewhere = not target.startswith("@") and target.partition("/")[0] != step.flow and step.keep_as is None
    if not (let_out or elsewhere) or not _leads_elsewhere(draft, guess, step):
        return False
    _ask_whether_meant(draft)
    return True


def _ask_whether_meant(draft: Draft) -> None:
    draft.remember()
    digress(draft, GUESS)


def do_as_guessed(draft: Draft) -> None:
    """They meant what was guessed: it is done as if they had said it plainly, in the words they used."""
    guess, text = draft.variables.get(GUESSED), draft.variables.get(GUESSED_FROM)
    while draft.top is not None and draft.top.flow == "anytime":
        draft.stack.pop()
    if not isinstance(guess, str) or not isinstance(text, str):
        _repeat(draft)  # the content changed under the question
        return
    draft.misfits = 0
    draft.text, draft.reading = text, Reading(intents=(Intent(guess),))
    draft.context["heard"] = heard_of(draft.reading, draft.text)
    draft.unremember()
    if not move(draft, draft.reading.intent):
        honour(draft, draft.reading.intent)


def _asks_number(draft: Draft) -> bool:
    """At a scale a word is no misunderstanding: it may just be no number."""
    _, step = open_question(draft)
    return step is not None and step.ask is not None and step.ask.scale


def _back(draft: Draft) -> None:
    draft.close_buttons()
    if not draft.take_back():
        aside(draft, "nothing-to-go-back-to")
        return
    if draft.top is None:
        aside(draft, "rest")
    else:
        ask_again(draft)


def _skip(draft: Draft) -> None:
    frame, step = open_question(draft)
    if frame is not None and frame.pending:
        ask_again(draft)
    elif frame is None or step is None or step.ask is None:
        aside(draft, "rest")
    elif not step.ask.skip:
        aside(draft, "cannot-skip")
    else:
        draft.remember()
        draft.close_buttons()
        draft.context["answer"] = None
        follow(draft, step.ask.skip)


def _repeat(draft: Draft) -> None:
    if draft.top is None:
        aside(draft, "rest")
    else:
        ask_again(draft)


def _resume(draft: Draft) -> None:
    # What lies over the place is only small talk, as long as there is a place under it.
    while (
        len(draft.stack) > 1
        and draft.script.flows[draft.stack[-1].flow].digression
        and not leaves_safety_open(draft)
    ):
        draft.stack.pop()
    _repeat(draft)


def _cancel(draft: Draft) -> None:
    """Leave this thing: a digression gives way to the place under it; without one, the conversation rests."""
    if _leaves_the_question(draft):
        return
    draft.close_buttons()
    draft.remember()
    while draft.top is not None and draft.top.flow == "anytime":
        draft.stack.pop()
    if len(draft.stack) > 1:
        enter(draft, "@end")
        return
    draft.stack.clear()
    enter(draft, "anytime/cancelled")


def _leaves_the_question(draft: Draft) -> bool:
    """Leaving the direct question is leaving it unanswered: said kindly, with the lines, and it stays open."""
    _, step = open_question(draft)
    if step is None or step.danger is not Danger.ASKED:
        return False
    _skip(draft)
    return True


def _restart(draft: Draft) -> None:
    if _leaves_the_question(draft):
        return
    draft.close_buttons()
    draft.remember()
    draft.stack.clear()
    for name in list(draft.variables):
        if not name.startswith(("person.", "seen.")):
            draft.set(name, None)
    for record in (Record.REJECTION, Record.PLAN, Record.LETTER):
        draft.close_record(record)
    enter(draft, "anytime/fresh-start")


def leaves_safety_open(draft: Draft) -> bool:
    """Tell whether a question of the safety flow is open: it leads, whatever else comes."""
    return draft.top is not None and draft.top.flow == SAFETY


def takes_text(draft: Draft) -> bool:
    _, step = open_question(draft)
    return step is not None and step.ask is not None and step.ask.text is not TextAsk.NONE
