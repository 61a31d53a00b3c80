"""What stands in a bot's database, read from outside while it runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from bot.store.cipher import Cipher
from tests.e2e.process import KEY

_RECORDS = ("people", "rejections", "plans", "wins", "lessons", "journal", "moods", "letters")


@dataclass(frozen=True, slots=True)
class Peek:
    """Reads with the tests' own key. Never writes."""

    engine: Engine

    @classmethod
    def at(cls, database: Path | URL) -> Peek:
        """`database` is an SQLite file, or a URL."""
        url = f"sqlite:///file:{database}?mode=ro&uri=true" if isinstance(database, Path) else database
        return cls(create_engine(url, poolclass=NullPool))

    def waiting(self) -> int:
        """Return how many updates and messages wait to be handled."""
        # In one query: what leaves the one table enters the other.
        return int(self._rows("SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM outbox)")[0][0])

    def left_and_seen(self) -> tuple[int, int]:
        """Return how many updates wait for their turn, and how many were ever taken in."""
        return tuple(self._rows("SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM seen)")[0])

    def parked(self) -> list[str]:
        """Return the reasons of what was parked, in order."""
        return [reason for (reason,) in self._rows("SELECT reason FROM parked ORDER BY id")]

    def session(self) -> dict[str, Any]:
        """Return the session of the only conversation."""
        return self.sessions()[0]

    def sessions(self) -> list[dict[str, Any]]:
        found = self._rows("SELECT session FROM conversations WHERE session IS NOT NULL ORDER BY id")
        return [json.loads(_open(sealed)) for (sealed,) in found]

    def records(self) -> dict[str, list[dict[str, Any]]]:
        """Return every record, by table."""
        return {
            table: [json.loads(_open(sealed)) for (sealed,) in self._rows(f"SELECT data FROM {table}")]
            for table in _RECORDS
        }

    def _rows(self, query: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(query)))


def _open(sealed: bytes) -> bytes:
    return Cipher([KEY]).open(bytes(sealed))
