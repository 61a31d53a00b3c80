"""What goes wrong in one conversation, and what must not come of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy import update as sql_update
from sqlalchemy.exc import OperationalError

from bot.dialogue.effects import Effect, Record, SaveTo, Say
from bot.dialogue.events import Event, TurnFailed, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.session import Session
from bot.store import writing
from bot.store.codec import load_session
from bot.store.database import Store
from bot.store.errors import StoreError
from bot.store.ports import Incoming
from bot.store.tables import conversations, inbox, parked, records
from tests.service.stage import APOLOGY, DANGER, SOURCE, START, echo, message, save_text, stage, update


async def count(store: Store, table: Any) -> int:
    async with store.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def test_one_bad_message_among_good_ones_is_parked_alone(store: Store) -> None:
    on = stage(store)
    await on.hear(update(1, "one", to="a"), update(2, "boom", to="b"), update(3, "two", to="c"))
    assert (on.channel.said("a"), on.channel.said("b"), on.channel.said("c")) == (
        ["0: one"],
        ["FAILED"],
        ["0: two"],
    )
    assert (await count(store, parked), await count(store, inbox), on.pipeline.turns.parked) == (1, 0, 1)


@pytest.mark.parametrize(
    ("failures", "said"), [(2, ["0: one"]), (3, ["FAILED"])], ids=["twice", "three-times"]
)
async def test_a_message_is_tried_three_times(store: Store, failures: int, said: list[str]) -> None:
    left = [failures]

    def failing(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
        if isinstance(event, Wrote) and left[0]:
            left[0] -= 1
            raise RuntimeError
        return echo(session, event, facts)

    on = stage(store, failing)
    await on.hear(update(1, "one"))
    assert (on.channel.said(), left) == (said, [0])


async def test_what_comes_after_a_parked_message_is_answered(store: Store) -> None:
    on = stage(store)
    await on.hear(update(1, "boom"), update(2, "still here"))
    assert on.channel.said() == ["FAILED", "1: still here"]


async def test_an_update_that_cannot_be_parsed_is_parked_whole(store: Store) -> None:
    on = stage(store)
    odd = update(1, "x", broken=True)
    await on.hear(odd)
    assert on.channel.said() == ["FAILED"]
    async with store.read() as connection:
        row = (await connection.execute(select(parked))).one()
    assert (row.payload.open(), row.reason, row.update_id) == (odd.payload, "KeyError", 1)


async def test_an_update_that_is_nothing_leaves_nothing(store: Store) -> None:
    on = stage(store)
    await on.hear(update(1, "x", nothing=True))
    assert on.channel.calls == []
    assert (await count(store, inbox), await count(store, parked)) == (0, 0)


async def test_an_update_without_an_address_is_parked_and_counted(store: Store) -> None:
    on = stage(store)
    await on.hear(update(1, "x", to=None), update(2, "y"))
    assert on.channel.said() == ["0: y"]
    assert (await count(store, parked), on.pipeline.receiver.without_address) == (1, 1)


def failing_throughout(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
    if isinstance(event, TurnFailed):
        raise TypeError("also this")
    return echo(session, event, facts)


async def test_when_the_engine_has_no_words_left_the_fixed_apology_goes_out(store: Store) -> None:
    on = stage(store, failing_throughout)
    await on.hear(update(1, "boom"))
    assert on.channel.said() == [APOLOGY]


@pytest.mark.parametrize(
    "incoming",
    [
        pytest.param(update(2, "boom, i want to die"), id="the-engine-fails"),
        pytest.param(update(2, "i want to die", broken=True), id="the-parser-fails"),
    ],
)
async def test_a_cry_for_help_is_answered_even_when_its_turn_fails(store: Store, incoming: Incoming) -> None:
    def fails_unless_fresh(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
        if session.turn and isinstance(event, Wrote):
            raise RuntimeError
        return echo(session, event, facts)

    on = stage(store, fails_unless_fresh)
    await on.hear(update(1, "hello"), incoming)
    assert on.channel.said() == ["0: hello", "CRISIS"]
    assert await count(store, parked) == 1


async def test_when_nothing_at_all_works_a_cry_for_help_still_gets_its_line(store: Store) -> None:
    def fails(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
        raise RuntimeError

    on = stage(store, fails)
    await on.hear(update(1, "i want to die"))
    assert on.channel.said() == [DANGER]


async def test_a_fresh_session_does_not_overwrite_what_the_old_one_saved(store: Store) -> None:
    def saving(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
        if isinstance(event, Wrote):
            return (*echo(session, event, facts), save_text(session.visit + 1, event.text))
        return echo(session, event, facts)

    on = stage(store, saving)
    await on.hear(update(1, "one"), update(2, "two"), update(3, "three"))
    await spoil_session(store)
    await on.hear(update(4, "four"), update(5, "five"))
    assert on.channel.said() == ["0: one", "1: two", "2: three", "FAILED", "1: five"]
    assert await count(store, records[Record.WIN]) == 4


async def test_a_session_that_cannot_be_read_is_kept_aside(store: Store) -> None:
    on = stage(store)
    await on.hear(update(1, "one"))
    await spoil_session(store)
    await on.hear(update(2, "two"))
    async with store.read() as connection:
        rows = (
            await connection.execute(select(parked.c.reason, parked.c.payload).order_by(parked.c.id))
        ).all()
    assert [row.reason for row in rows] == ["SessionUnreadable", "session unreadable"]
    assert rows[1].payload.open() == b'{"format": 99}'


async def test_a_session_sealed_with_a_lost_key_is_kept_aside_as_it_is(store: Store) -> None:
    on = stage(store)
    await on.hear(update(1, "one"))
    async with store.write() as connection:
        raw = "UPDATE conversations SET session = " + ("x'00'" if not store.shared else "'\\x00'")
        await connection.exec_driver_sql(raw)
    await on.hear(update(2, "two"), update(3, "three"))
    assert on.channel.said() == ["0: one", "FAILED", "1: three"]
    async with store.read() as connection:
        tokens = [
            row.payload.token
            for row in await connection.execute(select(parked.c.payload).order_by(parked.c.id))
        ]
    assert tokens[1] == b"\0"


async def spoil_session(store: Store) -> None:
    async with store.write() as connection:
        await connection.execute(sql_update(conversations).values(session=b'{"format": 99}'))


async def test_when_a_group_cannot_be_written_each_turn_is_written_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_big(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
        said = echo(session, event, facts)
        # No database holds this number: the whole group's INSERT fails.
        big = SaveTo(record=Record.WIN, ref=2**70, field="text", value="x", at=START)
        return (*said, big) if isinstance(event, Wrote) and event.text == "big" else said

    on = stage(store, too_big)
    await on.hear(update(1, "one", to="a"), update(2, "big", to="b"), update(3, "two", to="c"))
    assert (on.channel.said("a"), on.channel.said("b"), on.channel.said("c")) == (
        ["0: one"],
        ["FAILED"],
        ["0: two"],
    )
    assert (await count(store, parked), on.pipeline.turns.done) == (1, 2)


async def test_a_turn_that_cannot_even_be_parked_holds_up_nobody(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = writing.write

    async def failing(connection: Any, lookup: Any, turns: Any, at: Any) -> None:
        if any(turn.inbox_id == 1 for turn in turns):
            raise ValueError
        await real(connection, lookup, turns, at)

    monkeypatch.setattr(writing, "write", failing)
    on = stage(store)
    await on.hear(update(1, "one", to="a"))
    for number in range(2, 7):
        await on.hear(update(number, f"{number}", to="b"))
    assert on.channel.said("b") == [f"{number - 2}: {number}" for number in range(2, 7)]
    assert (await count(store, inbox), await count(store, parked)) == (1, 0)


async def test_an_outage_parks_nothing_and_counts_no_try(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = writing.write, [5]

    async def failing(*arguments: Any) -> None:
        if failures[0]:
            failures[0] -= 1
            raise OperationalError("INSERT", {}, Exception("database or disk is full"))
        await real(*arguments)

    monkeypatch.setattr(writing, "write", failing)
    on = stage(store)
    await on.pipeline.receive([update(1, "one"), update(2, "two")])
    for _ in range(5):
        with pytest.raises(StoreError, match="disk is full"):
            await on.pipeline.drain()
    async with store.read() as connection:
        assert (await connection.execute(select(inbox.c.tries))).scalars().all() == [0, 0]
    await on.pipeline.drain()
    assert on.channel.said() == ["0: one", "1: two"]
    assert await count(store, parked) == 0


async def test_an_outage_while_each_is_run_alone_counts_no_try(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [ValueError(), OperationalError("INSERT", {}, Exception("database or disk is full"))]

    async def failing(*_: Any) -> None:
        raise faults.pop(0)

    on = stage(store)
    await on.pipeline.receive([update(1, "one")])
    with monkeypatch.context() as patched:
        patched.setattr(writing, "write", failing)
        with pytest.raises(StoreError, match="disk is full"):
            await on.pipeline.drain()
    async with store.read() as connection:
        assert (await connection.execute(select(inbox.c.tries))).scalars().all() == [0]


async def test_receiving_in_an_outage_raises_and_takes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = stage(store)

    async def failing(*_: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr("bot.store.inbox.take_in", failing)
        with pytest.raises(StoreError, match="locked"):
            await on.pipeline.receive([update(1, "one")])
    await on.hear(update(1, "one"))
    assert on.channel.said() == ["0: one"]


async def test_no_words_reach_the_log(store: Store, capfd: pytest.CaptureFixture[str]) -> None:
    on = stage(store)
    await on.hear(update(1, "boom my secret"), update(2, "fine"))
    out = capfd.readouterr()
    assert "a turn failed" in out.out + out.err
    assert "my secret" not in out.out + out.err


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("a\0b", "0: ab"),
        ("\ud83d", "0: �"),
        ("\ud83d\ude00", "0: 😀"),
        ("x" * 100_000, "0: " + "x" * 100_000),
    ],
    ids=["nul", "lone-surrogate", "surrogate-pair", "very-long"],
)
async def test_odd_text_is_taken(store: Store, text: str, answer: str) -> None:
    on = stage(store)
    await on.hear(update(1, text))
    assert on.channel.said() == [answer]


async def test_someone_new_is_met_in_the_language_of_their_client(store: Store) -> None:
    def locale(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
        return (Say(key="k", message=message(facts.locale)),)

    on = stage(store, locale)
    await on.hear(
        update(1, "x", to="a", language="de-AT"),
        update(2, "x", to="b", language="fr"),
        update(3, "x", to="c"),
    )
    await on.hear(update(4, "x", to="a", language="en"), update(5, "x", to="b", language="de"))
    assert (on.channel.said("a"), on.channel.said("b"), on.channel.said("c")) == (
        ["de", "de"],
        ["en", "de"],
        ["en"],
    )


async def test_the_facts_follow_what_was_saved(store: Store) -> None:
    def saving(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
        assert isinstance(event, Wrote)
        said = Say(key="k", message=message(f"{facts.win_count} {facts.last_win}"))
        return (said, save_text(session.turn + 1, event.text)) if event.text.startswith("!") else (said,)

    on = stage(store, saving)
    await on.hear(*(update(number, text) for number, text in enumerate(["!a", "x", "y", "!b", "z", "z"])))
    assert on.channel.said() == ["0 None", "1 !a", "1 !a", "1 !a", "2 !b", "2 !b"]


async def test_facts_cached_by_another_version_are_read_anew(store: Store) -> None:
    def saving(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
        assert isinstance(event, Wrote)
        return (Say(key="k", message=message(str(facts.win_count))), save_text(session.turn + 1, event.text))

    on = stage(store, saving)
    await on.hear(update(1, "one"))
    async with store.write() as connection:
        await connection.execute(sql_update(conversations).values(facts=b"00000000{}"))
    await on.hear(update(2, "two"))
    assert on.channel.said() == ["0", "1"]


async def test_the_session_is_as_the_engine_left_it(store: Store) -> None:
    on = stage(store)
    await on.hear(update(1, "one"), update(2, "two"))
    async with store.read() as connection:
        kept = (await connection.execute(select(conversations.c.session))).scalar_one()
    assert load_session(kept.open()) == replace(Session(id="s1"), turn=2, visit=2, last_at=START)


async def test_a_chat_of_another_account_waits_for_its_own_process(store: Store) -> None:
    on = stage(store)
    await on.hear(update(1, "x", source="telegram:2"), update(1, "y", source=SOURCE))
    assert on.channel.said() == ["0: y"]
    assert await count(store, inbox) == 1
