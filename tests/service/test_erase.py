from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.dialogue.effects import CountRisk, Effect, EraseEverything, Record, SaveTo, Say, ScheduleCheckIn
from bot.dialogue.events import Event, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.session import Session
from bot.service.housekeeping import Purged, purge, purge_every_hour
from bot.service.person import erase, export
from bot.store.database import Store
from bot.store.ports import Gone, Outcome, Refused, TryLater
from bot.store.tables import budgets, conversations, known_value, metadata, parked, risk_counts, seen
from tests.service.stage import SOURCE, START, Channel, Clock, check_in, echo, message, stage, update

# What names nobody and so may stay.
IMPERSONAL = {seen.name, known_value.name, risk_counts.name, budgets.name}


def everything(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
    """Fill every table; on `erase`, empty them."""
    if not isinstance(event, Wrote) or "boom" in event.text:
        return echo(session, event, facts)
    if event.text == "erase":
        return (CountRisk(level="crisis", about="self"), EraseEverything(last=message("All gone.")))
    saved = [
        SaveTo(record=record, ref=session.visit * 10 + number, field="text", value="words", at=event.at)
        for number, record in enumerate(Record)
    ]
    promised = ScheduleCheckIn(check_in=check_in("daily", START + timedelta(days=1)))
    counted = CountRisk(level="crisis", about="self")
    return (*saved, promised, counted, Say(key="k", message=message(event.text)))


async def rows(store: Store) -> dict[str, int]:
    async with store.read() as connection:
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in metadata.sorted_tables
            if table.name not in IMPERSONAL
        }


async def test_every_table_is_filled_first(store: Store) -> None:
    on = stage(store, everything, channel=Channel())
    await on.hear(update(1, "a"), update(2, "boom"))
    on.channel.outcomes = [TryLater(after=timedelta(hours=1))]
    await on.hear(update(3, "b"))
    await on.pipeline.receive([update(4, "c")])
    assert [name for name, n in (await rows(store)).items() if n == 0] == []


async def test_erasing_leaves_no_row_in_any_table(store: Store) -> None:
    on = stage(store, everything)
    await on.hear(update(1, "a"), update(2, "boom"), update(3, "b"), update(4, "erase"))
    assert on.channel.said()[-1] == "All gone."
    assert set((await rows(store)).values()) == {0}
    async with store.read() as connection:
        counted = (await connection.execute(select(risk_counts.c.n))).scalars().all()
    assert counted == [3]


@pytest.mark.parametrize("outcome", [Gone(), Refused(reason="no")], ids=["gone", "refused"])
async def test_nothing_is_left_even_if_the_last_line_cannot_be_sent(store: Store, outcome: Outcome) -> None:
    on = stage(store, everything)
    await on.hear(update(1, "a"))
    on.channel.outcomes = [outcome]
    await on.hear(update(2, "erase"))
    assert set((await rows(store)).values()) == {0}


async def test_until_the_last_line_is_sent_only_it_is_there(store: Store) -> None:
    on = stage(store, everything)
    await on.hear(update(1, "a"))
    on.channel.outcomes = [TryLater(after=timedelta(hours=1))]
    await on.hear(update(2, "erase"))
    assert {name for name, n in (await rows(store)).items() if n} == {"conversations", "outbox"}
    on.clock.move(timedelta(hours=1))
    await on.pipeline.drain()
    assert set((await rows(store)).values()) == {0}


async def test_others_keep_what_is_theirs(store: Store) -> None:
    on = stage(store, everything)
    await on.hear(update(1, "a", to="them"))
    before = await rows(store)
    await on.hear(update(2, "a"), update(3, "erase"))
    assert await rows(store) == before


async def test_what_is_written_after_the_wish_begins_anew(store: Store) -> None:
    on = stage(store, everything)
    await on.hear(update(1, "a"))
    await on.hear(update(2, "erase"), update(3, "hello again"))
    assert on.channel.said() == ["a", "All gone.", "hello again"]
    async with store.read() as connection:
        assert (await connection.execute(select(conversations.c.erased))).scalars().all() == [False]
    assert (await rows(store))["wins"] == 1


async def test_an_operator_can_hand_out_and_erase_what_is_kept(store: Store) -> None:
    on = stage(store, everything)
    await on.hear(update(1, "a"), update(2, "boom"))
    kept = await export(store, SOURCE, "100")
    assert kept is not None
    assert [(row["at"], row["data"]) for row in kept["wins"]] == [(START.isoformat(), {"text": "words"})]
    assert [row["key"] for row in kept["check_ins"]] == ["daily"]
    assert await erase(store, SOURCE, "100")
    assert set((await rows(store)).values()) == {0}
    assert not await erase(store, SOURCE, "100")
    assert await export(store, SOURCE, "100") is None


async def test_what_has_served_its_time_is_purged(store: Store) -> None:
    on = stage(store, everything)
    await on.hear(update(1, "a"), update(2, "boom"))
    assert await purge(store, on.clock) == Purged(seen=0, sent=0, parked=0)
    on.clock.move(timedelta(hours=48, seconds=1))
    # Their two messages and the bot's two; one of theirs was never recorded: its turn failed.
    assert await purge(store, on.clock) == Purged(seen=0, sent=3, parked=0)
    on.clock.move(timedelta(days=5))
    assert (await purge(store, on.clock)).seen == 2
    on.clock.move(timedelta(days=24))
    assert (await purge(store, on.clock)).parked == 1
    async with store.read() as connection:
        assert (await connection.execute(select(parked))).all() == []


async def test_a_purge_that_fails_is_told_without_a_word_of_anybody_and_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    clock, at = Clock(), list[datetime]()

    async def failing(*_: object) -> None:
        at.append(clock.now())
        if len(at) == 3:
            raise asyncio.CancelledError
        raise ValueError("what somebody wrote")

    monkeypatch.setattr("bot.service.housekeeping.purge", failing)
    with pytest.raises(asyncio.CancelledError):
        await purge_every_hour(store, clock)
    assert at == [START + n * timedelta(hours=1) for n in range(3)]
    said = "".join(capfd.readouterr())
    assert said.count("nothing was purged") == 2
    assert "somebody" not in said


class Gated(Channel):
    """Lets nothing through before the gate is open."""

    async def say(self, address, message):  # type: ignore[no-untyped-def]
        self.flying.set()
        await self.gate.wait()
        return await Channel.say(self, address, message)


async def test_a_message_under_way_while_they_are_erased_is_taken_out_of_the_chat_as_well(
    store: Store,
) -> None:
    channel = Gated()
    channel.flying, channel.gate = asyncio.Event(), asyncio.Event()
    on = stage(store, everything, channel=channel)
    async with asyncio.timeout(60):
        await on.pipeline.receive([update(1, "a")])
        await on.pipeline.turns.drain()
        sending = asyncio.create_task(on.pipeline.delivery.drain())
        await channel.flying.wait()
        await on.pipeline.receive([update(2, "erase")])
        await on.pipeline.turns.drain()
        channel.gate.set()
        await sending
        await on.pipeline.drain()
    assert channel.calls == [("say", "100", "a"), ("say", "100", "All gone."), ("delete", "100", "1")]
    assert set((await rows(store)).values()) == {0}


async def test_the_bots_own_messages_are_taken_out_of_the_chat_before_the_last_line(store: Store) -> None:
    on = stage(store, everything)
    await on.hear(update(1, "a"))
    on.clock.move(timedelta(hours=49))
    await on.hear(update(2, "b"), update(3, "c"))
    on.channel.calls.clear()
    await on.hear(update(4, "erase"))
    # What is older than 48 hours can't be deleted; what they wrote themselves is theirs to delete.
    assert on.channel.calls == [("delete", "100", "2", "3"), ("say", "100", "All gone.")]
