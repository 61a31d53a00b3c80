"""What the database says after all the kills."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from tests.e2e.peek import Peek


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """`turns` are those of all sessions together; `taken` the updates recorded, `taken_twice` those of them that were
    recorded more than once."""

    waiting: int
    parked: int
    turns: int
    taken: int
    taken_twice: int


def read_ledger(database: Path | URL) -> Ledger:
    peek = Peek.at(database)
    texts = Counter(win["text"] for win in peek.records()["wins"])
    return Ledger(
        waiting=peek.waiting(),
        parked=len(peek.parked()),
        turns=sum(session["turn"] for session in peek.sessions()),
        taken=len(texts),
        taken_twice=sum(count > 1 for count in texts.values()),
    )
