"""The moments that danger leaves behind: the look-in, the follow-ups, and what gives way to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.dialogue import danger
from bot.dialogue.aftercare import LOOK_IN_AFTER
from bot.dialogue.check_ins import CheckIn
from bot.dialogue.draft import SAFETY, Draft
from bot.dialogue.effects import ScheduleCheckIn
from bot.dialogue.missed import GRACE, Kind
from bot.dialogue.walk import digress, open_question

LOOKS_IN, FOLLOWS_UP = "safety/look-in", "safety/follow-up"
# They ask how somebody is, as the follow-up does.
HELLOS = frozenset({Kind.SERIES, Kind.DAILY, Kind.WEEKLY})
SAME_DAY = timedelta(hours=12)
A_DAY = timedelta(days=1)
LOOK_AGAIN = timedelta(hours=2)


def looks_in(draft: Draft, check_in: CheckIn, silence: timedelta) -> None:
    """Look in once, as announced, whatever the hour: unless they answered, or it is too late for it."""
    stale_at = check_in.due + GRACE[Kind.LOOK_IN]
    if not draft.question_open or draft.at >= stale_at:
        return
    if silence < LOOK_IN_AFTER:  # they have just been here, at something else: not on their heels
        again = replace(check_in, due=draft.at - silence + LOOK_IN_AFTER)
        draft.promise(again)
        draft.effects.append(ScheduleCheckIn(check_in=again))
        return
    draft.barrier()
    draft.set(danger.LOOK_IN, "sent")
    draft.unasked_until = stale_at
    digress(draft, LOOKS_IN)


def follows_up(draft: Draft) -> None:
    """Ask how it is now, with the leave they gave; what is ordinary waits for the answer."""
    draft.barrier()
    draft.set(danger.HELD_UNTIL, (draft.at + danger.RUNS_OUT).isoformat())
    draft.unasked_until = draft.at + GRACE[Kind.FOLLOW_UP]
    digress(draft, FOLLOWS_UP)


def never_heard(draft: Draft) -> None:
    """A follow-up that could not be sent is no open question, and nothing waits for its answer."""
    if draft.top is not None and draft.top.place == FOLLOWS_UP:
        draft.stack.pop()
        draft.set(danger.HELD_UNTIL, None)


def waits_for_safety(draft: Draft, kind: Kind, silence: timedelta) -> bool:
    """Nothing else comes while the question stands, however long; nor into the rest of that talk."""
    _, step = open_question(draft)
    in_talk = step is not None and step.flow == SAFETY and silence < A_DAY
    return draft.question_open or (in_talk and kind is not Kind.FOLLOW_UP)


def gives_way(draft: Draft, kind: Kind) -> bool:
    """A hello is let go where a follow-up stands for it: until one is answered, and on the day of one."""
    if kind not in HELLOS or draft.question_open:
        return False  # while the question itself stands, everything waits for its answer
    near = (each.due - draft.at <= SAME_DAY for each in _follow_ups(draft))
    return danger.held(draft.variables, draft.at) or any(near)


def held_until(draft: Draft, kind: Kind) -> datetime | None:
    """Return when to look again at what waits. A reminder in their own words comes as they asked."""
    waits = kind not in (Kind.REMINDER, Kind.FOLLOW_UP)
    return draft.at + LOOK_AGAIN if waits and danger.held(draft.variables, draft.at) else None


def _follow_ups(draft: Draft) -> list[CheckIn]:
    return [each for each in draft.promises.values() if each.kind is Kind.FOLLOW_UP]
