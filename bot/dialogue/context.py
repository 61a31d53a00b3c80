"""The names a text or a condition may read, and what stands behind them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.dialogue.danger import danger_context
from bot.dialogue.effects import Value
from bot.dialogue.exercises import REST, offered_again
from bot.dialogue.facts import Facts
from bot.dialogue.just_said import heard_of
from bot.dialogue.quiet import quiet_hours
from bot.dialogue.reading import Reading

NIGHT_FROM_HOUR, NIGHT_UNTIL_HOUR = 22, 6
LINE_REST = timedelta(days=30)  # between two lines to oneself
# What an opened entry of a list has, whichever kind it is; `day` is in words, `lesson` is not its own field.
ENTRY = (
    "company role kind stage outcome feedback count day lesson text what when where obstacle instead before after"
).split()

CARD = ("signs", "helps", "who")  # a person's own card for bad hours

# What the context holds besides records and the flows' own variables.
GIVEN: Mapping[str, tuple[str, ...]] = {
    "heard": (
        "feelings",
        "count",
        "outcome",
        "stage",
        "pasted",
        "company",
        "mail",
        "phrases",
        "risk",
        "about",
        "concern",
        "temper",
        "intent",
        "topics",
        "ordinary",
        "text",
        "when",
        "deed",
    ),
    "facts": (
        "first_time",
        "rejection_count",
        "win_count",
        "lesson_count",
        "last_win",
        "a_win",
        "last_lesson",
        "last_plan",
        "check_in_count",
        "letter_count",
        "letter_out",
        "last_mood",
        "low_moods",
        "pattern",
        "recent_exercises",
        "exercise_count",
        "often",
        "often_higher",
        "often_measured",
        "preferred",
        "again",
        "again_higher",
        "again_measured",
        "line_waits",
        "line_lately",
        "visits",
        "days_away",
    ),
    "local": ("night",),
    "seen": ("distress", "asks", "guess"),
    "review": ("clinician", "clinician_on", "native", "native_on"),
    # What follows danger (`danger.py`, `aftercare.py`).
    "danger": (
        "times",
        "unsafe",
        "today",
        "recent",
        "ever",
        "open",
        "look_in",
        "follow_up",
        "last_follow_up",
        "shown",
    ),
    # Set by the engine as it reads, promises and comes back (`promises.py`, `coming_due.py`).
    "proposal": ("status", "shown", "other", "problem", "recurs", "use"),
    "where": ("status", "a", "b", "c", "use"),
    "series": ("shown",),
    "check_in": ("kind", "words", "late", "company", "also"),
    "picked": ("shown",),
    "phrase": ("quote",),
    "drafted": ("gap", "problem", "wordings", "note", "left_out"),
    "moments": ("five_days", "tomorrow"),
    "promised": ("shown", "next"),
    # Of the language danger was told in, where it isn't the conversation's (`tongues.py`).
    "tongue": ("danger", "reach", "call", "look_in", "english_only"),
    # `asked`: another (it is offered), this (it is spoken already) or empty.
    "language": ("asked", "now", "names", "several"),
    "setting": ("status",),
    "quiet": ("from", "until"),
    "listed": ("shown", "count", "older", "newer", "page", "refs", "start"),
    "entry": (*ENTRY, "ref", "record"),
    "progress": (
        "noes",
        "wins",
        "pairs",
        "higher",
        "lower",
        "same",
        "moods",
        "staged",
        "stop",
        "stop_times",
        "last_win",
    ),
    "pattern": ("place",),
    "waiting": ("line", "day"),
    "lines": ("country", "emergency", "listed", "finder", "all_closed", "suggested", "named"),
}
# Of those, the ones that are always there: a text may print them without asking first.
ALWAYS_THERE = frozenset(
    {
        "heard.risk",
        "heard.about",
        "heard.intent",
        "heard.text",
        "heard.deed",
        "phrase.quote",
        "facts.rejection_count",
        "facts.win_count",
        "facts.lesson_count",
        "facts.check_in_count",
        "facts.letter_count",
        "facts.low_moods",
        "facts.exercise_count",
        "facts.often_higher",
        "facts.often_measured",
        "facts.again_higher",
        "facts.again_measured",
        "facts.visits",
        "facts.days_away",
        "listed.count",
        "listed.shown",
        "progress.noes",
        "progress.wins",
        "progress.pairs",
        "progress.higher",
        "progress.lower",
        "progress.same",
        "progress.moods",
        "progress.staged",
        "progress.stop_times",
        "language.now",
        "language.names",
        "lines.emergency",
        "lines.finder",
        "seen.asks",
        "quiet.from",
        "quiet.until",
        "danger.times",
    }
)

COUNTED = frozenset(
    name
    for name in ALWAYS_THERE
    if name.startswith(("facts.", "listed.", "progress.")) and name != "listed.shown"
)


def context_of(
    blank: Mapping[str, Mapping[str, Value]],
    *,
    variables: Mapping[str, Value],
    facts: Facts,
    first_time: bool,
    asks: int,
    reading: Reading,
    text: str,
    at: datetime,
) -> dict[str, object]:
    """Return a fresh context; the namespaces in it may be written to by the caller."""
    context: dict[str, object] = {name: dict(fields) for name, fields in blank.items()}
    for name in ALWAYS_THERE:
        space, _, field = name.partition(".")
        if space in ("listed", "progress"):
            _space(context, space)[field] = 0 if name in COUNTED else ""
    for name, value in variables.items():
        space, _, field = name.partition(".")
        fields = context.get(space)
        if isinstance(fields, dict) and field in fields:
            fields[field] = value
    context["heard"] = heard_of(reading, text)
    context["facts"] = _facts_of(facts, variables, at, first_time=first_time)
    context["local"] = {"night": is_night(at, facts.zone)}
    context["seen"] = {
        "distress": bool(variables.get("seen.distress")),
        "asks": asks,
        "guess": variables.get("seen.guess"),
    }
    context["danger"] = danger_context(variables, at)
    context["answer"] = None
    context["place"] = None
    person = context.get("person")
    if isinstance(person, dict):
        for field in ("name", "zone", "country", "quiet", "tempo", "trusted", *CARD):
            if person.get(field) is None:
                person[field] = getattr(facts, field)
        context["quiet"] = quiet_hours(person.get("quiet")).words
    return context


def is_night(at: datetime, zone: str | None) -> bool | None:
    """Return whether it is night where the person is; None when their zone is unknown."""
    if zone is None:
        return None
    try:
        hour = at.astimezone(ZoneInfo(zone)).hour
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return hour >= NIGHT_FROM_HOUR or hour < NIGHT_UNTIL_HOUR


def _facts_of(
    facts: Facts, variables: Mapping[str, Value], at: datetime, *, first_time: bool
) -> dict[str, object]:
    again = offered_again(facts.exercises, facts.preferred, at)
    often = max(facts.exercises, key=lambda each: (each.measured, each.last_at), default=None)
    away = variables.get("seen.away_days")
    return {
        "first_time": first_time,
        "rejection_count": facts.rejection_count,
        "win_count": facts.win_count,
        "lesson_count": facts.lesson_count,
        "last_win": facts.last_win,
        # Another one each day, so that not always the same comes back.
        "a_win": facts.wins[at.toordinal() % len(facts.wins)] if facts.wins else None,
        "last_lesson": facts.last_lesson,
        "last_plan": facts.last_plan,
        "check_in_count": len(facts.check_ins),
        "letter_count": len(facts.letters),
        "letter_out": facts.letter_out,
        "last_mood": variables.get("seen.last_mood"),
        "low_moods": variables.get("seen.low_moods") or 0,
        "pattern": None,  # set by the draft, which knows what this turn has said of the rejection
        "recent_exercises": tuple(each.name for each in facts.exercises if at - each.last_at < REST),
        "exercise_count": sum(each.times for each in facts.exercises),
        "often": often.name if often else None,
        "often_higher": often.higher if often else 0,
        "often_measured": often.measured if often else 0,
        "preferred": facts.preferred,
        "again": again.name if again else None,
        "again_higher": again.higher if again else 0,
        "again_measured": again.measured if again else 0,
        "line_waits": facts.waiting_line is not None,
        "line_lately": facts.last_line_at is not None and at - facts.last_line_at < LINE_REST,
        "visits": variables.get("seen.visits") or 0,
        "days_away": away if isinstance(away, int) else 0,
    }


def _space(context: dict[str, object], name: str) -> dict[str, object]:
    fields = context.setdefault(name, {})
    assert isinstance(fields, dict)
    return fields
