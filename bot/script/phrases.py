"""The tables of stock phrases (`content/phrases/<locale>.yaml`): their words as texts, and the checks of those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.dialogue.flow import DEFAULT_LOCALE, Phrases
from bot.dialogue.render import ContentError, Template, names_in
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.source import KeyPath, Source, read_source
from bot.script.tone import never_said

FOLDER = "phrases"
MAX_WORDS_CHARS = 190  # a bubble less the letter's own words above it
_NAMES = frozenset({"phrase.quote"})


def read_phrases(folder: Path) -> tuple[dict[str, Source], list[Diagnostic]]:
    """Read every table of a content folder, by locale; a content may have none."""
    sources: dict[str, Source] = {}
    found: list[Diagnostic] = []
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        source, faults = read_source(path)
        found += faults
        if source.data is not None:
            sources[path.stem] = source
    return sources, found


def compile_phrases(sources: Mapping[str, Source]) -> Phrases | None:
    """Return what is said of each family. The tables must have passed the checks."""
    if DEFAULT_LOCALE not in sources:
        return None
    families: dict[str, dict[str, tuple[Template, ...]]] = {}
    quoted: dict[str, tuple[Template, ...]] = {}
    for locale, source in sources.items():
        for _, words, key in _words_of(source):
            if key is None:
                quoted[locale] = (Template(words),)
            else:
                by_locale = families.setdefault(key, {})
                by_locale[locale] = (*by_locale.get(locale, ()), Template(words))
    return Phrases(families=families, quoted=quoted)


def check_phrases(
    sources: Mapping[str, Source], *, never_says: Mapping[str, tuple[str, ...]], thoroughly: bool
) -> Iterator[Diagnostic]:
    """Yield every finding about the tables' words; their patterns are the understanding's to check.

    `never_says` are the banned phrases by locale.
    """
    english = sources.get(DEFAULT_LOCALE)
    known = set(_families(english)) if english else set()
    for locale, source in sources.items():
        if locale == DEFAULT_LOCALE:
            yield from _missing(source)
        for key in set(_families(source)) - known:
            remedy = "Use a key of the English table, or add the family there."
            yield _fault(
                source,
                ("families", key),
                Code.PHRASES_UNKNOWN,
                f"The English table has no family `{key}`.",
                remedy,
            )
        banned = never_says.get(locale, ()) if thoroughly else ()
        for keys, words, _ in _words_of(source):
            yield from _check_words(source, keys, words, banned)


def _missing(source: Source) -> Iterator[Diagnostic]:
    data = source.data if isinstance(source.data, dict) else {}
    quoted = data.get("quoted")
    if not isinstance(quoted, str) or not _named(quoted) >= _NAMES:
        remedy = "Add `quoted:` with `{{ phrase.quote }}` in it."
        yield _fault(
            source, (), Code.PHRASES_NO_WORDS, "Nothing says how a letter's own words are shown.", remedy
        )
    for key, family in _families(source).items():
        words = family.get("words") if isinstance(family, dict) else None
        said = [words] if isinstance(words, str) else words if isinstance(words, list) else []
        if not said or not all(isinstance(each, str) and each for each in said):
            remedy = "Say under `words:` what these phrases mean, and what they don't."
            yield _fault(
                source, ("families", key), Code.PHRASES_NO_WORDS, f"The family `{key}` has no words.", remedy
            )


def _named(words: str) -> frozenset[str]:
    try:
        return names_in(words)
    except ContentError:
        return _NAMES  # told where the text stands


def _check_words(
    source: Source, keys: KeyPath, words: str, never_says: tuple[str, ...]
) -> Iterator[Diagnostic]:
    try:
        Template(words)
        unknown = names_in(words) - _NAMES
    except ContentError as error:
        yield _fault(source, keys, Code.BAD_TEXT, f"This text {error}.", "Correct it.")
        return
    for name in sorted(unknown):
        yield _fault(
            source, keys, Code.UNKNOWN_NAME, f"There is no `{name}` here.", "Only `phrase.quote` is known."
        )
    if len(words) > MAX_WORDS_CHARS:
        message = f"These words are {len(words)} characters long; {MAX_WORDS_CHARS} fit under a quoted line."
        yield _fault(source, keys, Code.TOO_LONG, message, "Say less.", Severity.WARNING)
    for phrase in never_said(words, never_says):
        message = f"This text says “{phrase}”, which Onward never says."
        yield _fault(source, keys, Code.BANNED_PHRASE, message, "Say it another way.")


def _families(source: Source) -> Mapping[str, object]:
    families = source.data.get("families") if isinstance(source.data, dict) else None
    return families if isinstance(families, dict) else {}


def _words_of(source: Source) -> Iterator[tuple[KeyPath, str, str | None]]:
    """Yield each text with its place and family; None is how a line is quoted."""
    quoted = source.data.get("quoted") if isinstance(source.data, dict) else None
    if isinstance(quoted, str):
        yield ("quoted",), quoted, None
    for key, family in _families(source).items():
        words = family.get("words", []) if isinstance(family, dict) else []
        for n, text in enumerate(words if isinstance(words, list) else [words]):
            if isinstance(text, str):
                yield ("families", key, "words", n), text, key


def _fault(  # noqa: PLR0917  # a diagnostic's own fields, in the order they are read
    source: Source, keys: KeyPath, code: Code, message: str, remedy: str, severity: Severity = Severity.ERROR
) -> Diagnostic:
    return Diagnostic(
        path=source.path,
        line=source.line_of(keys),
        code=code,
        message=message,
        remedy=remedy,
        severity=severity,
    )
