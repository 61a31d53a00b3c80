from __future__ import annotations

from sqlalchemy import func, select

from bot.store.database import Store
from bot.store.tables import inbox, outbox, seen
from tests.service.stage import stage, update


async def test_what_is_written_is_answered(store: Store) -> None:
    on = stage(store)
    await on.hear(update(1, "hello"))
    assert on.channel.said() == ["0: hello"]


async def test_an_update_that_comes_twice_is_taken_once(store: Store) -> None:
    on = stage(store)
    await on.hear(update(1, "hello"), update(1, "hello"))
    await on.hear(update(1, "hello"), update(2, "again"))
    assert on.channel.said() == ["0: hello", "1: again"]
    assert (on.pipeline.receiver.received, on.pipeline.receiver.repeated) == (2, 2)


async def test_a_chat_is_answered_in_the_order_of_its_updates(store: Store) -> None:
    on = stage(store)
    numbers = [3, 1, 5, 2, 4]
    await on.hear(*(update(number, f"n{number}", to=to) for number in numbers for to in ["a"]))
    assert on.channel.said("a") == ["0: n1", "1: n2", "2: n3", "3: n4", "4: n5"]


async def test_many_chats_share_the_work(store: Store) -> None:
    on = stage(store, group=7)
    await on.hear(
        *(update(10 * chat + turn, f"{turn}", to=f"chat{chat}") for chat in range(20) for turn in range(3))
    )
    for chat in range(20):
        assert on.channel.said(f"chat{chat}") == ["0: 0", "1: 1", "2: 2"]


async def test_nothing_is_left_of_what_was_handled(store: Store) -> None:
    on = stage(store)
    await on.hear(update(1, "hello"))
    async with store.read() as connection:
        left = [
            (await connection.execute(select(func.count()).select_from(table))).scalar()
            for table in (inbox, outbox)
        ]
        known = (await connection.execute(select(seen.c.update_id))).scalars().all()
    assert left == [0, 0]
    assert known == [1]
