"""`content/editorial/`: what is never said in a language, and what praises; and how conversations may begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.script.diagnostics import Code, Diagnostic
from bot.script.source import KeyPath, Source, read_source

_NEVER, _PRAISE = "never_says", "praise"
LIVES = "lives.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Editorial:
    """Phrases in lower case, without punctuation."""

    never_says: tuple[str, ...] = ()
    praise: tuple[str, ...] = ()


def read_editorials(folder: Path, locales: Iterable[str]) -> tuple[dict[str, Editorial], list[Diagnostic]]:
    """Return the phrases by locale; a language without a file has none."""
    found: list[Diagnostic] = []
    editorials = {}
    for locale in locales:
        editorials[locale], faults = _read(folder / f"{locale}.yaml")
        found += faults
    return editorials, found


def check_lives(path: Path) -> list[Diagnostic]:
    """Tell what keeps the beginnings from being played."""
    source, found = read_source(path)
    if source.data is None:
        return list(found)
    document = source.data if isinstance(source.data, dict) else {}
    lives = document.get("lives")
    if not isinstance(lives, list) or not lives or set(document) != {"lives"}:
        return [*found, _fault(source, (), "This file holds one list of beginnings, `lives`.")]
    wrong = [n for n, life in enumerate(lives) if not _are_words(life) or not life]
    told = "A life is a list of what somebody writes."
    return [*found, *(_fault(source, ("lives", n), told) for n in wrong)]


def _read(path: Path) -> tuple[Editorial, list[Diagnostic]]:
    if not path.exists():
        return Editorial(), []
    source, found = read_source(path)
    if source.data is None:
        return Editorial(), list(found)
    faults = [*found, *_faults(source)]
    if faults:
        return Editorial(), faults
    assert isinstance(source.data, dict)
    return Editorial(never_says=tuple(source.data[_NEVER]), praise=tuple(source.data.get(_PRAISE, ()))), []


def _faults(source: Source) -> Iterator[Diagnostic]:
    lists = source.data if isinstance(source.data, dict) else {}
    if _NEVER not in lists and set(lists) <= {_PRAISE}:  # misspelt, it is told as that
        yield _fault(source, (), "This file holds lists of phrases, `never_says` and, if wanted, `praise`.")
    for name, phrases in lists.items():
        if name not in (_NEVER, _PRAISE):
            yield _fault(source, (name,), f"`{name}` isn't a key that belongs here.")
        elif not _are_words(phrases):
            yield _fault(source, (name,), f"`{name}` must be a list of phrases, none of them empty.")


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value)


def _fault(source: Source, keys: KeyPath, message: str) -> Diagnostic:
    return Diagnostic(
        path=source.path,
        line=source.line_of(keys),
        code=Code.SHAPE,
        message=message,
        remedy="Compare it with docs/writing-content.md.",
    )
