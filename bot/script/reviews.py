"""`content/safety-review.yaml`: who has read the safety script. Empty is a fact to be told, half of it is a fault."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from bot.dialogue.flow import DEFAULT_LOCALE
from bot.dialogue.reviews import Review, Reviews
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.documents import Document
from bot.script.shapes import shape_faults
from bot.script.source import Source, read_source

FILE = "safety-review.yaml"


class ReadByDocument(Document):
    by: str
    on: str


class ReviewDocument(Document):
    clinician: ReadByDocument
    languages: dict[str, ReadByDocument]


def read_reviews(path: Path, *, today: date | None = None) -> tuple[Reviews, list[Diagnostic]]:
    """Return who has read the script; a content without the file says that nobody has."""
    if not path.exists():
        return Reviews(), []
    source, faults = read_source(path)
    if source.data is None:
        return Reviews(), list(faults)
    try:
        document = ReviewDocument.model_validate(source.data)
    except ValidationError as error:
        return Reviews(), [*faults, *shape_faults(source, error)]
    found = [*faults, *_check(source, document, today)]
    if any(each.severity is Severity.ERROR for each in found):
        return Reviews(), found
    native = {locale: read for locale, each in document.languages.items() if (read := _review(each))}
    return Reviews(clinician=_review(document.clinician), native=native), found


def _review(document: ReadByDocument) -> Review | None:
    return Review(by=document.by.strip(), on=date.fromisoformat(document.on)) if document.by.strip() else None


def _check(source: Source, document: ReviewDocument, today: date | None) -> Iterator[Diagnostic]:
    entries = [(("clinician",), document.clinician)]
    entries += [(("languages", locale), each) for locale, each in document.languages.items()]  # type: ignore[misc]
    for keys, each in entries:
        if (wrong := _wrong(each, today)) is not None:
            yield Diagnostic(
                path=source.path,
                line=source.line_of(keys),
                code=Code.SAFETY_REVIEW,
                message=f"`{'.'.join(keys)}` {wrong}.",
                remedy="Give the reader's name and the day, like 2026-12-01; or leave both empty.",
            )
    if DEFAULT_LOCALE not in document.languages:
        yield Diagnostic(
            path=source.path,
            line=source.line_of(("languages",)),
            code=Code.SAFETY_REVIEW,
            message=f"`languages` has no place for `{DEFAULT_LOCALE}`.",
            remedy=f'Add `{DEFAULT_LOCALE}: {{by: "", on: ""}}`.',
        )


def _wrong(each: ReadByDocument, today: date | None) -> str | None:
    if bool(each.by.strip()) != bool(each.on):
        return "has a name without a day" if each.by.strip() else "has a day without a name"
    if not each.on:
        return None
    try:
        on = date.fromisoformat(each.on)
    except ValueError:
        return "has a day that is none"
    return "was read on a day that is still to come" if today is not None and on > today else None
