from __future__ import annotations

from sqlalchemy import func, select

from bot.service.flood import AT_ONCE
from bot.store.database import Store
from bot.store.inbox import FLOOD
from bot.store.tables import inbox
from tests.service.stage import stage, update


async def _waiting(store: Store) -> int:
    async with store.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(inbox))).scalar_one())


async def test_a_flood_is_answered_by_few_lines_and_leaves_nothing_waiting(store: Store) -> None:
    on = stage(store)
    await on.hear(*(update(n, f"no {n}") for n in range(1, 1001)))
    said = on.channel.said()
    assert said[0] == "FLOODED"
    assert said.count("FLOODED") <= 1000 / AT_ONCE
    assert len(said) <= 1000 / AT_ONCE + FLOOD
    assert await _waiting(store) == 0


async def test_many_messages_that_a_person_can_write_are_all_answered(store: Store) -> None:
    on = stage(store)
    await on.hear(*(update(n, f"no {n}") for n in range(1, FLOOD)))
    assert len(on.channel.said()) == FLOOD - 1
    assert "FLOODED" not in on.channel.said()


async def test_danger_inside_a_flood_is_answered(store: Store) -> None:
    on = stage(store)
    texts = ["i want to die" if n == 700 else f"no {n}" for n in range(1, 1001)]
    await on.hear(*(update(n, text) for n, text in enumerate(texts, 1)))
    assert on.channel.said().count("CRISIS") == 1


async def test_who_blocks_the_bot_inside_a_flood_is_gone(store: Store) -> None:
    on = stage(store)
    updates = [update(n, f"no {n}") for n in range(1, 201)]
    updates[90] = update(91, "", kind="blocked")
    await on.hear(*updates)
    assert await _waiting(store) == 0
    # The turn that heard it was one of its own: what came before it was the flood's last line before it.
    assert on.channel.said().count("FLOODED") >= 2


async def test_others_are_answered_in_the_middle_of_a_flood(store: Store) -> None:
    on = stage(store)
    await on.pipeline.receive([update(n, f"no {n}") for n in range(1, 1001)])
    await on.pipeline.receive([update(2000, "hello", to="other")])
    await on.pipeline.turns.once()
    await on.pipeline.delivery.drain()
    assert on.channel.said("other") == ["0: hello"]
    assert await _waiting(store) == 1000 - AT_ONCE


async def test_a_row_of_a_flood_that_fails_is_parked_alone(store: Store) -> None:
    on = stage(store)
    updates = [update(n, f"no {n}") for n in range(1, 101)]
    updates[0] = update(1, "x", broken=True)
    await on.hear(*updates)
    assert on.pipeline.turns.parked == 1
    assert await _waiting(store) == 0
