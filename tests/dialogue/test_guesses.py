"""What may be a wish is asked about, once, and done or left as they say: at every step, in every way to answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from bot.dialogue.effects import Say
from bot.dialogue.engine import advance
from bot.dialogue.events import Chose, Event, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.reading import Feeling, Intent, Reading, Risk
from bot.dialogue.repair import MOVES
from bot.dialogue.session import Frame, Session, Turn
from bot.store.codec import dump_session, load_session
from bot.understanding.guessing import KINDS
from tests.places import at_each
from tests.real_content import real_content

AT = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
SCRIPT = real_content().script
GUESS = "anytime/guess"
WISHES = [wish for wish in KINDS if wish is not Intent.OTHER]
UNCLEAR = "mmm gnarf"
# Their words fit no button, and nothing else is asked.
TAPPED_ONLY = sorted(
    place
    for place, step in SCRIPT.steps.items()
    if step.ask is not None
    and step.ask.text == "none"
    and step.ask.choices
    and not step.ask.several
    and step.flow not in ("safety", "progress", "anytime")
)
LET_OUT = ["acknowledge/met", "reflect/depth", "vent/offer", "anytime/rest", "welcome/again", "welcome/what"]


def _standing_at(*places: str) -> Session:
    frames = tuple(
        Frame(flow=place.partition("/")[0], step=place.partition("/")[2], visit=7 + n, since=AT)
        for n, place in enumerate(places)
    )
    return Session(id="wish", met=True, visit=9, stack=frames, last_at=AT)


def _happen(session: Session, event: Event) -> Turn:
    turn = advance(SCRIPT, session, event, Facts(kept=()))
    assert load_session(dump_session(turn.session)) == turn.session
    return turn


def _write(session: Session, reading: Reading, text: str = UNCLEAR) -> Turn:
    return _happen(session, Wrote(at=AT, text=text, reading=reading))


@cache
def _read(text: str) -> Reading:
    return real_content().understanding.read(text, "en")


def _say(session: Session, text: str) -> Turn:
    return _write(session, _read(text), text)


def _guessed(session: Session, wish: Intent = Intent.PROGRESS) -> Turn:
    return _write(session, Reading(guess=wish))


def _tap(session: Session, label: str) -> Event:
    assert session.question is not None
    buttons = [button for row in session.question.rows for button in row]
    data = next(button.data for button in buttons if button.label == label)
    assert data is not None
    return Chose(at=AT, data=data)


def _places(turn: Turn) -> list[str]:
    return [frame.place for frame in turn.session.stack]


def _words(turn: Turn) -> list[str]:
    return [effect.message.text.plain for effect in turn.effects if isinstance(effect, Say)]


@at_each(TAPPED_ONLY)
def test_a_guess_is_asked_about_in_one_bubble_and_the_place_is_kept(place: str) -> None:
    turn = _guessed(_standing_at(place))
    assert _places(turn) == [place, GUESS]
    assert len(_words(turn)) == 1
    assert _words(turn)[0].count("?") == 1


@at_each(TAPPED_ONLY)
def test_a_no_goes_back_to_the_question_and_the_next_misunderstanding_changes_tack(place: str) -> None:
    asked = _guessed(_standing_at(place))
    told = _say(asked.session, "no")
    assert _places(told) == [place]
    assert _words(told)[0] in _wordings("anytime/not-that")
    again = _guessed(told.session)
    assert _places(again)[-1] == "anytime/unclear-again"


@at_each(TAPPED_ONLY)
def test_a_yes_does_what_the_wish_said_plainly_does(place: str) -> None:
    plainly = _write(_standing_at(place), Reading(intents=(Intent.PROGRESS,)), "progress")
    meant = _say(_guessed(_standing_at(place)).session, "yes")
    assert _places(meant) == _places(plainly)
    assert [effect for effect in _words(meant) if effect in _words(plainly)]


@pytest.mark.parametrize("wish", WISHES)
def test_each_wish_has_its_own_question_and_its_yes(wish: Intent) -> None:
    # A step back there is something to go back to.
    before = _say(_standing_at("exercises/menu", "about/who"), "thanks").session
    asked = _guessed(before, wish)
    assert _places(asked)[-1] == GUESS
    others = {line for other in WISHES if other is not wish for line in _words(_guessed(before, other))}
    assert not set(_words(asked)) & others
    control = wish if wish in MOVES.values() else None
    plainly = _write(before, Reading(intents=(wish,), control=control))
    for answer in (_tap(asked.session, "Yes"), Wrote(at=AT, text="yep", reading=_read("yep"))):
        assert _places(_happen(asked.session, answer)) == _places(plainly)


def _wordings(place: str) -> set[str]:
    cases = [case for line in SCRIPT.steps[place].say for case in line.cases]
    return {template.source for case in cases for template in case.variants["en"]}


@pytest.mark.parametrize("place", LET_OUT)
def test_a_request_among_words_that_would_be_let_out_is_asked_about(place: str) -> None:
    turn = _guessed(_standing_at(place))
    assert _places(turn)[-1] == GUESS


@pytest.mark.parametrize("wish", [Intent.WIN, Intent.GOOD_NEWS, Intent.VENT, Intent.REJECTION])
@pytest.mark.parametrize("place", LET_OUT)
def test_what_is_told_and_not_asked_for_is_taken_as_it_is(place: str, wish: Intent) -> None:
    assert GUESS not in _places(_guessed(_standing_at(place), wish))


@pytest.mark.parametrize(
    "reading",
    [
        Reading(guess=Intent.PROGRESS, feelings=(Feeling.SADNESS,)),
        Reading(guess=Intent.PROGRESS, risk=Risk.DISTRESS),
    ],
    ids=["a feeling", "distress"],
)
@pytest.mark.parametrize("place", [*LET_OUT, "help/ways"])
def test_pain_is_never_met_with_a_guess(place: str, reading: Reading) -> None:
    assert GUESS not in _places(_write(_standing_at(place), reading))


def test_a_long_text_tells_something_and_is_met_with_no_guess() -> None:
    long = _write(_standing_at("acknowledge/met"), Reading(guess=Intent.PROGRESS), "and then they said " * 6)
    assert GUESS not in _places(long)


def test_what_is_told_where_a_number_is_asked_for_is_no_number_and_no_guess() -> None:
    told = _guessed(_standing_at("reflect/before"), Intent.WIN)
    assert _places(told) == ["reflect/before"]
    assert _places(_guessed(_standing_at("reflect/before"), Intent.PROGRESS))[-1] == GUESS


def test_one_word_asks_for_nothing_plainly_enough() -> None:
    assert GUESS not in _places(_write(_standing_at("help/ways"), Reading(guess=Intent.PROGRESS), "nothing"))


def test_a_vent_and_the_safety_flow_are_asked_nothing() -> None:
    assert _places(_guessed(_standing_at("vent/listen"))) == ["vent/listen"]
    for place in ("safety/ask", "safety/lines", "safety/near"):
        assert GUESS not in _places(_guessed(_standing_at(place)))


def test_danger_comes_first_while_a_guess_is_asked_about() -> None:
    turn = _say(_guessed(_standing_at("help/ways")).session, "i want to kill myself")
    assert _places(turn)[-1].startswith("safety/")
    assert GUESS not in _places(turn)
    assert not [name for name in turn.session.variables if "guess" in name], "nothing of it is kept"


def test_with_nothing_open_a_guess_is_asked_about_and_a_no_offers_what_there_is() -> None:
    asked = _guessed(Session(id="wish", met=True, last_at=AT))
    assert _places(asked) == [GUESS]
    told = _happen(asked.session, _tap(asked.session, "No, not that"))
    assert _places(told) == ["anytime/rest"]
    assert _places(_say(asked.session, "yes")) == _places(
        _write(Session(id="wish", met=True, last_at=AT), Reading(intents=(Intent.PROGRESS,)))
    )


def test_a_first_message_is_met_with_the_guess_after_who_this_is() -> None:
    turn = _guessed(Session(id="new"), Intent.REJECTION)
    assert _places(turn) == [GUESS]
    assert len(_words(turn)) == 2
    assert _places(_say(turn.session, "yes"))[-1].startswith("acknowledge/")


def test_the_words_it_was_guessed_from_are_used_and_then_kept_nowhere() -> None:
    asked = _write(_standing_at("help/ways"), Reading(guess=Intent.CHECKIN), "tomorow at 9 maybee")
    meant = _say(asked.session, "yes")
    assert "9" in str(meant.session.variables.get("check_ins.about"))
    assert not [name for name in meant.session.variables if "guess" in name]


def test_an_answer_to_the_question_under_it_is_taken_as_that() -> None:
    asked = _guessed(_standing_at("reflect/depth"))
    assert _places(_say(asked.session, "two minutes"))[-1].startswith("reflect/")
    lost = _guessed(_standing_at("help/ways"))
    twice = _say(lost.session, "zxcv qwer")
    assert _places(twice)[-1] == "anytime/unclear-again"
    assert _places(_say(twice.session, "zxcv qwer"))[-1] == "anytime/paused"


def test_another_wish_written_instead_is_honoured() -> None:
    asked = _guessed(_standing_at("help/ways"))
    assert _places(_say(asked.session, "i want to talk to a human"))[-1].startswith("human/")


def test_an_old_button_of_it_is_met_as_others_are() -> None:
    asked = _guessed(_standing_at("help/ways"))
    yes = _tap(asked.session, "Yes")
    told = _say(asked.session, "no")
    late = _happen(replace(told.session, last_tap=None), yes)
    assert _places(late) == ["help/ways"]
    assert _words(late)[0] in _wordings("anytime/old-button")


def test_back_leads_from_it_to_the_question_it_lay_over() -> None:
    asked = _guessed(_standing_at("exercises/menu", "help/ways"))
    assert _places(_say(asked.session, "back")) == ["exercises/menu", "help/ways"]


def test_a_session_that_lost_what_was_guessed_gets_its_question_again() -> None:
    asked = _guessed(_standing_at("help/ways")).session
    kept = {name: value for name, value in asked.variables.items() if "guess" not in name}
    assert _places(_say(replace(asked, variables=kept), "yes")) == ["help/ways"]


def test_the_tables_cover_the_script() -> None:
    assert len(TAPPED_ONLY) > 60
