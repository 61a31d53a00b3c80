"""Honouring a wish: where it leads, whether it leads elsewhere than here, and which one may be asked about."""

from __future__ import annotations

from bot.dialogue.asking_again import asked_first
from bot.dialogue.danger import Danger
from bot.dialogue.draft import SAFETY, Draft
from bot.dialogue.flow import Step
from bot.dialogue.noticing import another_rejection, begin_if_told
from bot.dialogue.reading import Intent
from bot.dialogue.walk import digress, route

# Obeyed wherever words are taken, and beside an open question of the safety flow.
AT_ONCE = frozenset(
    {Intent.DELETE, Intent.STOP, Intent.PRIVACY, Intent.HUMAN, Intent.EXPORT, Intent.LANGUAGE}
)


def is_wish(draft: Draft, intent: Intent, step: Step) -> bool:
    """Tell whether an intent read in a text asks at this step for something that leads elsewhere."""
    place = draft.script.intents.get(intent)
    if place is None or intent is Intent.OTHER:
        return False
    if intent is Intent.REJECTION and "rejection" in draft.refs and not another_rejection(draft):
        return False
    if step.danger is Danger.ASKED and intent not in AT_ONCE:
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
