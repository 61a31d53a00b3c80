"""What a person sets about themselves, read out of a sentence: a name, a contact, quiet hours."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

from bot.dialogue.countries import country_in
from bot.dialogue.draft import Draft
from bot.dialogue.flow import Deed, Step
from bot.dialogue.missed import Kind
from bot.dialogue.promises import promise_again, promised, quiet_of
from bot.dialogue.proposing import read_country
from bot.dialogue.quiet import as_text, outside
from bot.dialogue.schedule import Once, moment

FLOW, STATUS = "settings", "setting.status"
MAX_NAME_CHARS, MAX_NAME_WORDS = 40, 4
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d\d))?(?:\s*(?P<half>[ap])(?:\.?\s?m\b\.?)|(?P<short>[ap])\b)?(?![\d:])"
)
_END = re.compile(r"[,;:!?\n(]|\.(?:\s|$)")


def take_settings(draft: Draft, step: Step) -> None:
    """Do what a step says about the person's settings."""
    if Deed.READ_NAME in step.do:
        read_name(draft, "person.name", "name-after")
    if Deed.READ_CONTACT in step.do:
        read_name(draft, "person.trusted", "contact-after")
    if Deed.READ_QUIET in step.do:
        read_quiet(draft)
    if Deed.TAKE_QUIET in step.do:
        take_quiet(draft)
    if Deed.READ_COUNTRY in step.do:
        read_country_heard(draft)


def read_name(draft: Draft, target: str, label: str) -> None:
    """Keep the name in what they just wrote: what follows one of the label's phrases, else the whole of a short text.

    `setting.status` says whether there was one.
    """
    found = _named(draft.text, _phrases(draft, label), _phrases(draft, "name-ends"))
    _done(draft, taken=found is not None)
    if found is not None:
        draft.save(target, found, draft.visit)


def read_country_heard(draft: Draft) -> None:
    directory = draft.script.helplines
    _done(draft, taken=directory is not None and country_in(directory, draft.text) is not None)
    read_country(draft, draft.text)


def read_quiet(draft: Draft) -> None:
    """Keep the quiet hours in what they just wrote, and move what was proposed into the hours that are left."""
    hours = _hours(draft)
    _done(draft, taken=hours is not None)
    if hours is not None:
        draft.save("person.quiet", as_text(*hours), draft.visit)
        take_quiet(draft)


def take_quiet(draft: Draft) -> None:
    """Go by the quiet hours just set: what was proposed moves out of them."""
    draft.show_quiet()
    for check_in in promised(draft):
        if check_in.named or check_in.kind is Kind.TIMED_WRITE:
            continue
        zone = ZoneInfo(check_in.zone)
        due = outside(quiet_of(draft), moment(check_in.day, check_in.rule.at, zone), zone)
        if due != check_in.due and due > draft.at and isinstance(check_in.rule, Once):
            promise_again(draft, replace(check_in, due=due))


def clocks(text: str) -> list[tuple[time, bool]]:
    """Return the times of day in digits, and whether each says plainly which half of the day it means."""
    found = []
    for match in _CLOCK.finditer(text.lower()):
        hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"] or match["short"]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        if hour <= 24 and minute < 60:
            found.append(
                (time(hour % 24, minute), bool(half) or hour > 12 or (len(match["hour"]) > 1 and hour < 10))
            )
    return found


def nightly(start: tuple[time, bool], end: tuple[time, bool]) -> tuple[time, time]:
    """Return the hours meant: "from 10 to 7" is a night, said by the clock on the wall."""
    (begins, plain), (ends, _) = start, end
    if not plain and 5 <= begins.hour <= 11 and ends.hour <= 12:
        begins = begins.replace(hour=begins.hour + 12)
    elif not plain and begins.hour == 12 and ends.hour < 12:
        begins = begins.replace(hour=0)
    return begins, ends


def _hours(draft: Draft) -> tuple[time, time] | None:
    found, text = clocks(draft.text), f" {draft.text.lower()} "
    if len(found) >= 2:
        return nightly(found[0], found[1])
    if len(found) != 1:
        return None
    now = quiet_of(draft)
    if any(f" {phrase} " in text for phrase in _phrases(draft, "quiet-until")):
        return now.start, found[0][0]
    if any(f" {phrase} " in text for phrase in _phrases(draft, "quiet-from")):
        return nightly(found[0], (now.end, True))
    return None


def _named(text: str, leads: tuple[str, ...], ends: tuple[str, ...]) -> str | None:
    plain = text.strip().replace("’", "'")
    said = _after(plain, leads)
    rest = _END.split(said if said is not None else plain, maxsplit=1)[0]
    for end in ends:
        rest = re.split(rf"(?i)\b{re.escape(end)}\b", rest, maxsplit=1)[0]
    name = " ".join(rest.split()).strip("\"'“”‘ -")
    fits = len(name) <= MAX_NAME_CHARS and len(name.split()) <= MAX_NAME_WORDS
    return name if fits and any(character.isalpha() for character in name) else None


def _after(text: str, leads: tuple[str, ...]) -> str | None:
    for lead in leads:
        found = re.search(rf"(?i)(?:^|\W){re.escape(lead)}\s+", text)
        if found is not None:
            return text[found.end() :]
    return None


def _phrases(draft: Draft, label: str) -> tuple[str, ...]:
    texts = draft.script.flows[FLOW].labels.get(label, {}) if FLOW in draft.script.flows else {}
    return tuple(phrase.strip() for phrase in draft.words(texts).split("|") if phrase.strip())


def _done(draft: Draft, *, taken: bool) -> None:
    draft.set(STATUS, "taken" if taken else "none")
