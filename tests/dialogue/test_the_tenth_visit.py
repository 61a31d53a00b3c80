"""Whoever comes often is met shorter, is offered what went well before, and hears each wording in its turn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.draft import MAX_HEARD
from bot.dialogue.effects import Record, Say
from bot.dialogue.engine import advance
from bot.dialogue.events import Started
from bot.dialogue.exercises import REST, offered_again
from bot.dialogue.facts import Done, Facts, Kept
from bot.dialogue.render import Template
from bot.dialogue.saying import wordings_key
from bot.dialogue.session import Session
from bot.script.rehearsal import Rehearsal
from tests.real_content import real_content

NOW = datetime(2026, 6, 1, 17, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=40)


def starts(session: Session, facts: Facts = Facts(), at: datetime = NOW) -> tuple[Session, list[str]]:  # noqa: B008
    turn = advance(real_content().script, session, Started(at=at), facts)
    said = [effect.message.text.plain for effect in turn.effects if isinstance(effect, Say)]
    return turn.session, said


def done(name: str, *, higher: int, measured: int, last_at: datetime = LONG_AGO) -> Done:
    return Done(name=name, last_at=last_at, times=measured, measured=measured, higher=higher)


def test_the_tenth_welcome_is_shorter_than_the_second() -> None:
    session, at, lengths = Session(id="s"), NOW, []
    for _ in range(10):
        at += timedelta(days=4)
        session, said = starts(session, Facts(last_plan="call Sam"), at)
        lengths.append(sum(map(len, said)))
    assert max(lengths[5:]) < min(lengths[1:4]) / 2


def test_no_welcome_is_heard_twice_running() -> None:
    session, at, before = Session(id="s"), NOW, [""]
    for _ in range(20):
        at += timedelta(days=4)
        session, said = starts(session, at=at)
        assert not set(said) & set(before)
        before = said


@pytest.mark.parametrize(
    ("exercises", "preferred", "offered"),
    [
        ((), None, None),
        ((done("distance", higher=2, measured=2),), None, None),
        ((done("distance", higher=3, measured=3),), None, "distance"),
        ((done("distance", higher=2, measured=4),), None, None),
        ((done("distance", higher=3, measured=5), done("values", higher=4, measured=6)), None, "values"),
        ((done("distance", higher=3, measured=5), done("values", higher=4, measured=6)), "distance", "distance"),
        ((done("distance", higher=5, measured=5, last_at=NOW - REST + timedelta(hours=1)),), None, None),
        ((done("distance", higher=5, measured=5, last_at=NOW - REST),), None, "distance"),
    ],
    ids=[
        "nothing-done", "too-few-measured", "higher-each-time", "as-often-lower", "more-often", "what-stands-out",
        "within-two-weeks", "after-two-weeks",
    ],
)  # fmt: skip
def test_what_may_be_offered_again(
    exercises: tuple[Done, ...], preferred: str | None, offered: str | None
) -> None:
    found = offered_again(exercises, preferred, NOW)
    assert (found.name if found else None) == offered


def an_exercise(ref: int, at: datetime) -> Kept:
    return Kept(record=Record.EXERCISE, ref=ref, at=at, fields={"name": "distance", "before": 4, "after": 6})


@pytest.mark.parametrize(("days_ago", "is_offered"), [(13, False), (15, True)])
def test_what_went_well_is_offered_with_its_numbers_once_it_has_rested(
    days_ago: int, is_offered: bool
) -> None:
    chat = Rehearsal(real_content(), now=NOW)
    chat.session = Session(id="s", met=True, variables={"seen.visits": 9}, last_at=LONG_AGO)
    chat.kept = tuple(an_exercise(n, NOW - timedelta(days=days_ago + n)) for n in range(3))
    chat.write("rejected by Globex after the interview")
    assert ("What I did before" in [button.label for button in chat.buttons]) is is_offered
    if is_offered:
        chat.tap("What I did before")
        assert "3 of 3 times" in said_last(chat)
        chat.tap("Yes, that one")
        assert chat.session.variables["exercises.name"] == "distance"


def test_the_list_of_exercises_leaves_out_what_was_done_within_two_weeks() -> None:
    chat = Rehearsal(real_content(), now=NOW)
    chat.kept = (an_exercise(1, NOW - timedelta(days=13)),)
    chat.write("/exercises")
    labels = [button.label for button in chat.buttons]
    assert "A step back" not in labels
    assert "A kind word" in labels
    chat.tap("One I did lately")  # asked for, it is there
    assert "A step back" in [button.label for button in chat.buttons]


def said_last(chat: Rehearsal) -> str:
    return " ".join(each.message.text.plain for each in chat.turns[-1].effects if isinstance(each, Say))


def test_wordings_come_in_turn_however_many_others_were_heard_between() -> None:
    words = ("Ouch.", "That hurts.", "I'm sorry.")
    key = wordings_key(tuple(map(Template, words)))
    assert key != wordings_key(tuple(map(Template, words[:2])))
    lines = sum(
        len(case.variants["en"]) > 1
        for step in real_content().script.steps.values()
        for line in (*step.say, *step.again)
        for case in line.cases
    )
    assert lines / 2 < MAX_HEARD, "a regular meets about half of the lines; none of those may be forgotten"


def test_a_session_of_before_the_counting_goes_on_with_what_it_heard_longest_ago() -> None:
    hello = real_content().script.steps["welcome/again"].say[0]
    variants = next(case for case in hello.cases if case.when is None).variants["en"]
    heard = {variants[0].hash: 7, variants[1].hash: 9, variants[3].hash: 8}
    _, said = starts(Session(id="s", met=True, heard=heard))
    assert said[0].startswith(variants[2].source)
