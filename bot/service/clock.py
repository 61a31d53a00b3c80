"""The time, handed in, so that a test or the terminal chat can move it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
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
