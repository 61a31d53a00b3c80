"""The long-running parts: woken by work, stopped without leaving any half done."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, func, select
from sqlalchemy.exc import OperationalError

from bot.dialogue.events import Event
from bot.dialogue.facts import Facts
from bot.dialogue.session import Session, Turn
from bot.service.clock import SystemClock
from bot.service.pace import Limits
from bot.store import bell, heads, places
from bot.store.bell import Turnstile, hear_calls
from bot.store.database import Store, open_store
from bot.store.ports import Outcome
from bot.store.tables import inbox, outbox, sent
from tests.conftest import KEY
from tests.service.stage import SOURCE, START, Channel, Clock, Stage, Still, stage, update


class Awaited(Channel):
    """Rings when it has been called `wanted` times, and may be slow."""

    def expect(self, wanted: int, gate: asyncio.Event | None = None) -> asyncio.Event:
        self.wanted, self.gate, self.done = wanted, gate, asyncio.Event()
        return self.done

    async def say(self, address, message):  # type: ignore[no-untyped-def]
        outcome: Outcome = await Channel.say(self, address, message)
        if len(self.calls) >= self.wanted:
            self.done.set()
        if self.gate is not None:
            await self.gate.wait()
        return outcome


async def test_work_wakes_the_parts_without_any_waiting(store: Store) -> None:
    channel = Awaited()
    done = channel.expect(40)
    on = stage(store, channel=channel, clock=Still())
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(on.pipeline.turns.run()), group.create_task(on.pipeline.delivery.run())
        for turn in range(2):
            updates = [[update(chat * 10 + turn, f"{turn}", to=f"c{chat}")] for chat in range(20)]
            await asyncio.gather(*(on.pipeline.receive(batch) for batch in updates))
        await done.wait()
        on.pipeline.stop()
        await asyncio.gather(*running)
    assert all(channel.said(f"c{chat}") == ["0: 0", "1: 1"] for chat in range(20))


@pytest.mark.parametrize("how", ["stop", "cancel"])
async def test_a_send_in_flight_is_awaited_and_marked(store: Store, how: str) -> None:
    channel, gate = Awaited(), asyncio.Event()
    flying = channel.expect(1, gate)
    on = stage(store, channel=channel, clock=Still())
    running = asyncio.create_task(on.pipeline.run())
    async with asyncio.timeout(60):
        await on.pipeline.receive([update(1, "one"), update(2, "two")])
        await flying.wait()
        on.pipeline.stop() if how == "stop" else running.cancel()
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(running, return_exceptions=True)
    async with store.read() as connection:
        marked = (await connection.execute(select(func.count()).where(sent.c.key.is_not(None)))).scalar_one()
        counts = [select(func.count()).select_from(each) for each in (inbox, outbox)]
        left = [(await connection.execute(each)).scalar_one() for each in counts]
    assert (len(channel.calls), marked, sum(left)) == (1, 1, 1)


async def test_the_parts_outlive_whatever_befalls_them(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    channel, faults = Awaited(), {"turns": 3, "delivery": 3}
    done = channel.expect(1)
    on = stage(store, channel=channel)
    claim, first_pages = places.claim, heads.first_pages

    def failing(name: str, real: Any) -> Any:
        async def sometimes(*arguments: Any, **named: Any) -> Any:
            if faults[name]:
                faults[name] -= 1
                raise (
                    OperationalError("SELECT", {}, Exception("the server is gone"))
                    if faults[name]
                    else ValueError
                )
            return await real(*arguments, **named)

        return sometimes

    monkeypatch.setattr(places, "claim", failing("turns", claim))
    monkeypatch.setattr(heads, "first_pages", failing("delivery", first_pages))
    running = asyncio.create_task(on.pipeline.run())
    async with asyncio.timeout(60):
        await on.pipeline.receive([update(1, "one")])
        await done.wait()
        on.pipeline.stop()
        await running
    assert (channel.said(), faults) == (["0: one"], {"turns": 0, "delivery": 0})


async def _idle(on: Stage) -> None:
    while not on.pipeline.turns.idle:  # noqa: ASYNC110 - what it waits for rings no bell
        await asyncio.sleep(0.01)


async def test_all_that_waits_is_taken_at_one_ring_and_nothing_is_looked_for_in_vain(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    real = places.claim

    async def claim(*given: Any, **how: Any) -> Any:
        found = await real(*given, **how)
        looks.append(len(found))
        return found

    monkeypatch.setattr(places, "claim", claim)
    channel = Awaited()
    done = channel.expect(33)
    on = stage(store, channel=channel, clock=Still(), group=4)
    # Five of one person, and more people than a group holds, before anything runs: one ring for all.
    await on.pipeline.receive([update(number, f"{number}", to="a") for number in range(1, 6)])
    await on.pipeline.receive([update(10 + number, f"{number}", to=f"c{number}") for number in range(28)])
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(on.pipeline.turns.run()), group.create_task(on.pipeline.delivery.run())
        await done.wait()
        await _idle(on)
        looks.clear()
        for number in range(40, 45):
            done = channel.expect(len(channel.calls) + 1)
            await on.pipeline.receive([update(number, f"{number}", to="b")])
            await done.wait()
            await _idle(on)
        on.pipeline.stop()
        await asyncio.gather(*running)
    assert channel.said("a") == [f"{number - 1}: {number}" for number in range(1, 6)]
    assert looks == [1] * 5


async def test_the_system_clock_tells_utc_and_sleeps_until() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    await clock.sleep(clock.now())


class Quick(Clock):
    """Polls every few milliseconds."""

    async def sleep(self, until: datetime) -> None:
        await asyncio.sleep(0.005)


async def test_a_journal_that_cannot_be_emptied_ends_nothing(
    sqlite_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def failing(_: Store) -> bool:
        asked.set()
        raise sqlite3.OperationalError("disk I/O error")

    async with open_store(sqlite_url, [KEY]) as store:
        monkeypatch.setattr(Store, "empty_journal", failing)
        channel = Awaited()
        done = channel.expect(1)
        on = stage(store, channel=channel, clock=Quick())
        running = asyncio.create_task(on.pipeline.run())
        async with asyncio.timeout(60):
            await asked.wait()
            await on.pipeline.receive([update(1, "one")])
            await done.wait()
            on.pipeline.stop()
            await running


async def test_a_crowd_of_turns_lets_others_run_in_between(store: Store) -> None:
    on = stage(store)
    await on.pipeline.receive([update(number, "x", to=f"c{number}") for number in range(64)])
    ticks = 0
    seen_at_turns: list[int] = []

    def slow(session: Session, event: Event, facts: Facts) -> Turn:
        time.sleep(0.005)
        seen_at_turns.append(ticks)
        return real(session, event, facts)

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    real = on.pipeline.turns.mind.advance
    on.pipeline.turns.mind = replace(on.pipeline.turns.mind, advance=slow)
    ticking = asyncio.create_task(tick())
    await on.pipeline.turns.drain()
    ticking.cancel()
    # Counted, not timed: a busy machine may pause anything, but in one piece nobody else would run at all.
    assert len(seen_at_turns) == 64
    assert len(set(seen_at_turns)) >= 32, "others ran between at most a few of 64 turns of 5 ms"


async def test_a_crowd_of_turns_lets_others_write_in_between(store: Store) -> None:
    """Turns that take long don't keep what comes in from the disk until the last of them is decided."""
    on = stage(store)
    await on.pipeline.receive([update(number, "x", to=f"c{number}") for number in range(64)])
    real = on.pipeline.turns.mind.advance

    def slow(session: Session, event: Event, facts: Facts) -> Turn:
        end = time.thread_time() + 0.005
        while time.thread_time() < end:
            pass
        return real(session, event, facts)

    on.pipeline.turns.mind = replace(on.pipeline.turns.mind, advance=slow)
    turns = asyncio.create_task(on.pipeline.turns.drain())
    await asyncio.sleep(0)
    await on.pipeline.receive([update(100, "y", to="another")])
    assert on.pipeline.turns.done <= 16, "who came in had to wait for more than a group or two"
    await turns
    assert on.pipeline.turns.done == 65


async def test_several_processes_share_one_postgresql(postgres_url: URL) -> None:
    """Two pipelines on one database: every update answered once, each chat in order."""
    channel = Awaited()
    done = channel.expect(200)
    async with open_store(postgres_url, [KEY]) as one, open_store(postgres_url, [KEY]) as two:
        processes = [stage(each, channel=channel, clock=Quick(), group=5).pipeline for each in (one, two)]
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            for process in processes:
                group.create_task(process.turns.run())
                group.create_task(process.delivery.run())
            updates = [update(chat * 100 + n, f"{n}", to=f"c{chat}") for n in range(10) for chat in range(20)]
            batches = [updates[start : start + 10] for start in range(0, 200, 10)]
            # Both are handed everything, as after a failover: the second copy is known.
            await asyncio.gather(*(each.receive(batch) for batch in batches for each in processes))
            await done.wait()
            for process in processes:
                process.stop()
    assert all(channel.said(f"c{chat}") == [f"{n}: {n}" for n in range(10)] for chat in range(20))
    assert sum(process.turns.done for process in processes) == 200
    assert sum(process.receiver.repeated for process in processes) == 200


async def test_a_conversation_another_process_holds_is_left_to_it(postgres_url: URL) -> None:
    async with (
        open_store(postgres_url, [KEY]) as one,
        open_store(postgres_url, [KEY]) as two,
        asyncio.timeout(60),
    ):
        on = stage(two)
        await on.pipeline.receive([update(1, "one")])
        async with one.write() as held:
            assert len(await places.claim(held, [SOURCE], most=9)) == 1
            # More can come in while it is held, and others are not held up.
            await on.hear(update(2, "two"), update(3, "else", to="b"))
            assert (on.channel.said(), on.channel.said("b")) == ([], ["0: else"])
        await on.pipeline.drain()
        assert on.channel.said() == ["0: one", "1: two"]


async def test_a_row_leased_by_a_process_that_died_is_sent_after_its_lease(postgres_url: URL) -> None:
    async with open_store(postgres_url, [KEY]) as store:
        on = stage(store)
        await on.pipeline.receive([update(1, "one")])
        await on.pipeline.turns.drain()
        taken = "UPDATE outbox SET leased_by = 'another', leased_until = now() + interval '{} seconds'"
        async with store.write() as connection:
            await connection.exec_driver_sql(taken.format(30))
        await on.pipeline.delivery.drain()
        assert on.channel.said() == []
        async with store.write() as connection:
            await connection.exec_driver_sql(taken.format(-1))
        await on.pipeline.delivery.drain()
        assert on.channel.said() == ["0: one"]


async def test_send_limits_hold_for_all_processes_together(postgres_url: URL) -> None:
    clock, channel = Clock(), Channel()
    limits = Limits(overall=2, overall_burst=4, per_chat=1, chat_burst=1)
    moments: list[float] = []
    channel.on_send = lambda: moments.append((clock.at - START).total_seconds())
    async with (
        open_store(postgres_url, [KEY]) as first,
        open_store(postgres_url, [KEY]) as second,
    ):
        one, other = (stage(each, clock=clock, channel=channel, limits=limits) for each in (first, second))
        await one.pipeline.receive([update(n, "hello", to=f"c{n % 10}") for n in range(12)])
        await one.pipeline.turns.drain()
        for _ in range(30):
            await one.pipeline.delivery.drain()
            await other.pipeline.delivery.drain()
            clock.move(timedelta(seconds=0.25))
    assert len(moments) == 12
    assert moments.count(0) == 4, "the burst is one for both"
    assert all(sum(at <= each < at + 1 for each in moments) <= 3 for at in moments if at > 0)


async def test_one_of_two_processes_asks_for_updates_and_the_other_takes_over(postgres_url: URL) -> None:
    async with open_store(postgres_url, [KEY]) as first, open_store(postgres_url, [KEY]) as second:
        one, other = (Turnstile(store=each, source=SOURCE) for each in (first, second))
        await one.wait()
        await one.wait()
        standing_by = asyncio.create_task(other.wait())
        await asyncio.sleep(0.2)
        assert not standing_by.done()
        await one.close()
        async with asyncio.timeout(10):
            await standing_by
        await other.close()


async def test_who_stands_by_takes_over_at_once_after_a_long_life_of_restarts(
    postgres_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each break of the connection is one pause, of the same length: they don't add up."""
    pauses: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await real(0.01)

    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
    address = postgres_url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with open_store(postgres_url, [KEY]) as first, open_store(postgres_url, [KEY]) as second:
        one, other = (Turnstile(store=each, source=SOURCE) for each in (first, second))
        await one.wait()
        assert one._connection is not None
        held = await one._connection.get_raw_connection()
        assert held.driver_connection is not None
        spared = held.driver_connection.info.backend_pid
        monkeypatch.setattr(bell.asyncio, "sleep", sleep)
        standing_by = asyncio.create_task(other.wait())
        for _ in range(8):
            await real(0.1)
            with psycopg.connect(address, autocommit=True) as operator:
                operator.execute(f"{others} AND pid <> pg_backend_pid()", (spared,))
        assert not standing_by.done()
        await one.close()
        async with asyncio.timeout(10):
            await standing_by
        monkeypatch.undo()
        await other.close()
    assert set(pauses) == {bell.LOOK_AGAIN.total_seconds()}


async def test_what_one_process_takes_in_wakes_the_other(postgres_url: URL) -> None:
    async with open_store(postgres_url, [KEY]) as first, open_store(postgres_url, [KEY]) as second:
        rung = asyncio.Event()
        hearing = asyncio.create_task(hear_calls(second, rung.set))
        try:
            async with asyncio.timeout(10):
                await rung.wait()  # it listens
                rung.clear()
                await stage(first).pipeline.receive([update(1, "one")])
                await rung.wait()
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)
