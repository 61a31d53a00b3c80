"""What is said fits what is known: the experiment that was shown is kept, a nudge that went out isn't offered anew."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.effects import Record, Say
from bot.dialogue.facts import Kept
from bot.dialogue.session import Session
from bot.script.rehearsal import Rehearsal
from tests.real_content import real_content

CONTENT = real_content()
NOW = datetime(2026, 6, 1, 17, 0, tzinfo=UTC)
COMPANIES = ("Acme", "Globex", "Initech", "Umbra")


def said(chat: Rehearsal) -> str:
    return "\n".join(each.message.text.plain for each in chat.turns[-1].effects if isinstance(each, Say))


def labels(chat: Rehearsal) -> list[str]:
    return [button.label for button in chat.buttons if button.data]


PHRASES = {
    "interview": "rejected after the interview at Umbra",
    "assessment": "rejected after the take-home task at Umbra",
    "screen": "rejected after the phone screen at Umbra",
    "application": "Umbra rejected my application",
}


def past(stage: str) -> tuple[Kept, ...]:
    return tuple(
        Kept(
            record=Record.REJECTION,
            ref=n + 1,
            at=NOW - timedelta(days=60 - n),
            fields={"stage": stage, "outcome": "rejected", "company": COMPANIES[n % 3]},
        )
        for n in range(15)
    )


@pytest.mark.parametrize("tried", [None, "first", "second"], ids=["none-before", "the-first", "the-second"])
@pytest.mark.parametrize("stage", PHRASES)
def test_the_experiment_that_is_shown_is_the_one_that_is_kept(stage: str, tried: str | None) -> None:
    chat = Rehearsal(CONTENT, now=NOW)
    chat.kept = past(stage)
    chat.session = Session(id="s", met=True, variables={"patterns.tried": tried} if tried else {})
    chat.write(PHRASES[stage])
    chat.write("/reflect")
    if "Skip" in labels(chat):
        chat.tap("Skip")
    chat.tap("Two minutes")
    offered = said(chat)
    chat.tap("I'll try it")
    kept = [dict(each.fields)["what"] for each in chat.kept if each.record is Record.PLAN][-1]
    words = {word for word in re.findall(r"[a-z]{4,}", str(kept)) if word not in PLAIN}
    assert words <= set(re.findall(r"[a-z]{4,}", offered.lower())), f"{kept!r} was kept, shown was: {offered}"
    again = chat.session.variables["patterns.tried"]
    assert again == ("second" if tried == "first" else "first"), "the next time the other one is offered"


# Words that the plan needs and the offer says otherwise.
PLAIN = {
    "with",
    "have",
    "make",
    "answer",
    "practised",
    "before",
    "question",
    "first",
    "next",
    "post",
    "that",
    "fits",
}


def test_a_nudge_that_went_out_is_not_offered_again() -> None:
    chat = Rehearsal(CONTENT, now=NOW)
    chat.write("Globex ghosted me after 3 interviews")
    chat.tap("Write to them")
    chat.tap("Leave all gaps out")
    chat.tap("I've sent it")
    chat.tap("No, thanks")
    chat.write("reflect")
    chat.tap("Two minutes")
    assert "You've asked" in said(chat)
    assert "Write the nudge" not in labels(chat)
    chat.write("/next")
    assert "One polite nudge" not in labels(chat)


def test_before_a_nudge_went_out_it_is_offered() -> None:
    chat = Rehearsal(CONTENT, now=NOW)
    chat.write("Globex ghosted me after 3 interviews")
    chat.write("/reflect")
    chat.tap("Two minutes")
    assert "Write the nudge" in labels(chat)


def vented(opening: str, mood: str, *, at: datetime = NOW, zone: str | None = None) -> Rehearsal:
    chat = Rehearsal(CONTENT, now=at, zone=zone)
    chat.write(opening)
    chat.tap("Say it")
    chat.tap("Done")
    chat.tap(mood)
    return chat


@pytest.mark.parametrize("mood", ["3", "6"], ids=["low", "not-low"])
@pytest.mark.parametrize("stage", ["interview", "final round"])
def test_whoever_was_treated_unfairly_hears_of_no_tiny_edge_and_may_write_down_what_happened(
    stage: str, mood: str
) -> None:
    chat = vented(f"Globex rejected me after the {stage} because of my age", mood)
    given = {name for turn in chat.turns for name in turn.advice}
    assert "unfair-treatment" in given
    assert not given & {"not-personal", "employers-view", "own-your-part"}
    assert "Globex" in "".join(
        each.message.text.plain for each in chat.turns[0].effects if isinstance(each, Say)
    )
    assert "What to write down" in labels(chat)


def test_a_task_is_not_spoken_of_as_a_talk() -> None:
    said_there = said(vented("rejected after the take-home task at Acme", "6"))
    assert "One true thing" in said_there
    assert not any(
        words in said_there for words in ("in that room", "hours on people", "wanted to know more")
    )
    lines = CONTENT.script.steps["vent/after"].say
    of_a_task = {
        text.source
        for line in lines
        for case in line.cases
        for text in case.variants["en"]
        if case.when is not None and case.when.source == 'rejection.stage == "assessment"'
    }
    assert len(of_a_task) >= 3
    assert not any("room" in text or "hours on people" in text for text in of_a_task)


@pytest.mark.parametrize(("hour", "night"), [(1, True), (12, False)])
def test_at_night_the_landing_is_one_for_the_night(hour: int, night: bool) -> None:
    chat = Rehearsal(CONTENT, now=NOW.replace(hour=hour), zone="Europe/Berlin")
    chat.write("rejected after the interview at Acme")
    chat.tap("Say it")
    chat.tap("Done")
    assert ("night" in said(chat)) is night


@pytest.mark.parametrize(("noes", "counted"), [(3, False), (12, True)])
def test_an_offer_after_many_noes_is_met_with_their_number(noes: int, counted: bool) -> None:
    chat = Rehearsal(CONTENT, now=NOW)
    chat.kept = past("interview")[:noes]
    chat.session = Session(id="s", met=True)
    chat.write("I got an offer!")
    assert (str(noes) in said(chat)) is counted


def test_what_was_added_is_said_back() -> None:
    chat = Rehearsal(CONTENT, now=NOW)
    chat.write("they said no")
    chat.write("it was google. swe intern")
    assert "Google" in said(chat)
    chat.write("no wait, it was the phone screen")
    assert "first call" in said(chat)


def test_a_step_that_was_only_guessed_is_corrected_in_their_words() -> None:
    chat = Rehearsal(CONTENT, now=NOW)
    chat.write("Acme rejected me, the recruiter ended the call after five minutes")
    assert chat.session.variables["rejection.stage"] == "screen"
    chat.write("no, it was the final round")
    assert chat.session.variables["rejection.stage"] == "final"
    assert "putting that right" in said(chat)


@pytest.mark.parametrize(
    ("opening", "asked"),
    [("they withdrew the offer. i had already resigned", False), ("they withdrew the offer", True)],
)
def test_whoever_had_given_notice_is_not_asked_for_it_later(opening: str, asked: bool) -> None:
    chat = Rehearsal(CONTENT, now=NOW)
    chat.write(opening)
    chat.write("/reflect")
    if "Skip" in labels(chat):
        chat.tap("Skip")
    chat.tap("The fuller look")
    assert ("I'd given notice" in labels(chat)) is asked
    assert ("old place" in said(chat) or "You had left a job" in said(chat)) is not asked
    assert sum(isinstance(each, Say) for each in chat.turns[-1].effects) <= 3


@pytest.mark.parametrize(
    "words", ["i dont want to talk", "Don't feel like talking", "i can't talk about it", "not today"]
)
@pytest.mark.parametrize("opening", ["didnt get the job", "Globex rejected me because of my age"])
def test_who_does_not_want_to_talk_is_not_told_to_go_on(opening: str, words: str) -> None:
    chat = Rehearsal(CONTENT, now=NOW)
    chat.write(opening)
    chat.write(words)
    assert not any(said_so in said(chat) for said_so in ("Go on", "I won't interrupt", "I'm listening"))
    assert "leave" in said(chat)
    assert "Done" not in labels(chat)
