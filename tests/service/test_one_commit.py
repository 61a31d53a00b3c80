"""Where nothing else is going on, what comes in, its turn and the marks of what went out share one commit; when one of
them fails, each goes its own way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select

from bot.service import delivery, turns
from bot.service.clock import SystemClock
from bot.store.database import Store
from bot.store.tables import inbox, outbox, parked
from tests.service.stage import APOLOGY, Channel, Stage, stage, update


@asynccontextmanager
async def _running(store: Store) -> AsyncIterator[Stage]:
    on = stage(store, channel=Channel(), clock=SystemClock())  # type: ignore[arg-type]
    running = asyncio.create_task(on.pipeline.run())
    try:
        await _until(lambda: on.pipeline.turns.idle)
        yield on
    finally:
        on.pipeline.stop()
        await running


async def _until(holds: Any) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - what it waits for rings no bell
            await asyncio.sleep(0.001)


async def _left(store: Store) -> list[int]:
    async with store.read() as connection:
        return [
            int((await connection.execute(select(func.count()).select_from(table))).scalar_one())
            for table in (inbox, outbox)
        ]


async def test_an_answer_is_one_commit_away(store: Store) -> None:
    commits: list[str] = []
    event.listen(store.engine.sync_engine, "commit", lambda connection: commits.append(_kind(connection)))
    async with _running(store) as on:
        for number in range(1, 21):
            await _until(lambda: on.pipeline.turns.idle)
            await on.pipeline.receive([update(number, f"{number}")])
            await _until(lambda wanted=number: len(on.channel.said()) == wanted)
            await asyncio.sleep(0)
    assert on.channel.said() == [f"{number - 1}: {number}" for number in range(1, 21)]
    assert await _left(store) == [0, 0]
    if not store.shared:
        # The last one's mark is a commit of its own; on a busy machine so may be a few others.
        assert commits.count("write") <= 30, "receiving, turns and marks each committed by themselves"


async def test_a_turn_that_cannot_be_recorded_does_not_keep_its_update_from_the_disk(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = turns.writing.write

    async def refuse(connection: Any, lookup: Any, written: Any, at: Any) -> None:
        if any(each.session is not None for each in written):
            raise ValueError("this can't be written")
        await real(connection, lookup, written, at)

    async with _running(store) as on:
        monkeypatch.setattr(turns.writing, "write", refuse)
        await on.pipeline.receive([update(1, "one")])
        assert on.pipeline.receiver.received == 1
        await _until(lambda: on.pipeline.turns.parked == 1)
        monkeypatch.undo()
        await on.pipeline.receive([update(2, "two")])
        await _until(lambda: len(on.channel.said()) == 2)
    assert on.channel.said() == [APOLOGY, "0: two"]
    async with store.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(parked))).scalar_one() == 1


async def test_a_mark_that_fails_along_the_way_is_written_later_and_nothing_is_said_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failed = delivery.mark, []

    async def fail_once(*given: Any) -> None:
        if not failed:
            failed.append(True)
            raise ValueError("this can't be marked")
        await real(*given)

    async with _running(store) as on:
        monkeypatch.setattr(delivery, "MARK_WITHIN", delivery.MARK_WITHIN * 100)
        monkeypatch.setattr(delivery, "mark", fail_once)
        await on.pipeline.receive([update(1, "one")])
        await _until(lambda: len(on.channel.said()) == 1)
        await on.pipeline.receive([update(2, "two")])
        await _until(lambda: len(on.channel.said()) == 2)
    assert failed
    assert on.channel.said() == ["0: one", "1: two"]
    assert await _left(store) == [0, 0]


def _kind(connection: Any) -> str:
    return "read" if connection.get_execution_options().get("onward_reads") else "write"
