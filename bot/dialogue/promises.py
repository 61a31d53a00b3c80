"""Promising to come back: proposals read and shown, check-ins scheduled, moved, cancelled. All as effects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.dialogue.aftercare import in_zone, refused_look_in, schedule_follow_ups
from bot.dialogue.check_ins import CheckIn
from bot.dialogue.draft import Draft
from bot.dialogue.effects import CancelCheckIn, Record, ScheduleCheckIn
from bot.dialogue.flow import Cancel, Promise, Snooze
from bot.dialogue.missed import Kind
from bot.dialogue.proposing import agreed, zone_of
from bot.dialogue.quiet import QuietHours, outside, quiet_hours
from bot.dialogue.schedule import (
    Occurrence,
    Once,
    Rule,
    Weekly,
    due_after_working_days,
    due_at,
    first,
    later,
    moved,
    spread,
)
from bot.dialogue.series import DEFAULT_AT, SeriesStep, restarted
from bot.dialogue.silence import Pace, at_pace

MAX_PROMISES = 20  # at once, for one person; a year of daily ones is one promise
TOO_MANY, CANNOT = "check-ins/too-many", "check-ins/cannot"
LATER_TODAY = timedelta(hours=3)
NOT_LISTED = frozenset({Kind.TIMED_WRITE, Kind.LOOK_IN})
FOLLOW_UP_DAYS = 5  # working days: most answers that come have come by then
_WRITES = {Promise.WRITE_5: 5, Promise.WRITE_10: 10, Promise.WRITE_15: 15}
_SERIES = {step: f"series.{step.value}" for step in SeriesStep}


def quiet_of(draft: Draft) -> QuietHours:
    """Return the hours in which the person wants nothing that they did not ask for at that very time."""
    return quiet_hours(draft.variables.get("person.quiet") or draft.facts.quiet)


def wants_fewer(draft: Draft) -> bool:
    return (draft.variables.get("person.tempo") or draft.facts.tempo) == "fewer"


def promise_again(draft: Draft, check_in: CheckIn) -> None:
    """Replace a promise by one of the same key."""
    _put(draft, check_in)


def take_zone(draft: Draft) -> None:
    """Make the place understood the person's own; what is promised keeps its wall-clock time there."""
    use = str(draft.variables.get("where.use") or "a")
    zone = draft.variables.get(f"where.zone_{use}")
    if not isinstance(zone, str):
        return
    before = zone_of(draft)
    draft.save("person.zone", zone, draft.visit)
    draft.show_lines()
    for check_in in promised(draft):
        if check_in.kind in NOT_LISTED or check_in.zone == zone:
            continue
        if check_in.kind is Kind.FOLLOW_UP and before is None:
            _put(draft, in_zone(check_in, zone))
            continue
        pending = Occurrence(day=check_in.day, due=check_in.due)
        # Any day before the pending one may have had its check-in: none comes twice on one local day.
        last = Occurrence(day=check_in.day - timedelta(days=1), due=draft.at)
        rule = check_in.rule
        if not isinstance(rule, Once):
            rule = replace(rule, every=1)  # this one is next already, however few follow it
        due = moved(rule, ZoneInfo(zone), pending, last=last, now=draft.at)
        _put(draft, replace(check_in, zone=zone, day=due.day, due=due.due))


def schedule(draft: Draft, what: Promise) -> str | None:
    """Promise what a step says. Returns the step that says why not, when it can't be: too many, or past by now."""
    zone = zone_of(draft)
    if what in _WRITES:
        rule = later(draft.at, timedelta(minutes=_WRITES[what] + 1), ZoneInfo(zone or "UTC"))
        due = draft.at + timedelta(minutes=_WRITES[what])
        _put(draft, _check_in("timed_write", Kind.TIMED_WRITE, rule, zone or "UTC", due, rule.on))
        return None
    if what is Promise.FOLLOW_UP:
        schedule_follow_ups(draft)
        return None
    if zone is None:
        return None  # the engine has asked for it before; skipped, there is nothing to promise
    if len(promised(draft)) >= MAX_PROMISES and what is not Promise.SERIES:
        return TOO_MANY
    if what is Promise.SERIES:
        _schedule_series(draft, zone)
    elif what in (Promise.LETTER, Promise.LETTER_TOMORROW):
        _schedule_letter(draft, what, zone)
    elif not _schedule_proposal(draft, what, zone):
        draft.set("proposal.status", "impossible")
        draft.set("proposal.problem", "past")
        return CANNOT
    return None


def snooze(draft: Draft, how: Snooze) -> None:
    """Move the check-in being answered, that one only: its rule goes on as if it had come in time."""
    zone = zone_of(draft) or "UTC"
    rule: Rule | None = None
    match how:
        case Snooze.LATER:
            rule = later(draft.at, LATER_TODAY, ZoneInfo(zone))
        case Snooze.TOMORROW:
            today = draft.at.astimezone(ZoneInfo(zone))
            rule = Once(on=today.date() + timedelta(days=1), at=usual_time(draft))
        case Snooze.PROPOSAL:
            rule = agreed(draft)
    kind = draft.variables.get("check_in.kind")
    if rule is None or not isinstance(kind, str):
        return
    key = f"snoozed.{draft.visit}.{draft.variables.get('check_in.key')}"
    again = _planned(draft, key, Kind(kind), rule, zone, named=how is Snooze.PROPOSAL)
    if again is not None:
        ref = draft.variables.get("check_in.ref")
        words = draft.variables.get("check_in.words") or draft.variables.get("check_in.company")
        _put(draft, replace(again, ref=ref if isinstance(ref, int) else 0, words=str(words or "")))


def move_picked(draft: Draft) -> None:
    """Give the promise picked from the list the moment agreed to."""
    picked, rule = _picked(draft), agreed(draft)
    if picked is None or rule is None:
        return
    again = _planned(draft, picked.key, picked.kind, rule, zone_of(draft) or picked.zone, named=True)
    if again is not None:
        _put(draft, replace(again, ref=picked.ref, words=picked.words))


def cancel(draft: Draft, which: Iterable[Cancel]) -> None:
    """Take promises back."""
    for each in which:
        for check_in in promised(draft):
            if _is_meant(draft, each, check_in):
                draft.unpromise(check_in.key)
                draft.effects.append(CancelCheckIn(key=check_in.key))
        if each is Cancel.LOOK_IN:
            refused_look_in(draft)


def fewer(draft: Draft) -> None:
    """Half as often from now on: what recurs at every second turn, the series without its middle."""
    draft.set("seen.pace", Pace.HALF.value)
    for check_in in promised(draft):
        slower = at_pace(check_in.rule, Pace.HALF)
        if check_in.key == _SERIES[SeriesStep.THREE_DAYS]:
            draft.unpromise(check_in.key)
            draft.effects.append(CancelCheckIn(key=check_in.key))
        elif slower is not None and slower != check_in.rule:
            _put(draft, replace(check_in, rule=slower))


def promised(draft: Draft) -> tuple[CheckIn, ...]:
    """Return what is promised now, this turn's changes included, soonest first."""
    return tuple(sorted(draft.promises.values(), key=lambda each: (each.due, each.key)))


def _schedule_series(draft: Draft, zone: str) -> None:
    pending = [step for step, key in _SERIES.items() if key in draft.promises]
    had = bool(draft.variables.get("seen.ten_weeks"))
    plan = restarted(draft.at, ZoneInfo(zone), usual_time(draft), pending=pending, had_ten_weeks=had)
    for check_in in promised(draft):
        if check_in.kind is Kind.SERIES:  # one put off from the earlier series as well
            draft.unpromise(check_in.key)
            draft.effects.append(CancelCheckIn(key=check_in.key))
    for item in plan.items:
        if item.step is SeriesStep.THREE_DAYS and wants_fewer(draft):
            continue
        kind = Kind.TEN_WEEKS if item.step is SeriesStep.TEN_WEEKS else Kind.SERIES
        check_in = _check_in(_SERIES[item.step], kind, item.rule, zone, item.due.due, item.due.day)
        _put(draft, replace(check_in, ref=draft.refs.get("rejection", 0), words=_subject(draft)))
    draft.set("seen.ten_weeks", True)


def _schedule_letter(draft: Draft, what: Promise, zone: str) -> None:
    ref = draft.refs.get(Record.LETTER, 0)
    check_in = _planned(
        draft, f"letter.{ref}", Kind.LETTER, letter_rule(draft, what, zone), zone, named=False
    )
    if check_in is not None:
        company = draft.variables.get("letter.company")
        _put(draft, replace(check_in, ref=ref, words=str(company or "")))


def letter_rule(draft: Draft, what: Promise, zone: str) -> Once:
    """Five working days after a letter went out, or the next day for one that is to sleep a night."""
    at, here = usual_time(draft), ZoneInfo(zone)
    if what is Promise.LETTER:
        due = due_after_working_days(draft.at, days=FOLLOW_UP_DAYS, at=at, zone=here)
    else:
        due = due_at(draft.at, after_days=1, at=at, zone=here)
    return Once(on=due.astimezone(here).date(), at=at)


def _schedule_proposal(draft: Draft, what: Promise, zone: str) -> bool:
    rule = agreed(draft)
    if rule is None:
        return True
    key, kind, ref, words = (
        f"reminder.{draft.visit}",
        Kind.REMINDER,
        0,
        draft.variables.get("check_ins.about"),
    )
    if what is Promise.PLAN:
        ref, words = draft.refs.get("plan", 0), draft.variables.get("plan.what")
        key, kind = f"plan.{ref}", Kind.PLAN
    elif what is Promise.TIME_BOX:
        key, kind, words = "time_box", Kind.TIME_BOX, None
    elif what is Promise.REGULAR:
        kind = Kind.WEEKLY if isinstance(rule, Weekly) else Kind.DAILY
        key, words = "regular", None
    check_in = _planned(draft, key, kind, rule, zone, named=True)
    if check_in is None:
        return False  # agreed to after its moment had passed
    _put(draft, replace(check_in, ref=ref, words=str(words or "")))
    return True


def _planned(draft: Draft, key: str, kind: Kind, rule: Rule, zone: str, *, named: bool) -> CheckIn | None:
    due = first(rule, ZoneInfo(zone), draft.at)
    if due is None:
        return None
    at = due.due if named else outside(quiet_of(draft), due.due, ZoneInfo(zone))
    return replace(_check_in(key, kind, rule, zone, at, due.day), named=named)


def _check_in(key: str, kind: Kind, rule: Rule, zone: str, due: datetime, day: object) -> CheckIn:  # noqa: PLR0917
    return CheckIn(key=key, kind=kind, rule=rule, zone=zone, day=day, due=due)  # type: ignore[arg-type]


def _put(draft: Draft, check_in: CheckIn) -> None:
    draft.promise(check_in)
    draft.effects.append(ScheduleCheckIn(check_in=check_in))


def usual_time(draft: Draft) -> time:
    """Return the wall-clock time at which nothing else was said: spread over people, outside their quiet hours."""
    quiet, usual = quiet_of(draft), spread(DEFAULT_AT, draft.session.id)
    return spread(quiet.end, draft.session.id) if quiet.holds(usual) else usual


def _subject(draft: Draft) -> str:
    return str(draft.variables.get("rejection.company") or "")


def _picked(draft: Draft) -> CheckIn | None:
    key = draft.variables.get("picked.key")
    return draft.promises.get(key) if isinstance(key, str) else None


_OF_KIND = {
    Cancel.SERIES: {Kind.SERIES, Kind.TEN_WEEKS},
    Cancel.REGULAR: {Kind.DAILY, Kind.WEEKLY},
    Cancel.REMINDERS: {Kind.REMINDER},
    Cancel.TIMED_WRITE: {Kind.TIMED_WRITE},
    Cancel.LOOK_IN: {Kind.LOOK_IN},
    Cancel.FOLLOW_UP: {Kind.FOLLOW_UP},
}


def _is_meant(draft: Draft, which: Cancel, check_in: CheckIn) -> bool:
    match which:
        case Cancel.ALL:
            return True
        case Cancel.THIS:
            # What is being answered has fired; its successor goes by the same key, put off ones end in it.
            return f".{check_in.key}".endswith(f".{draft.variables.get('check_in.key')}")
        case Cancel.PICKED:
            return check_in.key == draft.variables.get("picked.key")
        case Cancel.LETTER:
            return check_in.kind is Kind.LETTER and check_in.ref == draft.refs.get(Record.LETTER)
        case _:
            return check_in.kind in _OF_KIND[which]
