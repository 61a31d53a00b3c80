"""Before everything, in every place: a table made from the real script, each asking step by each phrase."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.effects import CountRisk, Say, WithdrawUnsent
from bot.dialogue.engine import advance
from bot.dialogue.events import CheckInDue, Chose, Commanded, Shared, SharedKind, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.heard import Heard, HeardKind, as_event
from bot.dialogue.missed import Kind
from bot.dialogue.reading import Reading
from bot.dialogue.schedule import Daily, Once
from bot.dialogue.session import Frame, Session, Turn
from tests.places import at_each
from tests.real_content import real_content

AT = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
CONTENT = real_content()
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
    "je veux mourir",
)
# In every place all of them; the first alone before each commit.
SAID = (PHRASES[0], *(pytest.param(phrase, marks=pytest.mark.slow) for phrase in PHRASES[1:]))
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
    # a lecture, a contract, a leading question, a method, a diagnosis
    "you should",
    "you must",
    "think of",
    "how could you",
    "permanent solution",
    "everything happens",
    "agree not to",
    "you won't",
    "you wouldn't",
    "aren't you",
    "pills",
    " rope",
    "bridge",
    " gun",
    "overdose",
    "depress",
    "disorder",
    "mentally ill",
    "suicidal",
)
# Other stages are not for now: nothing may lead there until it is asked for.
STAGES = ("acknowledge", "reflect", "celebrate", "next-steps", "letters", "good-news", "read-email")
# Every branch of the answer: what is tapped after danger was told, and which step that is.
BRANCHES = {
    "yes": ("Yes",),
    "not-sure": ("Not sure",),
    "no": ("No",),
    "done": ("I've already done something",),
    "someone-else": ("It's someone else",),
    "country": ("Choose country",),
    "unwatched": ("Don't look in",),
    "other-now": ("It's someone else", "Yes, now"),
    "other-later": ("It's someone else", "Not right now"),
    "cannot-call": ("I've already done something", "I can't call"),
    "called": ("I've already done something", "I've called"),
    "near": ("I've already done something", "Someone is with me"),
    "reached": ("Yes", "I'm reaching someone"),
    "nobody": ("Yes", "I have nobody"),
    "breathe": ("Yes", "Breathe first"),
    "someone-knows": ("Yes", "I'm reaching someone", "Someone knows now"),
    "may-i": ("Yes", "I'm reaching someone", "Someone knows now", "Rest now"),
    "something-else": ("No", "It's something else"),
    "self-harm": ("No", "It's something else", "I hurt myself, not to die"),
    "threat": ("No", "It's something else", "I might hurt someone"),
    "abuse": ("No", "It's something else", "I'm not safe at home"),
    "bereaved": ("No", "It's something else", "I lost someone"),
    "past": ("No", "It's something else", "I tried before"),
    "young": ("No", "It's something else", "I'm under 18"),
    "pause": ("No", "Leave it"),
}
CALLING = ("done", "cannot-call", "called", "near")


def _standing_at(place: str) -> Session:
    flow, _, step = place.partition("/")
    return Session(
        id="danger", met=True, visit=7, stack=(Frame(flow=flow, step=step, visit=7, since=AT),), last_at=AT
    )


@cache
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


@pytest.mark.parametrize("phrase", SAID)
@at_each(OUTSIDE)
def test_danger_is_met_before_the_open_question(place: str, phrase: str) -> None:
    _asks_and_shows_lines(
        advance(
            CONTENT.script, _standing_at(place), Wrote(at=AT, text=phrase, reading=_read(phrase)), Facts()
        )
    )


@at_each(ASKING)
def test_danger_told_in_spanish_is_met_in_spanish_with_lines_in_sight(place: str) -> None:
    text = "quiero morir"
    turn = advance(CONTENT.script, _standing_at(place), Wrote(at=AT, text=text, reading=_read(text)), Facts())
    words = _words(turn)
    assert turn.session.stack[-1].flow == "safety"
    assert "112" in words
    assert "911" in words
    assert "ending your life" not in words
    assert place in INSIDE or "quitarte la vida" in words
    assert any(isinstance(effect, CountRisk) for effect in turn.effects)


@at_each(OUTSIDE)
def test_danger_in_an_edit_a_command_and_a_forward_is_met_too(place: str) -> None:
    text = PHRASES[0]
    reading = _read(text)
    for event in (
        Wrote(at=AT, text=text, reading=reading, edited=True),
        Commanded(at=AT, command="vent", argument=text, reading=reading),
        Shared(at=AT, kind=SharedKind.FORWARD, text=text, reading=reading),
    ):
        _asks_and_shows_lines(advance(CONTENT.script, _standing_at(place), event, Facts()))


@pytest.mark.parametrize("phrase", SAID)
@at_each(INSIDE)
def test_danger_inside_the_safety_flow_stays_in_it_with_lines_in_sight(place: str, phrase: str) -> None:
    turn = advance(
        CONTENT.script, _standing_at(place), Wrote(at=AT, text=phrase, reading=_read(phrase)), Facts()
    )
    assert turn.session.stack[-1].flow == "safety"
    words = _words(turn)
    assert "112 or 911" in words
    assert not [phrase for phrase in NEVER if phrase in words.lower()]


@at_each(OUTSIDE)
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


@at_each(OUTSIDE)
def test_danger_in_a_caption_is_met_too(place: str) -> None:
    caption = Heard(kind=HeardKind.TEXT, text=PHRASES[0], message_id="7")
    event = as_event(caption, AT, _read)
    assert event is not None
    _asks_and_shows_lines(advance(CONTENT.script, _standing_at(place), event, Facts()))


@at_each(OUTSIDE)
def test_danger_told_when_a_check_in_has_just_come_is_met_before_it(place: str) -> None:
    for kind in (Kind.SERIES, Kind.PLAN, Kind.REMINDER, Kind.DAILY):
        rule = Daily(at=AT.time()) if kind is Kind.DAILY else Once(on=AT.date(), at=AT.time())
        check_in = CheckIn(key="it", kind=kind, rule=rule, zone="UTC", day=AT.date(), due=AT, named=True)
        came = advance(CONTENT.script, _standing_at(place), CheckInDue(at=AT, check_in=check_in), Facts())
        text = PHRASES[0]
        _asks_and_shows_lines(
            advance(CONTENT.script, came.session, Wrote(at=AT, text=text, reading=_read(text)), Facts())
        )


def _tap(turn: Turn, label: str) -> Turn:
    data = next(
        button.data
        for row in (turn.session.question.rows if turn.session.question else ())
        for button in row
        if button.label == label
    )
    assert data is not None
    return advance(CONTENT.script, turn.session, Chose(at=AT, data=data), Facts())


def _labels(turn: Turn) -> list[str]:
    question = turn.session.question
    return [button.label for row in (question.rows if question else ()) for button in row]


@pytest.mark.parametrize("branch", BRANCHES)
@pytest.mark.parametrize("place", [OUTSIDE[0], "vent/listen", "reflect/hands", "check-ins/hello"])
def test_each_branch_does_what_it_must_and_nothing_it_must_not(place: str, branch: str) -> None:
    place = place if place in CONTENT.script.steps else OUTSIDE[1]
    text = PHRASES[0]
    turn = advance(CONTENT.script, _standing_at(place), Wrote(at=AT, text=text, reading=_read(text)), Facts())
    for label in BRANCHES[branch]:
        turn = _tap(turn, label)
    words = _words(turn).lower()
    step = CONTENT.script.steps[turn.session.stack[-1].place]
    assert step.place == f"safety/{branch}"
    assert "112 or 911" in words
    assert branch in CALLING or "findahelpline.com" in words or branch in ("country", "other-now")
    # Of somebody else's danger it says "don't promise to keep it secret".
    said = words.replace("don't promise to keep it secret", "")
    assert not [phrase for phrase in NEVER if phrase in said]
    assert not [label for label in _labels(turn) if "breathe" in label.lower()] or branch not in CALLING
    assert sum(isinstance(effect, Say) for effect in turn.effects) <= 3
    assert step.ask is not None
    assert step.ask.skip
    targets = {branch.to for choice in step.ask.choices for branch in choice.go}
    targets |= {branch.to for branch in (*step.ask.typed, *step.ask.skip)}
    assert not [to for to in targets if to.partition("/")[0] in STAGES]


@pytest.mark.parametrize("branch", CALLING)
@pytest.mark.parametrize("word", ["help", "help me", "what do i do", "im scared", "lol", "ok"])
def test_until_somebody_comes_it_is_only_calling(branch: str, word: str) -> None:
    text = PHRASES[0]
    turn = advance(
        CONTENT.script, Session(id="danger"), Wrote(at=AT, text=text, reading=_read(text)), Facts()
    )
    for label in BRANCHES[branch]:
        turn = _tap(turn, label)
    turn = advance(CONTENT.script, turn.session, Wrote(at=AT, text=word, reading=_read(word)), Facts())
    words = _words(turn).lower()
    assert "112 or 911" in words
    assert "call" in words or "come" in words
    assert not [exercise for exercise in ("breath", "feet on the floor", "three things") if exercise in words]
    assert turn.session.stack[-1].flow == "safety"


def test_the_fixed_wording_has_no_variants() -> None:
    flows = ("safety", "own-card")
    several = [
        f"{place}: {line.key}"
        for place, step in CONTENT.script.steps.items()
        if place.partition("/")[0] in flows
        for line in (*step.say, *step.again)
        for case in line.cases
        for variants in case.variants.values()
        if len(variants) > 1
    ]
    assert several == []


def test_every_safety_question_says_where_people_are_when_it_is_asked_again() -> None:
    bare = [
        place
        for place in INSIDE
        for line in CONTENT.script.steps[place].again
        for case in line.cases
        for template in case.variants["en"]
        if "emergency" not in template.source and "findahelpline" not in template.source
    ]
    assert bare == []


def test_the_table_covers_the_script() -> None:
    assert len(OUTSIDE) > 80
    assert len(INSIDE) > 20
    flows = {place.partition("/")[0] for place in OUTSIDE}
    assert flows >= {"acknowledge", "vent", "reflect", "celebrate", "next-steps", "check-ins", "letters"}
