from __future__ import annotations

from datetime import timedelta

import pytest

from bot.dialogue.effects import CountRisk, Effect, Record, SaveTo
from bot.dialogue.events import Event, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.session import Session
from bot.service.stats import large_enough, stats
from bot.store.database import Store
from tests.service.stage import START, stage, update


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 5, "b": 9}, {"a": 5, "b": 9}),
        ({"a": 4}, {"a": None}),
        ({"a": 0, "b": 6}, {"a": 0, "b": 6}),
        ({"a": 3, "b": 4, "c": 9}, {"a": None, "b": None, "c": 9}),  # seven of two kinds: nobody can tell
        ({"a": 3, "b": 6, "c": 9}, {"a": None, "b": None, "c": 9}),  # else a = all - b - c
        ({}, {}),
    ],
)
def test_no_group_under_five_is_shown_or_can_be_worked_out(
    counts: dict[str, int], shown: dict[str, int | None]
) -> None:
    assert large_enough(counts) == shown


def telling(session: Session, event: Event, _facts: Facts) -> tuple[Effect, ...]:
    """`kind before after` becomes a rejection."""
    assert isinstance(event, Wrote)
    kind, before, after = event.text.split()
    fields = {"kind": kind, "mood_before": int(before), "mood_after": int(after), "company": "Zaphodine"}
    saved = [
        SaveTo(record=Record.REJECTION, ref=session.visit, field=name, value=value, at=event.at)
        for name, value in fields.items()
    ]
    return (*saved, CountRisk(level="crisis", about="self"))


async def test_it_counts_people_and_effects_and_says_nothing_of_few(store: Store) -> None:
    on = stage(store, telling)
    number = 0
    for people, words in ((7, "job 2 5"), (6, "grant 5 5"), (3, "love 6 1")):
        for _ in range(people):
            number += 1
            await on.hear(update(number, words, to=str(1000 + number)))
    found = await stats(store, on.clock.now())
    assert found["people"] == {"in_all": 16, "in_30_days": 16, "in_7_days": 16}
    assert found["people_by_kind_of_rejection"] == {"grant": None, "job": 7, "love": None}
    assert found["people_by_mood_afterwards"] == {"higher": 7, "the_same": None, "lower": None}
    assert found["people_with"]["rejections"] == 16
    assert found["safety_answers"] == {"crisis": 16}
    assert "Zaphodine" not in str(found)


async def test_a_few_who_left_cannot_be_counted_from_two_totals(store: Store) -> None:
    on = stage(store, telling)
    for number in range(1, 4):
        await on.hear(update(number, "job 2 5", to=str(number)))
    on.clock.move(timedelta(days=60))
    for number in range(4, 14):
        await on.hear(update(number, "job 2 5", to=str(number)))
    found = await stats(store, on.clock.now())
    assert on.clock.now() > START
    assert found["people"] == {"in_all": 13, "in_30_days": 13, "in_7_days": 13}
