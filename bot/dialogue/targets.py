"""What an answer can be saved to, and what each target holds. Declared once, here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.effects import Record, Value
from bot.dialogue.exercises import Exercise
from bot.dialogue.reading import Feeling, Kind, Outcome, Stage

CARD_CHARS = 240  # three such parts fit one message


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Free text of at most `max_chars`."""

    max_chars: int


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


Holds = Words | OneOf | SeveralOf | WholeNumber


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


def fit(holds: Holds, answer: Value) -> Value:
    """Return `answer` as the target holds it, or None when it can't hold it."""
    match holds:
        case Words(max_chars=limit):
            words = "\n".join(answer) if isinstance(answer, tuple) else answer
            return str(words).strip()[:limit] or None if words is not None else None
        case OneOf(values=values):
            return answer if answer in values else None
        case SeveralOf(values=values):
            several = answer if isinstance(answer, tuple) else (str(answer),)
            return tuple(item for item in several if item in values) or None
        case WholeNumber(low=low, high=high):
            whole = isinstance(answer, int) and not isinstance(answer, bool)
            return answer if whole and low <= int(str(answer)) <= high else None


def _values(kind: type[StrEnum]) -> frozenset[str]:
    return frozenset(member.value for member in kind)


def _targets() -> dict[str, Target]:
    short, line, long = Words(max_chars=120), Words(max_chars=1_000), Words(max_chars=20_000)
    scale = WholeNumber(low=0, high=10)
    rejection: dict[str, Holds] = {
        "company": short,
        "role": short,
        "happened": line,
        "in_my_hands": line,
        "not_in_my_hands": line,
        "feedback": line,
        "day": short,  # ISO, when they corrected it
        "stage": OneOf(values=_values(Stage)),
        "outcome": OneOf(values=_values(Outcome)),
        "kind": OneOf(values=_values(Kind)),
        "count": WholeNumber(low=1, high=9_999),
        "feelings": SeveralOf(values=_values(Feeling)),
        "mood_before": scale,
        "mood_after_vent": scale,
        "mood_after": scale,
    }
    plan: dict[str, Holds] = dict.fromkeys(("what", "when", "where", "obstacle", "instead"), line)
    plan["outcome"] = OneOf(values=frozenset({"done", "not_yet", "dropped"}))
    own: dict[Record, tuple[str, Holds]] = {
        Record.WIN: ("text", line),
        Record.LESSON: ("text", line),
        Record.JOURNAL: ("text", long),
        Record.MOOD: ("score", scale),
        Record.LINE: ("text", line),
    }
    exercise: dict[str, Holds] = {"name": OneOf(values=_values(Exercise)), "before": scale, "after": scale}
    declared = [Target(record=Record.REJECTION, field=name, holds=holds) for name, holds in rejection.items()]
    declared += [Target(record=Record.PLAN, field=name, holds=holds) for name, holds in plan.items()]
    declared += [Target(record=Record.EXERCISE, field=name, holds=holds) for name, holds in exercise.items()]
    declared += [
        Target(record=record, field=name, holds=holds, each_its_own=True)
        for record, (name, holds) in own.items()
    ]
    declared += [
        Target(record=Record.PERSON, field=name, holds=short)
        for name in ("name", "zone", "country", "quiet", "trusted")
    ]
    tempo = OneOf(values=frozenset({"usual", "fewer"}))
    declared.append(Target(record=Record.PERSON, field="tempo", holds=tempo))
    card = Words(max_chars=CARD_CHARS)
    declared += [Target(record=Record.PERSON, field=name, holds=card) for name in ("signs", "helps", "who")]
    return {target.name: target for target in declared}


TARGETS = _targets()
