"""What is on record of a person, as values; and the facts that follow from it. Shared by the store and rehearsals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.comparing import Session as Measured
from bot.dialogue.comparing import preferred
from bot.dialogue.effects import Effect, Record, SaveTo, Unsave, Value
from bot.dialogue.exercises import Exercise
from bot.dialogue.facts import Done, Facts, Kept, PastRejection, WaitingLine
from bot.dialogue.reading import Kind, Outcome, Stage

REJECTIONS_KNOWN = 24  # as many as Facts holds; a pattern looks at fifteen
WINS_KNOWN = 12
LETTERS_KNOWN = 10
_T = TypeVar("_T", bound=StrEnum)


def newest_first(kept: Iterable[Kept], record: Record) -> list[Kept]:
    return sorted(
        (each for each in kept if each.record is record), key=lambda each: (each.day, each.ref), reverse=True
    )


def applied(kept: Sequence[Kept], effects: Iterable[Effect]) -> tuple[Kept, ...]:
    """Return what is on record after a turn's changes."""
    by_key = {(each.record, each.ref): each for each in kept}
    for effect in effects:
        match effect:
            case SaveTo(record=record, ref=ref, field=name, value=value, at=at):
                before = by_key.get((record, ref)) or Kept(record=record, ref=ref, at=at)
                fields = {key: each for key, each in before.fields.items() if key != name}
                if value is not None:
                    fields[name] = value
                by_key[record, ref] = Kept(record=record, ref=ref, at=before.at, fields=fields)
            case Unsave(record=record, ref=ref):
                by_key.pop((record, ref), None)
            case _:
                pass
    return tuple(by_key.values())


def facts_of(
    kept: Sequence[Kept],
    *,
    locale: str,
    check_ins: tuple[CheckIn, ...] = (),
    numbers: Mapping[Record, int] | None = None,
) -> Facts:
    """Return what the records say that a step may need. `numbers`: of which kinds there are more than `kept` holds."""
    numbers = numbers or {}
    person: dict[str, Value] = {}
    for each in reversed(newest_first(kept, Record.PERSON)):
        person.update(each.fields)
    rejections, wins, lessons, plans = (
        newest_first(kept, record) for record in (Record.REJECTION, Record.WIN, Record.LESSON, Record.PLAN)
    )
    past = tuple(_past(each) for each in rejections)
    texts = [text for each in wins if (text := each.words("text"))]
    return Facts(
        locale=_words(person.get("locale")) or locale,
        name=_words(person.get("name")),
        zone=_words(person.get("zone")),
        country=_words(person.get("country")),
        quiet=_words(person.get("quiet")),
        tempo=_words(person.get("tempo")),
        trusted=_words(person.get("trusted")),
        signs=_words(person.get("signs")),
        helps=_words(person.get("helps")),
        who=_words(person.get("who")),
        rejection_count=len(rejections),
        rejections=past[:REJECTIONS_KNOWN],
        win_count=numbers.get(Record.WIN, len(wins)),
        last_win=wins[0].words("text") if wins else None,
        wins=tuple(texts[:WINS_KNOWN]),
        lesson_count=numbers.get(Record.LESSON, len(lessons)),
        last_lesson=lessons[0].words("text") if lessons else None,
        last_plan=plans[0].words("what") if plans else None,
        letters=tuple(newest_first(kept, Record.LETTER)[:LETTERS_KNOWN]),
        check_ins=check_ins,
        exercises=_exercises(kept),
        preferred=preferred(sessions_of(kept), of=len(Exercise)),
        waiting_line=_waiting(kept),
        last_line_at=max((each.at for each in kept if each.record is Record.LINE), default=None),
    )


def sessions_of(kept: Iterable[Kept]) -> tuple[Measured, ...]:
    """Return every time a mood was given both before and after something, oldest first."""
    found = []
    for each in kept:
        name, before, after = None, None, None
        if each.record is Record.EXERCISE:
            name, before, after = each.words("name"), each.number("before"), each.number("after")
        elif each.record is Record.REJECTION:
            before, after = moods_of(each)
        if before is not None and after is not None:
            found.append(Measured(at=each.at, exercise=name, before=before, after=after))
    return tuple(sorted(found, key=lambda one: one.at))


def moods_of(rejection: Kept) -> tuple[int | None, int | None]:
    """Return the first and the last mood given about a rejection; the last is None when only one was."""
    given = [rejection.number(name) for name in ("mood_before", "mood_after_vent", "mood_after")]
    moods = [mood for mood in given if mood is not None]
    return (moods[0] if moods else None), (moods[-1] if len(moods) > 1 else None)


def _exercises(kept: Iterable[Kept]) -> tuple[Done, ...]:
    done: dict[str, Done] = {}
    for each in sorted((one for one in kept if one.record is Record.EXERCISE), key=lambda one: one.at):
        name, before, after = each.words("name"), each.number("before"), each.number("after")
        if name is None:
            continue
        earlier = done.get(name) or Done(name=name, last_at=each.at)
        measured = before is not None and after is not None
        done[name] = Done(
            name=name,
            last_at=each.at,
            times=earlier.times + 1,
            measured=earlier.measured + measured,
            higher=earlier.higher + (measured and (after or 0) > (before or 0)),
        )
    return tuple(done.values())


def _waiting(kept: Iterable[Kept]) -> WaitingLine | None:
    lines = (each for each in newest_first(kept, Record.LINE) if not each.fields.get("returned"))
    return next(
        (WaitingLine(ref=each.ref, at=each.at, text=text) for each in lines if (text := each.words("text"))),
        None,
    )


def _past(each: Kept) -> PastRejection:
    return PastRejection(
        ref=each.ref,
        at=each.day,
        company=each.words("company"),
        role=each.words("role"),
        kind=_one_of(Kind, each.fields.get("kind")),
        stage=_one_of(Stage, each.fields.get("stage")),
        outcome=_one_of(Outcome, each.fields.get("outcome")),
    )


def _words(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _one_of(kind: type[_T], value: Value) -> _T | None:
    return next((member for member in kind if member.value == value), None)
