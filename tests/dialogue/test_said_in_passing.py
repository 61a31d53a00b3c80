"""Things people say where nobody asked for them, or in words where a number was: on the real content."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.dialogue.effects import Effect, Record, Say
from tests.dialogue.test_writing_letters import begun, say

NO = "rejected by Acme after the interview"


def said(effects: tuple[Effect, ...]) -> str:
    return " ".join(effect.message.text.plain for effect in effects if isinstance(effect, Say))


@pytest.mark.parametrize(
    "before",
    [("/vent",), ("/vent", "[Say it here]", "they were so rude"), ("/settings",), (NO,), (NO, "/feedback")],
)
@pytest.mark.parametrize("words", ["im 15", "i am 16 btw", "i'm 15 and they said no"])
def test_somebody_under_eighteen_is_answered_wherever_they_say_so(
    before: tuple[str, ...], words: str
) -> None:
    rehearsal = begun("hi", *before)
    answer = said(say(rehearsal, words))
    assert "made for adults" in answer
    assert [frame.flow for frame in rehearsal.session.stack] == ["safety"]
    assert not rehearsal.session.variables.get("vent.words")


@pytest.mark.parametrize(
    "words",
    ["nobody want old", "nobody want old people, i am 58, rejected again", "they only want young people"],
)
def test_hurt_about_ones_age_is_met_as_that_and_is_no_number(words: str) -> None:
    rehearsal = begun()
    answer = said(say(rehearsal, words))
    assert "old" in answer or "years" in answer
    assert rehearsal.session.stack[-1].place == "acknowledge/unfair"
    numbers = [f.get("count") for (kind, _), f in rehearsal.records.items() if kind is Record.REJECTION]
    assert not any(numbers)


def test_an_offer_taken_back_is_met_before_money_is_named() -> None:
    rehearsal = begun()
    answer = said(say(rehearsal, "they withdrew the offer yesterday, i had already given notice"))
    assert "took it away" in answer or "took it back" in answer or "taken" in answer
    assert "money" not in answer.lower()


@pytest.mark.parametrize("before", [(), (NO,), ("/settings",), (NO, "/next")])
def test_a_country_told_in_passing_is_kept_and_the_place_too(before: tuple[str, ...]) -> None:
    rehearsal = begun("hi", *before)
    place = rehearsal.session.stack[-1].place if rehearsal.session.stack else None
    answer = said(say(rehearsal, "im in germany"))
    assert "Germany" in answer
    assert rehearsal.session.variables["person.country"] == "DE"
    assert place in (None, "settings/all") or rehearsal.session.stack[-1].place == place


def test_in_pieces_is_no_country() -> None:
    rehearsal = begun(NO)
    say(rehearsal, "im in pieces")
    assert rehearsal.session.variables.get("person.country") is None


def test_a_step_asked_for_is_no_plan_of_their_own() -> None:
    rehearsal = begun(NO)
    say(rehearsal, "a step")
    assert rehearsal.session.stack[-1].place == "next-steps/menu"
    say(rehearsal, "a step")
    assert rehearsal.session.stack[-1].place == "next-steps/other"


def test_words_at_a_number_are_met_once_and_then_taken_for_none() -> None:
    rehearsal = begun(NO, "/reflect")
    scale = rehearsal.session.stack[-1].place
    assert said(say(rehearsal, "today was grey but ok"))
    assert rehearsal.session.stack[-1].place == scale
    answer = said(say(rehearsal, "just grey"))
    assert rehearsal.session.stack[-1].place != scale
    assert rehearsal.session.stack[-1].flow == "reflect"
    assert answer


def test_a_number_before_looking_back_is_kept_with_that_no() -> None:
    rehearsal = begun(NO, "/reflect", "6")
    moods = [f.get("mood_before") for (kind, _), f in rehearsal.records.items() if kind is Record.REJECTION]
    assert moods == [6]


@pytest.mark.parametrize("word", ["ok", "k", "fine"])
def test_an_ok_to_an_end_ends_it(word: str) -> None:
    rehearsal = begun(NO, "[Leave it]", "no thanks")
    assert not rehearsal.session.stack
    effects = say(rehearsal, word)
    assert len([effect for effect in effects if isinstance(effect, Say)]) == 1
    assert not rehearsal.session.stack
    assert not rehearsal.buttons


@pytest.mark.parametrize("words", ["let it go", "let them go", "throw it away"])
def test_words_let_go_in_ones_own_words_are_let_go(words: str) -> None:
    rehearsal = begun(NO, "say it", "so tired of this", "done", "5", words)
    assert not rehearsal.session.variables.get("vent.words")
    assert not [kind for kind, _ in rehearsal.records if kind is Record.JOURNAL]
    assert rehearsal.session.stack[-1].place != "vent/keep-or-let-go"


def test_a_letter_said_to_be_sent_after_it_was_left_is_sent() -> None:
    rehearsal = begun(NO, "/feedback", "[Leave all gaps out]", "[Not now]", "i sent it")
    assert [f["status"] for (kind, _), f in rehearsal.records.items() if kind is Record.LETTER] == ["sent"]


@pytest.mark.parametrize(
    ("told", "words", "place"),
    [
        ("i didnt get promoted", "its because im a woman i think", "acknowledge/unfair"),
        ("laid off today. 11 years", "what about money", "next-steps/when"),
    ],
)
def test_what_leads_on_is_heard_beside_the_four_ways(told: str, words: str, place: str) -> None:
    rehearsal = begun(told)
    say(rehearsal, words)
    assert rehearsal.session.stack[-1].place == place


def test_no_wait_deletes_nothing() -> None:
    rehearsal = begun(NO, "/delete", "no wait")
    assert [kind for kind, _ in rehearsal.records if kind is Record.REJECTION]
    assert not rehearsal.session.stack or rehearsal.session.stack[-1].flow != "delete"


def test_nobody_is_asked_to_carry_on_with_what_they_were_only_asked_whether_they_want() -> None:
    rehearsal = begun(NO, "say it", "so close", "done", "6", "let go")
    assert rehearsal.session.stack[-1].place == "reflect/offer"
    say(rehearsal, "help")
    answer = said(say(rehearsal, "that's all"))
    assert "carry on" not in answer.lower()
    assert rehearsal.session.stack[-1].place == "reflect/offer"


def test_somebody_back_after_days_had_not_stopped_at_what_was_only_offered() -> None:
    rehearsal = begun(NO, "say it", "so close", "done", "6", "let go")
    rehearsal.wait(timedelta(days=3))
    answer = said(say(rehearsal, "it was a long week for me"))
    assert rehearsal.session.stack[-1].place == "anytime/returned"
    assert "looking back" not in answer
