"""What a well-shaped `content/helplines.yaml` may still have wrong: sources, ages, numbers, doubles, gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bot.dialogue.helplines import Audience, Topic
from bot.script.diagnostics import Code, Severity
from bot.script.helpline_shapes import Findings
from bot.script.numbering import (
    PLANS,
    Plan,
    can_be_dialled,
    can_be_texted,
    digits,
    is_international,
    well_written,
)
from bot.script.source import KeyPath

WARN_AFTER_MONTHS, FAIL_AFTER_MONTHS = 12, 24


def check_lines(findings: Findings, *, today: date | None, thoroughly: bool) -> None:
    """Add what is wrong with the entries. Ages are counted up to `today`, if given."""
    data: Any = findings.source.data
    for at, name, entry in _entries(data):
        if not entry.get(f"{_prefix(entry)}sources"):
            message, remedy = f"{name} has no source.", "Say where it was seen, or remove it."
            findings.add(at, Code.HELPLINE_SOURCE, message, remedy)
        if today is not None:
            _check_age(findings, at, name, entry, today=today, thoroughly=thoroughly)
    if today is not None and thoroughly:
        _check_evidence(findings, data, today)
    codes: dict[str, KeyPath] = {}
    for n, country in enumerate(data["countries"]):
        at = ("countries", n)
        _check_once(findings, codes, country["country"], (*at, "country"))
        _check_numbers(findings, at, country)
        _check_doubles(findings, at, country)
        if not any(_is_for_anyone(line) for line in country["lines"]):
            message = f"{country['country']} has no crisis line for everyone."
            remedy = "Look for one; until then people are shown the emergency number first."
            findings.add((*at, "country"), Code.NO_CRISIS_LINE, message, remedy, Severity.WARNING)


def _entries(data: Any) -> Iterable[tuple[KeyPath, str, Mapping[str, Any]]]:
    """Everything with sources and a date: links, countries for their emergency numbers, lines."""
    for n, link in enumerate(data["international"]):
        yield ("international", n), link["name"], link
    for n, country in enumerate(data["countries"]):
        code = country["country"]
        yield ("countries", n), f"The emergency number of {code}", country
        for m, line in enumerate(country["lines"]):
            yield ("countries", n, "lines", m), f"{line['name']} ({code})", line


def _check_age(
    findings: Findings, at: KeyPath, name: str, entry: Mapping[str, Any], *, today: date, thoroughly: bool
) -> None:
    prefix = _prefix(entry)
    keys = [key for key in (f"{prefix}seen", f"{prefix}confirmed") if key in entry]
    key = max(keys, key=lambda each: str(entry[each]))
    last = date.fromisoformat(entry[key])
    place = (*at, key)
    if last > today:
        # Also a clock that is wrong must not keep the bot from starting.
        severity = Severity.ERROR if thoroughly else Severity.WARNING
        findings.add(
            place,
            Code.HELPLINE_AGE,
            f"{name} was seen on {last}, after today.",
            "Correct the date.",
            severity,
        )
    elif last < _months_before(today, WARN_AFTER_MONTHS):
        gone = last < _months_before(today, FAIL_AFTER_MONTHS)
        months = FAIL_AFTER_MONTHS if gone else WARN_AFTER_MONTHS
        message = f"{name} was last seen on {last}, more than {months} months ago."
        remedy = "Look it up, correct it, and write today's date in `seen` (or `confirmed`, after a call)."
        severity = Severity.ERROR if gone and thoroughly else Severity.WARNING
        findings.add(place, Code.HELPLINE_AGE, message, remedy, severity)


def _prefix(entry: Mapping[str, Any]) -> str:
    return "emergency_" if "emergency" in entry else ""


def _check_evidence(findings: Findings, data: Any, today: date) -> None:
    """One finding for all: lines nobody confirmed whose sources are themselves old or undated."""
    limit = _months_before(today, FAIL_AFTER_MONTHS)
    weak = [
        (at, name)
        for at, name, entry in _entries(data)
        if not {"emergency", "confirmed"} & set(entry)
        and entry.get("sources")  # without any, that is told
        and _newest(entry["sources"]) < limit
    ]
    if weak:
        names = "; ".join(f"line {findings.source.line_of(at)} {name}" for at, name in weak)
        message = (
            f"{len(weak)} entries rest on sources older than {FAIL_AFTER_MONTHS} months or undated: {names}."
        )
        remedy = "Confirm these first, and write the day in `confirmed`."
        findings.add(weak[0][0], Code.HELPLINE_AGE, message, remedy, Severity.WARNING)


def _newest(sources: Iterable[Mapping[str, str]]) -> date:
    """The latest day that the newest dated source can be of."""
    return max((_latest_day(source["as_of"]) for source in sources), default=date.min)


def _latest_day(as_of: str) -> date:
    written = re.search(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", as_of)
    if written is None:
        return date.min
    try:
        return date(int(written[1]), int(written[2] or 12), int(written[3] or 28))
    except ValueError:  # "2021-22" is a season
        return date(int(written[1]) + 1, 12, 28)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))


def _check_numbers(findings: Findings, at: KeyPath, country: Mapping[str, Any]) -> None:
    code = country["country"]
    plan = PLANS.get(code)
    if plan is None and not findings.tells_of((*at, "country")):
        message = f"Numbers of {code} can't be checked: its numbering plan isn't known here."
        remedy = "Compare them twice; a plan can be added in bot/script/numbering.py."
        findings.add((*at, "country"), Code.HELPLINE_NUMBER, message, remedy, Severity.WARNING)
    _check_emergency(findings, at, country, plan)
    for m, line in enumerate(country["lines"]):
        for place, number, fits in _numbers(line, plan):
            if not (well_written(number) and fits):
                message = f"`{number}` can't be a number of {line['name']} in {code}."
                remedy = "Compare it with its sources, digit by digit."
                findings.add((*at, "lines", m, *place), Code.HELPLINE_NUMBER, message, remedy)


def _check_emergency(findings: Findings, at: KeyPath, country: Mapping[str, Any], plan: Plan | None) -> None:
    code, numbers = country["country"], country["emergency"]
    if not numbers:
        findings.add((*at, "emergency"), Code.SHAPE, f"{code} has no emergency number.", "Add it.")
    for number in numbers:
        if plan is not None and number not in plan.emergency:
            known = ", ".join(sorted(plan.emergency))
            message = f"`{number}` is not an emergency number of {code}."
            findings.add((*at, "emergency"), Code.HELPLINE_NUMBER, message, f"Known are {known}.")
    said = country.get("emergency_show", {})
    for text in said.values() if isinstance(said, dict) else (said,):
        if set(re.findall(r"\d{3,}", text)) != {n for n in numbers if len(n) > 2} or not all(
            re.search(rf"\b{n}\b", text) for n in numbers
        ):
            message = f"`{text}` doesn't tell of the same numbers as `emergency`."
            findings.add((*at, "emergency_show"), Code.HELPLINE_NUMBER, message, "Make the two agree.")


def _numbers(line: Mapping[str, Any], plan: Plan | None) -> Iterable[tuple[KeyPath, str, bool]]:
    """Every number of a line with its place, and whether the plan allows it there."""
    if "call" in line:
        yield ("call",), line["call"], plan is None or can_be_dialled(line["call"], plan)
    for n, number in enumerate(line.get("call_alt", [])):
        yield ("call_alt", n), number, plan is None or can_be_dialled(number, plan)
    if "text" in line:
        number = line["text"]["number"]
        yield ("text", "number"), number, plan is None or can_be_texted(number, plan)
    if "whatsapp" in line:
        number = line["whatsapp"]
        yield (
            ("whatsapp",),
            number,
            number.startswith("+") and (plan is None or is_international(number, plan)),
        )
    if "menu" in line:
        yield ("menu",), line["menu"], len(line["menu"]) <= 3


def _check_doubles(findings: Findings, at: KeyPath, country: Mapping[str, Any]) -> None:
    names: dict[str, KeyPath] = {}
    numbers: dict[str, KeyPath] = {}
    for m, line in enumerate(country["lines"]):
        place = (*at, "lines", m)
        _check_once(findings, names, line["name"], (*place, "name"))
        for n, number in enumerate([line.get("call"), *line.get("call_alt", [])]):
            if number is not None:
                key = f"{digits(number)} {line.get('menu', '')}".strip()
                _check_once(
                    findings, numbers, key, (*place, "call") if n == 0 else (*place, "call_alt", n - 1)
                )
        if "text" in line:
            key = " ".join(("text", digits(line["text"]["number"]), line["text"].get("keyword", "")))
            _check_once(findings, numbers, key, (*place, "text"))


def _check_once(findings: Findings, before: dict[str, KeyPath], key: str, at: KeyPath) -> None:
    if key in before:
        message = f"`{key}` stands here and on line {findings.source.line_of(before[key])}."
        findings.add(at, Code.HELPLINE_TWICE, message, "Keep one of the two.")
    before.setdefault(key, at)


def _is_for_anyone(line: Mapping[str, Any]) -> bool:
    everyone: bool = line.get("audience", Audience.EVERYONE) == Audience.EVERYONE
    return everyone and str(line["topic"]) == Topic.CRISIS
