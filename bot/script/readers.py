"""Times and places read and written in a locale's words: what `bot.understanding.times` reads, bound to content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.dialogue.flow import DEFAULT_LOCALE
from bot.dialogue.proposals import Clear, Impossible, PlaceRead, TimeRead, Unclear
from bot.dialogue.schedule import Daily, Once, Rule, Weekly, WorkingDays
from bot.script.diagnostics import Code, Diagnostic
from bot.script.formats import Formats, read_formats
from bot.script.places import find_places
from bot.script.source import read_source
from bot.understanding.times.lexicon import Lexicon, compile_times
from bot.understanding.times.read import Impossible as ImpossibleTime
from bot.understanding.times.read import Moment, read_time
from bot.understanding.times.read import Unclear as UnclearTime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentReaders:
    """The `Readers` of a script."""

    lexicons: Mapping[str, Lexicon]
    formats: Mapping[str, Formats]

    def time(self, text: str, now: datetime, zone: str, locale: str, *, day: date | None = None) -> TimeRead:
        lexicon = self.lexicons.get(locale) or self.lexicons[DEFAULT_LOCALE]
        match read_time(text, now, ZoneInfo(zone), lexicon, day=day):
            case None:
                return None
            case Moment(rule=rule):
                return Clear(rule=rule)
            case UnclearTime(readings=(one, other, *_)):
                return Unclear(first=one.rule, second=other.rule)
            case UnclearTime():
                return None
            case ImpossibleTime(reason=reason):
                return Impossible(problem=reason.value)
            case never:
                assert_never(never)

    def places(self, text: str, now: datetime, locale: str) -> tuple[PlaceRead, ...]:
        formats = self.formats.get(locale) or self.formats[DEFAULT_LOCALE]
        # Names of places are the same in every lexicon; what leads to them ("I moved to") is not.
        tried = (find_places(text, now, lexicon, formats.places) for lexicon in self.lexicons.values())
        return next((found for found in tried if found), ())

    def show(self, rule: Rule, now: datetime, zone: str, locale: str) -> str:
        formats = self.formats.get(locale) or self.formats[DEFAULT_LOCALE]
        today = now.astimezone(ZoneInfo(zone)).date()
        match rule:
            case Once(on=on, at=at):
                return _on_day(formats, on, at, today)
            case Daily(every=every):
                return _every(formats, formats.daily, formats.daily_every, every, rule.at)
            case Weekly(every=every, weekday=weekday):
                name = formats.weekdays[weekday]
                return _every(formats, formats.weekly, formats.weekly_every, every, rule.at, weekday=name)
            case WorkingDays(every=every):
                return _every(formats, formats.working_days, formats.working_days_every, every, rule.at)
            case _:
                assert_never(rule)

    def day(self, on: date, now: datetime, zone: str, locale: str, *, briefly: bool = False) -> str:
        formats = self.formats.get(locale) or self.formats[DEFAULT_LOCALE]
        today = now.astimezone(ZoneInfo(zone)).date()
        pattern = formats.day_this_year if on.year == today.year else formats.day_other_year
        if on == today:
            pattern = formats.day_today
        elif on == today - timedelta(days=1):
            pattern = formats.day_yesterday
        months = formats.months
        if briefly:
            pattern, months = formats.day_short, formats.months_short
        return pattern.format(day=on.day, month=months[on.month - 1], year=on.year)

    def past_day(self, text: str, now: datetime, zone: str, locale: str) -> date | None:
        """Read a day that has been: so many days ago (a bare number), an ISO date, or one in the locale's words."""
        today = now.astimezone(ZoneInfo(zone)).date()
        wanted = text.strip()
        if wanted.isascii() and wanted.isdigit() and len(wanted) <= 3:
            return today - timedelta(days=int(wanted))
        try:
            day: date | None = date.fromisoformat(wanted)
        except ValueError:
            # Times are read as ahead: "friday" a week ago was the last one, "3 March" a year ago the last one.
            since = (now - timedelta(days=days) for days in (7, 366))
            days = (self._day_after(wanted, start, zone, locale) for start in since)
            day = next((found for found in days if found is not None and found <= today), None)
        return day if day is not None and day <= today else None

    def _day_after(self, text: str, start: datetime, zone: str, locale: str) -> date | None:
        match self.time(text, start, zone, locale):
            case Clear(rule=Once(on=on)) | Unclear(first=Once(on=on)):
                return on
            case _:
                return None

    def join(self, shown: tuple[str, ...], locale: str) -> str:
        formats = self.formats.get(locale) or self.formats[DEFAULT_LOCALE]
        if len(shown) < 2:
            return "".join(shown)
        return formats.comma.join(shown[:-1]) + formats.and_ + shown[-1]


def read_readers(folder: Path) -> tuple[ContentReaders | None, list[Diagnostic]]:
    """Read `times/` and `formats/` of a content folder. None, without a finding, where it has neither."""
    if not (folder / "times").is_dir() and not (folder / "formats").is_dir():
        return None, []
    lexicons, found = _read_lexicons(folder / "times")
    formats, more = read_formats(folder / "formats")
    found += more
    for name, locales in (("times", set(lexicons)), ("formats", set(formats))):
        if DEFAULT_LOCALE not in locales and not found:
            found.append(
                Diagnostic(
                    path=folder / name,
                    line=0,
                    code=Code.NO_CONTENT,
                    message=f"There is no `{DEFAULT_LOCALE}.yaml` here.",
                    remedy="Times need both folders, `times` and `formats`, in English.",
                )
            )
    return (None if found else ContentReaders(lexicons=lexicons, formats=formats)), found


def _read_lexicons(folder: Path) -> tuple[dict[str, Lexicon], list[Diagnostic]]:
    lexicons: dict[str, Lexicon] = {}
    found: list[Diagnostic] = []
    for path in sorted(folder.glob("*.yaml")):
        source, faults = read_source(path)
        found += faults
        lexicons[path.stem], wrong = compile_times(path.stem, source.data)
        found += [
            Diagnostic(
                path=path,
                line=source.line_of(fault.path[1:]),
                code=Code.UNDERSTANDING,
                message=f"{fault.message}.",
                remedy=f"{fault.remedy}.",
            )
            for fault in wrong
        ]
    return lexicons, found


def _on_day(formats: Formats, on: date, at: time, today: date) -> str:
    pattern = formats.this_year if on.year == today.year else formats.other_year
    if on == today:
        pattern = formats.today
    elif on == today + timedelta(days=1):
        pattern = formats.tomorrow
    return pattern.format(
        weekday=formats.weekdays[on.weekday()],
        day=on.day,
        month=formats.months[on.month - 1],
        year=on.year,
        time=at.strftime(formats.time),
    )


def _every(formats: Formats, usual: str, rarer: str, every: int, at: time, **more: str) -> str:
    pattern = usual if every == 1 else rarer
    return pattern.format(every=every, time=at.strftime(formats.time), **more)
