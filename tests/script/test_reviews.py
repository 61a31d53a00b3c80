"""Who has read the safety script: told by /about as the content says it, and no better."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.dialogue.effects import Say
from bot.dialogue.engine import advance
from bot.dialogue.events import Commanded
from bot.dialogue.facts import Facts
from bot.dialogue.reading import NOTHING_READ
from bot.dialogue.reviews import Review, Reviews
from bot.dialogue.session import Session
from bot.script.diagnostics import Code
from bot.script.reviews import read_reviews
from tests.real_content import real_content

CONTENT = real_content()
TODAY = date(2026, 12, 1)
ADA = Review(by="Dr Ada Example", on=date(2026, 11, 30))
SAM = Review(by="Sam Example", on=date(2026, 10, 2))


def about(reviews: Reviews, locale: str = "en") -> str:
    asked = Commanded(
        at=datetime(2026, 3, 2, 18, 10, tzinfo=UTC), command="about", argument="", reading=NOTHING_READ
    )
    script = replace(CONTENT.script, reviews=reviews)
    effects = advance(script, Session(id="s", met=True), asked, Facts(locale=locale)).effects
    return "\n".join(each.message.text.plain for each in effects if isinstance(each, Say))


def test_nobody_has_reviewed_it_yet_and_about_says_so() -> None:
    assert CONTENT.script.reviews == Reviews()
    assert "not clinically reviewed" in about(CONTENT.script.reviews)


def test_about_names_who_has_and_who_has_not() -> None:
    assert "not clinically reviewed" not in about(Reviews(clinician=ADA))
    assert "Dr Ada Example on 2026-11-30" in about(Reviews(clinician=ADA))
    assert "No native speaker" in about(Reviews(clinician=ADA))
    native = about(Reviews(native={"en": SAM}))
    assert "not clinically reviewed" in native
    assert "Sam Example" in native
    both = about(Reviews(clinician=ADA, native={"en": SAM}))
    assert "Dr Ada Example" in both
    assert "Sam Example" in both


def test_a_native_speaker_of_one_language_is_none_of_another() -> None:
    assert "Sam Example" not in about(Reviews(clinician=ADA, native={"es": SAM}))


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('{by: "Ada", on: ""}', "a name without a day"),
        ('{by: "", on: "2026-11-30"}', "a day without a name"),
        ('{by: "Ada", on: "30.11.2026"}', "a day that is none"),
        ('{by: "Ada", on: "2026-12-02"}', "still to come"),
        ("{by: Ada}", "is missing"),
    ],
)
@pytest.mark.parametrize("place", ["clinician", "languages.en"])
def test_half_a_review_is_a_fault(tmp_path: Path, place: str, entry: str, message: str) -> None:
    empty = '{by: "", on: ""}'
    clinician, english = (entry, empty) if place == "clinician" else (empty, entry)
    path = tmp_path / "safety-review.yaml"
    path.write_text(f"clinician: {clinician}\nlanguages:\n  en: {english}\n", encoding="utf-8")
    reviews, [fault] = read_reviews(path, today=TODAY)
    assert reviews == Reviews()
    assert message in fault.message
    assert fault.code in (Code.SAFETY_REVIEW, Code.SHAPE)
    assert fault.line in (1, 3)


def test_a_whole_review_is_read(tmp_path: Path) -> None:
    path = tmp_path / "safety-review.yaml"
    path.write_text(
        'clinician: {by: "Dr Ada Example", on: "2026-11-30"}\nlanguages:\n  en: {by: "", on: ""}\n',
        encoding="utf-8",
    )
    assert read_reviews(path, today=TODAY) == (Reviews(clinician=ADA), [])


def test_english_needs_its_place(tmp_path: Path) -> None:
    path = tmp_path / "safety-review.yaml"
    path.write_text('clinician: {by: "", on: ""}\nlanguages: {}\n', encoding="utf-8")
    _, [fault] = read_reviews(path, today=TODAY)
    assert fault.code is Code.SAFETY_REVIEW
