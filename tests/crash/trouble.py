"""What goes wrong besides the kills: the API's faults, updates twice and in disorder, a full disk, a database that
restarts."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL

from tests.botapi import BotApi
from tests.botapi.updates import Updates

# What the API does to a call, and how often beside each other. Of a poll's question only what ends it at once.
_FAULTS = {"flood": 3, "error": 3, "bad_gateway": 2, "reset": 3, "lost_answer": 3, "garbage": 1}
_TIMEOUTS = {"silence": 2, "slow_answer": 2}
_DISK_MEGABYTES = 24


class Disorder(Updates):
    """Updates that come twice and, where the platform allows it, in another order.

    `ports`: where webhooks are listened for; each post goes to one of them by lot, as a balancer would send it.
    `handed` and `taken`: when each was first handed over, and when it was acknowledged (monotonic seconds).
    """

    def __init__(self, dice: random.Random, ports: list[int], *, lively: bool) -> None:
        super().__init__()
        self._dice, self._ports, self._lively = dice, ports, lively
        self._announcing = asyncio.Lock()
        self.twice = self.swapped = 0
        self.loose_from = (
            self.next_id
        )  # before that they come in order: a conversation begins with its beginning
        self.handed: dict[int, float] = {}
        self.taken: dict[int, float] = {}

    def calm(self) -> None:
        """Come once each and in order from now on."""
        self._lively = False

    def _by_lot(self, chance: float) -> bool:
        return self._lively and self._dice.random() < chance

    async def get(self, offset: int, limit: int, hold: float, allowed: list[str] | None) -> str:
        """Give the batch shuffled, some of it twice: it is taken in as one, so its order can't matter."""
        given: list[Any] = json.loads(await super().get(offset, limit, hold, allowed))
        again = [each for each in given if self._by_lot(0.05)]
        self.twice += len(again)
        mixed = given + again
        if self._by_lot(0.3):
            self.swapped += len(mixed) > 1
            self._dice.shuffle(mixed)
        return json.dumps(mixed)

    async def set_webhook(self, url: str, secret: str, connections: int, allowed: list[str] | None) -> None:
        """Let several processes announce themselves one after the other, as the real one does."""
        async with self._announcing:
            await super().set_webhook(url, secret, connections, allowed)

    async def _drive(self, chat: object) -> None:
        lane = self._lanes[chat]
        while lane:
            if len(lane) > 1 and lane[0] >= self.loose_from and self._by_lot(0.1):
                lane[0], lane[1] = lane[1], lane[0]
                self.swapped += 1
            await self._hand_over(lane.popleft())
        del self._lanes[chat]

    async def _hand_over(self, number: int) -> None:
        text, pause = self.pending[number][1], self.retry_pause
        self.handed.setdefault(number, time.monotonic())
        while not await self._deliver(text):
            await asyncio.sleep(pause)
            pause = min(pause * 2, 0.3)
        self.taken[number] = time.monotonic()
        del self.pending[number]
        self.confirmed += 1
        if self._by_lot(0.05):
            self.twice += 1
            await self._deliver(text)

    async def _deliver(self, text: str) -> bool:
        url = self.webhook["url"]
        address = url.partition("://")[2].partition("/")
        host = address[0].partition(":")[0]
        self.webhook["url"] = f"http://{host}:{self._dice.choice(self._ports)}/{address[2]}"
        return await super()._deliver(text)


@dataclass(slots=True, kw_only=True)
class Faults:
    """The API's faults, one after the other until it is told to be well again."""

    api: BotApi
    dice: random.Random
    counted: Counter[str] = field(default_factory=Counter)

    async def go_on(self, gap_seconds: float) -> None:
        while True:
            await asyncio.sleep(self.dice.uniform(0, 2 * gap_seconds))
            polled = self.dice.random() < 0.15
            kinds = _FAULTS if polled else _FAULTS | _TIMEOUTS
            kind = self.dice.choices(list(kinds), list(kinds.values()))[0]
            method = "getUpdates" if polled else self.dice.choice(("sendMessage", "sendMessage", "*"))
            if method == "*" and kind in _TIMEOUTS:
                method = "editMessageReplyMarkup"
            self.api.fail(method, kind, skip=self.dice.randrange(3))
            self.counted[kind] += 1


@dataclass(slots=True)
class Disk:
    """A small disk of its own, that can be filled to its last byte."""

    folder: Path

    async def full_for(self, seconds: float) -> None:
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 65536)
        with filler.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 512)
        try:
            await asyncio.sleep(seconds)
        finally:  # also when the trouble is called off in the middle of it: else the disk stays full for good
            filler.unlink()


@asynccontextmanager
async def small_disk(folder: Path) -> AsyncIterator[Disk | None]:
    """Mount one; None where this user may not."""
    folder.mkdir()  # noqa: ASYNC240
    size = f"size={_DISK_MEGABYTES}m"
    mounted = os.geteuid() == 0 and not subprocess.run(  # noqa: ASYNC221
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=False, capture_output=True
    ).returncode  # fmt: skip
    try:
        yield Disk(folder) if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)  # noqa: ASYNC221


def restart(database: URL) -> None:
    """Kill one of PostgreSQL's own processes: it ends all connections, recovers from its log, and begins anew."""
    address = database.set(drivername="postgresql").render_as_string(hide_password=False)
    with suppress(psycopg.OperationalError), psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = current_database()"
        )
        pids = [pid for (pid,) in found if pid != connection.info.backend_pid]
        if pids:
            with suppress(ProcessLookupError):  # it ended by itself in this moment
                os.kill(pids[0], signal.SIGKILL)
