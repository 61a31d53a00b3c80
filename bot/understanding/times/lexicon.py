"""The words of times in one locale, as content lists them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import TypeGuard

from bot.understanding.faults import Fault, FaultCode, Faults
from bot.understanding.spelling import Spelling

MAX_PHRASE_WORDS = 5
_MENDED_FROM_CHARS = 5  # shorter words are too close to one another


class Kind(StrEnum):
    """What a word of a time does. The value is its letter in the patterns of `grammar`."""

    NUMBERS = "N"
    YEAR = "Y"
    CLOCK = "C"
    ISO_DATE = "I"
    SLASH_DATE = "S"
    WEEKDAYS = "W"
    EVERY_WEEKDAY = "P"
    MONTHS = "M"
    UNITS = "U"
    DAYS = "D"
    PARTS = "R"
    EXACT = "X"
    MERIDIEM = "m"
    SPANS = "Z"
    HALF_PAST = "h"
    MINUTES_OF = "p"
    HOUR_THEN = "j"
    ADDED = "s"
    EVERY_UNIT = "L"
    AN = "A"
    IN = "i"
    FROM_NOW = "f"
    AT = "a"
    NEXT = "x"
    THIS = "t"
    EVERY = "e"
    WORKING_DAYS = "B"
    WEEKEND = "K"
    END = "E"
    OF = "G"
    THE = "T"
    ORDINAL = "O"
    OCLOCK = "k"
    OR = "r"
    NOT = "n"
    FILLER = ""
    OTHER = " "


_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TOKENS = (Kind.YEAR, Kind.CLOCK, Kind.ISO_DATE, Kind.SLASH_DATE, Kind.OTHER)
_VALUED = tuple(
    Kind[k]
    for k in """NUMBERS WEEKDAYS EVERY_WEEKDAY MONTHS UNITS DAYS PARTS EXACT MERIDIEM SPANS HALF_PAST
    MINUTES_OF HOUR_THEN ADDED EVERY_UNIT""".split()
)
_ANY, _WEEKDAY = re.compile(r".*"), re.compile("|".join(_WEEK))
_VALUES = {
    Kind.NUMBERS: re.compile(r"\d{1,4}"),
    Kind.WEEKDAYS: _WEEKDAY,
    Kind.EVERY_WEEKDAY: _WEEKDAY,
    Kind.MONTHS: re.compile(r"[1-9]|1[0-2]"),
    Kind.UNITS: re.compile("minute|hour|day|week|month"),
    Kind.DAYS: re.compile(r"-?\d{1,2}"),
    Kind.EXACT: re.compile(r"[01]\d:[0-5]\d|2[0-3]:[0-5]\d"),
    Kind.MERIDIEM: re.compile("am|pm"),
    Kind.SPANS: re.compile(r"\d{1,3}"),
    Kind.HALF_PAST: re.compile(r"-?[1-5]?\d"),
    Kind.MINUTES_OF: re.compile("-?1"),
    Kind.HOUR_THEN: re.compile("-?1"),
    Kind.ADDED: re.compile(r"-?[1-5]?\d"),
    Kind.EVERY_UNIT: re.compile("day|week|other"),
}
_SECTIONS = {k.name.lower(): k for k in Kind if k not in _TOKENS}
_OTHER_KEYS = ("settings", "spellings", "part_hours", "leave", "place_leads", "place_fillers", "countries")
_TEXTS = ("leave", "place_leads", "place_fillers")
_SETTINGS = {"slash": ("either", "day_first"), "next_weekday": ("either", "coming")}

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHours:
    """When a part of the day begins, ends (perhaps after midnight), and its hour when none is said."""

    start: time
    end: time
    usual: time


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`phrases` maps folded words to what they do; `value` is text and read by the grammar."""

    locale: str
    phrases: Mapping[Words, tuple[Kind, str]]
    spellings: Mapping[Words, Words]
    parts: Mapping[str, PartHours]
    mending: Spelling
    known: frozenset[str]
    slash_day_first: bool
    next_is_coming: bool
    place_leads: frozenset[Words]
    place_fillers: frozenset[str]
    countries: Mapping[Words, str]

    def mend(self, word: str) -> str:
        if word in self.known or len(word) < _MENDED_FROM_CHARS:
            return word
        return self.mending.mend(word)


def folded(text: str) -> str:
    """Lower case, without accents."""
    lower = text.lower().replace("’", "'")
    if lower.isascii():
        return lower
    plain = unicodedata.normalize("NFKD", lower)
    return "".join(c for c in plain if not unicodedata.combining(c))


def compile_times(locale: str, raw: object) -> tuple[Lexicon, tuple[Fault, ...]]:
    """Read one locale's document (every scalar a text). Wrong parts are reported and left out."""
    faults = Faults()
    document = raw if isinstance(raw, Mapping) else {}
    if raw is not None and not document:  # None: it could not be read, and that is told
        faults.add(
            (locale,), FaultCode.SHAPE, "no words of times", "write them as content/times/en.yaml does"
        )
    for name in _TEXTS:
        if not isinstance(document.get(name, ""), str):
            faults.add(
                (locale, name), FaultCode.SHAPE, f"{name}: not a text", "write the words after one another"
            )
    for key in document:
        if key not in _SECTIONS and key not in _OTHER_KEYS:
            remedy = "use one of: " + ", ".join(sorted({*_SECTIONS, *_OTHER_KEYS}))
            faults.add((locale, str(key)), FaultCode.UNKNOWN_KEY, f"unknown key {key!r}", remedy)
    phrases = dict(_phrases(locale, document, faults))
    spellings = dict(_spellings(locale, document, faults))
    parts = _parts(locale, document, faults)
    settings = _settings(locale, document, faults)
    leave = str(document.get("leave", "")).split()
    known = frozenset({w for phrase in (*phrases, *spellings) for w in phrase} | set(map(folded, leave)))
    mendable = [w for w in known if len(w) >= _MENDED_FROM_CHARS and w not in leave]
    lexicon = Lexicon(
        locale=locale,
        phrases=phrases,
        spellings=spellings,
        parts=parts,
        mending=Spelling(mendable, frozenset(map(folded, leave))),
        known=known,
        slash_day_first=settings.get("slash") == "day_first",
        next_is_coming=settings.get("next_weekday") == "coming",
        place_leads=frozenset(map(_split, str(document.get("place_leads", "")).split(";"))) - {()},
        place_fillers=frozenset(_split(str(document.get("place_fillers", "")))),
        countries=_countries(locale, document, faults),
    )
    return lexicon, faults.as_tuple()


def _phrases(
    locale: str, document: Mapping[object, object], faults: Faults
) -> Iterator[tuple[Words, tuple[Kind, str]]]:
    for name, kind in _SECTIONS.items():
        section = document.get(name, {})
        if kind not in _VALUED:
            section = {name: section or []}
        if not isinstance(section, Mapping):
            faults.add(
                (locale, name), FaultCode.SHAPE, f"{name}: not a mapping", "write one `value: [words]` a line"
            )
            continue
        for value, said in section.items():
            if not _are_words(said):
                faults.add(
                    (locale, name, str(value)), FaultCode.SHAPE, f"{value}: not a list", "write [one, two]"
                )
                continue
            if not _VALUES.get(kind, _ANY).fullmatch(str(value)):
                remedy = "see content/times/en.yaml for what may stand on the left"
                faults.add(
                    (locale, name, str(value)), FaultCode.UNKNOWN_VALUE, f"no {name}: {value!r}", remedy
                )
                continue
            meant = str(_WEEK.index(value)) if value in _WEEK else str(value)
            yield from ((_split(str(phrase)), (kind, meant)) for phrase in said)


def _spellings(
    locale: str, document: Mapping[object, object], faults: Faults
) -> Iterator[tuple[Words, Words]]:
    for written, meant in _mapping(locale, "spellings", document, faults).items():
        if isinstance(meant, str) and meant:
            yield _split(str(written)), _split(meant)
        else:
            remedy = f"write {written}: what it means"
            faults.add((locale, "spellings", str(written)), FaultCode.SHAPE, f"{written}: not a text", remedy)


def _are_words(said: object) -> TypeGuard[list[str]]:
    return isinstance(said, list) and all(isinstance(each, str) and each for each in said)


def _mapping(
    locale: str, name: str, document: Mapping[object, object], faults: Faults
) -> Mapping[object, object]:
    section = document.get(name, {})
    if isinstance(section, Mapping):
        return section
    faults.add((locale, name), FaultCode.SHAPE, "not a mapping", "write one `name: value` a line")
    return {}


def _parts(locale: str, document: Mapping[object, object], faults: Faults) -> dict[str, PartHours]:
    found = {}
    hours = _mapping(locale, "part_hours", document, faults)
    for name in _mapping(locale, "parts", document, faults):
        try:
            start, end, usual = (time.fromisoformat(str(h)) for h in hours[name])  # type: ignore[attr-defined]
        except (KeyError, TypeError, ValueError):
            remedy = 'write three times: from, to, usual, as in ["04:00", "12:00", "09:00"]'
            faults.add((locale, "part_hours", str(name)), FaultCode.MISSING, f"{name}: no hours", remedy)
            start, end, usual = time(0), time(23, 59), time(12)
        found[str(name)] = PartHours(start=start, end=end, usual=usual)
    return found


def _countries(locale: str, document: Mapping[object, object], faults: Faults) -> dict[Words, str]:
    found = {}
    for code, names in _mapping(locale, "countries", document, faults).items():
        if not _are_words(names):
            faults.add((locale, "countries", str(code)), FaultCode.SHAPE, "not a list", "write [one, two]")
            continue
        found.update({_split(str(name).replace(".", " ")): str(code) for name in names})
    return found


def _settings(locale: str, document: Mapping[object, object], faults: Faults) -> dict[str, str]:
    given = {str(k): str(v) for k, v in _mapping(locale, "settings", document, faults).items()}
    for name, value in given.items():
        if value not in _SETTINGS.get(name, ()):
            remedy = "; ".join(f"{k}: {' or '.join(v)}" for k, v in _SETTINGS.items())
            faults.add((locale, "settings", name), FaultCode.UNKNOWN_VALUE, f"{name}: {value!r}", remedy)
    return given


def _split(phrase: str) -> Words:
    return tuple(folded(phrase).split())
