"""The gate: what someone writes is read for danger before everything, in every place."""

from __future__ import annotations

from bot.dialogue.aftercare import signalled
from bot.dialogue.answers import Answer, chosen, typed
from bot.dialogue.draft import SAFETY, Draft
from bot.dialogue.effects import CountRisk, WithdrawUnsent
from bot.dialogue.flow import Step
from bot.dialogue.reading import About, Concern, Risk
from bot.dialogue.speaking import in_their_tongue
from bot.dialogue.taking import take
from bot.dialogue.walk import digress, offered, open_question

GATE = "safety/gate"
# These alarm nobody, and yet need the safety flow's own short answers.
_CONCERNS = frozenset({Concern.BEREAVED, Concern.SELF_HARM, Concern.THREAT, Concern.ABUSE})
MAX_BUBBLES = 3  # of an answer to danger, however many languages it is in


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


def listening(draft: Draft) -> bool:
    """Tell whether they are in a vent, where nothing is asked."""
    frame, step = open_question(draft)
    if frame is None or frame.pending:
        return False
    return step is not None and step.ask is not None and step.ask.listens
