"""A language's ordinary words (`content/vocabulary`): written small, they name nobody by themselves."""

from __future__ import annotations

from collections.abc import Mapping

from bot.understanding.document import mapping, strings
from bot.understanding.faults import FaultCode, Faults
from bot.understanding.spelling import bare

VOCABULARY = "vocabulary/"
_KEY = "words"


def read_vocabularies(raw: Mapping[str, object], faults: Faults) -> dict[str, frozenset[str]]:
    """Read locale -> parsed document, each a single list of words."""
    return {locale: _words(VOCABULARY + locale, document, faults) for locale, document in raw.items()}


def _words(top: str, document: object, faults: Faults) -> frozenset[str]:
    table = mapping((top,), document, faults)
    for key in table.keys() - {_KEY}:
        faults.add((top, key), FaultCode.UNKNOWN_KEY, f"unknown key {key!r}", f"use only: {_KEY}")
    listed = strings((top, _KEY), table.get(_KEY, []), faults)
    return frozenset(bare(word) or word for line in listed for word in line.lower().split())
