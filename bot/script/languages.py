"""`content/languages.yaml`: the languages of the conversation, and what each still needs besides its texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.dialogue.countries import spelling
from bot.dialogue.flow import DEFAULT_LOCALE
from bot.dialogue.helpline_words import UNKNOWN_HOURS, hours_in
from bot.dialogue.helplines import Directory
from bot.dialogue.languages import Language
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.documents import Document, Words, YesNo, is_yes
from bot.script.shapes import shape_faults
from bot.script.source import Source, read_source

ENGLISH = Language(locale=DEFAULT_LOCALE, name="English", asked_by=frozenset({"english"}))
# Beside a language's texts (`translations/<locale>/`), in the order of docs/writing-content.md.
PARTS: Mapping[str, str] = {
    "formats/{locale}.yaml": "how days and times are written",
    "times/{locale}.yaml": "how days and times are read",
    "editorial/{locale}.yaml": "what is never said",
    "understanding/{locale}.yaml": "what people write",
    "phrases/{locale}.yaml": "what the stock phrases of rejections mean",
    "letters/{locale}": "letters to employers",
    "tongues/{locale}.yaml": "danger told in it while the conversation is in another",
}


class LanguageDocument(Document):
    name: Words
    offered: YesNo
    asked_by: tuple[Words, ...] = ()


_FILE = TypeAdapter(dict[str, LanguageDocument])


def read_languages(folder: Path, *, thoroughly: bool) -> tuple[dict[str, Language], list[Diagnostic]]:
    """Return the languages of a content folder by locale, English first; without the file there is English alone.

    `thoroughly` also tells what an offered language still lacks: that is no reason not to start.
    """
    path = folder / "languages.yaml"
    if not path.exists():
        return {DEFAULT_LOCALE: ENGLISH}, []
    source, found = read_source(path)
    if source.data is None:
        return {DEFAULT_LOCALE: ENGLISH}, list(found)
    try:
        documents = _FILE.validate_python(source.data)
    except ValidationError as error:
        return {DEFAULT_LOCALE: ENGLISH}, [*found, *shape_faults(source, error)]
    languages = {
        locale: Language(
            locale=locale,
            name=each.name,
            offered=is_yes(each.offered),
            asked_by=frozenset(map(spelling, each.asked_by)),
        )
        for locale, each in documents.items()
    }
    english = languages.pop(DEFAULT_LOCALE, ENGLISH)
    if thoroughly:
        found += tuple(_unfinished(folder, source, languages))
    return {DEFAULT_LOCALE: english} | languages, list(found)


def _unfinished(folder: Path, source: Source, languages: Mapping[str, Language]) -> Iterator[Diagnostic]:
    for locale, language in languages.items():
        for pattern, what in PARTS.items():
            part = pattern.format(locale=locale)
            if (folder / part).exists() or not (folder / part).parent.is_dir():
                continue  # small content may do without a whole folder
            yield Diagnostic(
                path=source.path,
                line=source.line_of((locale,)),
                code=Code.PART_MISSING,
                message=f"{language.name} has no `{part}` ({what}).",
                remedy="Write it; docs/writing-content.md has the list for adding a language.",
                severity=Severity.ERROR if language.offered else Severity.WARNING,
            )


def helplines_without_words(
    path: Path, directory: Directory, languages: Mapping[str, Language]
) -> Iterator[Diagnostic]:
    """Yield a finding for each language lines with people can't be said in."""
    for locale, language in languages.items():
        lacking = list(_lacking(directory, locale))
        if not lacking:
            continue
        yield Diagnostic(
            path=path,
            line=0,
            code=Code.PART_MISSING,
            message=f"{language.name} lacks {'; '.join(lacking)}.",
            remedy="Write them; until then they are said in English.",
            severity=Severity.ERROR if language.offered else Severity.WARNING,
        )


def _lacking(directory: Directory, locale: str) -> Iterator[str]:
    """Yield what keeps lines with people from being said in a language, one kind of it after another."""
    if locale not in directory.words:
        yield f"`words.{locale}`"
    countries = [code for code in directory.countries if locale not in directory.shown_as.get(code, {})]
    if countries:
        yield f"names for {', '.join(countries)}"
    if locale == DEFAULT_LOCALE:
        return
    lines = [line for country in directory.countries.values() for line in country.lines]
    shown = {country.code: [country.emergency_show] for country in directory.countries.values()}
    shown |= {line.name: [line.show, line.region] for line in lines}
    silent = [name for name, texts in shown.items() if any(each and locale not in each for each in texts)]
    if silent:
        yield f"`emergency_show`, `show` or `region` of {', '.join(silent)}"
    written = {line.hours.written for line in lines} - {UNKNOWN_HOURS}
    english = sorted(each for each in written if _keeps_english(each, directory.in_hours.get(locale, {})))
    if locale in directory.words and english:
        yield f"words in `in_hours` for {', '.join(f'“{each}”' for each in english)}"


def _keeps_english(hours: str, words: Mapping[str, str]) -> bool:
    return bool(re.search(r"[^\W\d]", hours_in(hours, dict.fromkeys(words, ""))))
