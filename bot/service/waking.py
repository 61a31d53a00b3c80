"""Waking for check-ins: APScheduler rings at the next due moment, and now and then for what others have promised.

It keeps none of them: the table does. A job of its own store is deleted as it starts, and lost with the process.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.base import BaseScheduler

from bot.service.check_ins import CheckIns
from bot.service.wake import told

log = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(seconds=30)
_JOB = "check-ins"


@dataclass(slots=True, kw_only=True)
class Waker:
    """Fires what is due, by `scheduler`, whose clock must be that of `check_ins`."""

    check_ins: CheckIns
    scheduler: BaseScheduler
    look_every: timedelta = LOOK_EVERY
    _job: Any = field(init=False, default=None)
    _sooner: datetime | None = None  # promised while looking what is next
    _awake: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    def start(self) -> None:
        """Look at once for what came due while the process was down, and from then on."""
        self._job = self.scheduler.add_job(
            self.wake,
            "interval",
            seconds=self.look_every.total_seconds(),
            id=_JOB,
            next_run_time=self.check_ins.clock.now(),
            # However late it wakes, it fires what is due then; several late wakings are one.
            misfire_grace_time=None,
            coalesce=True,
        )

    def promised(self, due: datetime) -> None:
        """Hear that a check-in was promised for `due` (UTC), and wake then at the latest."""
        self._sooner = due if self._sooner is None else min(self._sooner, due)
        if self._job is not None and self._job.next_run_time is not None and due < self._job.next_run_time:
            self._job.modify(next_run_time=due)

    async def stop(self) -> None:
        """Wake no more; what began is finished."""
        job, self._job = self._job, None
        job.remove()
        async with self._awake:
            pass

    async def wake(self) -> None:
        """Fire what is due, and see to it that this runs again when the next one is."""
        async with self._awake:
            await self._fire()

    async def _fire(self) -> None:
        try:
            if fired := await self.check_ins.drain():
                log.info("check-ins fired", count=fired)
            self._sooner = None
            following = await self.check_ins.next_due()
        except Exception as fault:  # noqa: BLE001 - whatever it is: they stay due, and are looked for again
            log.warning("check-ins wait", error=told(fault))
            return
        due = [each for each in (following, self._sooner) if each is not None]
        if self._job is not None:
            self._job.modify(next_run_time=min([self.check_ins.clock.now() + self.look_every, *due]))
