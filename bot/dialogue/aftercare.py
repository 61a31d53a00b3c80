"""What follows danger: which signal is a new one, the look-in, the follow-ups with leave, and asking once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.dialogue import danger
from bot.dialogue.check_ins import CheckIn
from bot.dialogue.danger import Danger
from bot.dialogue.draft import Draft
from bot.dialogue.effects import CancelCheckIn, ScheduleCheckIn
from bot.dialogue.flow import DAY_SEVEN, LOOK_IN, NEXT_DAY
from bot.dialogue.missed import Kind
from bot.dialogue.proposing import zone_of
from bot.dialogue.reading import About, Concern, Risk
from bot.dialogue.schedule import Once, first, later, spread
from bot.dialogue.series import DEFAULT_AT

LOOK_IN_AFTER = timedelta(minutes=15)
FOLLOW_UPS = {NEXT_DAY: 1, DAY_SEVEN: 7}
# Danger at two in the morning belongs to the evening before: "tomorrow" is after that night's sleep.
NIGHT_ENDS = timedelta(hours=5)
SAME_PLACE, SAME_TALK = timedelta(hours=12), timedelta(hours=3)
# Their own short answers in the safety flow; counted as a time of danger only when the text says more.
_OTHERS = (
    Concern.BEREAVED,
    Concern.SELF_HARM,
    Concern.THREAT,
    Concern.ABUSE,
    Concern.PAST_ATTEMPT,
    Concern.SOMEONE_ELSE,
)


def signalled(draft: Draft, *, in_safety: bool, listening: bool) -> bool:
    """Note a danger signal; True when it comes anew, after an earlier time: it is met from the beginning."""
    if not _about_themselves(draft):
        return False
    kept, earlier = draft.variables, danger.signals(draft.variables, draft.at)
    before = danger.moment(kept, danger.LATEST)
    near_there = in_safety and danger.within(kept, danger.LATEST, SAME_PLACE, draft.at)
    still_telling = listening and danger.within(kept, danger.LATEST, SAME_TALK, draft.at)
    same = near_there or (still_telling and danger.stands(kept) is not Danger.BELIEVED)
    draft.set(danger.LATEST, draft.at.isoformat())
    draft.set(danger.ASK_AGAIN_FROM, None)
    if same:
        return False
    draft.set(danger.LOOK_IN, None)
    # An ambiguous word alone is no time of danger; after one that was, it is taken for one.
    if draft.reading.risk is Risk.CRISIS or earlier:
        draft.set(danger.SIGNALS, (*earlier, draft.at.isoformat())[-danger.MAX_SIGNALS :])
    draft.show_danger()
    return before is not None


def noted(draft: Draft, what: Danger) -> None:
    """Note what arriving at a step means, and what follows from it."""
    now = draft.at.isoformat()
    draft.set(danger.STANDS, what.value)
    draft.set(danger.SINCE, now)
    asks_once_more = what in (Danger.ASKED, Danger.BELIEVED)
    draft.set(danger.ASK_AGAIN_FROM, now if asks_once_more else None)
    draft.set(danger.ASK_AGAIN_TURN, draft.turn if asks_once_more else None)
    match what:
        case Danger.ASKED:
            _hold(draft, draft.at + danger.HELD)
            _announce_look_in(draft)
        case Danger.UNSAFE:
            _hold(draft, draft.at + danger.HELD)
        case Danger.BELIEVED | Danger.OVER:
            draft.set(danger.HELD_UNTIL, None)
    draft.show_danger()


def settle(draft: Draft) -> None:
    """At a turn's end: who has answered, or left the question, is not looked in on."""
    if LOOK_IN in draft.promises and not draft.question_open:
        draft.unpromise(LOOK_IN)
        draft.effects.append(CancelCheckIn(key=LOOK_IN))


def refused_look_in(draft: Draft) -> None:
    draft.set(danger.LOOK_IN, "refused")
    draft.show_danger()


def schedule_follow_ups(draft: Draft) -> None:
    """Promise to ask the next day and on day seven. What is ordinary waits for the first answer."""
    for key, days in FOLLOW_UPS.items():
        _promise(draft, _follow_up(draft, key, days))
    _hold(draft, draft.promises[NEXT_DAY].due + danger.RUNS_OUT)


def follow_ups_shown(draft: Draft) -> str | None:
    """Return their moments in words; None while the zone is unknown: then it is this very hour."""
    zone, readers = zone_of(draft), draft.script.readers
    if zone is None or readers is None:
        return None
    planned = (_follow_up(draft, key, days) for key, days in FOLLOW_UPS.items())
    words = tuple(readers.show(each.rule, draft.at, zone, draft.locale) for each in planned)
    return readers.join(words, draft.locale)


def in_zone(check_in: CheckIn, zone: str) -> CheckIn:
    """Return what was promised for "this very hour" by the clock of a zone that is known only now."""
    local = check_in.due.astimezone(ZoneInfo(zone))
    at = local.time().replace(second=0, microsecond=0, fold=0)
    return replace(check_in, zone=zone, day=local.date(), rule=Once(on=local.date(), at=at))


def _about_themselves(draft: Draft) -> bool:
    reading = draft.reading
    plainly = reading.concern not in _OTHERS or reading.risk is Risk.CRISIS
    return reading.risk.alarms and reading.about is About.SELF and plainly


def _announce_look_in(draft: Draft) -> None:
    if draft.variables.get(danger.LOOK_IN) is not None:
        return
    zone = zone_of(draft) or "UTC"
    rule = later(draft.at, LOOK_IN_AFTER + timedelta(minutes=1), ZoneInfo(zone))
    due = draft.at + LOOK_IN_AFTER
    _promise(draft, CheckIn(key=LOOK_IN, kind=Kind.LOOK_IN, rule=rule, zone=zone, day=rule.on, due=due))


def _follow_up(draft: Draft, key: str, days: int) -> CheckIn:
    zone = zone_of(draft)
    if zone is None:
        due = draft.at + timedelta(days=days)
        rule = Once(on=due.date(), at=due.time().replace(second=0, microsecond=0))
        # They agreed to this very hour; nobody knows when their night is.
        return CheckIn(key=key, kind=Kind.FOLLOW_UP, rule=rule, zone="UTC", day=rule.on, due=due, named=True)
    day = (draft.at.astimezone(ZoneInfo(zone)) - NIGHT_ENDS).date() + timedelta(days=days)
    rule = Once(on=day, at=_usual_time(draft))
    found = first(rule, ZoneInfo(zone), draft.at)
    assert found is not None  # ahead by at least five hours
    return CheckIn(key=key, kind=Kind.FOLLOW_UP, rule=rule, zone=zone, day=found.day, due=found.due)


def _usual_time(draft: Draft) -> time:
    return spread(DEFAULT_AT, draft.session.id)


def _hold(draft: Draft, until: datetime) -> None:
    before = danger.moment(draft.variables, danger.HELD_UNTIL)
    draft.set(danger.HELD_UNTIL, max(until, before or until).isoformat())


def _promise(draft: Draft, check_in: CheckIn) -> None:
    draft.promise(check_in)
    draft.effects.append(ScheduleCheckIn(check_in=check_in))
