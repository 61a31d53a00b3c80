"""Words: the gate, then the moves that work everywhere, then the open question, then wishes, then the rest."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue.aftercare import signalled
from bot.dialogue.answers import Answer, chosen, names_of, plain, typed
from bot.dialogue.asking_again import asked_first, asked_on_return
from bot.dialogue.countries import country_in
from bot.dialogue.danger import Danger
from bot.dialogue.draft import KEPT_TEXT, Draft
from bot.dialogue.drafting import WORDS
from bot.dialogue.effects import CountRisk, WithdrawUnsent
from bot.dialogue.flow import Reads, Step, TextAsk
from bot.dialogue.mails import PASSING
from bot.dialogue.noticing import another_rejection, begin_if_told, notice
from bot.dialogue.reading import About, Concern, Intent, Risk
from bot.dialogue.repair import aside, misfit, move, takes_text
from bot.dialogue.speaking import in_their_tongue, say_what_is_spoken
from bot.dialogue.taking import SOFTLY, take
from bot.dialogue.walk import CHECK_INS, SAFETY, digress, enter, offered, open_question, route

GATE = "safety/gate"
LIVES_IN, SETTINGS, COUNTRY = "lives-in", "settings/all", "settings/country-heard"
# These alarm nobody, and yet need the safety flow's own short answers.
_CONCERNS = frozenset({Concern.BEREAVED, Concern.SELF_HARM, Concern.THREAT, Concern.ABUSE})
_AT_ONCE = frozenset(
    {Intent.DELETE, Intent.STOP, Intent.PRIVACY, Intent.HUMAN, Intent.EXPORT, Intent.LANGUAGE}
)
_OUTSIDE_A_VENT = frozenset({Intent.SETTINGS, Intent.MOVED})  # there, "my name is mud" sets nothing
# Whole sentences that ask for nothing else. In a vent they are part of what is being said.
_WHOLE_OUTSIDE_A_VENT = _OUTSIDE_A_VENT | {
    Intent.CHECKIN,
    Intent.FEEDBACK_EMAIL,
    Intent.GOOD_NEWS,
}
SHORT_WISH_CHARS = 40
_ASKED_OF_US = frozenset(
    {Intent.FEEDBACK_EMAIL, Intent.NEXT_STEPS, Intent.REFLECT, Intent.READ_EMAIL, Intent.HELP}
)
MAX_BUBBLES = 3  # of an answer to danger, however many languages it is in
AWAY = timedelta(hours=8)
MAX_TEXT_CHARS = 8_000
BARE_CHARS = 60


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


def alarmed(draft: Draft) -> bool:
    """The gate: before everything, in every place."""
    reading = draft.reading
    if not reading.risk.alarms and reading.concern not in _CONCERNS:
        return False
    draft.effects.append(CountRisk(level=reading.risk.value, about=reading.about.value))
    frame, step = open_question(draft)
    in_safety = any(frame.flow == SAFETY for frame in draft.stack)
    again = signalled(draft, in_safety=in_safety, listening=listening(draft))
    asked = frame is not None and not frame.pending
    in_question = asked and step is not None and step.flow == SAFETY and not again
    answer = _to_the_question(draft, step) if in_question and step is not None else None
    if step is not None and answer is not None:
        in_their_tongue(draft)
        take(draft, step, answer)
        draft.join_first(MAX_BUBBLES)
        return True
    draft.effects.append(WithdrawUnsent())
    draft.barrier()
    draft.met = True
    in_their_tongue(draft)
    while draft.top is not None and draft.top.flow == "anytime":
        draft.stack.pop()  # an aside under the gate would let a later aside cut the gate away
    elsewhere = step.on_alarm if asked and step is not None and not again else None
    digress(draft, elsewhere or GATE)
    draft.join_first(MAX_BUBBLES)
    return True


def _to_the_question(draft: Draft, step: Step) -> Answer | None:
    """A danger signal in answer to the safety question: one of its buttons, or plainly a yes. Never free text."""
    if step.ask is None:
        return None
    answer = typed(draft, step.ask, ())
    choice = answer.choice if answer is not None else None
    says_so = draft.reading.risk is Risk.CRISIS and draft.reading.about is About.SELF
    if choice is None and says_so and step.ask.plainly:  # to "may I ask tomorrow?" it is no yes
        choice = next((each for each in offered(draft, step.ask) if each.key == "yes"), None)
    if choice is None or choice.key == "no":
        return None  # "no, i want to die" is no no
    return chosen(draft, choice)


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
    draft.remember()
    begin_if_told(draft, draft.reading)
    place = "welcome/first-words" if not draft.met else (route(draft.reading, draft) or "anytime/rest")
    if not asked_first(draft, place):
        enter(draft, place)
    draft.met = True


def _answered_in_words(draft: Draft) -> None:
    frame, step = open_question(draft)
    if frame is not None and frame.pending and step is not None:
        if step.ask is None or not _obeyed(draft, step):
            aside(draft, "moved-on")
        return
    if frame is None or step is None or step.ask is None:
        draft.stack.clear()
        _arrived(draft)
        return
    if _tells_country(draft, step):
        return
    if _obeyed(draft, step) or asked_on_return(draft) or _corrected(draft):
        return
    if (
        draft.session.last_at is not None
        and draft.at - draft.session.last_at >= AWAY
        and _was_away(draft, step)
    ):
        return
    if (
        _pasted(draft, step)
        or _told_more(draft, step)
        or _answer_in_words(draft, step)
        or _digressed(draft, step)
    ):
        return
    if _slowed(draft, step) or _listened(draft, step) or _added(draft) or _begun_again(draft, step):
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


def _obeyed(draft: Draft, step: Step) -> bool:
    """Do a move or a wish that is all the text says, unless an answer here has that name."""
    control, ask = draft.reading.control or _asked_plainly(draft) or _instead_of_a_name(draft, step), step.ask
    if control is None or ask is None:
        return False
    own = {intent for choice in offered(draft, ask) for intent in choice.intents}
    if listening(draft) and control in _WHOLE_OUTSIDE_A_VENT | {Intent.REPEAT}:
        return False  # nothing was asked: "again" is what they have to say, and so is "I got an offer once"
    if (
        control in own
        or (control is Intent.DONE and ask.done is not None)
        or _named_here(draft, step, control)
    ):
        return False
    if step.flow != "anytime":
        draft.misfits = 0
    if move(draft, control):
        return True
    wished = _is_wish(draft, control, step) or _is_another_promise(draft, step)
    before_answers = takes_text(draft) or control in _AT_ONCE | _WHOLE_OUTSIDE_A_VENT | {Intent.HELP}
    return before_answers and wished and _wish(draft, control)


def _named_here(draft: Draft, step: Step, control: Intent) -> bool:
    """Tell whether a button here goes by what they wrote: "delete everything" is more than one entry's "Delete"."""
    if control in draft.script.intents and step.ask is not None:
        return any(plain(draft.text) in names_of(draft, choice) for choice in offered(draft, step.ask))
    return typed_names_choice(draft, step)


def _is_another_promise(draft: Draft, step: Step) -> bool:
    """ "Remind me Friday at 6" beside a check-in's question: no answer to it, unless a time was asked for."""
    reads = step.ask.reads if step.ask is not None else None
    return step.flow == CHECK_INS and reads is None and draft.reading.control is Intent.CHECKIN


def _asked_plainly(draft: Draft) -> Intent | None:
    """A short "delete everything" is obeyed wherever words are taken: nobody has to find the way out first."""
    intent = draft.reading.intent
    wishes = _AT_ONCE if listening(draft) else _AT_ONCE | _OUTSIDE_A_VENT
    return intent if intent in wishes and len(draft.text) <= SHORT_WISH_CHARS else None


def _instead_of_a_name(draft: Draft, step: Step) -> Intent | None:
    """Where a name is asked for, "i need to vent" is a wish; "Help for Heroes", in capitals, is a name."""
    wish = draft.reading.intent
    if step.keep_as != WORDS or step.ask is None or not _is_wish(draft, wish, step):
        return None
    if step.ask.reads is not Reads.NAME:
        return wish if wish in (Intent.VENT, Intent.CHECKIN) and len(draft.text) <= SHORT_WISH_CHARS else None
    capitals = [word for word in draft.text.split() if word[0].isupper() and word.lower() != "i"]
    return wish if len(capitals) < 2 else None


def typed_names_choice(draft: Draft, step: Step) -> bool:
    """Tell whether the text is, to the word, one of the open question's own buttons."""
    answer = typed(draft, step.ask, ()) if step.ask is not None else None
    return (
        answer is not None and answer.choice is not None and answer.choice is not (step.ask and step.ask.done)
    )


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
        return _wish(draft, draft.reading.intent)
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
    take(draft, step, answer)
    return True


def _digressed(draft: Draft, step: Step) -> bool:
    """Honour a wish in mid-flow; the place is kept where the wish is a digression."""
    if takes_text(draft):
        return False
    return any(_wish(draft, intent) for intent in draft.reading.intents if _is_wish(draft, intent, step))


def _begun_again(draft: Draft, step: Step) -> bool:
    """The same wish once more, said in its own flow: from its beginning ("I got an interview" … "and an offer!")."""
    place = draft.script.intents.get(draft.reading.intent)
    if place is None or place.partition("/")[0] != step.flow or draft.reading.intent is Intent.REJECTION:
        return False
    if place == step.place and draft.script.flows[step.flow].digression:
        draft.remember()
        enter(draft, place)
        return True
    return place != step.place and _wish(draft, draft.reading.intent)


def _is_wish(draft: Draft, intent: Intent, step: Step) -> bool:
    place = draft.script.intents.get(intent)
    if place is None or intent is Intent.OTHER:
        return False
    if intent is Intent.REJECTION and "rejection" in draft.refs and not another_rejection(draft):
        return False
    if step.danger is Danger.ASKED and intent not in _AT_ONCE:
        return False  # a "hi" is no reason to leave the question lying
    flow = place.partition("/")[0]
    if step.flow == SAFETY and not draft.script.flows[flow].digression:
        return False  # an open safety question leads the next reply; what returns to it may come between
    return flow != step.flow or step.flow == "anytime"


def _wish(draft: Draft, intent: Intent) -> bool:
    place = draft.script.intents.get(intent) or route(draft.reading, draft)
    if place is None:
        return False
    draft.remember()
    begin_if_told(draft, draft.reading)
    draft.misfits = 0
    if not asked_first(draft, place):
        digress(draft, place)
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
    elif len(draft.text) <= SHORT_WISH_CHARS and draft.reading.intent in _ASKED_OF_US:
        aside(draft, "asked-in-a-vent")  # they wait for something, and silence would be no answer
    return True


def _pasted(draft: Draft, step: Step) -> bool:
    """An employer's letter in the middle of something else: it is read, and the place is kept. Not in a vent."""
    place = draft.script.intents.get(Intent.READ_EMAIL)
    if not draft.reading.rejection.pasted or place is None or listening(draft):
        return False
    if step.flow == SAFETY or step.flow in PASSING:
        return False  # these lead to it themselves, and are no place to come back to
    return _wish(draft, Intent.GOOD_NEWS if Intent.GOOD_NEWS in draft.reading.intents else Intent.READ_EMAIL)


def _told_more(draft: Draft, step: Step) -> bool:
    """Bare facts ("it was google, swe intern") where words would be taken as venting: they are the record's."""
    ask = step.ask
    if ask is None or ask.text is not TextAsk.ONE or step.save is not None or ask.reads is not None:
        return False
    if step.keep_as == WORDS:
        return False  # what is written for a letter is the letter's
    wish = any(_is_wish(draft, intent, step) for intent in draft.reading.intents)
    bare = len(draft.text) <= BARE_CHARS and not draft.reading.feelings and bool(ask.choices) and not wish
    return bare and not typed_names_choice(draft, step) and _added(draft)


def _added(draft: Draft) -> bool:
    """More of the story where a button was expected: taken in passing."""
    if "rejection" in draft.refs and notice(draft, draft.reading):
        draft.misfits = 0
        aside(draft, "noted")
        return True
    return False


def listening(draft: Draft) -> bool:
    frame, step = open_question(draft)
    if frame is None or frame.pending:
        return False
    return step is not None and step.ask is not None and step.ask.listens
