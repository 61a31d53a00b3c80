"""`content/translations/<locale>/<flow>.yaml`: a flow's words in another language, laid over it step by step.

Where the conversation goes, and on what condition, stands in the English flow alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from bot.dialogue.flow import DEFAULT_LOCALE
from bot.script.diagnostics import Code, Diagnostic
from bot.script.documents import Document, Key, Words
from bot.script.shapes import shape_faults
from bot.script.source import KeyPath, Source, read_source

Place = tuple[str, str | None, str]  # flow, step (None: the flow itself), key


class TextDocument(Document):
    """One wording: `of` is the fingerprint of the English it was made from."""

    of: Words
    text: Words | None = None
    one_of: Annotated[list[Words], Field(min_length=1)] | None = None
    also: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def _says_one_thing(self) -> TextDocument:
        if (self.text is None) == (self.one_of is None):
            raise ValueError("needs either `text` or `one_of`")
        return self

    @property
    def variants(self) -> tuple[str, ...]:
        return tuple(self.one_of) if self.one_of is not None else (self.text or "",)


class TranslationDocument(Document):
    """One file of `content/translations/<locale>/`."""

    flow: Words
    texts: dict[str, TextDocument] = Field(default_factory=dict)
    steps: dict[Key, dict[str, TextDocument]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """One wording of one language, and where it stands."""

    document: TextDocument
    source: Source
    keys: KeyPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """Everything said in one language."""

    locale: str
    folder: Path
    texts: Mapping[Place, Translated]


def read_translations(folder: Path) -> tuple[dict[str, Translation], list[Diagnostic]]:
    """Read every language of `translations/`, and tell what has the wrong shape."""
    found: list[Diagnostic] = []
    translations: dict[str, Translation] = {}
    for own in sorted(path for path in folder.glob("*") if path.is_dir()):
        texts: dict[Place, Translated] = {}
        for path in sorted(own.glob("*.yaml")):
            source, faults = read_source(path)
            found += faults
            document, wrong = _shaped(source)
            found += wrong
            if document is not None:
                texts |= dict(_texts(source, document))
        translations[own.name] = Translation(locale=own.name, folder=own, texts=texts)
    return translations, found


def every_translation(
    folder: Path, locales: Iterable[str], read: Mapping[str, Translation]
) -> dict[str, Translation]:
    """Return what was read, and nothing said yet for each other language of `locales` but English."""
    unsaid = set(locales) - set(read) - {DEFAULT_LOCALE}
    return dict(read) | {
        locale: Translation(locale=locale, folder=folder / locale, texts={}) for locale in sorted(unsaid)
    }


def _shaped(source: Source) -> tuple[TranslationDocument | None, list[Diagnostic]]:
    if not source.data:  # told as unreadable, or empty: nothing said in it yet
        return None, []
    try:
        document = TranslationDocument.model_validate(source.data)
    except ValidationError as error:
        return None, shape_faults(source, error)
    if document.flow == source.path.stem:
        return document, []
    name = Diagnostic(
        path=source.path,
        line=source.line_of(("flow",)),
        code=Code.FLOW_NAME,
        message=f"The file translates `{document.flow}`, and is named `{source.path.name}`.",
        remedy=f"Name it `{document.flow}.yaml`.",
    )
    return document, [name]


def _texts(source: Source, document: TranslationDocument) -> Iterator[tuple[Place, Translated]]:
    flow = document.flow
    for key, text in document.texts.items():
        yield (flow, None, key), Translated(document=text, source=source, keys=("texts", key))
    for step, texts in document.steps.items():
        for key, text in texts.items():
            keys: KeyPath = ("steps", step, key)
            yield (flow, step, key), Translated(document=text, source=source, keys=keys)
