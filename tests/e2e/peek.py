"""What stands in a bot's SQLite file, read from outside while it runs."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.store.cipher import Cipher
from tests.e2e.process import KEY

_RECORDS = ("people", "rejections", "plans", "wins", "lessons", "journal", "moods")


@dataclass(frozen=True, slots=True)
class Peek:
    """Reads `database` with the tests' own key. Never writes."""

    database: Path

    def waiting(self) -> int:
        """Return how many updates and messages wait to be handled."""
        counts = ("(SELECT count(*) FROM inbox)", "(SELECT count(*) FROM outbox)")
        return int(self._rows(f"SELECT {' + '.join(counts)}")[0][0])

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

    def _rows(self, query: str) -> list[tuple]:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)) as connection:
            return connection.execute(query).fetchall()


def _open(sealed: bytes) -> bytes:
    return Cipher([KEY]).open(sealed)
