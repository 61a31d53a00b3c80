"""A person's language: asked for, kept, and never one that isn't offered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.dialogue.effects import Record, Say
from bot.dialogue.flow import in_locale
from bot.dialogue.languages import Language, language_in
from bot.dialogue.render import Template
from bot.script.load import Content
from bot.script.rehearsal import Rehearsal
from bot.script.transcript import START
from tests.real_content import real_content

ROOT = Path(__file__).parents[2]
REAL = real_content()
SPANISH = Language(locale="es", name="Español", asked_by=frozenset({"spanish", "espanol", "castellano"}))


def _bilingual() -> Content:
    """The real content, where three texts have Spanish words of the test, and Spanish is offered."""
    steps = dict(REAL.script.steps)
    for place, words in {
        "language/changed": "Bien, seguimos en español.",
        "anytime/other-language": "Puedo seguir en español.",
        "safety/ask": "¿Estás pensando en acabar con tu vida?",
    }.items():
        line, *rest = steps[place].say
        case = line.cases[0]
        said = replace(case, variants={**case.variants, "es": (Template(words),)})
        steps[place] = replace(steps[place], say=(replace(line, cases=(said, *line.cases[1:])), *rest))
    languages = {"en": REAL.script.languages["en"], "es": SPANISH}
    return replace(REAL, script=replace(REAL.script, steps=steps, languages=languages))


def _chat(content: Content, locale: str = "en") -> Rehearsal:
    return Rehearsal(content, now=START, locale=locale)


def _said(rehearsal: Rehearsal) -> str:
    return "\n".join(e.message.text.plain for e in rehearsal.turns[-1].effects if isinstance(e, Say))


@pytest.mark.parametrize("text", ["speak Spanish please", "en español", "español por favor", "/language es"])
def test_asking_for_a_language_changes_it_and_it_is_kept(text: str) -> None:
    chat = _chat(_bilingual())
    chat.write("they said no")
    open_place = chat.session.stack[-1].place
    chat.write(text)
    assert "Bien, seguimos en español." in _said(chat)
    assert chat.records[Record.PERSON, 0]["locale"] == "es"
    assert chat.facts.locale == "es"
    assert chat.session.stack[-1].place == open_place  # the open question is asked again
    chat.write("in English please")
    assert chat.facts.locale == "en"


def test_the_content_as_it_stands_speaks_spanish_and_changes_by_asking() -> None:
    chat = _chat(REAL, "es")
    chat.write("me dijeron que no")
    assert "Soy Onward" in _said(chat)
    chat.write("in English please")
    assert chat.facts.locale == "en"
    assert "Just write" not in _said(chat)  # who asks for it needs no offer of it
    chat.write("español por favor")
    assert chat.facts.locale == "es"
    chat.write("quiero morirme")
    assert "¿Estás pensando en quitarte la vida?" in _said(chat)


@pytest.mark.parametrize("text", ["no", "ok", "sí", "hola"])
def test_a_word_two_languages_share_changes_none(text: str) -> None:
    assert REAL.understanding.read(text, "es").tongue is None


def test_it_is_chosen_by_a_button_too() -> None:
    chat = _chat(_bilingual())
    chat.write("they said no")
    chat.write("/language")
    assert {"English", "Español"} < {button.label for button in chat.buttons}
    chat.tap("Español")
    assert chat.facts.locale == "es"


def test_a_language_not_offered_is_refused_honestly() -> None:
    english_alone = replace(REAL.script, languages={"en": REAL.script.languages["en"]})
    chat = _chat(replace(REAL, script=english_alone))
    chat.write("they said no")
    chat.write("speak Spanish please")
    assert "English" in _said(chat)
    assert chat.facts.locale == "en"


def test_danger_in_a_language_that_is_spoken_is_answered_in_it_alone() -> None:
    chat = _chat(_bilingual())
    chat.write("they said no")
    chat.write("quiero morir")
    assert _said(chat).startswith("¿Estás pensando en acabar con tu vida?")
    assert chat.facts.locale == "es"


def test_a_text_in_another_language_that_is_spoken_is_offered_it_once_in_its_own_words() -> None:
    chat = _chat(_bilingual())
    chat.write("they said no")
    chat.write("me han rechazado después de la entrevista")
    assert "Puedo seguir en español." in _said(chat)
    chat.write("no sé qué hacer, estoy muy triste")
    assert "Puedo seguir en español." not in _said(chat)


def test_the_offered_language_is_one_tap_away_and_the_place_is_kept() -> None:
    chat = _chat(_bilingual())
    chat.write("they said no")
    open_place = chat.session.stack[-1].place
    chat.write("me rechazaron en la entrevista")
    assert "Español" in {button.label for button in chat.buttons}
    chat.tap("Español")
    assert chat.facts.locale == "es"
    assert chat.session.stack[-1].place == open_place
    assert "Español" not in {button.label for button in chat.buttons}


def test_a_vent_in_another_language_is_not_broken_into_and_it_is_offered_after_it() -> None:
    chat = _chat(_bilingual())
    chat.write("they said no")
    chat.tap("Say it")
    chat.write("estoy muy triste y no sé qué hacer")
    assert _said(chat) == ""
    chat.tap("Done")
    assert "Puedo seguir en español." in _said(chat)
    chat.tap("Español")
    assert chat.facts.locale == "es"


def test_a_text_without_translation_is_said_in_english() -> None:
    variants = _bilingual().script.steps["language/stay"].say[0].cases[0].variants
    without = {locale: said for locale, said in variants.items() if locale == "en"}
    assert in_locale(without, "es") == variants["en"]


@pytest.mark.parametrize(
    ("text", "locale"),
    [("in Spanish", "es"), ("castellano", "es"), ("English or Spanish", None), ("German", None), ("", None)],
)
def test_the_one_offered_language_a_text_names(text: str, locale: str | None) -> None:
    assert language_in({"en": REAL.script.languages["en"], "es": SPANISH}, text) == locale


@pytest.mark.parametrize(
    ("locale", "no", "ways"),
    [
        (
            "en",
            "they said no after the interview at Acme",
            ("Ask them for feedback", "Show me the draft", "Monday"),
        ),
        (
            "es",
            "me rechazaron después de la entrevista en Acme",
            ("Pedirles comentarios", "Ver el borrador", "El lunes"),
        ),
    ],
)
def test_a_step_picked_in_any_language_has_its_draft_and_its_day(
    locale: str, no: str, ways: tuple[str, ...]
) -> None:
    """What was picked is known by a value, and by no words of a language."""
    step, draft, day = ways
    chat = Rehearsal(REAL, now=START, zone="Europe/Berlin", locale=locale)
    chat.write(no)
    chat.write("/next")
    chat.tap(step)
    labels = {button.label for button in chat.buttons}
    assert draft in labels
    chat.tap(day)
    assert chat.session.variables["next_steps.day"] == "monday"
