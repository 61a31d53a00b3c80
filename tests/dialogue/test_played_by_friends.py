"""What five people stumbled over when they played the whole chat, each in their own way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.dialogue.effects import Say
from bot.script.rehearsal import Rehearsal
from tests.real_content import real_content

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday


def _played(*lines: str, locale: str = "en") -> Rehearsal:
    chat = Rehearsal(real_content(), now=START, zone="Europe/Berlin", locale=locale)
    for line in lines:
        chat.write(line)
    return chat


def _said(chat: Rehearsal) -> str:
    return "\n".join(each.message.text.plain for each in chat.turns[-1].effects if isinstance(each, Say))


def _place(chat: Rehearsal) -> str:
    return chat.session.stack[-1].place


LISTENING = ("they said no at initech", "say it", "its all crap")


def test_a_check_in_asked_for_in_a_vent_is_set_and_the_listening_goes_on() -> None:
    chat = _played(*LISTENING, "can you ask me tomorrow how i am, i feel like crap", "yes")
    assert [each.kind.value for each in chat.check_ins.values()] == ["reminder"] or len(chat.check_ins) == 1
    chat.write("carry on")
    assert _place(chat).startswith("vent/")


def test_a_check_in_asked_for_before_a_vent_is_set_too() -> None:
    chat = _played("they said no at initech", "can you ask me tomorrow how i am, i feel like crap", "yes")
    assert len(chat.check_ins) == 1


@pytest.mark.parametrize(
    "told", ["they said they'd check in with me tomorrow", "tomorrow i have to go back there"]
)
def test_what_others_promised_is_only_listened_to(told: str) -> None:
    chat = _played(*LISTENING, told)
    assert _said(chat) == ""
    assert not chat.check_ins


def test_another_hour_keeps_the_day_that_was_proposed() -> None:
    chat = _played("remind me friday at 6 to call anna", "No I meant 10")
    assert "Friday 6 March at 10:00" in _said(chat)
    chat.write("no i meant 11 actually")
    assert "Friday 6 March at 11:00" in _said(chat)
    chat.write("no, saturday")
    assert "Saturday 7 March" in _said(chat)


def test_an_hour_alone_is_the_next_one_where_no_day_was_spoken_of() -> None:
    chat = _played("remind me at 18:00 to call anna")
    assert "oday" in _said(chat)


@pytest.mark.parametrize("way_out", ["abort mission", "never mind"])
def test_a_way_out_in_few_words_is_taken_where_words_would_be_let_out(way_out: str) -> None:
    chat = _played(*LISTENING, "done", "2", "let go")
    assert _place(chat) == "reflect/another-day"
    chat.write(way_out)
    assert _place(chat) == "anytime/cancelled"


def test_a_story_in_which_something_is_cancelled_is_no_way_out() -> None:
    chat = _played("they said no at initech", "they cancelled the whole second round on me")
    assert _place(chat) != "anytime/cancelled"


LETTER = ("they said no", "write to them")


def test_an_ordinary_word_is_no_company_before_it_was_asked_about() -> None:
    chat = _played(*LETTER, "banana")
    assert chat.session.variables.get("letter.company") is None
    chat.write("library")  # they insist: it may be one after all
    assert chat.session.variables["letter.company"] == "library"


@pytest.mark.parametrize("listed", ["apple", "Initech", "lidl"])
def test_a_company_is_taken_at_once(listed: str) -> None:
    chat = _played(*LETTER, listed)
    assert str(chat.session.variables["letter.company"]).lower() == listed.lower()


@pytest.mark.parametrize(
    "said",
    [
        "no thats wrong its days not nights",
        "when? yesterday. what else do you need",
        "you got that wrong",
        "ffs",
    ],
)
def test_nothing_said_to_the_bot_stands_in_the_letter(said: str) -> None:
    chat = _played(
        "no after the final round at Stripe for the staff engineer role", "write to them", "no name", said
    )
    assert _place(chat) == "letters/specific"
    assert said[:8].lower() not in str(chat.session.variables.get("letter.body", "")).lower()


@pytest.mark.parametrize("said", ["send it", "fine whatever send", "just send the damn email"])
def test_whoever_wants_it_sent_has_it_ready_without_its_gaps(said: str) -> None:
    chat = _played("no after the final round at Stripe for the staff engineer role", "write to them", said)
    assert _place(chat) == "letters/ready"
    assert "send" not in str(chat.session.variables["letter.body"])


def _at_the_menu(words: str) -> Rehearsal:
    chat = _played("they said no after the interview at initech", "what should i do next")
    assert _place(chat) == "next-steps/menu"
    chat.write(words)
    return chat


@pytest.mark.parametrize("words", ["banana", "this is pointless honestly", "i have no energy left"])
def test_words_that_may_be_no_step_are_asked_about(words: str) -> None:
    chat = _at_the_menu(words)
    assert _place(chat) == "next-steps/as-step"
    chat.write("yes")
    assert chat.session.variables["plan.what"] == words


@pytest.mark.parametrize("words", ["call my sister", "a long walk", "update my cv", "i'll go for a run"])
def test_a_step_in_their_own_words_is_taken_at_once(words: str) -> None:
    assert _at_the_menu(words).session.variables["plan.what"] == words


def test_whoever_wants_no_talk_of_feelings_is_offered_something_practical() -> None:
    chat = _played("they said no at initech", "i dont want to talk about my feelings ffs")
    assert _place(chat) == "acknowledge/no-feelings"
    assert "Write to them" in {button.label for button in chat.buttons}


def test_why_one_bothers_is_no_wish_to_look_back() -> None:
    assert _place(_played("they said no again", "i dont even know why i bother")).startswith("vent/")


def test_let_go_may_be_said_in_other_words() -> None:
    assert _said(_played(*LISTENING, "done", "7", "yeah bin it"))
    spanish = _played("me rechazaron", "decirlo", "uff", "listo", "5", "bórralo", locale="es")
    assert not spanish.session.stack[-1].place.startswith("delete/")
