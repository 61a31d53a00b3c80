"""What a person named, read as a time, a place or a country, and kept until it is agreed to."""

from __future__ import annotations

from datetime import date

from bot.dialogue.countries import country_in, suggested_country
from bot.dialogue.draft import Draft
from bot.dialogue.flow import Ask, Reads
from bot.dialogue.proposals import (
    Clear,
    Impossible,
    PlaceRead,
    TimeRead,
    Unclear,
    rule_from_text,
    rule_to_text,
)
from bot.dialogue.schedule import Once, Rule

ABOUT, MAX_ABOUT = "check_ins.about", 1_000
_CANDIDATES = ("a", "b", "c")


def zone_of(draft: Draft) -> str | None:
    """Return the person's IANA zone, or None while it is unknown."""
    known = draft.variables.get("person.zone") or draft.facts.zone
    return str(known) if known else None


def read_answer(draft: Draft, ask: Ask, text: str) -> None:
    """Understand a text as the time or place that was asked for, and keep it as the proposal."""
    if draft.script.readers is None:
        return
    if ask.reads is Reads.TIME:
        _propose_time(draft, text, day=_day_spoken_of(draft))
    elif ask.reads is Reads.ZONE:
        _propose_places(draft, draft.script.readers.places(text, draft.at, draft.locale))


def read_country(draft: Draft, text: str) -> None:
    """Take the country a text names for the person's; nothing changes when it names none."""
    directory = draft.script.helplines
    code = country_in(directory, text) if directory is not None else None
    if code is not None:
        _take_country(draft, code)


def take_suggested_country(draft: Draft) -> None:
    """Take the country the person's zone lies in: only after they said yes to it."""
    directory = draft.script.helplines
    code = suggested_country(directory, zone_of(draft)) if directory is not None else None
    if code is not None:
        _take_country(draft, code)


def _take_country(draft: Draft, code: str) -> None:
    draft.save("person.country", code, draft.visit)
    draft.show_lines()


def read_heard(draft: Draft, reads: Reads) -> None:
    """Understand what they just wrote, or the reminder's words kept from before the zone was known."""
    if reads is Reads.TIME and draft.text.strip() and not draft.variables.get(ABOUT):
        draft.set(ABOUT, draft.text.strip()[:MAX_ABOUT])
    text = str(draft.variables.get(ABOUT) or "") if reads is Reads.TIME else draft.text
    read_answer(draft, Ask(reads=reads), text)


def _day_spoken_of(draft: Draft) -> date | None:
    """The day that is proposed while its hour is still talked about: "no, I meant ten" keeps it."""
    shown = draft.variables.get("proposal.shown")
    question = draft.session.question
    labels = [button.label for row in question.rows for button in row] if question else []
    asked = " ".join((question.text.plain, *labels)) if question else ""
    rule = agreed(draft)
    spoken_of = isinstance(shown, str) and shown.casefold() in asked.casefold()
    return rule.on if isinstance(rule, Once) and spoken_of else None


def _propose_time(draft: Draft, text: str, *, day: date | None = None) -> None:
    zone, readers = zone_of(draft) or "UTC", draft.script.readers
    assert readers is not None
    read = readers.time(text, draft.at, zone, draft.locale, day=day)
    status, rules, problem = _as_proposal(read)
    draft.set("proposal.status", status)
    draft.set("proposal.problem", problem)
    draft.set("proposal.use", None)
    for name, shown_as, rule in zip(
        ("first", "second"), ("shown", "other"), (*rules, None, None), strict=False
    ):
        draft.set(f"proposal.{name}", rule_to_text(rule) if rule else None)
        words = readers.show(rule, draft.at, zone, draft.locale) if rule else None
        draft.set(f"proposal.{shown_as}", words)
    draft.set("proposal.recurs", bool(rules) and not isinstance(rules[0], Once))


def _as_proposal(read: TimeRead) -> tuple[str, tuple[Rule, ...], str | None]:
    match read:
        case Clear(rule=rule):
            return "clear", (rule,), None
        case Unclear(first=one, second=other):
            return "unclear", (one, other), None
        case Impossible(problem=problem):
            return "impossible", (), problem
        case None:
            return "none", (), None


def _propose_places(draft: Draft, places: tuple[PlaceRead, ...]) -> None:
    draft.set("where.status", "none" if not places else "found" if len(places) == 1 else "several")
    draft.set("where.use", None)
    for name, place in zip(_CANDIDATES, (*places[:3], None, None, None), strict=False):
        draft.set(f"where.{name}", place.shown if place else None)
        draft.set(f"where.zone_{name}", place.zone if place else None)


def agreed(draft: Draft) -> Rule | None:
    use = "second" if draft.variables.get("proposal.use") == "other" else "first"
    text = draft.variables.get(f"proposal.{use}")
    return rule_from_text(text) if isinstance(text, str) else None
