"""Moves and wishes: what is asked of us, in whatever place it is written."""

from __future__ import annotations

from bot.dialogue.answers import names_of, plain, typed
from bot.dialogue.draft import CHECK_INS, Draft
from bot.dialogue.drafting import WORDS
from bot.dialogue.flow import Reads, Step
from bot.dialogue.gate import listening
from bot.dialogue.honouring import AT_ONCE, honour, is_wish
from bot.dialogue.reading import Intent
from bot.dialogue.repair import move, takes_text
from bot.dialogue.walk import enter, offered

_OUTSIDE_A_VENT = frozenset({Intent.SETTINGS, Intent.MOVED})  # there, "my name is mud" sets nothing
# Whole sentences that ask for nothing else. In a vent they are part of what is being said.
_WHOLE_OUTSIDE_A_VENT = _OUTSIDE_A_VENT | {
    Intent.CHECKIN,
    Intent.FEEDBACK_EMAIL,
    Intent.GOOD_NEWS,
}
SHORT_WISH_CHARS = 40
_LEAVING = frozenset({Intent.CANCEL, Intent.RESTART})
FEW_WORDS = 3  # "abort mission", but no plan or story in which something is cancelled


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
    before_answers = takes_text(draft) or control in AT_ONCE | _WHOLE_OUTSIDE_A_VENT | {Intent.HELP}
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
    intent, listens = draft.reading.intent, listening(draft)
    wishes = AT_ONCE if listens else AT_ONCE | _OUTSIDE_A_VENT
    if intent in _LEAVING and not listens and len(draft.text.split()) <= FEW_WORDS:
        return intent
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
