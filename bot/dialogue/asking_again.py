"""Danger asked about once more: after a "no" on the way to what comes next; after a "yes" when they are back.

Never as a message of its own, and once: an answer, or none, ends it (docs/decisions/0009-after-danger.md).
"""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue import danger
from bot.dialogue.draft import LETTERS, SAFETY, Draft
from bot.dialogue.flow import NEXT_DAY
from bot.dialogue.landing import landing_of
from bot.dialogue.session import Frame
from bot.dialogue.walk import digress, enter, open_question

ONCE_MORE = "safety/once-more"
_ASKING_IT = (ONCE_MORE, "safety/follow-up")
VENT = "vent"  # the stage
IN_FULL_FLOW = timedelta(hours=1)  # words that follow each other so closely are not broken into
# They lead on with the work, or into it; what must always work (delete, privacy, a person …) is not kept waiting.
_ON_ARRIVING = frozenset({"welcome", "courtesy", "opening", "anytime", "read-email", "good-news", LETTERS})


def asks_on_the_way(draft: Draft, target: str, *, answered: str = "") -> bool:
    """Tell whether it is asked before `target`, where an answer in the flow `answered`, or a wish, leads."""
    if target.startswith("@") or draft.question_open:
        return False
    flows = {answered, target.partition("/")[0]}
    if SAFETY in flows:
        return False
    if _left_unsafe(draft) and _goes_on(draft, target):
        return True
    step = draft.script.steps.get(target)
    listens = step is not None and step.ask is not None and step.ask.listens
    if listens or any(
        flow in draft.script.flows and draft.script.flows[flow].stage == VENT for flow in flows
    ):
        return False
    return danger.asks_again(draft.variables, draft.at, draft.turn)


def asked_first(draft: Draft, place: str) -> bool:
    """Ask before a wish, or a beginning, is followed to `place`; it comes right after."""
    if not _goes_on(draft, place) or not asks_on_the_way(draft, place):
        return False
    _ask_before(draft, place)
    return True


def asked_on_return(draft: Draft) -> bool:
    """Ask somebody who said yes, and was left with it, before the place they had stopped at goes on."""
    _, step = open_question(draft)
    if draft.question_open or not _left_unsafe(draft) or step is None or step.ask is None:
        return False
    if step.flow != SAFETY and not _goes_on(draft, step.place):
        return False
    if step.ask.listens:
        last = draft.session.last_at
        if last is not None and draft.at - last < IN_FULL_FLOW:
            return False
        if step.keep_as is not None:
            draft.collect(step.keep_as, draft.text)
    _forget_spent(draft)
    draft.set(danger.ASK_AGAIN_FROM, None)
    digress(draft, ONCE_MORE)
    return True


def ask_instead(draft: Draft, target: str) -> None:
    """Ask in place of the question just answered; then go where its answer leads."""
    draft.stack.pop()
    _ask_before(draft, target)


def _ask_before(draft: Draft, target: str) -> None:
    _forget_spent(draft)
    draft.set(danger.ASK_AGAIN_FROM, None)
    flow, _, step = target.partition("/")
    landing = landing_of(draft.script, target) if not step else target
    step = step or (landing or "").partition("/")[2]
    draft.stack.append(Frame(flow=flow, step=step, visit=draft.visit, since=draft.at, pending=True))
    draft.close_buttons()
    enter(draft, ONCE_MORE)


def _goes_on(draft: Draft, place: str) -> bool:
    """Tell whether `place` is of the work itself; after a "yes", whether it leads there."""
    flow = place.partition("/")[0]
    works = draft.script.flows[flow].stage is not None or flow == LETTERS
    return works or (flow in _ON_ARRIVING and _left_unsafe(draft))


def _left_unsafe(draft: Draft) -> bool:
    """They said yes, or not sure, hours ago, and nothing is agreed about asking how it is now."""
    _, step = open_question(draft)
    if NEXT_DAY in draft.promises or (step is not None and step.place.startswith(_ASKING_IT)):
        return False
    return danger.left_unsafe(draft.variables, draft.at)


def _forget_spent(draft: Draft) -> None:
    """What is left of that talk gives way: the question replaces it."""
    draft.stack[:] = [frame for frame in draft.stack if frame.flow != SAFETY]
