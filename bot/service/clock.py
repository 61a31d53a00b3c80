"""The time, handed in, so that a test or the terminal chat can move it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    async def sleep(self, until: datetime) -> None:
        """Return at `until` (aware), at once if it has passed."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, until: datetime) -> None:
        await asyncio.sleep(max(0.0, (until - self.now()).total_seconds()))


class MovedClock:
    """The practice chat's clock: the system's, plus what was skipped. The file keeps it between runs."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._skipped = timedelta(seconds=_seconds_in(file))

    def now(self) -> datetime:
        return datetime.now(UTC) + self._skipped

    async def sleep(self, until: datetime) -> None:
        await asyncio.sleep(max(0.0, (until - self.now()).total_seconds()))

    def move(self, by: timedelta) -> datetime:
        """Skip `by` and return the new moment, UTC."""
        self._skipped += by
        self._file.write_text(str(self._skipped.total_seconds()), encoding="utf-8")
        return self.now()


def _seconds_in(file: Path) -> float:
    try:
        return float(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0.0
