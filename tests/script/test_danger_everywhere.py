"""Before everything, in every place: a table made from the real script, each asking step by each phrase."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.dialogue.effects import CountRisk, Say, WithdrawUnsent
from bot.dialogue.engine import advance
from bot.dialogue.events import Chose, Commanded, Shared, SharedKind, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.reading import Reading
from bot.dialogue.session import Frame, Session, Turn
from bot.script.load import load_content

AT = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
CONTENT = load_content(Path(__file__).parents[2] / "content")
ASKING = sorted(place for place, step in CONTENT.script.steps.items() if step.ask is not None)
OUTSIDE = [place for place in ASKING if not place.startswith("safety/")]
INSIDE = [place for place in ASKING if place.startswith("safety/")]

# Explicit, misspelt, in jest, quiet, with a means after a loss, in another language.
PHRASES = (
    "i want to kill myself",
    "i wnat to kil mysel",
    "lol kms",
    "i don't want to wake up tomorrow",
    "just lost my job. which bridges here are the highest",
    "quiero morir",
)
# What a first answer to danger must and must not say (conversation brief, Safety).
NEVER = (
    "promise",
    "your family",
    "selfish",
    "coward",
    "calm down",
    "committed",
    "you're not suicidal",
    "don't do it",
)


def _standing_at(place: str) -> Session:
    flow, _, step = place.partition("/")
    return Session(
        id="danger", met=True, visit=7, stack=(Frame(flow=flow, step=step, visit=7, since=AT),), last_at=AT
    )


def _read(text: str) -> Reading:
    return CONTENT.understanding.read(text, "en")


def _words(turn: Turn) -> str:
    return "\n".join(effect.message.text.plain for effect in turn.effects if isinstance(effect, Say))


def _asks_and_shows_lines(turn: Turn) -> None:
    words = _words(turn)
    assert turn.session.stack[-1].flow == "safety"
    assert "ending your life" in words
    assert "112 or 911" in words
    assert "findahelpline.com" in words
    assert any(isinstance(effect, WithdrawUnsent) for effect in turn.effects)
    assert any(isinstance(effect, CountRisk) for effect in turn.effects)
    assert not [phrase for phrase in NEVER if phrase in words.lower()]


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize("place", OUTSIDE)
def test_danger_is_met_before_the_open_question(place: str, phrase: str) -> None:
    _asks_and_shows_lines(
        advance(
            CONTENT.script, _standing_at(place), Wrote(at=AT, text=phrase, reading=_read(phrase)), Facts()
        )
    )


@pytest.mark.parametrize("place", OUTSIDE)
def test_danger_in_an_edit_a_command_and_a_forward_is_met_too(place: str) -> None:
    text = PHRASES[0]
    reading = _read(text)
    for event in (
        Wrote(at=AT, text=text, reading=reading, edited=True),
        Commanded(at=AT, command="vent", argument=text, reading=reading),
        Shared(at=AT, kind=SharedKind.FORWARD, text=text, reading=reading),
    ):
        _asks_and_shows_lines(advance(CONTENT.script, _standing_at(place), event, Facts()))


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize("place", INSIDE)
def test_danger_inside_the_safety_flow_stays_in_it_with_lines_in_sight(place: str, phrase: str) -> None:
    turn = advance(
        CONTENT.script, _standing_at(place), Wrote(at=AT, text=phrase, reading=_read(phrase)), Facts()
    )
    assert turn.session.stack[-1].flow == "safety"
    words = _words(turn)
    assert "112 or 911" in words
    assert not [phrase for phrase in NEVER if phrase in words.lower()]


@pytest.mark.parametrize("place", OUTSIDE)
def test_the_place_is_kept_and_a_no_is_believed_and_leads_back(place: str) -> None:
    text = PHRASES[0]
    asked = advance(
        CONTENT.script, _standing_at(place), Wrote(at=AT, text=text, reading=_read(text)), Facts()
    )
    no = next(
        button.data
        for effect in asked.effects
        if isinstance(effect, Say)
        for row in effect.message.rows
        for button in row
        if button.label == "No"
    )
    assert no is not None
    believed = advance(CONTENT.script, asked.session, Chose(at=AT, data=no), Facts())
    assert believed.session.stack[-1].flow == "safety"
    assert "I'd rather ask" in _words(believed)
    kept = [frame.place for frame in believed.session.stack[:-1]]
    # The engine's own asides ("carry on?") are no places to come back to.
    assert kept == ([] if place.startswith("anytime/") else [place])


def test_the_table_covers_the_script() -> None:
    assert len(OUTSIDE) > 80
    assert len(INSIDE) > 20
    flows = {place.partition("/")[0] for place in OUTSIDE}
    assert flows >= {"acknowledge", "vent", "reflect", "celebrate", "next-steps", "check-ins", "letters"}
