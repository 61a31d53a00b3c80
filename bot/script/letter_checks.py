"""Whether letters read well whatever is known: every one is written with many combinations of its fields."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.dialogue.effects import Value
from bot.dialogue.letters import (
    MAX_COPY_UNITS,
    MAX_NOTE_CHARS,
    MAX_WORDS,
    Asking,
    LetterWords,
    Medium,
    Sort,
    Tone,
    Wording,
    Written,
    written,
)
from bot.dialogue.reading import Kind, Stage
from bot.dialogue.render import ContentError, names_in
from bot.dialogue.targets import LETTER_CHARS
from bot.script.diagnostics import Code, Diagnostic

Key = tuple[Sort, Medium, Tone]
_FREE = ("recipient", "company", "role", "when", "specific", "sender")
# What a locale gives an ordinary value of; `sentence` is a `specific` that is a sentence of its own.
EXAMPLES = frozenset({*_FREE, "sentence"})
# What a person may fill in beside that: as long as it may be.
LONG: Mapping[str, str] = {
    name: ("Long words and more " * 20)[: chars - 1] + "x" for name, chars in LETTER_CHARS.items()
}
LONGEST_WORDS: Mapping[str, str] = {
    name: ("A be " * 60)[: chars - 1].rstrip() + "x" for name, chars in LETTER_CHARS.items()
}
_PRIME = 11  # at least as many as one field has values, and as there are fields with more than one
# Bad in every language; what is bad in one alone stands in its `phrases.yaml`.
_BAD = {
    "two spaces": re.compile(r"  "),
    "a space at the end of a line": re.compile(r" $", re.MULTILINE),
    "a space at the beginning of a line": re.compile(r"^ ", re.MULTILINE),
    "a space before a stop": re.compile(r" [.,;:!?]"),
    "two stops in a row": re.compile(r"[.,;:!?][.,;:]"),
    "a stop at the beginning of a line": re.compile(r"^[.,;:!?]", re.MULTILINE),
    "a word twice": re.compile(r"\b(\w+) \1\b", re.IGNORECASE),
    "something that was to be filled in": re.compile(r"\{\{|\}\}|\{%|%\}|\bNone\b|\[\w"),
    "a lower-case beginning of a sentence": re.compile(r"[.!?] [¿¡]?[a-zà-öø-ÿ]"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a wording stands."""

    path: Path
    line: int


def faults_of(words: LetterWords, places: Mapping[Key, Sequence[Place]]) -> Iterator[Diagnostic]:
    """Yield the first thing each wording does wrong, with every two values of two fields tried together."""
    for key, found in places.items():
        for number, place in enumerate(found):
            for fields in pairwise(words, key, number):
                fault = fault_in(words, fields)
                if fault is not None:
                    code, message = fault
                    remedy = "Change the wording; `if` chooses between whole sentences."
                    yield Diagnostic(
                        path=place.path, line=place.line, code=code, message=message, remedy=remedy
                    )
                    break


def fault_in(words: LetterWords, fields: Mapping[str, Value]) -> tuple[Code, str] | None:
    """Return what is wrong with the letter these fields make, or None."""
    try:
        letter = written(words, fields, with_gaps=False)
    except ContentError as error:
        return Code.MAY_BE_MISSING, f"With {_known(fields)} known it {error}."
    limit = _limit_of(letter, fields)
    if limit is not None:
        return Code.LETTER_LIMIT, limit
    for name, text in (("body", letter.body), ("subject", letter.subject or "")):
        if bad := _read_badly(text, words.reads_badly):
            return Code.LETTER_READS_BADLY, f"With {_known(fields)} known its {name} has {bad}."
    return None


def _known(fields: Mapping[str, Value]) -> str:
    return ", ".join(sorted(each for each in _FREE if fields.get(each))) or "nothing"


@lru_cache(maxsize=8192)  # many a combination makes the same text
def _read_badly(text: str, own: tuple[tuple[str, re.Pattern[str]], ...]) -> str | None:
    for what, pattern in (*_BAD.items(), *own):
        if bad := pattern.search(text):
            near = text[max(0, bad.start() - 20) : bad.end() + 20].replace("\n", "⏎")
            return f"{what}: “{near}”"
    return None


def _limit_of(letter: Written, fields: Mapping[str, Value]) -> str | None:
    if fields.get("medium") == Medium.LINKEDIN:
        length = len(letter.body)
        return (
            f"The note can be {length} characters long; {MAX_NOTE_CHARS} fit."
            if length > MAX_NOTE_CHARS
            else None
        )
    count = len(letter.body.split())
    if count > MAX_WORDS:
        return f"The letter can be {count} words long; {MAX_WORDS} are read."
    units = len((letter.subject or "").encode("utf-16-le")) // 2
    if not 0 < units <= MAX_COPY_UNITS:
        return f"The subject can be {units} characters long; a button copies {MAX_COPY_UNITS}."
    return None


def choices_of(words: LetterWords, key: Key, number: int) -> dict[str, tuple[Value, ...]]:
    """Return every value worth trying for each field of a wording."""
    sort, medium, tone = key
    choices: dict[str, tuple[Value, ...]] = {
        "sort": (sort.value,),
        "medium": (medium.value,),
        "tone": (tone.value,),
        "wording": (number,),
        "asking": tuple(Asking),
        "stage": (None, *Stage),
        "kind": (None, *Kind),
    }
    for name in _FREE:
        choices[name] = (None, words.examples[name], LONG[name])
    choices["specific"] = (*choices["specific"], words.examples["sentence"])
    return choices


def every(words: LetterWords, key: Key, number: int) -> Iterator[dict[str, Value]]:
    """Yield every combination of what the wording reads, there and missing; then with long values."""
    read = _read_by(words.wordings[key][number])
    choices = {
        name: values if name in read or len(values) == 1 else values[:1]
        for name, values in choices_of(words, key, number).items()
    }
    few = {name: choices[name][:2] for name in _FREE}
    if "specific" in read:
        few["specific"] = (None, words.examples["specific"], words.examples["sentence"])
    yield from _product(choices | few)
    for longest in (LONG, LONGEST_WORDS):
        long: dict[str, tuple[Value, ...]] = {
            name: (None, longest[name]) if name in read else (None,) for name in _FREE
        }
        yield from _product(choices | long | {"kind": (None, Kind.SCHOOL.value)})


def _read_by(wording: Wording) -> frozenset[str]:
    """Return the fields a wording reads, by itself or through a phrase; the others can't change how it reads."""
    texts = (*wording.paragraphs, *([wording.subject] if wording.subject else []))
    names = {name.partition(".")[2] for text in texts for name in names_in(text.source)}
    through = {
        "post": {"company", "role", "kind"},
        "thanked": {"stage", "when"},
        "met": {"stage"},
        "sentence": {"specific"},
        "role": {"kind"},
    }
    return frozenset(names.union(*(through.get(name, set()) for name in names)))


def pairwise(words: LetterWords, key: Key, number: int) -> Iterator[dict[str, Value]]:
    """Yield 121 combinations in which every two values of two fields meet (an orthogonal array over 11)."""
    choices = choices_of(words, key, number)
    names = sorted(choices, key=lambda name: -len(choices[name]))
    for row, column in itertools.product(range(_PRIME), repeat=2):
        yield {
            name: choices[name][(row + place * column) % _PRIME % len(choices[name])]
            for place, name in enumerate(names)
        }


def _product(choices: Mapping[str, Sequence[Value]]) -> Iterator[dict[str, Value]]:
    for values in itertools.product(*choices.values()):
        yield dict(zip(choices, values, strict=True))
