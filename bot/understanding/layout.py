"""A letter's lines by what they are for: heading, greeting, what is said, who signs, what stands below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.understanding.mail import is_closing, is_greeting, is_header

MAX_LINES = 120
MAX_LINE_WORDS = 120
SHORT_CHARS = 70
MAX_FOOT_LINES = 6
MAX_SIGN_LINES = 7
_WORD = re.compile(
    r"\S{1,64}@(?:[A-Za-z0-9\-]{1,40}\.){1,4}[A-Za-z]{2,10}"
    r"|[^\W_]+(?:['’./&+\-@][^\W_]+){0,6}|#[^\W_]+|\S"
)
_HAIL = re.compile(r"[^\W\d_][^.?:\n]{0,40}[,!]\s*")
_SENTENCE_END = re.compile(r"[.!?…][\"')\]]{0,2}\s*$")
_ABBREVIATED = re.compile(
    r"\b(?:inc|ltd|co|corp|plc|llc|llp|s\.?a|b\.?v|n\.?v|a\.?s|[a-z]\.[a-z])\.\s*$", re.IGNORECASE
)


_MACHINE = re.compile(
    r"\W{0,3}(?:(?:sent|get|powered|delivered) (?:from|via|by|outlook|with)\b.{0,60})"
    r"|\W{0,3}(?:an )?(?:equal|affirmative)\b.{0,30}\b(?:employer|opportunit).{0,60}"
    r"|[\W_]{2,80}",
    re.IGNORECASE,
)


class Zone(StrEnum):
    """Which part of a letter a line is."""

    SUBJECT = "subject"
    FROM = "from"
    HEAD = "head"
    TOP = "top"
    GREETING = "greeting"
    BODY = "body"
    CLOSING = "closing"
    SIGN = "sign"
    FOOT = "foot"


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a mark, as it stands in the source."""

    raw: str
    start: int
    end: int

    @property
    def plain(self) -> str:
        return self.raw.lower().replace("’", "'")

    @property
    def is_word(self) -> bool:
        return self.raw[0].isalnum()

    @property
    def capital(self) -> bool:
        return self.is_word and (self.raw[0].isupper() or any(c.isupper() for c in self.raw[1:]))


@dataclass(frozen=True, slots=True)
class Line:
    """One line that isn't empty. `place` counts a signature's lines from its first."""

    zone: Zone
    words: tuple[Word, ...]
    place: int = 0
    last: bool = False  # of its zone


def lines_of(source: str) -> list[Line]:
    """The lines of a letter, each with its zone."""
    spans = [(m.start(), m.group()) for m in re.finditer(r"[^\n]*\S[^\n]*", source)][:MAX_LINES]
    spans = [each for each in spans if not _MACHINE.fullmatch(each[1].strip())]  # "Sent from my phone"
    said = [text for _, text in spans]
    zones = _zones(said)
    found: list[Line] = []
    for at, ((start, text), zone) in enumerate(zip(spans, zones, strict=True)):
        words = tuple(
            Word(m.group(), start + m.start(), start + m.end())
            for _, m in zip(range(MAX_LINE_WORDS), _WORD.finditer(text), strict=False)
        )
        place = next(i for i in range(at + 1) if i == at or zones[at - i - 1] is not zone)
        last = at + 1 == len(zones) or zones[at + 1] is not zone
        found.append(Line(zone, words, place, last))
    return found


def is_framed(source: str) -> bool:
    """Whether it has what frames a mail: headers, a greeting, or a closing with a signature."""
    frame = (Zone.SUBJECT, Zone.FROM, Zone.GREETING, Zone.CLOSING)
    return any(line.zone in frame for line in lines_of(source))


def _zones(lines: Sequence[str]) -> list[Zone]:
    zones = [_plain_zone(line) for line in lines]
    first = next((at for at, zone in enumerate(zones) if zone is Zone.BODY), None)
    if (
        first is not None
        and first + 1 < len(lines)
        and _HAIL.fullmatch(lines[first])
        and Zone.GREETING not in zones
    ):
        zones[first] = Zone.GREETING
    low, high = _signature(lines, zones)
    for at in range(low, len(lines)):
        if zones[at] in (Zone.BODY, Zone.GREETING):
            zones[at] = Zone.SIGN if at < high else Zone.FOOT
    for at in _top(lines, zones):
        zones[at] = Zone.TOP
    return zones


def _plain_zone(line: str) -> Zone:
    if (key := is_header(line)) is not None:
        return {"subject": Zone.SUBJECT, "betreff": Zone.SUBJECT, "from": Zone.FROM, "von": Zone.FROM}.get(
            key, Zone.HEAD
        )
    if is_greeting(line):
        return Zone.GREETING
    return Zone.CLOSING if is_closing(line) else Zone.BODY


def _signature(lines: Sequence[str], zones: Sequence[Zone]) -> tuple[int, int]:
    """The lines that sign, as the first and the one after the last; what is below them is the foot."""
    closing = max((at for at, zone in enumerate(zones) if zone is Zone.CLOSING), default=None)
    if closing is not None and closing + 1 < len(lines) and not _is_said(lines[closing + 1]):
        high = closing + 1
        while high < len(lines) and not _is_said(lines[high]) and high - closing <= MAX_SIGN_LINES:
            high += 1
        return closing + 1, high
    high = len(lines)
    while high > max(1, len(lines) - MAX_FOOT_LINES) and _is_said(lines[high - 1]):
        high -= 1
    low = high
    while (
        low > 0
        and high - low < MAX_SIGN_LINES
        and zones[low - 1] is Zone.BODY
        and not _is_said(lines[low - 1])
    ):
        low -= 1
    return (low, high) if low > 0 and low < high else (len(lines), len(lines))


def _is_said(line: str) -> bool:
    """Whether a line is a sentence or more, not a name, a post or a heading."""
    if len(line) > SHORT_CHARS or "http" in line:
        return True
    return bool(_SENTENCE_END.search(line)) and not _ABBREVIATED.search(line)


def _top(lines: Sequence[str], zones: Sequence[Zone]) -> Iterator[int]:
    """Short lines of their own before the first sentence, and those that label something ("Position: …")."""
    started = False
    for at, (line, zone) in enumerate(zip(lines, zones, strict=True)):
        if zone is Zone.BODY:
            started = started or _is_said(line) or line.rstrip().endswith(",")
            if not started or (
                re.match(r"[^\W\d_][\w /]{1,30}:\s{0,4}\S", line) and len(line) < 2 * SHORT_CHARS
            ):
                yield at
