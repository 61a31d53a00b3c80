from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import URL, func, select

from bot.dialogue.effects import Effect
from bot.dialogue.events import CheckInDue, Event, TurnFailed
from bot.dialogue.facts import Facts
from bot.dialogue.session import Session
from bot.service.person import erase
from bot.store import check_ins as kept
from bot.store.database import Store, open_store
from bot.store.errors import StoreError
from bot.store.ports import TryLater
from bot.store.tables import check_ins, conversations, inbox, outbox, parked
from tests.conftest import KEY
from tests.service.promising import promising
from tests.service.stage import SOURCE, START, Channel, Stage, check_in, stage, update

MINUTE = timedelta(minutes=1)


async def on_stage(store: Store, *texts: str, **more: Any) -> Stage:
    on = stage(store, promising, **more)
    await on.hear(*(update(number, text) for number, text in enumerate(texts)))
    return on


async def at(on: Stage, minutes: float) -> list[str]:
    """Go to the minute, let happen what does; return what is said by then."""
    on.clock.at = START + minutes * MINUTE
    await on.pipeline.drain()
    return on.channel.said()


async def count(store: Store, table: Any) -> int:
    async with store.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def test_a_check_in_comes_at_its_moment_once(store: Store) -> None:
    on = await on_stage(store, "promise a 60 words")
    assert await at(on, 59.99) == []
    assert await at(on, 60) == ["awords"]
    assert await at(on, 6000) == ["awords"]
    assert await count(store, check_ins) == 0


async def test_scheduling_the_same_key_moves_it(store: Store) -> None:
    on = await on_stage(store, "promise a 60", "promise a 90 moved; promise b 60")
    assert await at(on, 60) == ["b"]
    assert await at(on, 90) == ["b", "amoved"]


async def test_a_cancelled_one_never_comes_and_cancelling_nothing_is_no_fault(store: Store) -> None:
    on = await on_stage(store, "promise a 60; promise b 60", "cancel a; cancel nothing")
    assert await at(on, 60) == ["b"]


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        pytest.param("promise a 60; cancel a", [], id="made-and-taken-back"),
        pytest.param("cancel a; promise a 60", ["a"], id="taken-back-and-made"),
        pytest.param("promise a 30; promise a 60 later", ["alater"], id="made-twice"),
    ],
)
async def test_of_several_changes_in_one_turn_the_last_counts(
    store: Store, turn: str, said: list[str]
) -> None:
    assert await at(await on_stage(store, turn), 60) == said


async def test_going_back_brings_the_earlier_promise_again(store: Store) -> None:
    on = await on_stage(store, "promise a 60 first", "promise a 90 second", "promise a 60 first")
    assert await at(on, 90) == ["afirst, 30 late"]


async def test_many_come_in_the_order_they_are_due(store: Store) -> None:
    on = await on_stage(store, "promise c 30; promise a 10; promise b 20")
    assert await at(on, 40) == ["a, 30 late", "b, 20 late", "c, 10 late"]


@pytest.mark.parametrize(("late", "said"), [("cancel a", []), ("promise a 90 moved", ["amoved"])])
async def test_one_that_came_due_is_held_back_by_what_they_wrote_before_its_turn(
    store: Store, late: str, said: list[str]
) -> None:
    on = await on_stage(store, "promise a 60")
    await on.pipeline.receive([update(9, late)])
    on.clock.at = START + 60 * MINUTE
    await on.pipeline.check_ins.drain()
    assert await count(store, inbox) == 2
    await on.pipeline.drain()
    assert await at(on, 90) == said


async def test_cancelling_withdraws_what_it_left_unsent_and_nothing_else(store: Store) -> None:
    on = await on_stage(store, "promise a 60; promise b 60", channel=Channel())
    on.channel.outcomes = [TryLater(after=timedelta(minutes=5))]
    assert await at(on, 60) == ["a"]
    await on.pipeline.receive([update(9, "hello"), update(10, "cancel a")])
    assert await at(on, 66) == ["a", "b", "hello"]


async def test_the_facts_name_what_is_promised_soonest_first_and_never_what_has_fired(store: Store) -> None:
    on = await on_stage(store, "list", "promise late 90; promise soon 60", "list", "list")
    assert on.channel.said() == ["none", "soon late", "soon late"]
    await on.pipeline.receive([update(9, "list")])
    on.clock.at = START + 60 * MINUTE
    await on.pipeline.check_ins.drain()
    await on.pipeline.drain()
    assert on.channel.said()[3:] == ["late", "soon"]
    await on.hear(update(10, "promise soon 70"), update(11, "list"), update(12, "list"))
    assert on.channel.said()[5:] == ["soon late", "soon late"]


async def test_one_that_is_due_queues_behind_what_they_wrote(store: Store) -> None:
    on = await on_stage(store, "promise a 60")
    await on.pipeline.receive([update(9, "hello")])
    on.clock.at = START + 60 * MINUTE
    await on.pipeline.check_ins.drain()
    await on.pipeline.receive([update(10, "there")])
    assert await at(on, 60) == ["hello", "there", "a"]


async def test_a_clock_set_back_fires_nothing_twice(store: Store) -> None:
    on = await on_stage(store, "promise a 60; promise b 61")
    assert await at(on, 60) == ["a"]
    assert await at(on, 0) == ["a"]
    assert await at(on, 60) == ["a"]
    assert await at(on, 61) == ["a", "b"]


async def test_a_process_that_was_down_over_300_due_moments_misses_none(any_url: URL) -> None:
    channel = Channel()
    async with open_store(any_url, [KEY]) as store:
        on = stage(store, promising, channel=channel)
        promises = [update(n, f"promise k{n} {n + 1}", to=f"c{n % 30}") for n in range(300)]
        await on.hear(*promises)
    async with open_store(any_url, [KEY]) as store:
        on = stage(store, promising, channel=channel)
        assert await at(on, 400) == []
        for chat in range(30):
            wanted = [f"k{n}, {399 - n} late" for n in range(chat, 300, 30)]
            assert channel.said(f"c{chat}") == wanted
        assert (on.pipeline.check_ins.fired, await count(store, check_ins)) == (300, 0)


async def test_a_large_backlog_goes_in_batches(store: Store) -> None:
    on = await on_stage(store, "; ".join(f"promise k{n} {n}" for n in range(1, 24)))
    on.clock.at = START + 60 * MINUTE
    assert await on.pipeline.check_ins.fire_due(most=10) == 10
    assert await on.pipeline.check_ins.next_due() == START + 11 * MINUTE
    assert await on.pipeline.check_ins.drain() == 13
    assert await on.pipeline.check_ins.next_due() is None
    async with store.read() as connection:
        fired = (await connection.execute(select(inbox.c.check_in).order_by(inbox.c.id))).scalars().all()
    assert fired == [f"k{n}" for n in range(1, 24)]


class Died(BaseException):
    """As a kill."""


@pytest.mark.parametrize("where", ["before it is committed", "after it is committed"])
async def test_a_process_killed_while_firing_loses_and_repeats_nothing(
    any_url: URL, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    channel = Channel()
    async with open_store(any_url, [KEY]) as store:
        on = stage(store, promising, channel=channel)
        await on.hear(*(update(n, f"promise k{n} 60", to=f"c{n}") for n in range(20)))
        on.clock.at = START + 60 * MINUTE
        with monkeypatch.context() as patched, pytest.raises(Died):
            await _fire_and_die(on, patched, where)
    async with open_store(any_url, [KEY]) as store:
        await at(stage(store, promising, channel=channel), 60)
    assert [channel.said(f"c{n}") for n in range(20)] == [[f"k{n}"] for n in range(20)]


async def _fire_and_die(on: Stage, patched: pytest.MonkeyPatch, where: str) -> None:
    real = kept.fire

    async def fire_then_die(*arguments: Any, **more: Any) -> int:
        await real(*arguments, **more)
        raise Died

    if where == "before it is committed":
        patched.setattr(kept, "fire", fire_then_die)
    await on.pipeline.check_ins.drain()
    raise Died


async def test_two_processes_fire_each_once(postgres_url: URL) -> None:
    async with open_store(postgres_url, [KEY]) as one, open_store(postgres_url, [KEY]) as two:
        await _promise_many(one, 2_000)
        processes = [stage(each, promising).pipeline.check_ins for each in (one, two)]
        for process in processes:
            process.clock.at = START + 60 * MINUTE  # type: ignore[attr-defined]
        fired = await asyncio.gather(*(_fire_in_bits(process) for process in processes))
        async with one.read() as connection:
            names = (await connection.execute(select(inbox.c.check_in))).scalars().all()
        assert sorted(names) == sorted(f"k{n}" for n in range(2_000))
        assert sum(fired) == 2_000
        assert min(fired) > 0, "one did it all: it shows nothing"


async def _fire_in_bits(process: Any) -> int:
    total = 0
    while fired := await process.fire_due(most=50):
        total += fired
    return total


async def _promise_many(store: Store, many: int) -> None:
    async with store.write() as connection:
        who = {"source": SOURCE, "lookup": b"a", "address": b"a", "active_at": START}
        made = (
            await connection.execute(conversations.insert().returning(conversations.c.id), who)
        ).scalar_one()
        rows = [kept.as_row(made, check_in(f"k{n}", START)) for n in range(many)]
        await connection.execute(check_ins.insert(), rows)


@pytest.mark.parametrize("how", ["their wish", "their wish, with one due", "the operator"])
async def test_after_erasing_nothing_comes_any_more(store: Store, how: str) -> None:
    on = await on_stage(store, "promise a 60; promise b 30", channel=Channel())
    on.channel.outcomes = [TryLater(after=timedelta(hours=1))]
    await at(on, 30)
    if how == "the operator":
        await erase(store, SOURCE, "100")
    else:
        await on.pipeline.receive([update(9, "erase")])
        if how != "their wish":
            on.clock.at = START + 60 * MINUTE
            await on.pipeline.check_ins.drain()
    said = await at(on, 200)
    assert said == (["b"] if how == "the operator" else ["b", "All gone."])
    for table in (check_ins, inbox, outbox, conversations):
        assert await count(store, table) == 0


async def test_one_whose_turn_fails_is_parked_and_they_are_told_nothing(store: Store) -> None:
    heard: list[Event] = []

    def failing(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
        heard.append(event)
        if isinstance(event, CheckInDue):
            raise KeyError("engine bug")
        return promising(session, event, facts)

    on = stage(store, failing)
    await on.hear(update(1, "promise a 60"))
    assert await at(on, 60) == []
    assert not any(isinstance(event, TurnFailed) for event in heard)
    assert (await count(store, parked), await count(store, inbox)) == (1, 0)


@pytest.mark.parametrize(("fault", "raised"), [(OSError("gone"), StoreError), (KeyError("bug"), KeyError)])
async def test_an_outage_is_told_from_a_bug(
    store: Store, monkeypatch: pytest.MonkeyPatch, fault: Exception, raised: type[Exception]
) -> None:
    async def failing(*_: object, **__: object) -> None:
        raise fault

    on = stage(store, promising)
    monkeypatch.setattr(kept, "fire", failing)
    monkeypatch.setattr(kept, "next_due", failing)
    with pytest.raises(raised):
        await on.pipeline.check_ins.drain()
    with pytest.raises(raised):
        await on.pipeline.check_ins.next_due()


async def test_waiting_for_the_next_due_moment(store: Store) -> None:
    on = await on_stage(store, "promise a 60")
    await on.pipeline.until_due()
    assert on.clock.at == START + 60 * MINUTE


async def test_one_that_is_due_behind_the_wish_to_be_erased_is_never_said(store: Store) -> None:
    on = await on_stage(store, "promise a 60 words")
    await on.hear(update(50, "promise b 60 words", to="200"))
    await on.pipeline.receive([update(51, "erase")])
    on.clock.at = START + 60 * MINUTE
    await on.pipeline.check_ins.drain()
    assert await count(store, inbox) == 3  # the wish, and behind it both that are due
    await on.pipeline.drain()
    assert (on.channel.said(), on.channel.said("200")) == (["All gone."], ["bwords"])
