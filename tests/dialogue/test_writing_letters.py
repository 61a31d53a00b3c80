"""Writing a letter together, on the real content: how many taps, one message, and what people type into it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from bot.dialogue.effects import CloseButtons, Delete, Edit, Effect, Record, Say, SendLetter
from bot.dialogue.letters import ASKED_FOR
from bot.script.load import Content
from bot.script.rehearsal import Rehearsal
from tests.real_content import real_content

START = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)  # a Monday
KNOWN = "rejected by Globex after the final round for the ux designer role"


@cache
def content() -> Content:
    return real_content()


def begun(*lines: str, zone: str | None = "Europe/Berlin", now: datetime = START) -> Rehearsal:
    rehearsal = Rehearsal(content(), now=now, zone=zone)
    for line in lines:
        say(rehearsal, line)
    return rehearsal


def say(rehearsal: Rehearsal, line: str) -> tuple[Effect, ...]:
    return rehearsal.tap(line[1:-1]) if line.startswith("[") and line.endswith("]") else rehearsal.write(line)


def draft_in(rehearsal: Rehearsal) -> str:
    assert rehearsal.session.question is not None
    return rehearsal.session.question.text.plain


def letter(rehearsal: Rehearsal) -> dict[str, object]:
    return dict(max(((ref, f) for (kind, ref), f in rehearsal.records.items() if kind is Record.LETTER))[1])


def test_after_a_known_rejection_the_first_draft_comes_at_once_and_three_taps_finish_it() -> None:
    rehearsal = begun(KNOWN)
    effects = rehearsal.write("help me ask them for feedback")
    assert any(isinstance(effect, Say) and "Globex" in effect.message.text.plain for effect in effects)
    assert "UX designer" in draft_in(rehearsal) or "ux designer" in draft_in(rehearsal)
    assert "[their name]" in draft_in(rehearsal)
    for tap in ("[No name]", "[Nothing special]", "[I'll sign it myself]"):
        say(rehearsal, tap)
    assert rehearsal.session.stack[-1].place == "letters/ready"
    assert "[" not in str(letter(rehearsal)["body"])
    assert "[" not in draft_in(rehearsal)


def test_one_tap_leaves_every_gap_out() -> None:
    rehearsal = begun(KNOWN, "/feedback", "[Leave all gaps out]")
    assert rehearsal.session.stack[-1].place == "letters/ready"
    assert "[" not in draft_in(rehearsal)


def test_from_nothing_known_six_answers_finish_it_and_the_first_draft_is_there_before_any() -> None:
    rehearsal = begun("hi")
    rehearsal.write("/feedback")
    assert "[company]" in draft_in(rehearsal)
    answers = ("Globex", "data analyst", "[An interview]", "Lena", "how you listened", "Sam")
    for number, answer in enumerate(answers, start=1):
        assert rehearsal.session.stack[-1].place != "letters/ready", f"finished after {number - 1}"
        say(rehearsal, answer)
        assert "Subject:" in draft_in(rehearsal)
    assert rehearsal.session.stack[-1].place == "letters/ready"
    assert len(answers) == len(ASKED_FOR) == 6
    for words in ("Globex", "data analyst", "Lena", "how you listened", "Sam"):
        assert words in draft_in(rehearsal)


def test_the_draft_is_one_message_that_changes_in_place() -> None:
    rehearsal = begun(KNOWN, "/feedback")
    key = rehearsal.session.letter
    assert key is not None
    lines = (
        "[No name]",
        "how you listened",
        "Sam",
        "[More formal]",
        "[Another wording]",
        "[Change something]",
    )
    for line in (*lines, "[When it was]", "[Last week]", "[Warmer]"):
        effects = say(rehearsal, line)
        assert [
            type(effect) for effect in effects if isinstance(effect, (Say, Edit, Delete, CloseButtons))
        ] == [Edit]
        assert rehearsal.session.letter == rehearsal.session.buttons == key
    assert "last week" in draft_in(rehearsal)


def test_said_beside_something_else_the_draft_moves_down_and_stays_one() -> None:
    rehearsal = begun(KNOWN, "/feedback", "[Leave all gaps out]")
    before = rehearsal.session.letter
    effects = say(rehearsal, "[As a mail file]")
    assert Delete(key=str(before)) in effects
    assert rehearsal.session.letter != before
    assert sum(isinstance(effect, SendLetter) for effect in effects) == 1


def test_after_another_question_the_draft_is_shown_below_it_and_not_changed_above() -> None:
    rehearsal = begun(KNOWN, "/feedback", "[No name]", "you are liars", "[Say it softer]")
    before = rehearsal.session.letter
    effects = say(rehearsal, "[Use that line]")
    assert Delete(key=str(before)) in effects
    assert rehearsal.session.letter == rehearsal.session.buttons != before


def test_the_subject_has_a_copy_button_and_the_body_is_set_apart_for_a_tap() -> None:
    rehearsal = begun(KNOWN, "/feedback", "[Leave all gaps out]")
    message = rehearsal.session.question
    assert message is not None
    (copy,) = [button.copy for row in message.rows for button in row if button.copy]
    assert copy in message.text.plain
    (pre,) = [span for span in message.text.spans if span.kind == "pre"]
    assert message.text.plain[pre.start : pre.start + pre.length] == letter(rehearsal)["body"]


def test_back_takes_a_change_back_in_the_draft_too() -> None:
    rehearsal = begun(KNOWN, "/feedback", "[Leave all gaps out]", "[More formal]")
    assert "Dear hiring team" in draft_in(rehearsal)
    rehearsal.write("back")
    assert "Dear hiring team" not in draft_in(rehearsal)
    assert letter(rehearsal)["tone"] == "warm"


@pytest.mark.parametrize(
    "name",
    ["O'Neil-Müller", "李雷", "<script>", "{{x}}", "🙂 Kim", "Lena\nBcc: all@firm.example", "*Lena*", "`x`"],
)
def test_a_name_is_taken_as_it_is_on_one_line(name: str) -> None:
    rehearsal = begun(KNOWN, "/feedback", name)
    assert f"Dear {' '.join(name.split())}," in draft_in(rehearsal)


@pytest.mark.parametrize(("place", "before"), [("recipient", ()), ("specific", ("[No name]",))])
def test_five_hundred_characters_are_not_cut_but_said_to_be_too_many(
    place: str, before: tuple[str, ...]
) -> None:
    rehearsal = begun(KNOWN, "/feedback", *before)
    effects = rehearsal.write("x" * 500)
    assert rehearsal.session.stack[-1].place == f"letters/{place}"
    assert any(isinstance(effect, Say) and "shorter" in effect.message.text.plain for effect in effects)
    assert "xxx" not in draft_in(rehearsal)


@pytest.mark.parametrize(
    "address", ["a@b\nBcc: c@d.example", "lena at firm", "a@b", "x@y.example, z@y.example"]
)
def test_an_address_that_is_none_is_said_to_be_none(address: str) -> None:
    rehearsal = begun(KNOWN, "/feedback", "[Leave all gaps out]", "[Change something]", "[Their address]")
    rehearsal.write(address)
    assert rehearsal.session.stack[-1].place == "letters/address"
    assert "address" not in letter(rehearsal)


@pytest.mark.parametrize(
    ("words", "softer"),
    [
        ("your interviewers were rude and incompetent", "disappointed"),
        ("please give me another chance", "other openings"),
        ("you will hear from my lawyer", "reasons in writing"),
    ],
)
def test_hot_words_are_met_first_and_never_changed_unasked(words: str, softer: str) -> None:
    rehearsal = begun(KNOWN, "/feedback", "[No name]", words)
    assert rehearsal.session.stack[-1].place == "letters/hot"
    assert "specific" not in letter(rehearsal)
    say(rehearsal, "[Say it softer]")
    assert softer in draft_in(rehearsal)
    assert "specific" not in letter(rehearsal), "shown before it is used"
    say(rehearsal, "[Use that line]")
    assert softer in str(letter(rehearsal)["body"])
    kept = begun(KNOWN, "/feedback", "[No name]", words, "[Put it in as it is]")
    assert words[1:] in str(letter(kept)["body"])


def test_a_hot_letter_can_sleep_a_night_at_a_time_shown_before() -> None:
    rehearsal = begun(KNOWN, "/feedback", "[No name]", "you are liars", "[Wait until tomorrow]")
    assert "at 10:" in draft_in(rehearsal)
    say(rehearsal, "[Yes]")
    came = rehearsal.wait(timedelta(days=1))
    assert len(came) == 1
    assert rehearsal.session.stack[-1].place == "check-ins/due-kept-letter"
    say(rehearsal, "[Show it]")
    assert "Globex" in draft_in(rehearsal)
    assert "liars" not in draft_in(rehearsal)


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        (datetime(2026, 3, 2, 18, 10, tzinfo=UTC), "2026-03-09"),  # Monday
        (datetime(2026, 3, 6, 18, 10, tzinfo=UTC), "2026-03-13"),  # Friday
        (datetime(2026, 3, 7, 18, 10, tzinfo=UTC), "2026-03-13"),  # Saturday
        (datetime(2026, 3, 25, 18, 10, tzinfo=UTC), "2026-04-01"),  # over a change of clocks
    ],
)
def test_the_follow_up_comes_five_working_days_later_when_agreed_to(sent: datetime, due: str) -> None:
    rehearsal = begun(KNOWN, "/feedback", "[Leave all gaps out]", "[I've sent it]", now=sent)
    assert not rehearsal.check_ins
    assert "at 10:" in draft_in(rehearsal)
    say(rehearsal, "[Yes]")
    (promise,) = rehearsal.check_ins.values()
    local = promise.due.astimezone(tz=__import__("zoneinfo").ZoneInfo("Europe/Berlin"))
    assert local.date().isoformat() == due
    assert local.hour == 10


def test_a_refused_follow_up_is_none() -> None:
    rehearsal = begun(KNOWN, "/feedback", "[Leave all gaps out]", "[I've sent it]", "[No, thanks]")
    assert not rehearsal.check_ins


def test_an_answer_is_kept_with_the_rejection_and_opens_the_look_back() -> None:
    rehearsal = begun(KNOWN, "/feedback", "[Leave all gaps out]", "[I've sent it]", "[Yes]")
    rehearsal.wait(timedelta(days=8))
    say(rehearsal, "[They've answered]")
    rehearsal.write("they wanted more research experience")
    (rejection,) = [fields for (kind, _), fields in rehearsal.records.items() if kind is Record.REJECTION]
    assert rejection["feedback"] == "they wanted more research experience"
    assert letter(rehearsal)["status"] == "answered"
    say(rehearsal, "[Look at it]")
    assert rehearsal.session.stack[-1].flow == "reflect"


def test_silence_is_met_as_normal_and_ends_there() -> None:
    rehearsal = begun(KNOWN, "/feedback", "[Leave all gaps out]", "[I've sent it]", "[Yes]", "[Leave it]")
    rehearsal.wait(timedelta(days=8))
    effects = say(rehearsal, "[Nothing yet]")
    assert any(isinstance(e, Say) and "nothing about you" in e.message.text.plain for e in effects) or any(
        isinstance(e, Say) and "isn't a grade" in e.message.text.plain for e in effects
    )
    assert letter(rehearsal)["status"] == "silent"


def test_past_letters_are_listed_and_reopened_as_they_were() -> None:
    rehearsal = begun(KNOWN, "/feedback", "[Leave all gaps out]", "[More formal]", "[Not now]")
    body = letter(rehearsal)["body"]
    rehearsal.write("/letters")
    say(rehearsal, f"[{rehearsal.buttons[0].label}]")
    assert str(body) in draft_in(rehearsal)


@pytest.mark.parametrize(
    ("told", "reads"),
    [
        ("passed over for the promotion to team lead", "what I would need to show"),
        ("my grant application was rejected by the Umbrella Foundation", "grant"),
        ("i was laid off today", "reference"),
        ("Globex ghosted me after the interview", "where things stand"),
    ],
)
def test_the_letter_fits_what_happened(told: str, reads: str) -> None:
    rehearsal = begun(told, "/feedback", "[Leave all gaps out]")
    assert reads in draft_in(rehearsal)


@pytest.mark.parametrize(
    ("wish", "sort"),
    [
        ("/letter thank you note after the interview", "thanks"),
        ("/letter keep in touch", "keep_in_touch"),
        ("/letter coffee chat", "chat"),
        ("/letter gracious answer", "gracious"),
        ("/letter a nudge", "nudge"),
    ],
)
def test_the_other_letters_are_there_by_name(wish: str, sort: str) -> None:
    rehearsal = begun("hi", wish)
    assert letter(rehearsal)["sort"] == sort


def test_danger_in_a_field_comes_before_the_letter() -> None:
    for before in ((), ("[No name]",), ("[No name]", "[Nothing special]")):
        rehearsal = begun(KNOWN, "/feedback", *before, "i want to kill myself")
        assert rehearsal.session.stack[-1].flow == "safety"
        assert "kill" not in str(letter(rehearsal).get("body"))
