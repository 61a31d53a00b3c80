"""What people's words are read by (`content/understanding`, the phrases and the weights), compiled and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from bot.dialogue.flow import DEFAULT_LOCALE
from bot.script.diagnostics import Code, Diagnostic
from bot.script.source import Source, read_source
from bot.understanding import (
    TABLE,
    VOCABULARY,
    WEIGHING,
    Fault,
    FaultCode,
    Understanding,
    compile_understanding,
)

_FOLDERS = ("understanding", "phrases", "weighing", "vocabulary")
_Compiled = tuple[Understanding, tuple[Fault, ...]]

_PHRASE_CODES = {
    FaultCode.UNUSED: Code.PHRASES_UNUSED,
    FaultCode.NO_EXAMPLE: Code.PHRASES_NO_EXAMPLE,
    FaultCode.OTHER_FAMILY: Code.PHRASES_EXAMPLE,
}


class Kept:
    """What was compiled before, for whoever reads content again and again: anew only when its own files changed.

    Holds the last few, so that a fault and its mending cost one compilation and not two.
    """

    SIZE = 4

    def __init__(self) -> None:
        self._compiled: dict[bytes, _Compiled] = {}

    def get(self, key: bytes) -> _Compiled | None:
        """Return what was kept under `key`."""
        return self._compiled.get(key)

    def put(self, key: bytes, compiled: _Compiled) -> None:
        """Keep it, and let the oldest go."""
        self._compiled[key] = compiled
        while len(self._compiled) > self.SIZE:
            del self._compiled[next(iter(self._compiled))]


def read_understanding(
    folder: Path, tables: Mapping[str, Source], *, thoroughly: bool, kept: Kept | None = None
) -> tuple[Understanding | None, list[Diagnostic]]:
    """Return what to read people's words by, or None without it, and the findings."""
    kept = Kept() if kept is None else kept
    key = _fingerprint(folder, thoroughly=thoroughly)
    if (known := kept.get(key)) is not None and not known[1]:
        return known[0], []  # nothing to place in a file: the files needn't be read again
    sources, found = _read_documents(folder)
    if found:
        return None, found
    scales = _read_folder(folder / "weighing", found)
    vocabulary = _read_folder(folder / "vocabulary", found)
    compiled = known or compile_understanding(
        {name: source.data for name, source in sources.items()},
        phrases={locale: source.data for locale, source in tables.items()},
        weighing={name: source.data for name, source in scales.items()},
        vocabulary={locale: source.data for locale, source in vocabulary.items()},
        check_examples=thoroughly,
    )
    if not found:
        kept.put(key, compiled)
    places = sources | {TABLE + locale: source for locale, source in tables.items()}
    places |= {WEIGHING + name: source for name, source in scales.items()}
    places |= {VOCABULARY + locale: source for locale, source in vocabulary.items()}
    nowhere = Source(
        path=folder / "understanding" / f"{DEFAULT_LOCALE}.yaml", data=None
    )  # the one that must be there
    return compiled[0], found + [
        _placed(each, places.get(str(each.path[0]), nowhere)) for each in compiled[1]
    ]


def _fingerprint(folder: Path, *, thoroughly: bool) -> bytes:
    made = hashlib.sha256(b"thoroughly" if thoroughly else b"")
    for name in _FOLDERS:
        for path in sorted((folder / name).glob("*.yaml")):
            try:
                read = path.read_bytes()
            except OSError:  # reading it as a document will tell what is wrong with it
                read = b""
            made.update(f"{name}/{path.name}/{len(read)}:".encode() + read)
    return made.digest()


def _read_documents(folder: Path) -> tuple[dict[str, Source], list[Diagnostic]]:
    found: list[Diagnostic] = []
    sources: dict[str, Source] = {}
    for path in sorted((folder / "understanding").glob("*.yaml")):
        source, faults = read_source(path)
        sources[path.stem] = source
        found += faults
        if source.data is not None and not source.data:
            found.append(_wordless(path, "Write its rules, or remove the file."))
    if not sources:
        found.append(_wordless(folder / "understanding", f"Add `understanding/{DEFAULT_LOCALE}.yaml`."))
    return sources, found


def _wordless(path: Path, remedy: str) -> Diagnostic:
    message = "There are no words to understand people by."
    return Diagnostic(path=path, line=0, code=Code.NO_CONTENT, message=message, remedy=remedy)


def _placed(fault: Fault, source: Source) -> Diagnostic:
    return Diagnostic(
        path=source.path,
        line=source.line_of(fault.path[1:]),
        code=_PHRASE_CODES.get(fault.code, Code.UNDERSTANDING),
        message=_sentence(fault.message),
        remedy=_sentence(fault.remedy),
    )


def _read_folder(folder: Path, found: list[Diagnostic]) -> dict[str, Source]:
    """What mails are weighed by, and the weights, or ordinary words; a content may have none."""
    sources: dict[str, Source] = {}
    for path in sorted(folder.glob("*.yaml")):
        sources[path.stem], faults = read_source(path)
        found += faults
    return sources


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:].rstrip(".") + "."
