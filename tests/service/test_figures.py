"""What Prometheus is told: it counts what happened, names nobody, and says so when the database is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.app import figures_of
from bot.dialogue.effects import CountRisk, Effect, Say
from bot.dialogue.events import Event
from bot.dialogue.facts import Facts
from bot.dialogue.session import Session
from bot.store.database import Store
from bot.store.ports import Refused
from bot.store.tables import check_ins
from tests.service.stage import START, Channel, Stage, message, stage, update


def counting(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
    return (Say(key=f"k{session.turn}", message=message("hello")), CountRisk(level="crisis", about="self"))


async def shown(on: Stage) -> dict[str, float]:
    text = await figures_of(on.pipeline).text(on.clock)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


async def test_what_happened_is_counted(store: Store) -> None:
    on = stage(store, counting, channel=Channel(outcomes=[Refused(reason="no")]))
    await on.pipeline.receive([update(n, "a secret", to=f"c{n}") for n in range(4)])
    on.clock.move(timedelta(seconds=2))
    before = await shown(on)
    assert (before['onward_waiting{queue="inbox"}'], before['onward_waiting_seconds{queue="inbox"}']) == (
        4,
        2,
    )
    await on.pipeline.drain()
    await on.pipeline.receive([update(0, "a secret", to="c0")])
    after = await shown(on)
    assert after['onward_updates_total{outcome="received"}'] == 4
    assert after['onward_updates_total{outcome="repeated"}'] == 1
    assert after['onward_turns_total{outcome="done"}'] == 4
    assert after['onward_deliveries_total{outcome="delivered"}'] == 3
    assert after['onward_deliveries_total{outcome="dropped"}'] == 1
    assert after['onward_turn_seconds_bucket{le="1"}'] == 0
    assert after['onward_turn_seconds_bucket{le="2.5"}'] == after["onward_turn_seconds_count"] == 4
    assert after["onward_turn_seconds_sum"] == 8
    assert after['onward_waiting{queue="inbox"}'] == after['onward_waiting_seconds{queue="inbox"}'] == 0


async def test_danger_is_counted_from_five_signals_on(store: Store) -> None:
    on = stage(store, counting)
    name = 'onward_risk_signals_total{level="crisis"}'
    await on.hear(*(update(n, "x", to=f"c{n}") for n in range(4)))
    assert name not in await shown(on)
    await on.hear(update(9, "x", to="c9"))
    assert (await shown(on))[name] == 5


async def test_a_check_in_that_is_late_is_told(store: Store) -> None:
    on = stage(store)
    await on.hear(update(1, "x"))
    due = START - timedelta(minutes=5)
    row: dict[str, Any] = {
        "conversation_id": 1,
        "key": "k",
        "kind": "daily",
        "due": due,
        "named": False,
        "payload": b"{}",
    }
    async with store.write() as connection:
        await connection.execute(check_ins.insert().values({**row, "payload": b"{}"}))
    found = await shown(on)
    assert (found["onward_check_ins_late"], found["onward_check_ins_late_seconds"]) == (1, 300)


async def test_without_the_database_what_is_known_is_still_told(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = stage(sqlite_store)
    await on.hear(update(1, "x"))
    figures = figures_of(on.pipeline)
    assert await figures.ready()
    monkeypatch.setattr(type(sqlite_store), "read", lambda _: (_ for _ in ()).throw(OSError("gone")))
    assert not await figures.ready()
    found = await shown(on)
    assert (found["onward_database_up"], found['onward_turns_total{outcome="done"}']) == (0, 1)


async def test_who_is_told_to_stop_is_not_ready(sqlite_store: Store) -> None:
    on = stage(sqlite_store)
    on.pipeline.stop()
    assert not await figures_of(on.pipeline).ready()
