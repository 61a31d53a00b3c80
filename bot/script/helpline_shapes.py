"""What may stand where in `content/helplines.yaml`: keys, kinds of value, and the closed lists."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from string import Formatter
from typing import Any

from bot.dialogue.flow import DEFAULT_LOCALE
from bot.dialogue.helplines import Audience, Confidence, Topic
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.source import KeyPath, Source

GUIDE = "Compare it with the head of this file."


class Kind(StrEnum):
    TEXT = "a text"
    TEXTS = "a list of texts"
    LIST = "a list"
    GROUP = "a group of keys"
    SAID = "a text, or one for each language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found in one file so far; `broken` are the places that can't be read any further."""

    source: Source
    found: list[Diagnostic]
    broken: list[KeyPath] = field(default_factory=list)

    def add_broken(self, at: KeyPath, code: Code, message: str, remedy: str) -> None:
        self.broken.append(at)
        self.add(at, code, message, remedy)

    def tells_of(self, at: KeyPath) -> bool:
        return any(each.line == self.source.line_of(at) for each in self.found)

    def add(
        self, at: KeyPath, code: Code, message: str, remedy: str, severity: Severity = Severity.ERROR
    ) -> None:
        self.found.append(
            Diagnostic(
                path=self.source.path,
                line=self.source.line_of(at),
                code=code,
                message=message,
                remedy=remedy,
                severity=severity,
            )
        )


# A "!" marks a key that must be there. `sources` has a check of its own.
_T, _L = Kind.TEXT, Kind.LIST
_TOP = {"anywhere!": Kind.GROUP, "words!": Kind.GROUP, "names!": Kind.GROUP, "shouted": Kind.TEXTS}
_TOP |= {"other_places": Kind.TEXTS, "international!": _L, "countries!": _L}
_LINK = {
    "name!": _T,
    "website!": _T,
    "note": _T,
    "seen!": _T,
    "confirmed": _T,
    "sources": _L,
    "confidence!": _T,
}
_COUNTRY = {"country!": _T, "emergency!": Kind.TEXTS, "emergency_show": Kind.SAID, "emergency_note": _T}
_COUNTRY |= {
    "emergency_seen!": _T,
    "emergency_confirmed": _T,
    "emergency_sources": _L,
    "hours_zone": _T,
    "lines!": _L,
}
_LINE = {
    "name!": _T,
    "call": _T,
    "call_alt": Kind.TEXTS,
    "menu": _T,
    "text": Kind.GROUP,
    "whatsapp": _T,
    "chat": _T,
}
_LINE |= {
    "website": _T,
    "hours!": _T,
    "hours_note": _T,
    "languages!": Kind.TEXTS,
    "topic!": _T,
    "audience": _T,
}
_LINE |= {
    "free!": _T,
    "region": Kind.SAID,
    "show": Kind.SAID,
    "note": _T,
    "seen!": _T,
    "confirmed": _T,
    "sources": _L,
}
_LINE |= {"confidence!": _T}
_SOURCE = {"url": _T, "kind!": _T, "as_of!": _T}
# The patterns of `words`, with what each must have filled in.
_PATTERNS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys("or comma end unknown free charged".split(), frozenset()),
    **{name: frozenset({"number"}) for name in ("call", "text", "whatsapp")},
    **{name: frozenset({"hours"}) for name in ("open", "closed", "hours")},
    "line": frozenset({"name", "ways", "details"}),
    "line_note": frozenset({"line", "note"}),
    "menu": frozenset({"number", "menu"}),
    "keyword": frozenset({"number", "keyword"}),
    "chat": frozenset({"address"}),
}
_WORDS = {f"{name}!": _T for name in _PATTERNS} | {"languages!": Kind.GROUP, "in_hours": Kind.GROUP}
_SOURCE_KINDS = ("official", "government", "news", "list", "repository")
_AS_OF = re.compile(r"undated|(?:c\. )?\d{4}(?:-\d{2}){0,2}")
_DATES = ("seen", "confirmed", "emergency_seen", "emergency_confirmed")


def sound_shape(findings: Findings, *, countries: Collection[str], zones: Collection[str]) -> bool:
    """Add what is missing, unknown or of the wrong kind; False when the file can't be read any further."""
    data: Any = findings.source.data
    if not _keys(findings, (), data, _TOP):
        return False
    if _keys(findings, ("anywhere",), data["anywhere"], {"emergency!": Kind.TEXTS}):
        _emergency(findings, data["anywhere"]["emergency"])
    _words(findings, data["words"])
    _names(findings, data["names"], countries)
    for n, link in enumerate(data["international"]):
        _entry(findings, ("international", n), link, _LINK)
    for n, country in enumerate(data["countries"]):
        _country(findings, ("countries", n), country, countries, zones)
    for key in ("international", "countries"):
        if not data[key]:
            findings.add_broken((key,), Code.SHAPE, f"`{key}` is empty.", "Add at least one.")
    if not findings.broken:
        _languages(findings, data)
    return not findings.broken


def _emergency(findings: Findings, numbers: Sequence[str]) -> None:
    """What somebody in danger is told wherever they are."""
    at = ("anywhere", "emergency")
    if not numbers:
        findings.add_broken(at, Code.SHAPE, "No emergency number is known that works anywhere.", "Add it.")
    for n, number in enumerate(numbers):
        if not number.isdecimal():
            _value(findings, (*at, n), f"`{number}` is no number to call", "Write its digits alone.")


def _country(
    findings: Findings, at: KeyPath, country: Any, countries: Collection[str], zones: Collection[str]
) -> None:
    if not _entry(findings, at, country, _COUNTRY):
        return
    names: Any = findings.source.data
    code = country["country"]
    if code not in countries:
        _value(findings, (*at, "country"), f"`{code}` is no country", "Use its two-letter ISO 3166 code.")
    elif code not in names["names"]:
        remedy = "Add what people call it."
        _value(findings, (*at, "country"), f"`{code}` has no entry under `names`", remedy)
    zone = country.get("hours_zone")
    if zone is not None and zone not in zones:
        _value(findings, (*at, "hours_zone"), f"`{zone}` is no time zone", "Write it as Europe/Lisbon.")
    for n, line in enumerate(country["lines"]):
        if _entry(findings, (*at, "lines", n), line, _LINE):
            _line(findings, (*at, "lines", n), line)


def _line(findings: Findings, at: KeyPath, line: Mapping[str, Any]) -> None:
    if not any(key in line for key in ("call", "text", "whatsapp", "chat")):
        message = f"{line['name']} can't be reached in any way."
        findings.add(at, Code.SHAPE, message, "Add `call`, `text`, `whatsapp` or `chat`.")
    if "text" in line:
        _keys(findings, (*at, "text"), line["text"], {"number!": _T, "keyword": _T})
    _one_of(findings, at, line, "topic", list(Topic))
    _one_of(findings, at, line, "audience", list(Audience))
    _one_of(findings, at, line, "free", ["yes", "no", "unknown"])
    for key in ("chat", "website"):
        if not line.get(key, "https://").startswith(("https://", "http://")):
            _value(findings, (*at, key), f"`{line[key]}` is no address", "Begin it with https://.")


def _entry(findings: Findings, at: KeyPath, entry: Any, keys: Mapping[str, Kind]) -> bool:
    """A country, line or link: keys, dates, confidence, the shape of its sources."""
    if not _keys(findings, at, entry, keys):
        return False
    _one_of(findings, at, entry, "confidence", list(Confidence))
    for key in _DATES:
        if key in entry and not _is_date(entry[key]):
            remedy = "Write it as 2026-11-21."
            findings.add_broken((*at, key), Code.HELPLINE_AGE, f"`{entry[key]}` is not a date.", remedy)
    for key in ("sources", "emergency_sources"):
        for n, source in enumerate(entry.get(key, [])):
            place = (*at, key, n)
            if _keys(findings, place, source, _SOURCE):
                _one_of(findings, place, source, "kind", _SOURCE_KINDS)
                if not _AS_OF.fullmatch(source["as_of"]):
                    remedy = "Write 2026-10-06, 2026-10, 2026, `c. 2026` or `undated`."
                    _value(findings, (*place, "as_of"), f"`{source['as_of']}` is not a source's date", remedy)
    return True


def _words(findings: Findings, words: Mapping[str, Any]) -> None:
    if DEFAULT_LOCALE not in words:
        findings.add_broken(("words",), Code.SHAPE, f"`words.{DEFAULT_LOCALE}` is missing.", "Add it.")
    for locale, patterns in words.items():
        if not _keys(findings, ("words", locale), patterns, _WORDS):
            continue
        names = patterns["languages"]
        _keys(findings, ("words", locale, "languages"), names, dict.fromkeys(names, Kind.TEXT))
        for name, wanted in _PATTERNS.items():
            if _fields(patterns[name]) != wanted:
                named = ", ".join(f"{{{field}}}" for field in sorted(wanted)) or "nothing"
                message = f"`{name}` must have these filled in: {named}."
                findings.add(("words", locale, name), Code.SHAPE, message, "Write them in braces.")


def _names(findings: Findings, names: Mapping[str, Any], countries: Collection[str]) -> None:
    for code, forms in names.items():
        at = ("names", code)
        if code not in countries:
            _value(findings, at, f"`{code}` is no country", "Use its two-letter ISO 3166 code.")
        if not isinstance(forms, dict):
            findings.add_broken(at, Code.SHAPE, f"`names.{code}` must be {Kind.GROUP.value}.", GUIDE)
            continue
        kinds = dict.fromkeys(forms, Kind.TEXT) | {f"{DEFAULT_LOCALE}!": _T, "also": Kind.TEXTS}
        _keys(findings, at, forms, kinds)


def _languages(findings: Findings, data: Any) -> None:
    for n, country in enumerate(data["countries"]):
        for m, line in enumerate(country["lines"]):
            at = ("countries", n, "lines", m, "languages")
            for code in line["languages"]:
                lacking = [each for each, words in data["words"].items() if code not in words["languages"]]
                if lacking:
                    where = " and ".join(f"`words.{locale}.languages`" for locale in lacking)
                    message = f"`{code}` has no name under {where}"
                    _value(findings, at, message, "Correct the code, or add its name there.")


def _one_of(
    findings: Findings, at: KeyPath, entry: Mapping[str, Any], key: str, known: Collection[str]
) -> None:
    if key in entry and entry[key] not in known:
        _value(findings, (*at, key), f"`{entry[key]}` is no `{key}`", f"Use one of {', '.join(known)}.")


def _value(findings: Findings, at: KeyPath, message: str, remedy: str) -> None:
    findings.add(at, Code.HELPLINE_VALUE, f"{message}.", remedy)


def _keys(findings: Findings, at: KeyPath, value: Any, keys: Mapping[str, Kind]) -> bool:
    """False when `value` lacks one of these keys or has one of another kind; a key too many is only told."""
    where = ".".join(map(str, at)) or "the file"
    if not isinstance(value, dict):
        findings.add_broken(at, Code.SHAPE, f"`{where}` must be {Kind.GROUP.value}.", GUIDE)
        return False
    before = len(findings.broken)
    kinds = {key.rstrip("!"): kind for key, kind in keys.items()}
    for key in (key for key in keys if key.endswith("!") and key[:-1] not in value):
        findings.add_broken(at, Code.SHAPE, f"`{key[:-1]}` is missing in `{where}`.", "Add it.")
    for key, each in value.items():
        place = (*at, key)
        if key not in kinds:
            remedy = "Check its spelling and indentation, or remove it."
            findings.add(place, Code.SHAPE, f"`{key}` isn't a key that belongs here.", remedy)
        elif not _is(each, kinds[key]):
            findings.add_broken(place, Code.SHAPE, f"`{key}` must be {kinds[key].value}.", GUIDE)
    return len(findings.broken) == before


def _is(value: object, kind: Kind) -> bool:
    match kind:
        case Kind.TEXT:
            return isinstance(value, str) and bool(value.strip())
        case Kind.LIST:
            return isinstance(value, list)
        case Kind.TEXTS:
            return isinstance(value, list) and all(_is(each, Kind.TEXT) for each in value)
        case Kind.GROUP:
            return isinstance(value, dict) and all(key for key in value)
        case Kind.SAID:
            texts = value.values() if isinstance(value, dict) and DEFAULT_LOCALE in value else (value,)
            return all(_is(each, Kind.TEXT) for each in texts)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _fields(pattern: str) -> frozenset[str] | None:
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(pattern) if name is not None)
    except ValueError:
        return None
