"""Measure how fast 1,000 check-ins that are due stand in the inbox, however many are pending beside them.

`python -m benchmarks.check_ins`: ours beside APScheduler's own SQLAlchemyJobStore, on the same database with the same
settings, and how 10,000 that are due at nine drain while people go on writing.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import URL, func, select

from benchmarks.nine_o_clock import drain_at_nine
from benchmarks.pending import database, engine_of, fall_due, servers
from bot.service.check_ins import CheckIns
from bot.service.clock import SystemClock
from bot.service.wake import Bells
from bot.service.waking import Waker
from bot.store.database import Store, open_store
from bot.store.inbox import LAST
from bot.store.tables import inbox
from tests.e2e.process import KEY

DUE = 1_000
PATIENCE_SECONDS = 120.0
_TICK = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """Seconds from the scheduler's start to the last row's commit; the loop's longest stall, in all and on its own
    processor time (what other programs took is not in that)."""

    seconds: float
    stall: float
    own_stall: float


@dataclass(slots=True)
class Stalls:
    """Looks how late the event loop comes back to something that only wants to go on."""

    longest: float = 0.0
    own: float = 0.0
    _going: bool = field(default=True)

    async def watch(self) -> None:
        while self._going:
            at, own = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_TICK)
            self.longest = max(self.longest, time.perf_counter() - at - _TICK)
            self.own = max(self.own, time.thread_time() - own)

    def end(self) -> None:
        self._going = False


async def ours(url: URL) -> Wake:
    async with open_store(url, [KEY]) as store:
        scheduler = AsyncIOScheduler(timezone=UTC)
        check_ins = CheckIns(store=store, clock=SystemClock(), bells=Bells())
        waker = Waker(check_ins=check_ins, scheduler=scheduler)
        waker.start()

        async def all_in() -> None:
            while check_ins.fired < DUE:
                await check_ins.bells.turns.wait()
                check_ins.bells.turns.clear()

        wake = await _measured(scheduler, all_in)
        await waker.stop()
        await _assert_all_in(store)
        return wake


@dataclass(slots=True)
class Entering:
    """What the job store's jobs have to do: enter the inbox. All that gathered meanwhile share a commit, as in ours."""

    store: Store
    waiting: list[int] = field(default_factory=list)
    done: int = 0
    all_done: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: bool = False

    async def enter(self, of: int) -> None:
        self.waiting.append(of)
        if self._busy:
            return
        self._busy = True
        while self.waiting:
            await asyncio.sleep(0)
            batch, self.waiting = self.waiting, []
            now = datetime.now(UTC)
            named = {
                "from_within": True,
                "update_id": LAST,
                "at": now,
                "payload": b"due",
                "check_in": "daily",
            }
            async with self.store.write() as connection:
                await connection.execute(inbox.insert(), [{"conversation_id": of, **named} for of in batch])
            self.done += len(batch)
            if self.done >= DUE:
                self.all_done.set()
        self._busy = False


ENTERING: list[Entering] = []


async def enter(of: int) -> None:
    """Is what APScheduler's jobs call: it must be found by its name."""
    await ENTERING[-1].enter(of)


async def theirs(url: URL) -> Wake:
    async with open_store(url, [KEY]) as store:
        # `python -m` runs this file as __main__; the jobs know it by its own name.
        known = sys.modules.setdefault("benchmarks.check_ins", sys.modules[__name__])
        entering = Entering(store)
        known.ENTERING.append(entering)
        engine = engine_of(url)
        scheduler = AsyncIOScheduler(
            jobstores={"default": SQLAlchemyJobStore(engine=engine)},
            job_defaults={"misfire_grace_time": None, "coalesce": True},
            timezone=UTC,
        )
        wake = await _measured(scheduler, entering.all_done.wait)
        scheduler.shutdown(wait=False)
        await _assert_all_in(store)
        return wake


async def _measured(scheduler: AsyncIOScheduler, all_in: Callable[[], Awaitable[object]]) -> Wake:
    stalls = Stalls()
    watching = asyncio.create_task(stalls.watch())
    await asyncio.sleep(0.05)
    stalls.longest = stalls.own = 0.0
    began = time.perf_counter()
    scheduler.start()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await all_in()
    took = time.perf_counter() - began
    await asyncio.sleep(0.01)
    stalls.end()
    await watching
    return Wake(seconds=took, stall=stalls.longest, own_stall=stalls.own)


async def _assert_all_in(store: Store) -> None:
    async with store.write() as connection:
        count = (await connection.execute(select(func.count()).select_from(inbox))).scalar_one()
        assert count == DUE, f"{count} in the inbox"
        await connection.execute(inbox.delete())
    await store.empty_journal()


def main() -> None:
    options = _options()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    print(
        f"{DUE:,} due among many pending, until the last stands committed in the inbox; medians of {options.rounds}\n"
    )
    print(
        "| database | pending | Onward | job store | times faster | longest stall (own) | job store's stall |"
    )
    print("|---|---|---|---|---|---|---|")
    with servers(tuple(options.databases)) as found:
        for kind in options.databases:
            urls = {pending: database(kind, found, pending) for pending in options.pending}
            _report(
                kind, _measure(urls, options.rounds, ours), _measure(urls, options.rounds // 3 or 1, theirs)
            )
    print()
    print(asyncio.run(drain_at_nine(options.at_nine)))


def _measure(
    urls: dict[int, URL], rounds: int, waking: Callable[[URL], Coroutine[Any, Any, Wake]]
) -> dict[int, list[Wake]]:
    """Return `rounds` wakings with each number pending, in turns, so that whatever else runs here disturbs all alike.

    A first one, which loads code and caches, is not among them.
    """
    wakes: dict[int, list[Wake]] = {pending: [] for pending in urls}
    for _ in range(rounds + 1):
        for pending, url in urls.items():
            fall_due(url, DUE, datetime.now(UTC), ours=waking is ours)
            wakes[pending].append(asyncio.run(waking(url)))
    return {pending: found[1:] for pending, found in wakes.items()}


def _report(kind: str, us: dict[int, list[Wake]], them: dict[int, list[Wake]]) -> None:
    medians = {pending: _median(us[pending]) for pending in us}
    for pending, seconds in medians.items():
        print(
            f"| {kind} | {pending:,} | {1000 * seconds:.1f} ms | {1000 * _median(them[pending]):.0f} ms"
            f" | {_median(them[pending]) / seconds:.1f} | {_most(us[pending], 'stall')}"
            f" ({_most(us[pending], 'own_stall')}) | {_most(them[pending], 'stall')} |"
        )
    ratio = medians[max(medians)] / medians[min(medians)]
    print(f"| {kind} | most / fewest | ratio {ratio:.2f} | | | | |", flush=True)


def _median(wakes: list[Wake]) -> float:
    return statistics.median(each.seconds for each in wakes)


def _most(wakes: list[Wake], what: str) -> str:
    return f"{1000 * max(getattr(each, what) for each in wakes):.1f} ms"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check_ins", description=__doc__)
    parser.add_argument("--pending", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--at-nine", type=int, default=10_000, help="how many fall due at nine")
    return parser.parse_args()


if __name__ == "__main__":
    main()
