"""The times of the content, and results as the tables write them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.dialogue.schedule import Daily, Once, Rule, Weekly, WorkingDays
from bot.script.source import read_source
from bot.understanding.times.lexicon import Lexicon, compile_times
from bot.understanding.times.read import Impossible, Moment, TimeRead, Unclear

ROOT = Path(__file__).parents[3]
_WEEK = "mon tue wed thu fri sat sun".split()


@cache
def lexicon(locale: str) -> Lexicon:
    source, found = read_source(ROOT / "content" / "times" / f"{locale}.yaml")
    assert not found
    compiled, faults = compile_times(locale, source.data)
    assert not faults
    return compiled


def shown(read: TimeRead | None, zone: ZoneInfo) -> str:
    match read:
        case None:
            return "none"
        case Impossible():
            return f"impossible {read.reason}"
        case Moment():
            return _moment(read, zone)
        case Unclear():
            return " | ".join(_moment(m, zone) for m in read.readings)


def _moment(read: Moment, zone: ZoneInfo) -> str:
    every = getattr(read.rule, "every", 1)
    parts = [
        f"{read.due.astimezone(zone):%Y-%m-%d %H:%M}" if isinstance(read.rule, Once) else _rule(read.rule),
        f"every {every}" if every > 1 else "",
        "" if read.hour_said else "usual",
    ]
    return " ".join(p for p in parts if p)


def _rule(rule: Rule) -> str:
    match rule:
        case Once():
            return f"{rule.on} {rule.at:%H:%M}"
        case Daily():
            return f"daily {rule.at:%H:%M}"
        case Weekly():
            return f"weekly {_WEEK[rule.weekday]} {rule.at:%H:%M}"
        case WorkingDays():
            return f"working days {rule.at:%H:%M}"
