"""Loading and checking `content/helplines.yaml`: lines with people, emergency numbers, what countries are called.

A number that can't be relied on must not pass unseen, and a bot must not go silent because time went by: so what
only grew old is an error for the check command (`thoroughly`) and a warning for everybody else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from bot.dialogue.countries import spelling
from bot.dialogue.flow import DEFAULT_LOCALE
from bot.dialogue.helplines import (
    Audience,
    Confidence,
    Country,
    Directory,
    Line,
    Topic,
    read_hours,
)
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.helpline_checks import check_lines
from bot.script.helpline_shapes import Findings, sound_shape
from bot.script.source import read_source


def read_helplines(
    path: Path, *, today: date | None = None, thoroughly: bool = False
) -> tuple[Directory | None, tuple[Diagnostic, ...]]:
    """Return the directory, or None when it can't be used, and every finding in order of place.

    Without `today` no age is checked. `thoroughly`: what was last seen more than 24 months ago is an error.
    """
    if not path.exists():
        missing = Diagnostic(
            path=path,
            line=0,
            code=Code.NO_CONTENT,
            message="There are no lines with people.",
            remedy="Add `helplines.yaml`; a person in danger is shown what stands there.",
        )
        return None, (missing,)
    source, faults = read_source(path)
    findings = Findings(source=source, found=list(faults))
    if source.data is not None and sound_shape(findings, countries=iso_countries(), zones=zones_by_country()):
        check_lines(findings, today=today, thoroughly=thoroughly)
    ordered = tuple(sorted(set(findings.found)))
    if source.data is None or any(each.severity is Severity.ERROR for each in ordered):
        return None, ordered
    return _directory(source.data), ordered


@cache
def iso_countries() -> Mapping[str, str]:
    """ISO 3166 codes of today with an English name, from the tz database."""
    return {code: names[0] for code, *names in _rows("iso3166.tab")}


@cache
def zones_by_country() -> Mapping[str, str]:
    """The country of every IANA zone that lies in one, old names included where the zone serves no other country."""
    zones = dict(_zones_of_today())
    lone = {zone: codes for codes, _, zone, *_ in _rows("zone1970.tab") if "," not in codes}
    for line in _table("tzdata.zi").splitlines():
        if line.startswith("L "):
            _, target, old_name = line.split(" ")
            if target in lone:
                zones.setdefault(old_name, lone[target])
    return zones


@cache
def _zones_of_today() -> Mapping[str, str]:
    return {zone: code for code, _, zone, *_ in _rows("zone.tab")}


def _only_zone(country: str) -> str | None:
    zones = [zone for zone, code in _zones_of_today().items() if code == country]
    return zones[0] if len(zones) == 1 else None


def _rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in _table(name).splitlines() if line and not line.startswith("#")]


def _table(name: str) -> str:
    return resources.files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")


def _directory(data: Any) -> Directory:
    patterns: dict[str, dict[str, str]] = {}
    languages: dict[str, dict[str, str]] = {}
    for locale, words in data["words"].items():
        patterns[locale] = {key: value for key, value in words.items() if isinstance(value, str)}
        languages[locale] = dict(words["languages"])
    return Directory(
        countries={each["country"]: _country(each) for each in data["countries"]},
        anywhere=tuple(data["anywhere"]["emergency"]),
        finders=tuple(_address(each["website"]) for each in data["international"]),
        words=patterns,
        languages=languages,
        in_hours={locale: dict(words.get("in_hours", {})) for locale, words in data["words"].items()},
        shown_as={
            code: {locale: name for locale, name in names.items() if locale != "also"}
            for code, names in data["names"].items()
        },
        spellings=_spellings(data["names"], data.get("other_places", [])),
        shouted=frozenset(spelling(name) for name in data.get("shouted", [])),
        zones=zones_by_country(),
    )


def _spellings(names: Mapping[str, Any], others: list[str]) -> dict[str, str | None]:
    spellings: dict[str, str | None] = {spelling(name): None for name in others}
    for code, forms in names.items():
        said = [form for locale, form in forms.items() if locale != "also"] + list(forms.get("also", []))
        for name in {spelling(form) for form in said}:
            spellings[name] = code if spellings.get(name, code) == code and name not in others else None
    return spellings


def _country(raw: Mapping[str, Any]) -> Country:
    return Country(
        code=raw["country"],
        emergency=tuple(raw["emergency"]),
        emergency_show=_by_locale(raw.get("emergency_show")),
        hours_zone=raw.get("hours_zone") or _only_zone(raw["country"]),
        lines=tuple(_line(each) for each in raw["lines"]),
    )


def _line(raw: Mapping[str, Any]) -> Line:
    texting = raw.get("text", {})
    return Line(
        name=raw["name"],
        hours=read_hours(raw["hours"]),
        languages=tuple(raw["languages"]),
        topic=Topic(raw["topic"]),
        audience=Audience(raw.get("audience", Audience.EVERYONE)),
        confidence=Confidence(raw["confidence"]),
        seen=date.fromisoformat(raw["seen"]),
        confirmed=date.fromisoformat(raw["confirmed"]) if raw.get("confirmed") else None,
        call=raw.get("call"),
        call_alt=tuple(raw.get("call_alt", ())),
        menu=raw.get("menu"),
        text=texting.get("number"),
        keyword=texting.get("keyword"),
        whatsapp=raw.get("whatsapp"),
        chat=raw.get("chat"),
        website=raw.get("website"),
        free={"yes": True, "no": False}.get(raw["free"]),
        region=_by_locale(raw.get("region")),
        show=_by_locale(raw.get("show")),
    )


def _by_locale(text: str | Mapping[str, str] | None) -> Mapping[str, str]:
    if text is None:
        return {}
    return {DEFAULT_LOCALE: text} if isinstance(text, str) else dict(text)


def _address(website: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|/$", "", website)
