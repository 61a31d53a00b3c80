"""What an answer can be saved to, and what each target holds. Declared once, here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.effects import Record, Value
from bot.dialogue.exercises import Exercise
from bot.dialogue.letters import CHANGEABLE, Asking, Medium, Sort, Status, Tone
from bot.dialogue.reading import Feeling, Kind, Outcome, Stage

CARD_CHARS = 240  # three such parts fit one message


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Free text of at most `max_chars`."""

    max_chars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Words on one line, for a place in a letter: white space and what can't be seen are evened out. Longer
    ones don't fit; they are never cut short unasked.
    """

    max_chars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailAddress:
    """One address that mail can be sent to, and nothing beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    values: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralOf:
    values: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeNumber:
    low: int
    high: int


Holds = Words | Line | EmailAddress | OneOf | SeveralOf | WholeNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`each_its_own`: every answer makes a record of its own, rather than a field of the current one."""

    record: Record
    field: str
    holds: Holds
    each_its_own: bool = False

    @property
    def name(self) -> str:
        return f"{self.record.value}.{self.field}"


MAX_ADDRESS_CHARS = 254  # RFC 5321, 4.5.3.1.3
# What people's addresses look like; RFC 5322's quoted strings and comments are legal and used by nobody but attackers.
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?=[A-Za-z]){_LABEL}", re.ASCII)
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d\ufe0f")  # an emoji or a name may need them


def one_line(text: str) -> str:
    """Return `text` on one line, without control and format characters (line feeds, reversed writing)."""
    seen = (c if c in _JOINERS or unicodedata.category(c) not in _UNSEEN else " " for c in text)
    return " ".join("".join(seen).split()).strip("\u200c\u200d\ufe0f ")


def fit(holds: Holds, answer: Value) -> Value:
    """Return `answer` as the target holds it, or None when it can't hold it."""
    match holds:
        case Words(max_chars=limit):
            words = "\n".join(answer) if isinstance(answer, tuple) else answer
            return str(words).strip()[:limit] or None if words is not None else None
        case Line(max_chars=limit):
            line = one_line(str(answer)) if isinstance(answer, str) else ""
            return line if 0 < len(line) <= limit else None
        case EmailAddress():
            address = answer.strip() if isinstance(answer, str) else ""
            return address if len(address) <= MAX_ADDRESS_CHARS and _ADDRESS.fullmatch(address) else None
        case OneOf(values=values):
            return answer if answer in values else None
        case SeveralOf(values=values):
            several = answer if isinstance(answer, tuple) else (str(answer),)
            return tuple(item for item in several if item in values) or None
        case WholeNumber(low=low, high=high):
            whole = isinstance(answer, int) and not isinstance(answer, bool)
            return answer if whole and low <= int(str(answer)) <= high else None


# With the longest of each, every letter keeps to its limits.
LETTER_CHARS = {"recipient": 60, "company": 70, "role": 70, "when": 40, "specific": 200, "sender": 60}


def _values(kind: type[StrEnum]) -> frozenset[str]:
    return frozenset(member.value for member in kind)


_SHORT, _LINE, _LONG = Words(max_chars=120), Words(max_chars=1_000), Words(max_chars=20_000)
_SCALE = WholeNumber(low=0, high=10)
_REJECTION: dict[str, Holds] = {
    "company": _SHORT,
    "role": _SHORT,
    "happened": _LINE,
    "in_my_hands": _LINE,
    "not_in_my_hands": _LINE,
    "feedback": _LONG,
    "day": _SHORT,  # ISO, when they corrected it
    "stage": OneOf(values=_values(Stage)),
    "outcome": OneOf(values=_values(Outcome)),
    "kind": OneOf(values=_values(Kind)),
    "count": WholeNumber(low=1, high=9_999),
    "feelings": SeveralOf(values=_values(Feeling)),
    "mood_before": _SCALE,
    "mood_after_vent": _SCALE,
    "mood_after": _SCALE,
}
_PLAN: dict[str, Holds] = {
    **dict.fromkeys(("what", "when", "where", "obstacle", "instead"), _LINE),
    "outcome": OneOf(values=frozenset({"done", "not_yet", "dropped"})),
}
_LETTER: dict[str, Holds] = {
    **{name: Line(max_chars=chars) for name, chars in LETTER_CHARS.items()},
    "address": EmailAddress(),
    "stage": OneOf(values=_values(Stage)),
    "kind": OneOf(values=_values(Kind)),
    "sort": OneOf(values=_values(Sort)),
    "medium": OneOf(values=_values(Medium)),
    "tone": OneOf(values=_values(Tone)),
    "asking": OneOf(values=_values(Asking)),
    "status": OneOf(values=_values(Status)),
    "left_out": SeveralOf(values=frozenset(CHANGEABLE)),
    "wording": WholeNumber(low=0, high=9_999),
    "about": WholeNumber(low=0, high=2**53),
    "subject": _LINE,
    "body": _LONG,
    "answer": _LONG,
}
_EXERCISE: dict[str, Holds] = {"name": OneOf(values=_values(Exercise)), "before": _SCALE, "after": _SCALE}
_PERSON: dict[str, Holds] = {
    **dict.fromkeys(("name", "zone", "country", "quiet", "trusted", "locale"), _SHORT),
    "tempo": OneOf(values=frozenset({"usual", "fewer"})),
    **dict.fromkeys(("signs", "helps", "who"), Words(max_chars=CARD_CHARS)),
}
_FIELDS = {
    Record.REJECTION: _REJECTION,
    Record.PLAN: _PLAN,
    Record.EXERCISE: _EXERCISE,
    Record.LETTER: _LETTER,
    Record.PERSON: _PERSON,
}
# Records of one field; each value is a record of its own.
_SINGLE: dict[Record, tuple[str, Holds]] = {
    Record.WIN: ("text", _LINE),
    Record.LESSON: ("text", _LINE),
    Record.JOURNAL: ("text", _LONG),
    Record.MOOD: ("score", _SCALE),
    Record.LINE: ("text", _LINE),
}


def _targets() -> dict[str, Target]:
    declared = [
        Target(record=record, field=name, holds=holds)
        for record, fields in _FIELDS.items()
        for name, holds in fields.items()
    ]
    declared += [
        Target(record=record, field=name, holds=holds, each_its_own=True)
        for record, (name, holds) in _SINGLE.items()
    ]
    return {target.name: target for target in declared}


TARGETS = _targets()
# What the engine writes of itself beside the answers: which rejection taught a lesson, that a line was given back.
NOTED: dict[str, type[int | bool]] = {"lesson.rejection": int, "line.returned": bool}
