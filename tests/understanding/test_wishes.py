"""What a text asks of the bot, in mid-conversation above all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.dialogue.reading import Intent, Kind, Outcome, Reading, Stage
from bot.understanding import reading_as_json

Read = Callable[[str], Reading]

CONTROLS = [
    ("go back", Intent.BACK),
    ("ok pls go back", Intent.BACK),
    ("Back!!", Intent.BACK),
    ("skip", Intent.SKIP),
    ("um, can you repeat that please?", Intent.REPEAT),
    ("what?", Intent.REPEAT),
    ("pause", Intent.PAUSE),
    ("im back", Intent.RESUME),
    ("i'm done", Intent.DONE),
    ("yeah sure", Intent.YES),
    ("nah not really", Intent.NO),
    ("nvm", Intent.CANCEL),
    ("start over", Intent.RESTART),
    ("STOP", Intent.STOP),
    ("help", Intent.HELP),
    ("a human please", Intent.HUMAN),
    ("delete everything", None),
    ("they said no", None),
    ("stop calling it my fault, it was theirs", None),
]


@pytest.mark.parametrize(("text", "control"), CONTROLS)
def test_a_text_that_is_nothing_but_a_wish_is_a_control(
    text: str, control: Intent | None, read: Read
) -> None:
    if text == "delete everything":
        assert read(text).intent is Intent.DELETE
    else:
        assert read(text).control is control


def test_good_news_that_is_none_is_a_rejection(read: Read) -> None:
    assert read("great, rejected again").intents == (Intent.REJECTION,)
    assert read("i got the job!").intent is Intent.GOOD_NEWS


def test_a_withdrawn_offer_is_no_good_news(read: Read) -> None:
    reading = read("they offered me the job and then rescinded the offer")
    assert reading.intent is Intent.REJECTION
    assert reading.rejection.outcome is Outcome.WITHDRAWN


def test_what_is_asked_comes_before_what_is_told(read: Read) -> None:
    reading = read("acme rejected me, can you help me write an email asking for feedback")
    assert reading.intents[:2] == (Intent.FEEDBACK_EMAIL, Intent.REJECTION)
    assert reading.rejection.company == "Acme"


def test_a_correction_brings_its_fact(read: Read) -> None:
    reading = read("no, it was the phone screen")
    assert Intent.CORRECTION in reading.intents
    assert reading.rejection.stage is Stage.SCREEN


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("got turned down for promotion", Kind.PROMOTION),
        ("got laid off today", Kind.LAYOFF),
        ("didn't get the internship", Kind.INTERNSHIP),
        ("rejected from grad school", Kind.SCHOOL),
        ("our grant was rejected", Kind.GRANT),
        ("my girlfriend broke up with me", Kind.LOVE),
        ("they said no", None),
    ],
)
def test_what_was_hoped_for_is_told_apart(text: str, kind: Kind | None, read: Read) -> None:
    assert read(text).rejection.kind is kind


@pytest.mark.parametrize(
    ("text", "count"),
    [("no again. number 40.", 40), ("12 rejections now, another no", 12), ("they said no", None)],
)
def test_noes_are_counted_only_when_the_person_counts(text: str, count: int | None, read: Read) -> None:
    assert read(text).rejection.count == count


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("3", 3),
        ("about a 3", 3),
        ("3/10", 3),
        ("10", 10),
        ("like a two", 2),
        ("11", None),
        ("3 interviews", None),
    ],
)
def test_a_mood_is_a_number_that_is_the_whole_text(text: str, mood: int | None, read: Read) -> None:
    assert read(text).mood == mood


def test_the_report_folds_inner_moves_into_other(read: Read) -> None:
    report = reading_as_json(read("ok skip"), explain=True)
    assert report["intents"] == ["other"]
    assert report["rules"]
    assert "rules" not in reading_as_json(read("ok skip"))


def test_the_report_has_the_shape_that_is_promised(read: Read) -> None:
    report = reading_as_json(read("they said no. final round acme"))
    assert report["risk"] == "none"
    assert report["intents"] == ["rejection"]
    assert report["rejection"] == {"company": "Acme", "role": None, "stage": "final", "outcome": "rejected"}
    assert report["feelings"] == []
    assert report["when"] is None
