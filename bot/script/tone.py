"""What Onward never says. The phrases themselves are content (`content/editorial/<locale>.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

_APOSTROPHES = str.maketrans("’‘", "''")


def never_said(text: str, phrases: tuple[str, ...]) -> Iterator[str]:
    """Yield the banned phrases that stand in `text`, whatever their case."""
    plain = " ".join(re.sub(r"[^\w' ]+", " ", text.translate(_APOSTROPHES).casefold()).split())
    for phrase in phrases:
        if re.search(rf"\b{re.escape(phrase)}\b", plain):
            yield phrase
