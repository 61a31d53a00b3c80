"""What is promised, as a person sees it: in a list, and a moment in words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.draft import Draft
from bot.dialogue.flow import Promise
from bot.dialogue.promises import NOT_LISTED, letter_rule, promised, usual_time, wants_fewer
from bot.dialogue.proposing import zone_of
from bot.dialogue.schedule import (
    Once,
    Rule,
)
from bot.dialogue.series import SeriesStep, restarted


def listed(draft: Draft) -> tuple[CheckIn, ...]:
    """Return what of it a person can look at and move: what comes within minutes isn't."""
    return tuple(each for each in promised(draft) if each.kind not in NOT_LISTED)


def shown(draft: Draft, check_in: CheckIn) -> str:
    """Return a promise's moment in words."""
    readers = draft.script.readers
    if readers is None:
        return check_in.due.isoformat()
    # A recurring one is shown by its rule; a one-off by its day, wherever quiet hours have moved it.
    local = check_in.due.astimezone(ZoneInfo(check_in.zone))
    rule: Rule = check_in.rule
    if isinstance(rule, Once):
        rule = Once(on=local.date(), at=local.time().replace(second=0, microsecond=0, fold=0))
    return readers.show(rule, draft.at, check_in.zone, draft.locale)


def series_shown(draft: Draft) -> str | None:
    """Return the moments the series would have, in words, or None while the zone is unknown."""
    zone, readers = zone_of(draft), draft.script.readers
    if zone is None or readers is None:
        return None
    # The one after ten weeks is told of in the text, and shown with its date in the list.
    plan = restarted(draft.at, ZoneInfo(zone), usual_time(draft), pending=(), had_ten_weeks=True)
    items = [item for item in plan.items if item.step is not SeriesStep.THREE_DAYS or not wants_fewer(draft)]
    words = tuple(readers.show(item.rule, draft.at, zone, draft.locale) for item in items)
    return readers.join(words, draft.locale)


def show_moments(draft: Draft) -> None:
    """Put the moments a letter may be come back to into words; empty while the zone is unknown."""
    zone, readers = zone_of(draft), draft.script.readers
    for name, what in (("five_days", Promise.LETTER), ("tomorrow", Promise.LETTER_TOMORROW)):
        rule = letter_rule(draft, what, zone) if zone is not None else None
        words = readers.show(rule, draft.at, zone, draft.locale) if rule and readers and zone else None
        draft.set(f"moments.{name}", words)


def picked_by(draft: Draft, key: str) -> None:
    """Remember which promise of the list was picked."""
    found = draft.promises.get(key)
    draft.set("picked.key", key if found else None)
    draft.set("picked.shown", shown(draft, found) if found else None)
