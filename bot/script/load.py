"""Loading `content/` whole: every fault of every file at once, or the script."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from bot.dialogue.flow import DEFAULT_LOCALE, Script
from bot.dialogue.helplines import Directory
from bot.dialogue.languages import Language
from bot.dialogue.words import LIVES_IN
from bot.script.compile import ReadFlow, compile_script
from bot.script.diagnostics import BrokenContent, Code, Diagnostic, Severity
from bot.script.documents import FlowDocument
from bot.script.editorial import LIVES, Editorial, check_lives, read_editorials
from bot.script.engine_steps import COUNTRY_STEPS
from bot.script.helplines import read_helplines
from bot.script.languages import helplines_without_words, read_languages
from bot.script.letters import read_letters
from bot.script.lint import check_flows
from bot.script.lint_starts import missing_steps
from bot.script.lint_steps import advice_lost
from bot.script.lint_translations import check_translation
from bot.script.lint_voice import check_voice
from bot.script.phrases import check_phrases, compile_phrases, read_phrases
from bot.script.published import check_published
from bot.script.readers import read_readers
from bot.script.reviews import FILE as REVIEW_FILE
from bot.script.reviews import read_reviews
from bot.script.shapes import shape_faults
from bot.script.source import Source, read_source
from bot.script.texts import texts_of
from bot.script.tongues import read_tongues
from bot.script.topics import check_languages, check_topics, check_words
from bot.script.translations import Translation, every_translation, read_translations
from bot.script.understood import Kept, read_understanding
from bot.understanding import Understanding

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Content:
    """Everything read from a content folder."""

    script: Script
    understanding: Understanding
    flows: tuple[ReadFlow, ...]

    def __repr__(self) -> str:
        """Return its size: written out whole, it would hide what a failing test has found."""
        return f"<Content of {len(self.flows)} flows>"


def load_content(folder: Path, *, today: date | None = None, kept: Kept | None = None) -> Content:
    """Return the content of `folder`. Raises `BrokenContent` with every error found; warnings pass.

    Whoever loads again and again hands in the same `kept`.
    """
    content, diagnostics = check_content(folder, today=today, kept=kept)
    if content is None:
        raise BrokenContent(tuple(d for d in diagnostics if d.severity is Severity.ERROR))
    return content


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Hold the collector back: what is loaded is kept, and looking it through takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Findings(list[Diagnostic]):
    """What was found so far."""

    def of(self, read: tuple[_Value, Iterable[Diagnostic]]) -> _Value:
        """Add what reading something found, and return what was read."""
        value, faults = read
        self += faults
        return value


def check_content(
    folder: Path, *, thoroughly: bool = False, today: date | None = None, kept: Kept | None = None
) -> tuple[Content | None, tuple[Diagnostic, ...]]:
    """Return the content, or None when it can't be used, and every finding in order of place.

    `thoroughly` also tries every example of the understanding rules and every combination of missing values, and
    takes helplines older than 24 months on the day `today` for errors.
    """
    with _nothing_collected():
        return _checked(folder, thoroughly=thoroughly, today=today, kept=kept)


def _checked(
    folder: Path, *, thoroughly: bool, today: date | None, kept: Kept | None
) -> tuple[Content | None, tuple[Diagnostic, ...]]:
    found = _Findings()
    flows = found.of(_read_flows(folder))
    sound = () if found else flows
    languages = found.of(read_languages(folder, thoroughly=thoroughly))
    translations = found.of(read_translations(folder / "translations"))
    translations = every_translation(folder / "translations", languages, translations)
    editorials = found.of(read_editorials(folder / "editorial", {DEFAULT_LOCALE, *languages, *translations}))
    if sound:
        found += _check_flows(folder, sound, editorials[DEFAULT_LOCALE], thoroughly=thoroughly)
        found += _check_translations(sound, translations, languages, editorials, thoroughly=thoroughly)
    never_says = {locale: editorial.never_says for locale, editorial in editorials.items()}
    tables = found.of(read_phrases(folder))
    found += check_phrases(tables, never_says=never_says, thoroughly=thoroughly)
    understanding = found.of(read_understanding(folder, tables, thoroughly=thoroughly, kept=kept))
    if understanding is not None:
        found += _check_understood(folder, flows, understanding, languages, thoroughly=thoroughly)
    readers = found.of(read_readers(folder))
    directory = found.of(_read_helplines(folder, flows, languages, today=today, thoroughly=thoroughly))
    if sound and directory and understanding and LIVES_IN in understanding.topics:
        found += missing_steps(sound, COUNTRY_STEPS)
    tongues = found.of(read_tongues(folder / "tongues", flows, _understood(understanding)))
    reviews = found.of(read_reviews(folder / REVIEW_FILE, today=today))
    letters = found.of(read_letters(folder / "letters", never_says=never_says, thoroughly=thoroughly))
    ordered = tuple(sorted(set(found)))
    if understanding is None or any(each.severity is Severity.ERROR for each in ordered):
        return None, ordered
    script = replace(
        compile_script(flows, translations.values()),
        readers=readers,
        helplines=directory,
        tongues=tongues,
        reviews=reviews,
        languages=languages,
        phrases=compile_phrases(tables),
        letters=letters,
    )
    return Content(script=script, understanding=understanding, flows=flows), ordered


def _check_understood(
    folder: Path,
    flows: tuple[ReadFlow, ...],
    understanding: Understanding,
    languages: Mapping[str, Language],
    *,
    thoroughly: bool,
) -> Iterator[Diagnostic]:
    yield from check_topics(flows, understanding.topics)
    yield from check_words(flows)
    if thoroughly:
        yield from check_languages(folder, understanding, languages)


def _check_translations(
    flows: tuple[ReadFlow, ...],
    translations: Mapping[str, Translation],
    languages: Mapping[str, Language],
    editorials: Mapping[str, Editorial],
    *,
    thoroughly: bool,
) -> Iterator[Diagnostic]:
    for locale, each in translations.items():
        yield from check_translation(
            flows,
            each,
            languages.get(locale),
            never_says=editorials[locale].never_says,
            praise=editorials[locale].praise,
            thoroughly=thoroughly,
        )


def _check_flows(
    folder: Path,
    flows: tuple[ReadFlow, ...],
    editorial: Editorial,
    *,
    thoroughly: bool,
) -> list[Diagnostic]:
    found = check_flows(flows, never_says=editorial.never_says, thoroughly=thoroughly)
    lives = folder / "editorial" / LIVES
    if thoroughly:
        found += check_voice(flows, praise=editorial.praise, ways_are_sound=not found)
    if thoroughly and lives.exists():
        found += [*check_lives(lives), *advice_lost(flows, lives)]
    found += check_published(folder, flows)
    return found


def _read_helplines(
    folder: Path,
    flows: tuple[ReadFlow, ...],
    languages: Mapping[str, Language],
    *,
    today: date | None,
    thoroughly: bool,
) -> tuple[Directory | None, list[Diagnostic]]:
    path = folder / "helplines.yaml"
    if not path.exists() and not _speaks_of_lines(flows):
        return None, []
    directory, faults = read_helplines(path, today=today, thoroughly=thoroughly)
    unnamed = helplines_without_words(path, directory, languages) if thoroughly and directory else ()
    return directory, [*faults, *unnamed]


def _understood(understanding: Understanding | None) -> set[str]:
    return set(understanding.lexicons) - {DEFAULT_LOCALE} if understanding is not None else set()


def _speaks_of_lines(flows: tuple[ReadFlow, ...]) -> bool:
    """A content that names no helpline's number in its texts needs no directory of them."""
    sayings = (
        words.source for flow in flows for step in flow.document.steps.values() for words in texts_of(step)
    )
    return any(re.search(r"\{\{\s*lines\.", text) for text in sayings)


def _read_flows(folder: Path) -> tuple[tuple[ReadFlow, ...], list[Diagnostic]]:
    found: list[Diagnostic] = []
    flows: list[ReadFlow] = []
    paths = sorted((folder / "flows").glob("*.yaml"))
    if not paths:
        found.append(
            Diagnostic(
                path=folder / "flows",
                line=0,
                code=Code.NO_CONTENT,
                message="There are no flow files here.",
                remedy="Point ONWARD_CONTENT_DIR at a folder that has `flows/*.yaml`.",
            )
        )
    for path in paths:
        source, faults = read_source(path)
        found += faults
        if source.data is not None:
            read, wrong = _shaped(source)
            found += wrong
            flows += [read] if read else []
    return tuple(flows), found


def _shaped(source: Source) -> tuple[ReadFlow | None, list[Diagnostic]]:
    try:
        document = FlowDocument.model_validate(source.data)
    except ValidationError as error:
        return None, shape_faults(source, error)
    if document.flow != source.path.stem:
        name = Diagnostic(
            path=source.path,
            line=source.line_of(("flow",)),
            code=Code.FLOW_NAME,
            message=f"The flow is named `{document.flow}`, its file `{source.path.name}`.",
            remedy=f"Name the file `{document.flow}.yaml`, or the flow `{source.path.stem}`.",
        )
        return ReadFlow(source=source, document=document), [name]
    return ReadFlow(source=source, document=document), []
