"""Lengths of time: in two hours, in an hour and a half, in three weeks."""

from __future__ import annotations

from dataclasses import dataclass

from bot.understanding.times.grammar import Part
from bot.understanding.times.lexicon import Kind


@dataclass(frozen=True, slots=True)
class Span:
    """With any minutes it is real time; otherwise local days and months."""

    minutes: int = 0
    days: int = 0
    months: int = 0

    def plus(self, unit: str, count: int, half: int) -> Span:
        """Add `count` units and `half` thirtieths of a sixtieth-based unit (30 of 60: a half)."""
        match unit:
            case "minute":
                return Span(self.minutes + count, self.days, self.months)
            case "hour":
                return Span(self.minutes + count * 60 + half, self.days, self.months)
            case "day":
                return Span(self.minutes + 24 * half, self.days + count, self.months)
            case "week":
                return Span(self.minutes, self.days + 7 * count + (3 if half else 0), self.months)
            case _:
                return Span(self.minutes, self.days + (15 if half else 0), self.months + count)


def span_of(part: Part) -> Span:
    """Add up what the part says."""
    span, count, unit, half = Span(), 1, "", 0
    for symbol in part.symbols:
        match symbol.kind:
            case Kind.NUMBERS:
                count = int(symbol.value)
            case Kind.AN:
                count = 1
            case Kind.SPANS:
                span = span.plus("minute", int(symbol.value), 0)
            case Kind.ADDED if unit:
                span = span.plus(unit, 0, int(symbol.value))
            case Kind.ADDED:
                half = int(symbol.value)
            case Kind.UNITS:
                unit = symbol.value
                span, half = span.plus(unit, count, half), 0
            case _:
                pass
    return span
