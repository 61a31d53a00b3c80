"""What is known of somebody after a turn that saved something: told by the turn itself, and what the records say."""

from __future__ import annotations

from bot.dialogue.effects import Effect, Record, ScheduleCheckIn, Unsave
from bot.dialogue.events import Event, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.session import Session
from bot.store import places, records
from bot.store.codec import load_facts
from bot.store.database import Store
from tests.service.stage import SOURCE, START, Stage, check_in, save_text, stage, update


def _saving(session: Session, event: Event, _facts: Facts) -> tuple[Effect, ...]:
    match event:
        case Wrote(text="take back"):
            return (Unsave(record=Record.WIN, ref=session.turn - 1),)
        case Wrote(text="promise"):
            due = check_in("later", START.replace(hour=23))
            return (ScheduleCheckIn(check_in=due), save_text(session.turn, "promised"))
        case Wrote(text=text):
            return (save_text(session.turn, text), save_text(session.turn, text, Record.LESSON))
        case _:
            return ()


async def _cached(on: Stage) -> Facts | None:
    async with on.pipeline.store.read() as connection:
        place = await places.look(connection, on.pipeline.store.lookup.of(SOURCE, "100"))
        assert place is not None
        if place.facts is None:
            return None
        facts, _ = load_facts(place.facts.open())
        return facts


async def _read(on: Stage) -> Facts:
    async with on.pipeline.store.read() as connection:
        place = await places.look(connection, on.pipeline.store.lookup.of(SOURCE, "100"))
        assert place is not None
        return (await records.load_facts(connection, {place.id: place.locale or "en"}))[place.id]


async def test_a_turn_that_saves_leaves_the_facts_that_its_records_tell(store: Store) -> None:
    on = stage(store, effects=_saving)
    for number in range(1, 20):
        await on.hear(update(number, f"word {number}", language="de"))
        found = await _cached(on)
        assert found is not None, "the facts are read again at the next turn"
        assert found == await _read(on)
        assert (found.win_count, found.last_lesson) == (number, f"word {number}")


async def test_where_they_cannot_be_told_they_are_read_anew(store: Store) -> None:
    on = stage(store, effects=_saving)
    await on.hear(update(1, "one"))
    await on.hear(update(2, "two"))
    await on.hear(update(3, "take back"))
    assert await _cached(on) is None
    await on.hear(update(4, "four"))
    found = await _cached(on)
    assert found == await _read(on)
    assert found is not None
    assert found.win_count == 2
    await on.hear(update(5, "promise"))
    assert await _cached(on) is None
    await on.hear(update(6, "six"))
    found = await _cached(on)
    assert found == await _read(on)
    assert found is not None
    assert [each.key for each in found.check_ins] == ["later"]
