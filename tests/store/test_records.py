from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.effects import Record, SaveTo, Unsave, Value
from bot.dialogue.facts import Facts, PastRejection
from bot.dialogue.reading import Kind, Outcome, Stage
from bot.store import records
from bot.store.database import Store
from bot.store.tables import conversations
from tests.service.stage import START


async def _conversation(store: Store, name: bytes = b"a") -> int:
    async with store.write() as connection:
        row = {"source": "telegram:1", "lookup": name, "address": name, "active_at": START}
        made = await connection.execute(conversations.insert().returning(conversations.c.id), row)
        return int(made.scalar_one())


async def _save(store: Store, *changes: tuple[int, SaveTo | Unsave]) -> None:
    async with store.write() as connection:
        await records.save(connection, changes)


async def _facts(store: Store, conversation_id: int) -> Facts:
    async with store.read() as connection:
        return (await records.load_facts(connection, {conversation_id: "en"}))[conversation_id]


def _set(record: Record, ref: int, field: str, value: Value, minutes: int = 0) -> SaveTo:
    return SaveTo(record=record, ref=ref, field=field, value=value, at=START + timedelta(minutes=minutes))


async def test_a_later_answer_replaces_the_earlier_one(store: Store) -> None:
    who = await _conversation(store)
    await _save(store, (who, _set(Record.WIN, 3, "text", "first")))
    await _save(store, (who, _set(Record.WIN, 3, "text", "second", 5)))
    facts = await _facts(store, who)
    assert (facts.win_count, facts.last_win) == (1, "second")


async def test_fields_of_one_record_come_together_over_turns(store: Store) -> None:
    who = await _conversation(store)
    await _save(
        store,
        (who, _set(Record.REJECTION, 1, "company", "Acme")),
        (who, _set(Record.REJECTION, 1, "kind", "job")),
    )
    await _save(
        store,
        (who, _set(Record.REJECTION, 1, "stage", "final", 9)),
        (who, _set(Record.REJECTION, 1, "role", "x")),
    )
    await _save(
        store,
        (who, _set(Record.REJECTION, 1, "role", None)),
        (who, _set(Record.REJECTION, 1, "outcome", "odd")),
    )
    past = PastRejection(ref=1, at=START, company="Acme", kind=Kind.JOB, stage=Stage.FINAL)
    assert (await _facts(store, who)).rejections == (past,)


@pytest.mark.parametrize("together", [True, False], ids=["in-one-turn", "in-two"])
async def test_an_answer_taken_back_is_gone(store: Store, *, together: bool) -> None:
    who = await _conversation(store)
    saved, taken_back = (who, _set(Record.WIN, 3, "text", "x")), (who, Unsave(record=Record.WIN, ref=3))
    for changes in [[saved, taken_back]] if together else [[saved], [taken_back]]:
        await _save(store, *changes)
    assert (await _facts(store, who)).win_count == 0
    await _save(store, taken_back, saved)
    assert (await _facts(store, who)).last_win == "x"


async def test_the_facts_are_what_the_records_say(store: Store) -> None:
    who, other = await _conversation(store), await _conversation(store, b"b")
    many = [(who, _set(Record.REJECTION, ref, "company", f"C{ref}", ref)) for ref in range(1, 31)]
    rest = [
        (who, _set(Record.PERSON, 0, "name", "Sam")),
        (who, _set(Record.PERSON, 20, "zone", "Europe/Berlin")),
        (who, _set(Record.LESSON, 21, "text", "ask earlier")),
        (who, _set(Record.PLAN, 22, "what", "call Kim")),
        (who, _set(Record.MOOD, 23, "score", 4)),
        (who, _set(Record.REJECTION, 1, "outcome", Outcome.GHOSTED)),
        (other, _set(Record.WIN, 1, "text", "theirs")),
    ]
    await _save(store, *many, *rest)
    facts = await _facts(store, who)
    assert [past.company for past in facts.rejections] == [f"C{ref}" for ref in range(30, 6, -1)]
    bare = Facts(
        name="Sam",
        zone="Europe/Berlin",
        rejection_count=30,
        lesson_count=1,
        last_lesson="ask earlier",
        last_plan="call Kim",
    )
    assert replace(facts, rejections=()) == bare
    assert (await _facts(store, other)).last_win == "theirs"


async def test_of_long_lists_the_newest_are_read_and_all_are_counted(store: Store) -> None:
    who, other = await _conversation(store), await _conversation(store, b"b")
    wins = [(who, _set(Record.WIN, ref, "text", f"W{ref}", ref)) for ref in range(1, 101)]
    lessons = [(who, _set(Record.LESSON, ref, "text", f"L{ref}", ref)) for ref in range(1, 41)]
    await _save(store, *wins, *lessons, (other, _set(Record.WIN, 1, "text", "theirs")))
    facts = await _facts(store, who)
    assert (facts.win_count, facts.lesson_count, facts.last_lesson) == (100, 40, "L40")
    assert facts.wins == tuple(f"W{ref}" for ref in range(100, 88, -1))
    assert ((await _facts(store, other)).win_count, facts.last_plan) == (1, None)


async def test_the_highest_number_of_all_records_is_known(store: Store) -> None:
    who = await _conversation(store)
    async with store.read() as connection:
        assert await records.highest_ref(connection, who) == 0
    await _save(store, (who, _set(Record.MOOD, 23, "score", 4)), (who, _set(Record.WIN, 9, "text", "x")))
    async with store.read() as connection:
        assert await records.highest_ref(connection, who) == 23


async def test_everything_on_record_can_be_looked_up(store: Store) -> None:
    who, other = await _conversation(store), await _conversation(store, b"b")
    await _save(
        store,
        (who, _set(Record.JOURNAL, 4, "text", "a page")),
        (who, _set(Record.MOOD, 5, "score", 3)),
        (other, _set(Record.WIN, 1, "text", "theirs")),
    )
    async with store.read() as connection:
        found = await records.look_up(connection, [who])
    assert {(each.record, each.ref, each.at) for each in found[who]} == {
        (Record.JOURNAL, 4, START),
        (Record.MOOD, 5, START),
    }
    assert found[who][0].fields == {"text": "a page"}
