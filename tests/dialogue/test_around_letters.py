"""What comes around a letter: asked for again, words that are no name, who it goes to, what comes back."""

from __future__ import annotations

import pytest

from bot.dialogue.effects import Record, Value
from bot.script.rehearsal import Rehearsal
from tests.dialogue.test_writing_letters import KNOWN, begun, draft_in, letter, say

SENT = (KNOWN, "/feedback", "[Leave all gaps out]", "[I've sent it]", "[No, thanks]", "[Leave it]")
MAIL = """\
From: Lena Ortiz <lena@globex.example>
Subject: Your application

Dear Sam,

Thank you for interviewing for the UX Designer role at Globex.
Unfortunately we have decided to move forward with another candidate.

Kind regards,
Lena Ortiz
Talent Partner, Globex"""


def letters(rehearsal: Rehearsal) -> list[dict[str, Value]]:
    return [dict(fields) for (kind, _), fields in rehearsal.records.items() if kind is Record.LETTER]


def rejections(rehearsal: Rehearsal) -> list[dict[str, Value]]:
    return [dict(fields) for (kind, _), fields in rehearsal.records.items() if kind is Record.REJECTION]


@pytest.mark.parametrize("again", ["/feedback", "help me ask them why", "write to Globex to ask why"])
def test_asked_for_again_the_draft_that_is_open_comes_back_as_it_was(again: str) -> None:
    rehearsal = begun(KNOWN, "/feedback", "Lena", "[More formal]", again)
    assert len(letters(rehearsal)) == 1
    assert "Dear Lena" in draft_in(rehearsal)
    assert letter(rehearsal)["tone"] == "formal"


def test_about_another_no_a_letter_of_its_own_is_begun() -> None:
    rehearsal = begun(KNOWN, "/feedback", "[Leave all gaps out]", "[Not now]", "[Leave it]")
    say(rehearsal, "rejected by Initech for the nurse job")
    say(rehearsal, "/feedback")
    assert len(letters(rehearsal)) == 2
    assert "Initech" in draft_in(rehearsal)


def test_one_sent_already_is_no_open_draft() -> None:
    rehearsal = begun(*SENT, "/feedback")
    assert len(letters(rehearsal)) == 2


@pytest.mark.parametrize(
    "words",
    [
        "i want to write to the recruiter",
        "they were great listeners",
        "the final round",
        "how do i know that",
        "hmm",
        "well we talked for an hour or so and then they never even told me who decides about it all",
    ],
)
def test_what_is_no_name_is_asked_for_once_more_and_then_left_out(words: str) -> None:
    rehearsal = begun(KNOWN, "/feedback", words)
    assert rehearsal.session.stack[-1].place == "letters/recipient"
    assert letter(rehearsal).get("recipient") is None
    say(rehearsal, words)
    assert rehearsal.session.stack[-1].place == "letters/specific"
    assert "recipient" in str(letter(rehearsal)["left_out"])
    assert f"Dear {words}" not in draft_in(rehearsal)


@pytest.mark.parametrize("words", ["idk", "i don't know who to write to", "i dont remember her name"])
def test_a_name_that_isnt_known_is_left_out_at_once(words: str) -> None:
    rehearsal = begun(KNOWN, "/feedback", words)
    assert rehearsal.session.stack[-1].place == "letters/specific"


@pytest.mark.parametrize(
    "name", ["Will Young", "Help for Heroes team", "Hope Sands", "nobuko", "Dr. Can Demir"]
)
def test_names_that_look_like_words_are_names(name: str) -> None:
    rehearsal = begun(KNOWN, "/feedback", name)
    assert letter(rehearsal)["recipient"] == name


@pytest.mark.parametrize("words", ["what do i say", "like what?", "any ideas?"])
def test_a_question_back_is_answered_and_not_put_into_the_letter(words: str) -> None:
    rehearsal = begun(KNOWN, "/feedback", "[No name]", words)
    assert rehearsal.session.stack[-1].place == "letters/specific"
    assert letter(rehearsal).get("specific") is None


def test_who_wrote_the_pasted_mail_is_who_the_letter_goes_to() -> None:
    rehearsal = begun(MAIL, "/feedback")
    assert "Dear Lena Ortiz" in draft_in(rehearsal)
    assert letter(rehearsal)["address"] == "lena@globex.example"
    assert rehearsal.session.stack[-1].place == "letters/specific"


def test_a_contact_asked_for_a_chat_is_not_who_said_no() -> None:
    rehearsal = begun(MAIL, "/letters", "[Ask someone for a chat]")
    assert letter(rehearsal).get("recipient") is None


def test_company_role_and_stage_come_from_the_wish_itself() -> None:
    rehearsal = begun("write to Acme to ask why, nurse, final round")
    known = letter(rehearsal)
    assert (known["company"], known["role"], known["stage"]) == ("Acme", "nurse", "final")


@pytest.mark.parametrize(
    "told",
    [
        "they wrote back: we had a stronger candidate with more experience, we wish you well",
        'maria answered: "your portfolio was strong but we needed someone with more experience"',
        "hr finally gave me some feedback, they said i knew the tools but rushed the case study",
    ],
)
def test_what_came_back_belongs_to_the_letter_that_is_out(told: str) -> None:
    rehearsal = begun(*SENT, told)
    (out,) = letters(rehearsal)
    assert (out["status"], out["answer"]) == ("answered", told)
    (no,) = rejections(rehearsal)
    assert no["feedback"] == told


def test_that_they_wrote_back_asks_what() -> None:
    rehearsal = begun(*SENT, "they wrote back")
    assert rehearsal.session.stack[-1].place == "letters/answer"
    say(rehearsal, "close, but the other person had led a team")
    assert letters(rehearsal)[0]["status"] == "answered"


def test_without_a_letter_out_their_mail_is_read() -> None:
    assert begun("they wrote back").session.stack[-1].place == "read-email/paste"


def test_sent_said_while_a_name_is_asked_for_is_no_name() -> None:
    rehearsal = begun(KNOWN, "/feedback", "i've sent it")
    assert letters(rehearsal)[0]["status"] == "sent"
    assert letters(rehearsal)[0].get("recipient") is None


def test_the_list_of_promises_says_what_each_is_for() -> None:
    rehearsal = begun(KNOWN, "/feedback", "[Leave all gaps out]", "[I've sent it]", "[Yes]")
    say(rehearsal, "/checkins")
    assert "Monday 9 March at 10:11: your letter (Globex)" in draft_in(rehearsal)


@pytest.mark.parametrize("words", ["all gaps", "leave the rest out", "enough"])
def test_all_gaps_are_left_out_in_ones_own_words(words: str) -> None:
    rehearsal = begun(KNOWN, "/feedback", words)
    assert rehearsal.session.stack[-1].place == "letters/ready"
    assert letter(rehearsal).get("recipient") is None
