"""What nobody asked for gives way to what somebody waits for, and goes stale."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from bot.service.pace import Limits
from bot.store.database import Store
from bot.store.ports import TryLater
from bot.store.tables import outbox
from tests.service.promising import VALID_FOR, promising
from tests.service.stage import START, Channel, Stage, stage, update

ONE_A_SECOND = Limits(overall=1, overall_burst=1, per_chat=0)
DUE = START + timedelta(minutes=60)


async def promised(store: Store, many: int, limits: Limits, channel: Channel | None = None) -> Stage:
    """Come to the moment when `many` people have a check-in each that waits to be sent."""
    on = stage(store, promising, limits=limits, channel=channel)
    await on.hear(*(update(n, f"promise k{n} 60", to=f"c{n}") for n in range(many)))
    on.clock.at = DUE
    await on.pipeline.check_ins.drain()
    await on.pipeline.turns.drain()
    return on


def order(on: Stage) -> list[str]:
    return [call[2] for call in on.channel.calls]


async def deliver(on: Stage, seconds: float) -> None:
    until = on.clock.at + timedelta(seconds=seconds)
    while (due := await on.pipeline.drain()) is not None and due <= until:
        on.clock.at = due
    on.clock.at = until


async def test_whoever_waits_for_an_answer_is_sent_to_first(store: Store) -> None:
    on = await promised(store, 5, ONE_A_SECOND)
    await on.pipeline.receive([update(9, "hello", to="someone")])
    await deliver(on, 0.5)
    await on.pipeline.receive([update(10, "there", to="someone")])
    await deliver(on, 9)
    assert order(on)[:2] == ["hello", "there"]
    assert sorted(order(on)[2:]) == ["k0", "k1", "k2", "k3", "k4"]


async def test_an_answer_brings_forward_the_check_in_it_stands_behind(store: Store) -> None:
    on = await promised(store, 5, ONE_A_SECOND)
    await on.pipeline.receive([update(9, "hello", to="c4")])
    await deliver(on, 9)
    assert order(on)[:2] == ["k4", "hello"]
    assert sorted(order(on)[2:]) == ["k0", "k1", "k2", "k3"]


async def test_a_turn_of_their_own_goes_before_the_check_ins_that_came_due(store: Store) -> None:
    on = stage(store, promising, group=1)
    await on.hear(*(update(n, f"promise k{n} 60", to=f"c{n}") for n in range(5)))
    on.clock.at = DUE
    await on.pipeline.check_ins.drain()
    await on.pipeline.receive([update(9, "hello", to="someone")])
    await on.pipeline.turns.once()
    await on.pipeline.delivery.drain()
    assert order(on) == ["hello"]


async def test_one_that_could_not_be_sent_in_time_is_dropped_and_the_engine_hears_of_it(store: Store) -> None:
    on = await promised(store, 1, ONE_A_SECOND, Channel(outcomes=[TryLater(after=VALID_FOR)]))
    await deliver(on, 1)
    on.clock.at = DUE + VALID_FOR
    await on.pipeline.drain()
    assert order(on) == ["k0", "k1 went stale"]
    assert (on.pipeline.delivery.expired, on.pipeline.delivery.dropped) == (1, 0)


async def test_a_moment_before_it_is_still_sent(store: Store) -> None:
    on = await promised(store, 1, ONE_A_SECOND, Channel(outcomes=[TryLater(after=timedelta(minutes=1))]))
    await deliver(on, 1)
    on.clock.at = DUE + VALID_FOR - timedelta(seconds=1)
    await on.pipeline.drain()
    assert order(on) == ["k0", "k0"]


async def test_what_stands_behind_a_stale_one_is_sent_at_once(store: Store) -> None:
    on = await promised(store, 1, ONE_A_SECOND, Channel(outcomes=[TryLater(after=timedelta(hours=2))]))
    await deliver(on, 1)
    await on.pipeline.receive([update(9, "hello", to="c0")])
    on.clock.at = DUE + VALID_FOR
    await deliver(on, 9)
    assert order(on) == ["k0", "hello", "k1 went stale"]


async def test_a_whole_crowd_goes_stale_while_the_api_is_out_of_reach(store: Store) -> None:
    on = await promised(store, 600, Limits(overall=0, per_chat=0), Channel())
    on.channel.outcomes = [TryLater(whole=True)] * 100
    await on.pipeline.delivery.drain()
    async with store.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(outbox))).scalar_one() == 600
    on.clock.at = DUE + VALID_FOR
    on.channel.calls.clear()
    await on.pipeline.drain()
    assert on.pipeline.delivery.expired == 600
    assert sorted(order(on)) == sorted("k1 went stale" for _ in range(600))


async def test_ten_a_second_is_what_a_crowd_gets_and_answers_don_t_wait_for_it(store: Store) -> None:
    on = await promised(store, 50, Limits(overall=10, overall_burst=1, per_chat=0))
    for second in range(5):
        await on.pipeline.receive([update(100 + second, f"hello {second}", to="someone")])
        await deliver(on, 1)
        assert f"hello {second}" in order(on)
    await deliver(on, 1)
    assert len(order(on)) == 55
