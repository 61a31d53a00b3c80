"""A session in a script that has changed under it: what goes on, what lands, what is kept nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.dialogue.effects import Effect, Say
from bot.dialogue.events import Chose, Commanded, Wrote
from bot.dialogue.flow import Script
from bot.dialogue.landing import landed, landing_of, name_now
from bot.dialogue.reading import NOTHING_READ, Reading, Risk
from bot.dialogue.session import Frame, Session
from bot.script.load import Content
from bot.script.rehearsal import Rehearsal

AT = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
CHANGED = "That has changed."
OLD_BUTTON = "That button is old."


def without(content: Content, *gone: str, **moves: Any) -> Content:
    """The small content as if `gone` had been in it, and no longer were."""
    script = content.script
    steps = {place: step for place, step in script.steps.items() if place not in gone}
    return replace(content, script=replace(script, steps=steps, **moves))


def standing(content: Content, *places: str, **more: Any) -> Rehearsal:
    chat = Rehearsal(content, now=AT)
    stack = tuple(
        Frame(flow=place.partition("/")[0], step=place.partition("/")[2], visit=n + 3, since=AT)
        for n, place in enumerate(places)
    )
    chat.session = Session(id="s", met=True, visit=9, stack=stack, **more)
    return chat


def said(effects: tuple[Effect, ...]) -> list[str]:
    return [effect.message.text.plain for effect in effects if isinstance(effect, Say)]


def writes(chat: Rehearsal, text: str, reading: Reading = NOTHING_READ) -> list[str]:
    return said(chat.happen(Wrote(at=AT, text=text, reading=reading)))


def place_of(chat: Rehearsal) -> str:
    return chat.session.stack[-1].place


MOVES: dict[str, tuple[str, dict[str, str]]] = {
    "a step by its old name": ("talk/firm", {"talk/firm": "talk/company"}),
    "a step by its name in a flow since renamed": (
        "chat/firm",
        {"chat": "talk", "talk/firm": "talk/company"},
    ),
    "a step of a renamed flow": ("chat/company", {"chat": "talk"}),
}


@pytest.mark.parametrize(("old", "was"), list(MOVES.values()), ids=list(MOVES))
def test_an_answer_to_a_renamed_step_is_an_answer(small: Content, old: str, was: dict[str, str]) -> None:
    chat = standing(without(small, was=was), old)
    said_now = writes(chat, "Globex")
    assert CHANGED not in said_now
    assert place_of(chat) == "talk/stage"
    assert chat.session.variables["rejection.company"] == "Globex"


def test_a_button_of_a_renamed_step_is_taken(small: Content) -> None:
    chat = standing(without(small, was={"talk/begin": "talk/start"}), "talk/begin")
    chat.happen(Chose(at=AT, data="1|s|3|company"))
    assert place_of(chat) == "talk/company"


def test_where_a_step_is_gone_they_are_told_and_asked_where_it_says(small: Content) -> None:
    content = without(small, "talk/company", instead_of={"talk/company": "talk/stage"})
    chat = standing(content, "talk/company")
    assert writes(chat, "Globex") == [CHANGED, "How far did you get?"]
    assert place_of(chat) == "talk/stage"
    assert "rejection.company" not in chat.session.variables, "it was no answer to what is asked now"


def test_a_button_of_a_step_that_is_gone_is_an_old_one(small: Content) -> None:
    chat = standing(without(small, "talk/company", instead_of={"talk/company": "talk/stage"}), "talk/company")
    assert said(chat.happen(Chose(at=AT, data="1|s|3|application"))) == [OLD_BUTTON, "How far did you get?"]


def test_skipping_what_is_gone_leads_to_what_took_over(small: Content) -> None:
    chat = standing(without(small, "talk/company", instead_of={"talk/company": "talk/stage"}), "talk/company")
    skip = Commanded(at=AT, command="skip", argument="", reading=NOTHING_READ)
    assert said(chat.happen(skip)) == ["How far did you get?"]


def test_an_aside_over_a_step_that_is_gone_ends_where_it_lands(small: Content) -> None:
    content = without(small, "talk/company", instead_of={"talk/company": "talk/stage"})
    chat = standing(content, "talk/company", "aside/ask")
    chat.happen(Chose(at=AT, data="1|s|4|back"))
    assert place_of(chat) == "talk/stage"


def test_danger_comes_first_where_a_step_is_gone_too(small: Content) -> None:
    chat = standing(without(small, "talk/company", instead_of={"talk/company": "talk/stage"}), "talk/company")
    assert "ending your life" in writes(chat, "…", Reading(risk=Risk.CRISIS))[0]
    assert [frame.place for frame in chat.session.stack] == ["talk/stage", "safety/gate"]


def test_a_signal_is_no_answer_to_a_safety_question_that_was_never_asked(small: Content) -> None:
    chat = standing(
        without(small, "safety/still", instead_of={"safety/still": "safety/lines"}), "safety/still"
    )
    writes(chat, "yes", Reading(risk=Risk.CRISIS))
    assert place_of(chat) == "safety/gate"


def test_without_a_word_about_it_the_flow_begins_anew_and_a_flow_that_is_gone_is_left(small: Content) -> None:
    script = small.script
    assert landing_of(script, "talk/never-was") == "talk/start"
    assert landing_of(script, "never-was/x") is None
    assert name_now(script, "talk/never-was") is None
    assert landing_of(replace(script, instead_of={"never-was": "talk/win"}), "never-was/x") == "talk/win"
    assert landing_of(replace(script, was={"chat": "talk"}), "chat/x") == "talk/start"


def test_a_question_that_is_asked_no_more_is_said_and_goes_on(small: Content) -> None:
    step = replace(small.script.steps["talk/company"], ask=None)
    content = replace(small, script=replace(small.script, steps=small.script.steps | {"talk/company": step}))
    chat = standing(content, "talk/company")
    assert writes(chat, "Globex") == [CHANGED, "Who was it?", "How far did you get?"]


def _variables(script: Script, **held: Any) -> dict[str, Any]:
    names = {name.replace("__", "."): value for name, value in held.items()}
    return dict(landed(script, Session(id="s", variables=names)).variables)


def test_what_a_renamed_flow_has_collected_goes_with_it(small: Content) -> None:
    script = replace(small.script, was={"old-talk": "talk"})
    assert _variables(script, old_talk__words=("so much",)) == {"talk.words": ("so much",)}


def test_what_no_flow_knows_of_any_more_is_kept_nowhere(small: Content) -> None:
    held = {
        "gone__words": ("mine",),
        "talk__gone": ("mine",),
        "talk__words": "of another type",
        "talk__times": True,
    }
    assert _variables(small.script, **held, seen__visits=3, talk__size="short") == {
        "seen.visits": 3,
        "talk.size": "short",
    }


def test_ticks_of_answers_that_are_gone_are_taken_off(small: Content) -> None:
    frame = Frame(flow="talk", step="feelings", visit=3, since=AT, picked=("anger", "dread"))
    session = landed(small.script, Session(id="s", stack=(frame,)))
    assert session.stack[0].picked == ("anger",)


def test_a_session_that_nothing_moved_under_is_the_same(small: Content) -> None:
    frame = Frame(flow="talk", step="feelings", visit=3, since=AT, picked=("anger",))
    session = Session(id="s", stack=(frame,), variables={"talk.words": ("a",), "seen.visits": 2})
    assert landed(small.script, session) is session
