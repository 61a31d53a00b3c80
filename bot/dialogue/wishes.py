"""Moves and wishes: what is asked of us, in whatever place it is written."""

from __future__ import annotations

from bot.dialogue.answers import names_of, plain, typed
from bot.dialogue.asking_again import asked_first
from bot.dialogue.danger import Danger
from bot.dialogue.draft import CHECK_INS, SAFETY, Draft
from bot.dialogue.drafting import WORDS
from bot.dialogue.flow import Reads, Step
from bot.dialogue.gate import listening
from bot.dialogue.noticing import another_rejection, begin_if_told
from bot.dialogue.reading import Intent
from bot.dialogue.repair import move, takes_text
from bot.dialogue.walk import digress, enter, offered, route

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


def obeyed(draft: Draft, step: Step) -> bool:
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
    wished = is_wish(draft, control, step) or _is_another_promise(draft, step)
    before_answers = takes_text(draft) or control in _AT_ONCE | _WHOLE_OUTSIDE_A_VENT | {Intent.HELP}
    return before_answers and wished and honour(draft, control)


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
    if step.keep_as != WORDS or step.ask is None or not is_wish(draft, wish, step):
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


def digressed(draft: Draft, step: Step) -> bool:
    """Honour a wish in mid-flow; the place is kept where the wish is a digression."""
    if takes_text(draft):
        return False
    return any(honour(draft, intent) for intent in draft.reading.intents if is_wish(draft, intent, step))


def begun_again(draft: Draft, step: Step) -> bool:
    """The same wish once more, said in its own flow: from its beginning ("I got an interview" … "and an offer!")."""
    place = draft.script.intents.get(draft.reading.intent)
    if place is None or place.partition("/")[0] != step.flow or draft.reading.intent is Intent.REJECTION:
        return False
    if place == step.place and draft.script.flows[step.flow].digression:
        draft.remember()
        enter(draft, place)
        return True
    return place != step.place and honour(draft, draft.reading.intent)


def is_wish(draft: Draft, intent: Intent, step: Step) -> bool:
    """Tell whether an intent read in a text asks at this step for something that leads elsewhere."""
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


def honour(draft: Draft, intent: Intent) -> bool:
    """Go where the wish leads, and keep the place; False where it leads nowhere."""
    place = draft.script.intents.get(intent) or route(draft.reading, draft)
    if place is None:
        return False
    draft.remember()
    begin_if_told(draft, draft.reading)
    draft.misfits = 0
    if not asked_first(draft, place):
        digress(draft, place)
    return True
