"""What an answer does: it is kept where its step says, and leads on; a low mood is met first."""

from __future__ import annotations

from bot.dialogue.answers import Answer, typed
from bot.dialogue.asking_again import ask_instead, asked_first, asks_on_the_way
from bot.dialogue.draft import KEPT_TEXT, SAFETY, Draft
from bot.dialogue.effects import CountRisk, Value
from bot.dialogue.flow import Ask, Go, Reads, Special, Step, TextAsk
from bot.dialogue.guesses import GUESS
from bot.dialogue.noticing import notice
from bot.dialogue.picking import pick
from bot.dialogue.proposing import read_answer, read_country
from bot.dialogue.reading import Risk
from bot.dialogue.repair import aside, do_as_guessed
from bot.dialogue.session import Frame
from bot.dialogue.shelf import amend, past_day
from bot.dialogue.speaking import offer_what_was_written
from bot.dialogue.targets import TARGETS, Words
from bot.dialogue.walk import digress, enter, follow, open_question, route, target_of

SOFTLY = "safety/distress"
UNCLEAR_AGAIN = "anytime/unclear-again"
LOW_MOOD, LOWISH_MOOD, LOWISH_IN_A_ROW = 1, 2, 3


def take(draft: Draft, step: Step, answer: Answer) -> None:
    """Keep an answer where the step says, and go where it leads."""
    frame = draft.top
    assert frame is not None
    assert step.ask is not None
    draft.remember()
    draft.misfits = int(step.place == GUESS)  # a "no" to the guess: it still isn't understood
    draft.close_buttons(answer.label)
    draft.context["answer"] = answer.value
    _understand(draft, step.ask, answer)
    if draft.looks_up:
        return
    if answer.choice is not None:
        for variable, value in answer.choice.sets.items():
            draft.set(variable, value)
    if not answer.skipped:
        _keep(draft, step, answer, frame.visit)
        if answer.choice is None and not step.save and not step.amend and "rejection" in draft.refs:
            notice(draft, draft.reading)
    if step.ask.listens:
        offer_what_was_written(draft)
    _lead_on(draft, step, answer, answer.go or (step.ask.skip if answer.skipped else step.go))
    if draft.variables.get(KEPT_TEXT) is not None:
        _feed_kept_text(draft, step)
    else:
        _take_number(draft, step, answer)


def _take_number(draft: Draft, answered: Step, answer: Answer) -> None:
    """A bare number in words' place ("How is it?" "7") is the mood that would be asked for next."""
    asked = answered.ask
    if (
        answer.choice is not None
        or answered.save is not None
        or asked is None
        or asked.text is not TextAsk.ONE
    ):
        return
    _, step = open_question(draft)
    if (
        draft.reading.mood is None
        or step is None
        or step is answered
        or step.ask is None
        or not step.ask.scale
    ):
        return
    _unsay(draft)
    take(draft, step, Answer(value=draft.reading.mood, label=str(draft.reading.mood)))


def _unsay(draft: Draft) -> None:
    for said in draft.said:
        draft.effects.remove(said)
    draft.said.clear()
    draft.buttons = draft.question = None


def _lead_on(draft: Draft, step: Step, answer: Answer, go: Go) -> None:
    """Go where the answer leads; a low mood is met first, and so is a "no" that is to be asked once more."""
    if step.flow != SAFETY and (_low_mood(draft, step, answer) or _low_words(draft, answer, go)):
        _softly_first(draft, target_of(draft, go))
    elif target_of(draft, go) == Special.GUESSED:
        do_as_guessed(draft)
    elif asks_on_the_way(draft, target_of(draft, go), answered=step.flow):
        ask_instead(draft, target_of(draft, go))
    elif not _asked_before_route(draft, target_of(draft, go)):
        follow(draft, go)


def _asked_before_route(draft: Draft, target: str) -> bool:
    place = route(draft.reading, draft) if target == Special.ROUTE else None
    return place is not None and asked_first(draft, place)


def _understand(draft: Draft, ask: Ask, answer: Answer) -> None:
    """Bring up what was picked, or read what the question says it reads."""
    if answer.picked and ask.picks is not None:
        pick(draft, ask.picks, str(answer.value))
    in_words = answer.choice is None or answer.choice.value
    if ask.reads is None or not in_words or not isinstance(answer.value, str):
        return
    if ask.reads is Reads.COUNTRY:
        read_country(draft, answer.value)
    elif ask.reads not in (Reads.DAY, Reads.NAME):
        read_answer(draft, ask, answer.value)


def _keep(draft: Draft, step: Step, answer: Answer, visit: int) -> None:
    if step.save is not None:
        draft.save(step.save, _as_held(draft, step, step.save, answer), visit)
    # Beside free text, a button with no value of its own ("Leave it") is no correction.
    beside_text = step.ask is not None and step.ask.text is TextAsk.ONE
    if step.amend is not None and not (beside_text and answer.choice and not answer.choice.value):
        amend(draft, step.amend, _as_held(draft, step, step.amend, answer))
    if step.keep_as is not None and step.ask is not None and not step.ask.listens:
        if draft.script.variables.get(step.keep_as) == "texts":
            if answer.choice is None:
                draft.collect(step.keep_as, str(answer.value))
        else:
            draft.set(step.keep_as, answer.value)


def _as_held(draft: Draft, step: Step, target: str, answer: Answer) -> Value:
    """Return an answer as what it is saved to takes it."""
    read = draft.reading.rejection
    if target == "rejection.company" and read.company and answer.choice is None:
        return read.company
    if target == "rejection.role" and read.role and answer.choice is None:
        return read.role
    if step.ask is not None and step.ask.reads is Reads.DAY:
        day = past_day(draft, str(answer.value))
        draft.context["answer"] = day
        return day
    return _in_words(draft, step.ask, answer) if isinstance(TARGETS[target].holds, Words) else answer.value


def _in_words(draft: Draft, ask: Ask | None, answer: Answer) -> Value:
    """Return an answer as words: a button's key is no way to tell somebody what they said."""
    by_key = {choice.key: choice for choice in (ask.choices if ask else ())}

    def words(key: str) -> str:
        choice = by_key.get(key)
        return draft.words(choice.value or choice.label) if choice else key

    if isinstance(answer.value, tuple):
        return tuple(words(key) for key in answer.value)
    return words(answer.choice.key) if answer.choice is not None else answer.value


def _low_mood(draft: Draft, step: Step, answer: Answer) -> bool:
    scale = step.ask is not None and step.ask.scale
    return scale and isinstance(answer.value, int) and _is_low(draft, answer.value)


def _low_words(draft: Draft, answer: Answer, go: Go) -> bool:
    """Hopelessness in a written answer is met once before the next question; a vent is not broken into."""
    if (
        answer.choice is not None
        or draft.reading.risk is not Risk.DISTRESS
        or draft.variables.get("seen.distress")
    ):
        return False
    draft.set("seen.distress", True)
    draft.effects.append(CountRisk(level=Risk.DISTRESS.value, about=draft.reading.about.value))
    step = draft.script.steps.get(target_of(draft, go))
    return step is None or step.ask is None or not step.ask.listens


def _is_low(draft: Draft, mood: int) -> bool:
    """0 or 1, or three of at most 2 in a row, count as distress (conversation brief, Safety)."""
    before = draft.variables.get("seen.low_moods")
    run = (before if isinstance(before, int) else 0) + 1 if mood <= LOWISH_MOOD else 0
    draft.set("seen.low_moods", run)
    draft.set("seen.last_mood", mood)
    low = mood <= LOW_MOOD or run >= LOWISH_IN_A_ROW
    if low:
        draft.set("seen.distress", True)
        draft.effects.append(CountRisk(level=Risk.DISTRESS.value, about="self"))
    return low


def _softly_first(draft: Draft, target: str) -> None:
    """Lay the soft step over where the answer leads."""
    if target.startswith("@"):
        enter(draft, target if target != Special.ROUTE else Special.END)
        digress(draft, SOFTLY)
        return
    flow, _, step = target.partition("/")
    if draft.stack:
        draft.stack[-1] = Frame(flow=flow, step=step, visit=draft.visit, since=draft.at, pending=True)
    enter(draft, SOFTLY)


def _feed_kept_text(draft: Draft, answered: Step) -> None:
    """What they wrote on coming back was an answer after all, now that they carry on."""
    if answered.flow != "anytime":
        return
    kept = draft.variables.get(KEPT_TEXT)
    draft.set(KEPT_TEXT, None)
    frame, step = open_question(draft)
    before = draft.session.stack[-2] if len(draft.session.stack) > 1 else None
    if frame is None or step is None or step.ask is None or not isinstance(kept, str) or frame != before:
        return
    if step.ask.listens and step.keep_as is not None:
        draft.collect(step.keep_as, kept)
        return
    draft.text = kept
    answer = typed(draft, step.ask, frame.picked)
    if answer is not None:
        _unsay(draft)
        take(draft, step, answer)
    elif answered.place == UNCLEAR_AGAIN:
        _unsay(draft)
        aside(draft, "paused")  # not understood a third time: the place is kept and left alone
    elif answered.place == GUESS:
        _unsay(draft)
        draft.misfits += 1
        aside(draft, "unclear-again")
