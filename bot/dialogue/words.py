"""Words, in the order in which they are looked at: the gate, moves, the open question, wishes, the rest."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue.answers import plain, typed
from bot.dialogue.asking_again import asked_first, asked_on_return
from bot.dialogue.countries import country_in
from bot.dialogue.draft import CHECK_INS, KEPT_TEXT, SAFETY, Draft
from bot.dialogue.drafting import WORDS
from bot.dialogue.effects import CountRisk
from bot.dialogue.flow import Step, TextAsk
from bot.dialogue.gate import alarmed, listening
from bot.dialogue.guesses import GUESS, TO_BEGIN_WITH, guess_in
from bot.dialogue.honouring import honour, is_wish
from bot.dialogue.mails import PASSING
from bot.dialogue.noticing import another_rejection, begin_if_told, notice
from bot.dialogue.reading import Intent, Risk
from bot.dialogue.repair import aside, asked_whether_meant, misfit, move
from bot.dialogue.speaking import say_what_is_spoken
from bot.dialogue.taking import SOFTLY, take
from bot.dialogue.walk import digress, enter, open_question, route
from bot.dialogue.wishes import (
    SHORT_WISH_CHARS,
    begun_again,
    digressed,
    obeyed,
    typed_names_choice,
)

THEY_WROTE = "they-wrote"
LIVES_IN, SETTINGS, COUNTRY = "lives-in", "settings/all", "settings/country-heard"
_ASKED_OF_US = frozenset(
    {Intent.FEEDBACK_EMAIL, Intent.NEXT_STEPS, Intent.REFLECT, Intent.READ_EMAIL, Intent.HELP}
)
ASKED, _REMEMBERED = "vent.asked", {Intent.FEEDBACK_EMAIL: "letter", Intent.READ_EMAIL: "email"}
AWAY = timedelta(hours=8)
MAX_TEXT_CHARS = 8_000
BARE_CHARS = 60
MAX_REQUEST_CHARS = 120  # with a word on how they are


def wrote(draft: Draft, *, edited: bool) -> None:
    if alarmed(draft) or _too_young(draft):
        return
    if len(draft.text) > MAX_TEXT_CHARS and not listening(draft):
        draft.text = draft.text[:MAX_TEXT_CHARS]
        draft.say(draft.script.steps["anytime/too-long"].say)
    if not edited:
        say_what_is_spoken(draft)
    if edited:
        _edited(draft)
    elif not listening(draft) and _named_place(draft):
        draft.met = True
    elif draft.top is None:
        _arrived(draft)
    else:
        _answered_in_words(draft)


def _too_young(draft: Draft) -> bool:
    """ "I'm 15", wherever it is said: answered at once, and nothing they wrote until then is kept."""
    place = draft.script.intents.get(Intent.UNDERAGE)
    if Intent.UNDERAGE not in draft.reading.intents or place is None or not draft.met:
        return False
    if any(frame.flow == SAFETY for frame in draft.stack):
        return False  # that flow has its own answer to it
    _, step = open_question(draft)
    if step is not None and step.keep_as is not None:
        draft.forget(step.keep_as)
    draft.stack.clear()
    draft.barrier()
    enter(draft, place)
    return True


def _named_place(draft: Draft) -> bool:
    """Go where a text that is all "my log" leads, as the command would; what the open question offers goes first."""
    place = draft.script.words.get(plain(draft.text))
    frame, step = open_question(draft)
    if place is None or (frame is not None and frame.flow == SAFETY):
        return False
    if step is not None and step.ask is not None and typed_names_choice(draft, step):
        return False
    draft.remember()
    draft.misfits = 0
    digress(draft, place)
    return True


def _edited(draft: Draft) -> None:
    if listening(draft):
        draft.silence_declared = True
    elif "rejection" in draft.refs and notice(draft, draft.reading, correct=True):
        aside(draft, "corrected")
    else:
        aside(draft, "edited")


def _arrived(draft: Draft) -> None:
    """A text while nothing is open: a beginning."""
    control = draft.reading.control
    if control is not None and move(draft, control):
        draft.met = True
        return
    if draft.met and draft.reading.intent is Intent.OK:
        aside(draft, "nodded")  # the end of a talk, not the beginning of one
        return
    if _came_back(draft, None):
        return
    draft.remember()
    begin_if_told(draft, draft.reading)
    place = "welcome/first-words" if not draft.met else _beginning(draft)
    if not asked_first(draft, place):
        enter(draft, place)
    draft.met = True


def _beginning(draft: Draft) -> str:
    guessed = GUESS if guess_in(draft, TO_BEGIN_WITH) else "anytime/rest"
    return route(draft.reading, draft) or guessed


def _answered_in_words(draft: Draft) -> None:
    frame, step = open_question(draft)
    if frame is not None and frame.pending and step is not None:
        if step.ask is None or not obeyed(draft, step):
            aside(draft, "moved-on")
        return
    if frame is None or step is None or step.ask is None:
        draft.stack.clear()
        _arrived(draft)
        return
    if _tells_country(draft, step):
        return
    if obeyed(draft, step) or asked_on_return(draft) or _corrected(draft):
        return
    if (
        draft.session.last_at is not None
        and draft.at - draft.session.last_at >= AWAY
        and _was_away(draft, step)
    ):
        return
    if (
        _check_in_asked(draft, step)
        or _pasted(draft, step)
        or _came_back(draft, step)
        or _told_more(draft, step)
        or _answer_in_words(draft, step)
        or digressed(draft, step)
    ):
        return
    if _slowed(draft, step) or _listened(draft, step) or _added(draft) or begun_again(draft, step):
        return
    misfit(draft)


def _tells_country(draft: Draft, step: Step) -> bool:
    """ "I'm in Germany", by itself and asked for by nobody: taken in passing, and the place is kept."""
    directory, ask = draft.script.helplines, step.ask
    asked = ask is not None and (ask.reads is not None or step.save is not None or ask.listens)
    if LIVES_IN not in draft.reading.topics or len(draft.text) > SHORT_WISH_CHARS or directory is None:
        return False
    if asked or step.flow == SAFETY or country_in(directory, draft.text) is None:
        return False
    draft.remember()
    draft.misfits = 0
    if step.place == SETTINGS:
        enter(draft, COUNTRY)
    else:
        digress(draft, COUNTRY)
    return True


def _corrected(draft: Draft) -> bool:
    said, correction = draft.reading.rejection, Intent.CORRECTION in draft.reading.intents
    if not (correction and "rejection" in draft.refs and said.says_something):
        return False
    if len(draft.text) > (BARE_CHARS if said.outcome is None else SHORT_WISH_CHARS):
        return False  # a story with an "actually" in it is no correction
    draft.remember()
    # What is so already is no misunderstanding either.
    aside(draft, "corrected" if notice(draft, draft.reading, correct=True) else "noted")
    return True


def _was_away(draft: Draft, step: Step) -> bool:
    """They come back after hours: a clear wish is honoured, otherwise ask whether to carry on."""
    small_talk = draft.reading.intent in (Intent.GREETING, Intent.THANKS)
    wanted = None if small_talk else route(draft.reading, draft)
    # A check-in came by itself: whenever they answer, it is that question they answer.
    if step.flow in (SAFETY, "check-ins") or (step.place == "anytime/paused"):
        return False
    ask = step.ask
    answer = typed(draft, ask, ()) if ask is not None else None
    # "I got the job", to a question about last week's interview: news of its own, though it leads to the same flow.
    if wanted is not None and (
        wanted.partition("/")[0] != step.flow or draft.reading.intent is Intent.GOOD_NEWS
    ):
        return honour(draft, draft.reading.intent)
    if answer is not None and (answer.choice is not None or (ask is not None and ask.text is TextAsk.NONE)):
        return False
    if ask is not None and ask.text is not TextAsk.NONE:
        draft.set(KEPT_TEXT, draft.text)
    aside(draft, "returned")
    return True


def _answer_in_words(draft: Draft, step: Step) -> bool:
    frame, ask = draft.top, step.ask
    assert frame is not None
    assert ask is not None
    answer = typed(draft, ask, frame.picked)
    if answer is None:
        return False
    if step.flow == "anytime" and answer.choice is None and len(draft.stack) > 1:
        draft.set(KEPT_TEXT, draft.text)  # it may answer the place under this, if they carry on there
    if ask.several and answer.choice is not None and answer.choice is not ask.done:
        return False
    if asked_whether_meant(draft, step, answer):
        return True
    take(draft, step, answer)
    return True


def _slowed(draft: Draft, step: Step) -> bool:
    """Hopelessness read in passing: softly, once, then back to the place. A vent is not broken into."""
    if draft.reading.risk is not Risk.DISTRESS or step.flow == SAFETY:
        return False
    first = not draft.variables.get("seen.distress")
    draft.set("seen.distress", True)
    if first:
        draft.effects.append(CountRisk(level=Risk.DISTRESS.value, about=draft.reading.about.value))
    if not first or listening(draft):
        return False
    digress(draft, SOFTLY)
    return True


def _listened(draft: Draft, step: Step) -> bool:
    if step.ask is None or not step.ask.listens or not draft.text.strip():
        return False
    draft.silence_declared = True
    if step.keep_as is not None and not draft.collect(step.keep_as, draft.text):
        aside(draft, "too-long")
    elif len(draft.text) <= SHORT_WISH_CHARS:
        _asked_meanwhile(draft)
    return True


def _asked_meanwhile(draft: Draft) -> None:
    """In a vent they ask for something, or who is there: silence would be no answer."""
    if draft.reading.intent is Intent.WHAT_ARE_YOU:
        aside(draft, "who-listens")
    elif draft.reading.intent in _ASKED_OF_US:
        draft.set(ASKED, _REMEMBERED.get(draft.reading.intent, draft.variables.get(ASKED)))
        aside(draft, "asked-in-a-vent")


def _check_in_asked(draft: Draft, step: Step) -> bool:
    """ "Can you ask me tomorrow how I am, I feel awful", where words are let out: promised at once, the place is kept.

    It has to name its time: "they said they'd check in with me" is part of what is told.
    """
    reading, lets_out = draft.reading, draft.script.variables.get(step.keep_as or "") == "texts"
    if Intent.CHECKIN not in reading.intents or reading.when is None or not lets_out or step.flow == SAFETY:
        return False
    if len(draft.text) > MAX_REQUEST_CHARS or reading.risk is not Risk.NONE or step.flow == CHECK_INS:
        return False
    if listening(draft) and step.keep_as is not None:
        draft.collect(step.keep_as, draft.text)
    return honour(draft, Intent.CHECKIN)


def _pasted(draft: Draft, step: Step) -> bool:
    """An employer's letter in the middle of something else: it is read, and the place is kept. Not in a vent."""
    place = draft.script.intents.get(Intent.READ_EMAIL)
    if not draft.reading.rejection.pasted or place is None or listening(draft):
        return False
    if step.flow == SAFETY or step.flow in PASSING:
        return False  # these lead to it themselves, and are no place to come back to
    return honour(draft, Intent.GOOD_NEWS if Intent.GOOD_NEWS in draft.reading.intents else Intent.READ_EMAIL)


def _came_back(draft: Draft, step: Step | None) -> bool:
    """ "They wrote back: …" while a letter is out: that is its answer, wherever it is told. Not in a vent."""
    if THEY_WROTE not in draft.reading.topics or not draft.facts.letter_out or listening(draft):
        return False
    if step is not None and (step.flow == SAFETY or step.keep_as == WORDS):
        return False  # there it is asked for, or has to wait
    return not another_rejection(draft) and honour(draft, Intent.FEEDBACK_EMAIL)


def _told_more(draft: Draft, step: Step) -> bool:
    """Bare facts ("it was google, swe intern") where words would be taken as venting: they are the record's."""
    ask = step.ask
    if ask is None or ask.text is not TextAsk.ONE or step.save is not None or ask.reads is not None:
        return False
    if step.keep_as == WORDS:
        return False  # what is written for a letter is the letter's
    wish = any(is_wish(draft, intent, step) for intent in draft.reading.intents)
    bare = len(draft.text) <= BARE_CHARS and not draft.reading.feelings and bool(ask.choices) and not wish
    return bare and not typed_names_choice(draft, step) and _added(draft)


def _added(draft: Draft) -> bool:
    """More of the story where a button was expected: taken in passing."""
    if "rejection" in draft.refs and notice(draft, draft.reading):
        draft.misfits = 0
        aside(draft, "noted")
        return True
    return False
