from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.dialogue.effects import Effect, Record, SaveTo, Say, ScheduleCheckIn
from bot.dialogue.events import CheckInDue, Event, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.session import Session
from bot.service.retention import Retained, Retention, retain
from bot.store.codec import dump_session
from bot.store.database import Store
from bot.store.tables import conversations
from tests.service.stage import SOURCE, START, Stage, check_in, message, save_text, stage, update

NOTICE = "Two weeks, then it goes."
RULE = Retention(months=12, source=SOURCE, notices={"en": message(NOTICE)})
DAY, YEAR = timedelta(days=1), timedelta(days=366)


def living(session: Session, event: Event, _facts: Facts) -> tuple[Effect, ...]:
    """`zone X` and `quiet X` are set; anything else is kept, with a promise for every day after."""
    match event:
        case Wrote(text=text) if text.startswith(("zone ", "quiet ")):
            field, _, value = text.partition(" ")
            return (SaveTo(record=Record.PERSON, ref=0, field=field, value=value, at=event.at),)
        case Wrote(text=text):
            return (save_text(session.visit, text), Say(key="k", message=message("ok")), _daily(event.at))
        case CheckInDue():
            return (Say(key="d", message=message("due")), _daily(event.at))
    return ()


def _daily(at: datetime) -> Effect:
    return ScheduleCheckIn(check_in=check_in("daily", at + 100 * DAY))


async def people(store: Store) -> int:
    async with store.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(conversations))).scalar_one())


async def pass_by(on: Stage, store: Store, span: timedelta, rule: Retention = RULE) -> Retained:
    on.clock.move(span)
    await on.pipeline.drain()
    done = await retain(store, on.clock, rule)
    await on.pipeline.drain()
    return done


async def test_who_is_silent_for_a_year_is_told_once_and_erased_two_weeks_later(store: Store) -> None:
    on = stage(store, living)
    await on.hear(update(1, "hello"))
    assert await pass_by(on, store, timedelta(days=360)) == Retained()
    assert await pass_by(on, store, timedelta(days=6)) == Retained(told=1)
    assert await pass_by(on, store, DAY) == Retained()
    assert on.channel.said().count(NOTICE) == 1
    assert await pass_by(on, store, 12 * DAY) == Retained()
    on.channel.calls.clear()
    assert await pass_by(on, store, DAY) == Retained(erased=1)
    assert await people(store) == 0
    assert NOTICE not in on.channel.said()


async def test_a_word_after_the_notice_keeps_everything_and_a_year_later_they_are_told_again(
    store: Store,
) -> None:
    on = stage(store, living)
    await on.hear(update(1, "hello"))
    await pass_by(on, store, YEAR)
    await on.hear(update(2, "still here"))
    assert await pass_by(on, store, 30 * DAY) == Retained()
    assert await people(store) == 1
    assert await pass_by(on, store, YEAR) == Retained(told=1)


async def test_check_ins_that_go_out_by_themselves_are_no_sign_of_life(store: Store) -> None:
    on = stage(store, living)
    await on.hear(update(1, "hello"))
    for _ in range(4):
        on.clock.move(100 * DAY)
        await on.pipeline.drain()
    assert on.channel.said().count("due") == 4
    assert await retain(store, on.clock, RULE) == Retained(told=1)


async def test_who_blocked_the_bot_and_a_group_are_erased_without_a_word(store: Store) -> None:
    on = stage(store, living)
    await on.hear(update(1, "hello"))
    blocked = dump_session(Session(id="s1", blocked=True))
    async with store.write() as connection:
        await connection.execute(conversations.update().values(session=blocked))
    await on.hear(update(2, "hello", to="-100"))
    on.channel.calls.clear()
    on.clock.move(YEAR)
    assert await retain(store, on.clock, RULE) == Retained(erased=2)
    await on.pipeline.drain()
    assert on.channel.calls == []
    assert await people(store) == 0


@pytest.mark.parametrize(
    ("settings", "hour", "told"),
    [
        (["zone America/New_York"], 9, 0),  # five in the morning there
        (["zone America/New_York"], 14, 1),
        (["zone America/New_York", "quiet 20:00-12:00"], 14, 0),
        ([], 23, 0),
        ([], 12, 1),
    ],
)
async def test_nobody_is_told_in_their_quiet_hours(
    store: Store, settings: list[str], hour: int, told: int
) -> None:
    on = stage(store, living)
    await on.hear(*(update(number, said) for number, said in enumerate([*settings, "hello"], start=1)))
    on.clock.at = datetime(2027, 4, 2, hour, 30, tzinfo=UTC)
    assert (await retain(store, on.clock, RULE)).told == told


@pytest.mark.parametrize(
    "rule",
    [
        Retention(months=0, source=SOURCE, notices=RULE.notices),
        Retention(months=12, source=SOURCE, notices={}),
    ],
)
async def test_with_no_time_or_no_words_nobody_is_erased(store: Store, rule: Retention) -> None:
    on = stage(store, living)
    await on.hear(update(1, "hello"))
    on.clock.at = START + 10 * YEAR
    assert await retain(store, on.clock, rule) == Retained()
    assert await people(store) == 1
