"""The facts a turn tells of what it saved are those that reading every record again would tell."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from bot.dialogue.effects import Record, SaveTo, Unsave, Value
from bot.dialogue.facts import Facts
from bot.store import records
from bot.store.codec import GROUNDS_ROOM, dump_facts, dump_grounds, load_facts, load_grounds
from bot.store.database import Store
from bot.store.grounds import NEWEST, Grounds
from bot.store.tables import conversations
from tests.service.stage import START

_FIELDS: dict[Record, tuple[tuple[str, tuple[Value, ...]], ...]] = {
    Record.PERSON: (("name", ("Ana", None)), ("zone", ("Europe/Lisbon",)), ("tempo", ("fewer", "usual"))),
    Record.REJECTION: (("company", ("Acme", "Globex", None)), ("mood_before", (2, 3)), ("mood_after", (4,))),
    Record.PLAN: (("what", ("call", "write", "rest")),),
    Record.WIN: (("text", ("one", "two", None)), ("day", ("2026-03-01",))),
    Record.LESSON: (("text", ("a", "b")), ("tags", (("x", "y"), ()))),
    Record.JOURNAL: (("text", ("long",)),),
    Record.MOOD: (("mood", (1, 5)),),
    Record.EXERCISE: (("name", ("breathing", "walk")), ("before", (2,)), ("after", (3, 5))),
    Record.LINE: (("text", ("you did it",)), ("returned", (True, False))),
    Record.LETTER: (("status", ("sent", "draft")), ("to", ("Keller",))),
}


def _change(dice: random.Random, number: int) -> SaveTo:
    """Something saved: mostly new, at times to a record of long ago."""
    record = dice.choice(list(Record))
    field, values = dice.choice(_FIELDS[record])
    ref = number if dice.random() < 0.7 else dice.randrange(1, number + 1)
    return SaveTo(
        record=record, ref=ref, field=field, value=dice.choice(values), at=START + timedelta(minutes=number)
    )


async def _conversation(store: Store) -> int:
    async with store.write() as connection:
        row = {"source": "telegram:1", "lookup": b"a", "address": b"a", "active_at": START}
        made = await connection.execute(conversations.insert().returning(conversations.c.id), row)
        return int(made.scalar_one())


async def _read(store: Store, who: int) -> tuple[Facts, Grounds]:
    async with store.read() as connection:
        return (await records.load_grounded(connection, {who: "en"}))[who]


@pytest.mark.parametrize("seed", range(2))
async def test_grounds_after_a_change_give_the_facts_that_are_read_anew(store: Store, seed: int) -> None:
    dice, who = random.Random(seed), await _conversation(store)
    told, untold = 0, 0
    stored = dump_grounds(Grounds())
    for number in range(1, 110):
        changes = [_change(dice, number) for _ in range(dice.choice((1, 1, 2, 3)))]
        async with store.write() as connection:
            await records.save(connection, [(who, each) for each in changes])
        facts, read = await _read(store, who)
        after = load_grounds(stored).after(changes)
        if after is None:
            untold += 1
        else:
            told += 1
            assert after.facts(locale="en") == facts, f"after turn {number}"
            assert after.numbers == read.numbers
        stored = dump_grounds(read if after is None else after)
    assert told > 10 * untold
    assert untold, "nothing older than what is held was ever touched"


def test_what_is_taken_back_or_older_than_what_is_held_cannot_be_told() -> None:
    def win(ref: int) -> SaveTo:
        return SaveTo(record=Record.WIN, ref=ref, field="text", value="w", at=START + timedelta(minutes=ref))

    grounds = Grounds()
    for ref in range(10, 10 + 2 * NEWEST, 2):
        then = grounds.after([win(ref)])
        assert then is not None
        grounds = then
    assert grounds.after([Unsave(record=Record.WIN, ref=10)]) is None
    between = grounds.after([win(11)])
    assert between is not None, "all of them are here, so it is new"
    more = grounds.after([win(100)])
    assert more is not None
    assert (len(more.kept), more.numbers[Record.WIN]) == (NEWEST, NEWEST + 1)
    assert min(each.ref for each in more.kept) == 12
    assert more.after([win(10)]) is None, "it is on record, and not here"


def test_the_cache_gives_back_facts_and_grounds_and_leaves_out_what_is_too_much() -> None:
    facts, grounds = Facts(name="Ana\n7", locale="es"), Grounds()
    assert load_facts(dump_facts(facts, dump_grounds(grounds))) == (facts, dump_grounds(grounds))
    assert load_facts(dump_facts(facts)) == (facts, b"")
    assert load_facts(dump_facts(facts, b"x" * GROUNDS_ROOM)) == (facts, b"x" * GROUNDS_ROOM)
    assert load_facts(dump_facts(facts, b"x" * (GROUNDS_ROOM + 1))) == (facts, b"")
    with pytest.raises(ValueError, match="another version"):
        load_facts(b"00000000" + dump_facts(facts)[8:])
