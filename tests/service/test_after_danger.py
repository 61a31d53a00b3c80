"""Danger answered by the real script over a real database, with a process that dies on the way."""

from __future__ import annotations

from datetime import timedelta
from functools import cache, partial
from typing import Any

import pytest
from sqlalchemy import URL, select

from bot.dialogue.effects import Record
from bot.dialogue.engine import advance
from bot.script.load import Content
from bot.service.decide import Mind
from bot.service.parking import last_words
from bot.service.pipeline import make_pipeline
from bot.store import writing
from bot.store.database import Store, open_store
from bot.store.tables import check_ins, outbox, records, risk_counts
from tests.conftest import KEY
from tests.real_content import real_content
from tests.service.stage import NO_LIMITS, SOURCE, START, Channel, Clock, Stage, parse, update

MINUTE = timedelta(minutes=1)
CRISIS = "i want to kill myself"


@cache
def content() -> Content:
    return real_content()


class Died(BaseException):
    """As a kill: nothing catches it, nothing after it runs."""


def process(store: Store, clock: Clock, channel: Channel) -> Stage:
    """A fresh process with the real script."""
    mind = Mind(
        parsers={SOURCE: parse},
        read=content().understanding.read,
        advance=partial(advance, content().script),
        new_id=lambda: "s1",
    )
    words = last_words(content().script, START)
    pipeline = make_pipeline(
        store=store, clock=clock, mind=mind, last_words=words, senders={SOURCE: channel}, limits=NO_LIMITS
    )
    return Stage(pipeline, clock, channel)


async def killed(url: URL, clock: Clock, channel: Channel, patched: pytest.MonkeyPatch) -> None:
    """Answer danger, and die in the middle of writing down the turn after it."""
    async with open_store(url, [KEY]) as store:
        on = process(store, clock, channel)
        await on.hear(update(1, CRISIS))
        await on.pipeline.receive([update(2, "/privacy")])
        with patched.context() as dying:
            dying.setattr(writing, "write", die)
            with pytest.raises(Died):
                await on.pipeline.drain()


def die(*_: Any) -> Any:
    raise Died


async def alive(url: URL, clock: Clock, channel: Channel, *texts: str, first: int = 100) -> None:
    async with open_store(url, [KEY]) as store:
        await process(store, clock, channel).hear(*(update(first + n, text) for n, text in enumerate(texts)))


def looked_in(channel: Channel) -> int:
    return sum("I'm looking in" in said for said in channel.said())


async def test_a_kill_between_the_answer_and_the_look_in_loses_neither(any_url: URL) -> None:
    clock, channel = Clock(), Channel()
    async with open_store(any_url, [KEY]) as store:
        await process(store, clock, channel).hear(update(1, CRISIS))
    assert any("ending your life" in said for said in channel.said())
    # What a kill leaves behind is what is committed: nobody said goodbye to the first process.
    clock.move(14 * MINUTE)
    await alive(any_url, clock, channel)
    assert looked_in(channel) == 0
    clock.move(1 * MINUTE)
    await alive(any_url, clock, channel)
    assert looked_in(channel) == 1
    clock.move(90 * MINUTE)
    await alive(any_url, clock, channel)
    assert looked_in(channel) == 1


async def test_a_process_that_dies_in_the_middle_of_the_next_turn_still_looks_in_once(
    any_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, channel = Clock(), Channel()
    await killed(any_url, clock, channel, monkeypatch)
    clock.move(31 * MINUTE)
    await alive(any_url, clock, channel)
    clock.move(31 * MINUTE)
    await alive(any_url, clock, channel)
    assert looked_in(channel) == 1


async def test_a_process_that_slept_over_the_hour_looks_in_no_more(any_url: URL) -> None:
    clock, channel = Clock(), Channel()
    await alive(any_url, clock, channel, CRISIS)
    clock.move(76 * MINUTE)
    await alive(any_url, clock, channel)
    assert looked_in(channel) == 0
    await alive(any_url, clock, channel, "/start", first=200)
    assert "ending your life" in channel.said()[-1]


@pytest.mark.parametrize("answer", ["no", "yes", "don't look in"])
async def test_an_answer_takes_the_look_in_out_of_the_database(store: Store, answer: str) -> None:
    on = process(store, Clock(), Channel())
    await on.hear(update(1, CRISIS), update(2, answer))
    async with store.read() as connection:
        assert (await connection.execute(select(check_ins.c.key))).all() == []


async def test_follow_ups_outlive_restarts_and_start(any_url: URL) -> None:
    clock, channel = Clock(), Channel()
    await alive(any_url, clock, channel, CRISIS, "yes", "i'm reaching someone", "someone knows now", first=1)
    await alive(any_url, clock, channel, "rest now", "yes, ask me", first=20)
    await alive(any_url, clock, channel, "/start", first=30)
    clock.move(timedelta(days=1, minutes=1))
    await alive(any_url, clock, channel)
    asked = [said for said in channel.said() if "Are there thoughts of ending your life today" in said]
    assert len(asked) == 1
    await alive(any_url, clock, channel, "no", first=40)
    clock.move(timedelta(days=6))
    await alive(any_url, clock, channel)
    asked = [said for said in channel.said() if "Are there thoughts of ending your life today" in said]
    assert len(asked) == 2


async def test_a_crisis_withdraws_what_waits_to_be_sent_and_nothing_of_its_own_answer(store: Store) -> None:
    on = process(store, Clock(), Channel())
    await on.pipeline.receive([update(1, "hi"), update(2, CRISIS)])
    await on.pipeline.turns.drain()
    async with store.read() as connection:
        waiting = (await connection.execute(select(outbox.c.key).order_by(outbox.c.id))).scalars().all()
    await on.pipeline.drain()
    assert len(waiting) >= 3
    assert on.channel.said()[0].startswith("I take that seriously")


async def test_the_card_is_stored_sealed_and_an_operator_sees_counts_only(store: Store) -> None:
    on = process(store, Clock(), Channel())
    await on.hear(update(1, "hi"), update(2, "/card"), update(3, "make a card"), update(4, "no sleep at all"))
    await on.hear(update(5, "the sea"), update(6, "Ana 555 0100"))
    on.clock.move(timedelta(days=2))
    await on.hear(update(7, CRISIS), update(8, "/start"))
    async with store.read() as connection:
        sealed = (await connection.execute(select(records[Record.PERSON].c.data))).scalars().all()
        counts = (await connection.execute(select(risk_counts))).all()
    assert b"Ana 555 0100" in b"".join(each.open() for each in sealed)
    assert [(row.level, row.about, row.n) for row in counts] == [("crisis", "self", 1)]
