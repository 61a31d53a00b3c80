"""A wish in the middle of anything is honoured, and the place is kept: a table made from the real script."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest

from bot.dialogue.effects import SaveTo, Say, ScheduleCheckIn
from bot.dialogue.engine import advance
from bot.dialogue.events import Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.flow import Reads
from bot.dialogue.reading import Intent, Reading
from bot.dialogue.session import Frame, Session, Turn
from tests.places import at_each
from tests.real_content import real_content

pytestmark = pytest.mark.slow

AT = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
CONTENT = real_content()
STEPS = CONTENT.script.steps
ASKING = sorted(place for place, step in STEPS.items() if step.ask is not None)
OUTSIDE = [
    place
    for place in ASKING
    if not place.startswith("safety/") and not getattr(STEPS[place].ask, "listens", 0)
]
LISTENING = [place for place in ASKING if getattr(STEPS[place].ask, "listens", False)]
WISHES = {
    Intent.FEEDBACK_EMAIL: "could you help me write an email asking for feedback",
    Intent.GOOD_NEWS: "I got an offer!",
    Intent.CHECKIN: "remind me Friday at 6pm to call Anna",
    Intent.STOP: "stop messaging me",
    Intent.HUMAN: "I want to talk to a human",
    Intent.DELETE: "delete everything",
    Intent.HELP: "help",
}
FLOWS = {intent: CONTENT.script.intents[intent].partition("/")[0] for intent in WISHES}
# Steps whose own buttons go by that name, and where such a button leads.
BUTTONS = {
    (Intent.CHECKIN, "read-email/waiting"): "zone/needed",
    (Intent.HUMAN, "check-ins/people"): "human/people",
    (Intent.HELP, "exercises/kind"): "exercises/kind-start",
    (Intent.HELP, "reflect/lesson"): "reflect/find",
}
# Words that hold a wish's words, and are an answer all the same.
ANSWERS = (
    "I asked for feedback and got none",
    "she will remind me on friday",
    "they stopped messaging me in may",
    "I should have asked a human for help",
    "a friend got an offer and I did not",
    "they deleted everything I had built",
    "I thought I got an offer but it was a no",
)
TELLING = (
    "reflect/lesson",
    "reflect/hands",
    "reflect/stage-interview",
    "celebrate/wins",
    "next-steps/own-obstacle",
    "exercises/kind",
)


def _standing_at(place: str) -> Session:
    flow, _, step = place.partition("/")
    frame = Frame(flow=flow, step=step, visit=7, since=AT)
    return Session(id="wish", met=True, visit=7, stack=(frame,), last_at=AT)


@cache
def _read(text: str) -> Reading:
    return CONTENT.understanding.read(text, "en")


def _write(session: Session, text: str) -> Turn:
    return advance(CONTENT.script, session, Wrote(at=AT, text=text, reading=_read(text)), Facts())


def _places(turn: Turn) -> list[str]:
    return [frame.place for frame in turn.session.stack]


def _words(turn: Turn) -> str:
    return "\n".join(effect.message.text.plain for effect in turn.effects if isinstance(effect, Say))


@pytest.mark.parametrize("wish", [each for each in WISHES if each is not Intent.CHECKIN])
@at_each(OUTSIDE)
def test_a_wish_is_honoured_at_once_and_the_place_is_kept_under_it(place: str, wish: Intent) -> None:
    flow = FLOWS[wish]
    turn = _write(_standing_at(place), WISHES[wish])
    if (wish, place) in BUTTONS:
        assert _places(turn)[-1] == BUTTONS[wish, place]
        return
    if place.partition("/")[0] == flow:
        return  # there it is what is being talked about
    assert _places(turn)[-1].startswith(f"{flow}/")
    assert place in _places(turn)[:-1]
    assert _words(turn)


@at_each([place for place in OUTSIDE if not place.startswith("zone/")])
def test_a_reminder_is_set_from_everywhere_once_the_clock_is_known(place: str) -> None:
    asked = _write(_standing_at(place), WISHES[Intent.CHECKIN])
    assert _places(asked)[-1] == "zone/needed"
    if (Intent.CHECKIN, place) in BUTTONS:
        return
    named = _write(asked.session, "Berlin")
    assert "Friday 6 March at 18:00" in _words(named)
    if "Set" not in _words(named):
        named = _write(named.session, "yes")
    if STEPS[place].flow in ("check-ins", "anytime"):
        return  # a question about one time gives way to another, and an aside is no place
    assert any(isinstance(effect, ScheduleCheckIn) for effect in named.effects)
    if STEPS[place].offers:  # not begun yet: its question comes again
        assert _places(named)[-1] == place
        return
    assert place in _places(named)[:-1]
    assert _places(named)[-1] == "anytime/carry-on"


@pytest.mark.parametrize("wish", [Intent.FEEDBACK_EMAIL, Intent.GOOD_NEWS])
@at_each(LISTENING)
def test_a_vent_only_listens(place: str, wish: Intent) -> None:
    turn = _write(_standing_at(place), WISHES[wish])
    assert _places(turn) == [place]
    assert not _words(turn)


@at_each(LISTENING)
def test_a_check_in_asked_for_with_its_time_is_promised_in_a_vent_and_not_beside_danger(place: str) -> None:
    asked = _write(_standing_at(place), WISHES[Intent.CHECKIN])
    if STEPS[place].flow in ("safety", "check-ins"):
        assert not _words(asked)
        return
    named = _write(asked.session, "Berlin")
    assert "Friday 6 March at 18:00" in _words(named)
    assert place in [frame.place for frame in named.session.stack]


@pytest.mark.parametrize("wish", [Intent.STOP, Intent.HUMAN, Intent.DELETE])
@at_each(LISTENING)
def test_what_must_be_obeyed_is_obeyed_in_a_vent_too(place: str, wish: Intent) -> None:
    turn = _write(_standing_at(place), WISHES[wish])
    assert _places(turn)[-1].startswith(f"{FLOWS[wish]}/")


@pytest.mark.parametrize("text", ANSWERS)
@at_each([place for place in TELLING if place in STEPS])
def test_words_that_only_hold_a_wish_stay_an_answer(place: str, text: str) -> None:
    places = _places(_write(_standing_at(place), text))
    wished = {CONTENT.script.intents[intent].partition("/")[0] for intent in WISHES}
    assert not [each for each in places if each.partition("/")[0] in wished - {"check-ins"}]
    assert "zone/needed" not in places


UNCLEAR = ("asdf qwer", "purple zxcv", "mmm gnarf")
NOT_FOLLOWED = {
    template.source
    for name in ("unclear", "unclear-number", "unclear-again")
    for line in STEPS[f"anytime/{name}"].say
    for case in line.cases
    for template in case.variants["en"]
}


@at_each([place for place in OUTSIDE if place != "settings/all"])  # shows them anew
def test_what_is_unclear_is_met_differently_each_time_and_then_left_alone(place: str) -> None:
    session, before, misunderstood = _standing_at(place), set[str](), 0
    stood = [place]
    for text in UNCLEAR:
        turn = _write(session, text)
        said = {each.message.text.plain for each in turn.effects if isinstance(each, Say)}
        assert not said & before
        misunderstood += bool(said & NOT_FOLLOWED)
        session, before = turn.session, said
        stood += _places(turn)[-1:]
    assert misunderstood <= 2
    if getattr(STEPS[place].ask, "scale", False):
        assert stood[1] == place, "asked once more for a number"
        assert stood[2] != place, "and then it goes on without one"


@pytest.mark.parametrize("word", ["idk", "nothing", "terrible"])
@at_each([place for place in OUTSIDE if getattr(STEPS[place].ask, "scale", False)])
def test_a_word_where_a_number_was_asked_for_is_no_misunderstanding(place: str, word: str) -> None:
    turn = _write(_standing_at(place), word)
    assert not [line for line in ("follow", "went past me", "lost you") if line in _words(turn)]
    assert _places(turn) == [place]
    assert "number" in _words(turn) or "0" in _words(turn)


def test_reported_misfits_are_met() -> None:
    told = _write(Session(id="new"), "they said no after the final round at Initech")
    assert _places(told) == ["acknowledge/met"]
    assert "Initech" in _words(told)
    again = _write(_standing_at("vent/listen"), "so close again")
    assert _places(again) == ["vent/listen"]
    assert _places(_write(_standing_at("reflect/offer"), "leave it")) == ["check-ins/hello"]
    assert _places(_write(_standing_at("reflect/hands"), "leave it")) == ["anytime/cancelled"]
    can_do = _write(told.session, "what can i do")
    assert _places(can_do)[-1].startswith("next-steps/")
    number = _write(_standing_at("check-ins/due-own"), "7")
    assert [each.value for each in number.effects if isinstance(each, SaveTo)] == [7]


def test_the_mood_before_is_asked_once_on_the_way_into_looking_back() -> None:
    told = _write(Session(id="new"), "rejected by Initech after the interview")
    asked = _write(told.session, "reflect")
    assert _places(asked)[-1] == "reflect/before"
    given = _write(asked.session, "6")
    assert [(each.field, each.value) for each in given.effects if isinstance(each, SaveTo)] == [
        ("mood_before", 6)
    ]
    assert _places(given)[-1] == "reflect/depth"
    skipped = _write(_write(asked.session, "skip").session, "reflect")
    assert "reflect/before" not in _places(skipped)
    low = _write(asked.session, "2")
    assert _places(low)[-1] == "reflect/another-day"


def test_the_table_covers_the_script() -> None:
    assert len(OUTSIDE) > 200
    assert len(LISTENING) >= 3
    assert {place.partition("/")[0] for place in OUTSIDE} >= {
        "acknowledge",
        "reflect",
        "celebrate",
        "check-ins",
    }
    assert [place for place in OUTSIDE if getattr(STEPS[place].ask, "reads", None) is Reads.TIME]
