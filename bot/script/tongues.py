"""`content/tongues/`: what somebody in danger reads first in another language; a file for each language known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Literal

from pydantic import Field, ValidationError

from bot.dialogue.buttons import TICK
from bot.dialogue.tongues import Tongue
from bot.script.compile import ReadFlow
from bot.script.diagnostics import Code, Diagnostic
from bot.script.documents import Document, Key, Words
from bot.script.engine_steps import TONGUE_STEPS
from bot.script.lint_starts import missing_steps
from bot.script.lint_texts import MAX_BUBBLE_CHARS, MAX_LABEL_CHARS
from bot.script.shapes import shape_faults
from bot.script.source import KeyPath, Source, read_source

ASKED = ("safety", "ask")  # the step whose buttons are said in every tongue
PLACEHOLDERS = {"emergency": {"numbers"}, "call": {"numbers"}, "talk": {"address"}}
TEXTS = ("serious", "person", "emergency", "talk", "call", "look_in", "english_only")


class ReviewDocument(Document):
    by: str = ""
    on: str = Field(default="", pattern=r"^(\d{4}-\d{2}-\d{2})?$")


class TongueDocument(Document):
    """One file of `content/tongues/`."""

    name: Words
    reviewed: ReviewDocument
    direction: Literal["ltr", "rtl"] = "ltr"
    helplines: tuple[Words, ...] = ()
    serious: Words
    person: Words
    emergency: Words
    talk: Words
    call: Words
    look_in: Words = Field(alias="look-in")
    english_only: Words = Field(alias="english-only")
    buttons: dict[Key, Words]


def read_tongues(
    folder: Path, flows: tuple[ReadFlow, ...], languages: Collection[str]
) -> tuple[dict[str, Tongue], list[Diagnostic]]:
    """Return the tongues of a content folder; `languages` are those danger is understood in, the script's own left out.

    A content without the folder answers in its own language alone.
    """
    if not folder.is_dir():
        return {}, []
    tongues: dict[str, Tongue] = {}
    labels = _labels(flows)
    found = [_missing(folder, locale) for locale in sorted(languages) if not _path(folder, locale).exists()]
    read = {flow.document.flow for flow in flows}  # one that can't be read is told as that
    found += missing_steps(flows, (place for place in TONGUE_STEPS if place.partition("/")[0] in read))
    for path in sorted(folder.glob("*.yaml")):
        source, faults = read_source(path)
        found += faults
        document, shape = _shaped(source)
        found += shape
        if languages and path.stem not in languages:
            found.append(_not_understood(path))
        if document is not None:
            found += _check(source, document, labels)
            tongues[path.stem] = _tongue(path.stem, document, labels)
    return tongues, found


def _path(folder: Path, locale: str) -> Path:
    return folder / f"{locale}.yaml"


def _missing(folder: Path, locale: str) -> Diagnostic:
    return Diagnostic(
        path=_path(folder, locale),
        line=0,
        code=Code.TONGUE_MISSING,
        message=f"Danger is understood in `{locale}` and answered in English alone.",
        remedy="Add the file; compare it with its neighbours.",
    )


def _not_understood(path: Path) -> Diagnostic:
    return Diagnostic(
        path=path,
        line=0,
        code=Code.TONGUE_MISSING,
        message=f"Danger is answered in `{path.stem}` and understood in no file of it.",
        remedy=f"Add `understanding/{path.stem}.yaml` with its `risk` rules, or remove this file.",
    )


def _shaped(source: Source) -> tuple[TongueDocument | None, list[Diagnostic]]:
    if source.data is None:
        return None, []
    try:
        return TongueDocument.model_validate(source.data), []
    except ValidationError as error:
        return None, shape_faults(source, error)


def _labels(flows: tuple[ReadFlow, ...]) -> Mapping[str, str]:
    flow, step = ASKED
    documents = [each.document.steps.get(step) for each in flows if each.document.flow == flow]
    asks = [document.ask for document in documents if document is not None and document.ask is not None]
    return {key: choice.label for ask in asks for key, choice in ask.choice.items()}


def _tongue(locale: str, document: TongueDocument, labels: Mapping[str, str]) -> Tongue:
    review = document.reviewed
    return Tongue(
        locale=locale,
        name=document.name,
        codes=frozenset({locale, *document.helplines}),
        labels={labels[key]: own for key, own in document.buttons.items() if key in labels},
        reviewed_by=review.by or None,
        reviewed_on=date.fromisoformat(review.on) if review.on else None,
        **{name: getattr(document, name) for name in TEXTS},
    )


def _check(source: Source, document: TongueDocument, labels: Mapping[str, str]) -> Iterator[Diagnostic]:
    def fault(message: str, remedy: str, *keys: str) -> Diagnostic:
        at: KeyPath = keys
        return Diagnostic(
            path=source.path,
            line=source.line_of(at),
            code=Code.TONGUE_TEXT,
            message=message,
            remedy=remedy,
        )

    for key in sorted(set(labels) ^ set(document.buttons)):
        which = "is missing" if key in labels else "belongs to no button"
        remedy = f"Give the keys of `{'/'.join(ASKED)}`: {', '.join(labels)}."
        yield fault(f"The label `{key}` {which}.", remedy, "buttons", key)
    for key, label in document.buttons.items():
        if len(label) + len(TICK) > MAX_LABEL_CHARS:
            yield fault(f"The label `{key}` is {len(label)} characters long.", "Shorten it.", "buttons", key)
    both = len(document.serious) + len(document.person) + 1
    if both > MAX_BUBBLE_CHARS:
        message = f"The two lines are {both} characters long; {MAX_BUBBLE_CHARS} at most."
        yield fault(message, "Say less.", "serious")
    for name in TEXTS:
        text, key = getattr(document, name), name.replace("_", "-")
        if (wrong := _wrong_placeholders(text, PLACEHOLDERS.get(name, set()))) is not None:
            yield fault(f"`{key}` {wrong}.", "Compare it with its neighbours.", key)
        if _direction(text) != document.direction:
            message = f"`{key}` begins with a letter of the other direction."
            yield fault(message, "Begin with a word of the language, or correct `direction:`.", key)


def _wrong_placeholders(text: str, wanted: set[str]) -> str | None:
    try:
        found = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return "has a brace too many or too few"
    if found == wanted:
        return None
    return f"needs {' '.join(f'{{{name}}}' for name in sorted(wanted)) or 'no placeholder'}"


def _direction(text: str) -> str:
    """A line is laid out by its first letter with a direction: a Latin name in front turns an Arabic line round."""
    bare = re.sub(r"\{[^}]*\}", "", text)
    kinds = (unicodedata.bidirectional(c) for c in bare)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"
