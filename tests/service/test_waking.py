from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.service.clock import MovedClock
from bot.service.travel import travel
from bot.service.waking import LOOK_EVERY, Waker
from bot.store import check_ins as kept
from bot.store.database import Store
from tests.service.promising import promising
from tests.service.stage import START, Stage, stage, update

MINUTE = timedelta(minutes=1)


def waking(store: Store) -> tuple[Stage, Waker]:
    """A waker whose scheduler does not run: what it would do when is looked at, not waited for."""
    on = stage(store, promising)
    waker = Waker(check_ins=on.pipeline.check_ins, scheduler=AsyncIOScheduler(timezone=UTC))
    on.pipeline.turns.promised = waker.promised
    waker.start()
    return on, waker


def next_at(waker: Waker) -> datetime:
    moment: datetime = waker._job.next_run_time
    return moment


async def test_it_looks_at_once_and_then_now_and_then(store: Store) -> None:
    _, waker = waking(store)
    assert next_at(waker) == START
    await waker.wake()
    assert next_at(waker) == START + LOOK_EVERY


async def test_it_wakes_at_the_next_due_moment_however_short(store: Store) -> None:
    on, waker = waking(store)
    await waker.wake()
    await on.hear(update(1, "promise a 1"))
    assert next_at(waker) == START + LOOK_EVERY
    on.clock.at = START + 40 * timedelta(seconds=1)
    await waker.wake()
    assert next_at(waker) == START + MINUTE
    on.clock.at = START + MINUTE
    await waker.wake()
    await on.pipeline.drain()
    assert on.channel.said() == ["a"]


async def test_a_promise_for_sooner_rings(store: Store) -> None:
    on, waker = waking(store)
    on.clock.at = START + MINUTE - timedelta(seconds=10)
    await waker.wake()
    await on.hear(update(1, "promise a 1; promise b 5"))
    assert next_at(waker) == START + MINUTE


async def test_a_promise_made_while_it_looks_is_not_overlooked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, waker = waking(store)

    async def promised_meanwhile(*_: object) -> None:
        waker.promised(START + timedelta(seconds=3))

    with monkeypatch.context() as patched:
        patched.setattr(kept, "next_due", promised_meanwhile)
        await waker.wake()
    assert next_at(waker) == START + timedelta(seconds=3)


async def test_a_database_out_of_reach_is_waited_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    on, waker = waking(store)
    await on.hear(update(1, "promise a 1"))
    on.clock.at = START + MINUTE

    async def failing(*_: object, **__: object) -> None:
        raise OSError("out of reach")

    with monkeypatch.context() as patched:
        patched.setattr(kept, "fire", failing)
        await waker.wake()
    await waker.wake()
    await on.pipeline.drain()
    assert on.channel.said() == ["a"]


async def test_the_scheduler_itself_wakes_it(store: Store) -> None:
    on = stage(store, promising)
    on.clock.at = datetime.now(UTC)
    scheduler = AsyncIOScheduler(timezone=UTC)
    waker = Waker(check_ins=on.pipeline.check_ins, scheduler=scheduler)
    on.pipeline.turns.promised = waker.promised
    await on.hear(update(1, "promise a 1"))
    on.clock.at = max(on.clock.at, START + MINUTE)
    waker.start()
    scheduler.start()
    async with asyncio.timeout(20):
        await on.pipeline.bells.turns.wait()
    await waker.stop()
    scheduler.shutdown(wait=False)
    assert on.pipeline.check_ins.fired == 1


async def test_when_stopped_it_finishes_what_it_does_and_wakes_no_more(store: Store) -> None:
    on, waker = waking(store)
    await on.hear(update(1, "promise a 1"))
    on.clock.at = START + MINUTE
    running = asyncio.create_task(waker.wake())
    await asyncio.sleep(0)
    await waker.stop()
    assert (running.done(), on.pipeline.check_ins.fired) == (True, 1)
    assert waker.scheduler.get_jobs() == []
    waker.promised(START)


async def test_travelling_visits_every_due_moment_in_order(store: Store, tmp_path: Path) -> None:
    on = stage(store, promising)
    clock = MovedClock(tmp_path / "clock")
    for part in (on.pipeline.check_ins, on.pipeline.turns, on.pipeline.delivery):
        part.clock = clock
    clock.move(START - clock.now())
    await on.hear(update(1, "promise b 120; promise a 60; promise c 5000"))
    stops: list[tuple[datetime, list[str]]] = []
    await travel(on.pipeline, clock, timedelta(days=1), lambda now: stops.append((now, on.channel.said())))
    assert [said for _, said in stops] == [[], ["a"], ["a", "b"]]
    assert on.channel.said() == ["a", "b"]
    wanted = (START + 60 * MINUTE, START + 120 * MINUTE, START + timedelta(days=1))
    assert all(abs(now - moment) < MINUTE for (now, _), moment in zip(stops, wanted, strict=True))
