"""`content/formats/<locale>.yaml`: how moments and places are written in a language, read and checked."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from pathlib import Path
from typing import Any

from bot.script.diagnostics import Code, Diagnostic
from bot.script.source import Source, read_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """How moments and places are written in one locale; see `content/formats/en.yaml`.

    `places`: the English name of a city, state or country to its own, where that is another.
    """

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    time: str
    today: str
    tomorrow: str
    this_year: str
    other_year: str
    daily: str
    daily_every: str
    weekly: str
    weekly_every: str
    working_days: str
    working_days_every: str
    day_today: str
    day_yesterday: str
    day_this_year: str
    day_other_year: str
    months_short: tuple[str, ...]
    day_short: str
    comma: str
    and_: str
    places: Mapping[str, str] = field(default_factory=dict)


_ON_A_DAY = frozenset({"weekday", "day", "month", "year", "time"})
# What each pattern must fill in, and what it may.
_FILLS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "today": (frozenset({"time"}), _ON_A_DAY),
    "tomorrow": (frozenset({"time"}), _ON_A_DAY),
    "this_year": (_ON_A_DAY - {"weekday", "year"}, _ON_A_DAY),
    "other_year": (_ON_A_DAY - {"weekday"}, _ON_A_DAY),
    **dict.fromkeys(("daily", "working_days"), (frozenset({"time"}), frozenset({"time", "every"}))),
    **dict.fromkeys(("daily_every", "working_days_every"), (frozenset({"time", "every"}),) * 2),
    "weekly": (frozenset({"weekday", "time"}), frozenset({"weekday", "time", "every"})),
    "weekly_every": (frozenset({"weekday", "time", "every"}),) * 2,
    **dict.fromkeys(("day_today", "day_yesterday"), (frozenset(), frozenset({"day", "month", "year"}))),
    **dict.fromkeys(
        ("day_this_year", "day_short"), (frozenset({"day", "month"}), frozenset({"day", "month", "year"}))
    ),
    "day_other_year": (frozenset({"day", "month", "year"}),) * 2,
    **dict.fromkeys(("comma", "and", "time"), (frozenset(), frozenset())),
}
_LISTS: Mapping[str, int] = {"weekdays": 7, "months": 12, "months_short": 12}
_MAY_BE_MISSING = frozenset({"places"})


def read_formats(folder: Path) -> tuple[dict[str, Formats], list[Diagnostic]]:
    """Read every `<locale>.yaml` of `folder`, and tell every value that could not be written with."""
    found: list[Diagnostic] = []
    formats: dict[str, Formats] = {}
    names = {each.name.rstrip("_"): each.name for each in fields(Formats)}
    for path in sorted(folder.glob("*.yaml")):
        source, faults = read_source(path)
        data = source.data if isinstance(source.data, dict) else {}
        wrong = [] if source.data is None else [_fault(source, *each) for each in _faults(data, set(names))]
        found += [*faults, *wrong]
        if not faults and not wrong:
            values: dict[str, Any] = {names[key]: _frozen(value) for key, value in data.items()}
            formats[path.stem] = Formats(**values)
    return formats, found


def _fault(source: Source, name: str, what: str) -> Diagnostic:
    return Diagnostic(
        path=source.path,
        line=source.line_of((name,)),
        code=Code.SHAPE,
        message=f"`{name}` {what}.",
        remedy="Compare the file with formats/en.yaml.",
    )


def _faults(data: Mapping[str, object], known: set[str]) -> Iterator[tuple[str, str]]:
    for name in sorted(known - set(data) - _MAY_BE_MISSING):
        yield name, "is missing"
    for name, value in data.items():
        if name not in known:
            yield name, "isn't a key that belongs here"
        elif name == "places":
            if not isinstance(value, dict) or not all(isinstance(own, str) and own for own in value.values()):
                yield name, "must lead from English names to this language's"
        elif name in _LISTS:
            if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
                yield name, "must be a list of names"
            elif len(value) != _LISTS[name]:
                yield name, f"has {len(value)} names of {_LISTS[name]}"
        elif not isinstance(value, str) or not value:
            yield name, "must be a text"
        else:
            yield from ((name, what) for what in _unfillable(name, value))


def _unfillable(name: str, pattern: str) -> Iterator[str]:
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError as error:
        yield f"can't be filled in: {error}"
        return
    named = {part[1] for part in parts if part[1] is not None}
    if any(part[2] or part[3] for part in parts):
        yield "fills in names and nothing else: no `:` and no `!`"
    needed, allowed = _FILLS[name]
    if missing := needed - named:
        yield f"lacks {_braced(missing)}"
    if unknown := named - allowed:
        yield f"names {_braced(unknown)}, which is not known there"
    if name == "time" and time(9, 5).strftime(pattern) in {
        time(21, 5).strftime(pattern),
        time(9, 6).strftime(pattern),
    }:
        yield "doesn't tell the hour and the minute apart, as `%H:%M` does"


def _braced(names: frozenset[str] | set[str]) -> str:
    return ", ".join(f"`{{{name}}}`" for name in sorted(names))


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
