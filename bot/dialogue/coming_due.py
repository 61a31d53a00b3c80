"""A promised moment has come: send it, put it off, merge it, or let it go; and what follows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.draft import Draft
from bot.dialogue.drafting import reopen_letter
from bot.dialogue.effects import CancelCheckIn, Record, ScheduleCheckIn
from bot.dialogue.looking_in import (
    follows_up,
    gives_way,
    held_until,
    looks_in,
    never_heard,
    waits_for_safety,
)
from bot.dialogue.merging import WITHIN
from bot.dialogue.missed import GRACE, ON_TIME, Kind, judge
from bot.dialogue.promises import promised, quiet_of
from bot.dialogue.schedule import Occurrence, Once
from bot.dialogue.silence import Pace, pace_after
from bot.dialogue.walk import digress, open_question

DUE, TIME_IS_UP, QUIET_NOW = "check-ins/due", "check-ins/time-is-up", "check-ins/quiet-now"
# Nobody answers "call mum": what was asked for by name is neither counted as unanswered nor paused.
BACKS_OFF = frozenset({Kind.SERIES, Kind.TEN_WEEKS, Kind.DAILY, Kind.WEEKLY})
LEFT = timedelta(hours=1)  # nothing written for so long: the vent was left without a Done
LAST_DUE = "seen.last_due"  # when something last fell due, and the person's last word before it
RESTED = "seen.rested"  # the one left out at half pace has been left out
WAIT = timedelta(minutes=30)  # for a vent, or an open safety question, to end


def came_due(draft: Draft, check_in: CheckIn) -> None:
    """Decide about one promise whose moment has come. Says at most one turn's worth, and never twice."""
    draft.silence_declared = True
    draft.promises.pop(check_in.key, None)
    silence = draft.at - _last_word(draft)
    if draft.blocked:
        return
    if check_in.kind is Kind.TIMED_WRITE:
        _time_is_up(draft, check_in)
        return
    if check_in.kind is Kind.LOOK_IN:
        looks_in(draft, check_in, silence)
        return
    zone = ZoneInfo(check_in.zone)
    occurrence = Occurrence(day=check_in.day, due=check_in.due)
    rule, kind = check_in.rule, check_in.kind
    verdict = judge(kind, rule, zone, occurrence, now=draft.at, quiet=quiet_of(draft), named=check_in.named)
    if verdict.successor is not None:
        _plan(draft, replace(check_in, day=verdict.successor.day, due=verdict.successor.due))
    if _rests(draft, check_in) or verdict.send_at is None or gives_way(draft, kind):
        return
    send_at = verdict.send_at
    if _must_wait(draft, kind, silence):
        send_at = max(send_at, draft.at + WAIT)
    elif (until := held_until(draft, kind)) is not None:
        send_at = max(send_at, until)
    if send_at == draft.at:
        send_at = _beside_named(draft, check_in)
    if send_at > draft.at:
        _put_off(draft, check_in, send_at)
        return
    _say(draft, check_in)


def expired(draft: Draft) -> None:
    """What was said could not be sent in time: it was never heard, so its question isn't open."""
    draft.silence_declared = True
    never_heard(draft)
    while draft.top is not None and draft.top.flow == "check-ins":
        draft.stack.pop()
    draft.buttons = draft.question = None


def unanswered(draft: Draft) -> int:
    count = draft.variables.get("seen.unanswered")
    return count if isinstance(count, int) else 0


def _rests(draft: Draft, check_in: CheckIn) -> bool:
    """After two without an answer what recurs comes half as often: one is left out before the next."""
    if check_in.kind not in BACKS_OFF or isinstance(check_in.rule, Once):
        return False
    half = pace_after(unanswered(draft)) is Pace.HALF
    rests = half and not draft.variables.get(RESTED)
    draft.set(RESTED, rests or None)
    return rests


def _beside_named(draft: Draft, check_in: CheckIn) -> datetime:
    """What the bot proposes joins what they named within the half hour: that one takes it in."""
    if check_in.named or check_in.kind not in BACKS_OFF:
        return draft.at
    soon = [each.due for each in promised(draft) if each.named and each.due - draft.at <= WITHIN]
    return max(soon[0], draft.at + timedelta(minutes=1)) if soon else draft.at


def _must_wait(draft: Draft, kind: Kind, silence: timedelta) -> bool:
    """Never inside a vent, before a safety question has been answered, or into the naming of another time."""
    _, step = open_question(draft)
    ask = step.ask if step is not None else None
    at_work = ask is not None and (ask.listens or ask.reads is not None)
    return waits_for_safety(draft, kind, silence) or (at_work and silence < LEFT)


def _last_word(draft: Draft) -> datetime:
    """Return when the person last did anything; what merely fell due was none of their doing."""
    last, before = draft.session.last_at or draft.at, draft.variables.get(LAST_DUE)
    if isinstance(before, str):
        at, word = map(datetime.fromisoformat, before.split())
        last = word if at == last else last
    draft.set(LAST_DUE, f"{draft.at.isoformat()} {last.isoformat()}")
    return last


def _put_off(draft: Draft, check_in: CheckIn, to: object) -> None:
    key = check_in.key
    if key in draft.promises:  # its successor goes by that name
        key = f"late.{check_in.key}"
    # The rule stays as promised; only this occurrence moves.
    rule = check_in.rule if isinstance(check_in.rule, Once) else Once(on=check_in.day, at=check_in.rule.at)
    _plan(draft, replace(check_in, key=key, rule=rule, due=to))  # type: ignore[arg-type]


def _plan(draft: Draft, check_in: CheckIn) -> None:
    draft.promise(check_in)
    draft.effects.append(ScheduleCheckIn(check_in=check_in))


def _say(draft: Draft, check_in: CheckIn) -> None:
    if check_in.kind is Kind.FOLLOW_UP:
        follows_up(draft)
        return
    draft.barrier()
    asks = check_in.kind in BACKS_OFF
    count = unanswered(draft) + asks
    draft.set("seen.unanswered", count)
    _set_subject(draft, check_in)
    also = _merged(draft, check_in)
    draft.set("check_in.also", also.kind.value if also else None)
    if check_in.kind is Kind.PLAN:
        draft.reopen(Record.PLAN, check_in.ref, {"what": check_in.words or None})
    elif check_in.kind is Kind.LETTER:
        reopen_letter(draft, check_in.ref)
    draft.unasked_until = draft.at + GRACE[check_in.kind]
    pauses = asks and pace_after(count) is Pace.PAUSED
    digress(draft, QUIET_NOW if pauses else DUE)
    if pauses:
        _pause_all(draft)


def _set_subject(draft: Draft, check_in: CheckIn) -> None:
    draft.set("check_in.key", _first_key(check_in.key))
    draft.set("check_in.kind", check_in.kind.value)
    draft.set("check_in.ref", check_in.ref)
    draft.set("check_in.words", check_in.words if check_in.kind in (Kind.PLAN, Kind.REMINDER) else None)
    about_company = check_in.kind in (Kind.SERIES, Kind.TEN_WEEKS, Kind.LETTER)
    draft.set("check_in.company", (check_in.words or None) if about_company else None)
    draft.set("check_in.late", draft.at - check_in.due > ON_TIME)


def _first_key(key: str) -> str:
    """Return the key it was promised under: `late.regular` and `snoozed.12.regular` are `regular`."""
    return re.sub(r"^(late\.|snoozed\.\d+\.)+", "", key)


def _merged(draft: Draft, check_in: CheckIn) -> CheckIn | None:
    """Take in one more that falls due within the half hour, so that two never come at once."""
    for other in promised(draft):
        late = draft.at - other.due
        soon = -WITHIN <= late <= GRACE[other.kind] and other.key != check_in.key
        # Only what has no words of its own can be told in half a line.
        if soon and isinstance(other.rule, Once) and other.kind in BACKS_OFF and not other.named:
            draft.unpromise(other.key)
            draft.effects.append(CancelCheckIn(key=other.key))
            return other
    return None


def _pause_all(draft: Draft) -> None:
    for check_in in promised(draft):
        if check_in.kind in BACKS_OFF:
            draft.unpromise(check_in.key)
            draft.effects.append(CancelCheckIn(key=check_in.key))


def _time_is_up(draft: Draft, check_in: CheckIn) -> None:
    _, step = open_question(draft)
    late = draft.at - check_in.due > GRACE[Kind.TIMED_WRITE]
    if late or step is None or step.ask is None or not step.ask.listens:
        return  # they have ended it themselves
    draft.unasked_until = draft.at + GRACE[Kind.TIMED_WRITE]
    digress(draft, TIME_IS_UP)
