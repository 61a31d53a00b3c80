"""Danger told in another language than English: a table of every language, its phrases and every asking step."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.dialogue.effects import CountRisk, Say, WithdrawUnsent
from bot.dialogue.engine import advance
from bot.dialogue.events import Chose, Commanded, Event, Shared, SharedKind, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.flow import DEFAULT_LOCALE, TextAsk
from bot.dialogue.reading import Reading
from bot.dialogue.session import Frame, Session, Turn
from tests.places import at_each
from tests.real_content import real_content

pytestmark = pytest.mark.slow

AT = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
FOLDER = Path(__file__).parents[2] / "content"
REAL = real_content()
# Where English alone is spoken: every other language is then one the chat isn't held in.
ENGLISH_ONLY = replace(REAL.script, languages={DEFAULT_LOCALE: REAL.script.languages[DEFAULT_LOCALE]})
CONTENT = replace(REAL, script=ENGLISH_ONLY)
TONGUES = CONTENT.script.tongues
ASKING = sorted(place for place, step in CONTENT.script.steps.items() if step.ask is not None)
# Written Danish and Norwegian share whole sentences; either is read by both.
SHARED = {"jeg vil dø": {"da", "nb"}}
COUNTRIES = {"de": "AT", "es": "MX", "fr": "BE", "ja": "JP", "nb": "NO", "tl": "PH", "ko": "KR", "pt": "BR"}


def _phrases() -> list[tuple[str, str]]:
    """The plain words of each: what is quiet, past, done already or somebody else's has answers of its own."""
    found = []
    for path in sorted((FOLDER / "understanding").glob("*.yaml")):
        document = yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)
        if path.stem != "en":
            plain = [
                r for r in document["risk"] if r["level"] == "crisis" and not {"about", "concern"} & r.keys()
            ]
            found += [(path.stem, text) for rule in plain for text in rule.get("match", ())]
    return found


PHRASES = _phrases()


def _standing_at(place: str) -> Session:
    flow, _, step = place.partition("/")
    return Session(
        id="danger", met=True, visit=7, stack=(Frame(flow=flow, step=step, visit=7, since=AT),), last_at=AT
    )


@cache
def _read(text: str) -> Reading:
    return CONTENT.understanding.read(text, "en")


def _hear(session: Session, text: str, *, event: str = "text", facts: Facts | None = None) -> Turn:
    reading = _read(text)
    events: dict[str, Event] = {
        "text": Wrote(at=AT, text=text, reading=reading),
        "edit": Wrote(at=AT, text=text, reading=reading, edited=True),
        "caption": Shared(at=AT, kind=SharedKind.PHOTO, text=text, reading=reading),
        "forward": Shared(at=AT, kind=SharedKind.FORWARD, text=text, reading=reading),
        "command": Commanded(at=AT, command="vent", argument=text, reading=reading),
    }
    return advance(CONTENT.script, session, events[event], facts or Facts())


def _bubbles(turn: Turn) -> list[str]:
    return [effect.message.text.plain for effect in turn.effects if isinstance(effect, Say)]


def _answered_in(turn: Turn, locale: str, text: str) -> None:
    first, words = _bubbles(turn)[0], "\n".join(_bubbles(turn))
    spoken = [TONGUES[each] for each in SHARED.get(text, {locale})]
    begins = [f"{each.serious}\n{each.person}\n" for each in spoken]
    reach = [each.talk.format(address="findahelpline.com") for each in spoken]
    assert any(first.startswith(lines) for lines in begins), first
    assert any(line in first.split("\n") for line in reach), first
    assert "112 / 911" in first
    assert "112 or 911" in words  # the English answer follows
    assert len(_bubbles(turn)) <= 3
    assert turn.session.stack[-1].flow == "safety"
    assert any(isinstance(effect, CountRisk) for effect in turn.effects)


def test_there_is_a_tongue_for_every_language_danger_is_understood_in() -> None:
    assert set(TONGUES) == {locale for locale, _ in PHRASES}
    assert len(TONGUES) >= 39


@pytest.mark.parametrize(("locale", "text"), PHRASES)
@pytest.mark.parametrize("event", ["text", "edit", "caption", "forward", "command"])
def test_danger_is_answered_in_its_language_first(locale: str, text: str, event: str) -> None:
    for session in (Session(id="danger"), _standing_at("vent/listen"), _standing_at("welcome/hello")):
        turn = _hear(session, text, event=event)
        _answered_in(turn, locale, text)
        assert any(isinstance(effect, WithdrawUnsent) for effect in turn.effects)
        labels = [b.label for e in turn.effects if isinstance(e, Say) for row in e.message.rows for b in row]
        assert any(label.endswith(" · Yes") for label in labels)


@at_each(ASKING)
def test_in_every_place_that_asks(place: str) -> None:
    for locale, text in PHRASES:
        _answered_in(_hear(_standing_at(place), text), locale, text)


def test_what_is_said_is_sent_after_what_waited_was_withdrawn() -> None:
    turn = _hear(_standing_at("welcome/hello"), "quiero morir")
    kinds = [type(effect) for effect in turn.effects]
    assert kinds.index(WithdrawUnsent) < kinds.index(Say)


@pytest.mark.parametrize("locale", sorted(TONGUES))
def test_a_button_or_its_word_in_the_language_is_the_same_answer(locale: str) -> None:
    text = next(text for own, text in PHRASES if own == locale and text not in SHARED)
    asked = _hear(Session(id="danger"), text)
    question = asked.session.question
    assert question is not None
    taps = {button.label: button.data for row in question.rows for button in row}
    own = TONGUES[locale].labels["Yes"]
    data = next(data for label, data in taps.items() if label in (own, f"{own} · Yes"))
    assert data is not None
    tapped = advance(CONTENT.script, asked.session, Chose(at=AT, data=data), Facts())
    typed = _hear(asked.session, own)
    for turn in (tapped, typed):
        assert turn.session.stack[-1].place == "safety/yes"
        assert "findahelpline.com" in _bubbles(turn)[-1].split("\n")[-1]
        assert not _bubbles(turn)[-1].split("\n")[-1].startswith("*Lines")


def test_english_danger_is_answered_in_english_alone() -> None:
    asked = _hear(_hear(Session(id="danger"), "quiero morir").session, "i want to kill myself")
    assert asked.session.variables.get("seen.tongue") is None
    assert not any(tongue.person in "\n".join(_bubbles(asked)) for tongue in TONGUES.values())


@pytest.mark.parametrize(("locale", "country"), COUNTRIES.items())
def test_with_the_country_known_its_lines_that_speak_the_language_are_shown(
    locale: str, country: str
) -> None:
    text = next(text for own, text in PHRASES if own == locale and text not in SHARED)
    first = _bubbles(_hear(Session(id="danger"), text, facts=Facts(country=country)))[0]
    directory = CONTENT.script.helplines
    assert directory is not None
    entry = directory.countries[country]
    assert " / ".join(entry.emergency) in first
    codes = TONGUES[locale].codes
    speaking = [line for line in entry.lines if codes.intersection(line.languages)]
    assert any(line.name in first for line in speaking)
    assert not any(line.name in first for line in entry.lines if line not in speaking)


def test_the_first_text_in_another_language_is_told_once_what_is_spoken_here() -> None:
    first = _hear(Session(id="new"), "hola, me han rechazado después de la entrevista")
    again = _hear(first.session, "no sé qué hacer, estoy muy triste")
    assert TONGUES["es"].english_only in _bubbles(first)
    assert len(_bubbles(first)) <= 3
    assert TONGUES["es"].english_only not in _bubbles(again)


def test_a_vent_in_another_language_is_listened_to_in_silence() -> None:
    assert not _bubbles(
        _hear(_standing_at("vent/listen"), "me han rechazado después de la entrevista y estoy triste")
    )


def test_each_line_of_a_language_written_from_the_right_begins_there() -> None:
    for locale in ("ar", "fa", "he", "ur"):
        text = next(text for own, text in PHRASES if own == locale)
        for line in _bubbles(_hear(Session(id="danger"), text))[0].split("\n"):
            first = next(kind for kind in map(unicodedata.bidirectional, line) if kind in ("L", "R", "AL"))
            assert first in ("R", "AL"), line


def test_inside_the_safety_flow_nobody_is_told_what_is_spoken_here() -> None:
    asked = _hear(Session(id="danger"), "আমি মরতে চাই")
    assert TONGUES["bn"].english_only not in "".join(_bubbles(_hear(asked.session, "আমি জানি না কী করব")))


def test_the_table_covers_every_kind_of_question() -> None:
    asks = [step.ask for place in ASKING if (step := CONTENT.script.steps[place]).ask is not None]
    assert {ask.text for ask in asks} == set(TextAsk)
    assert any(ask.scale for ask in asks)
    assert any(ask.several for ask in asks)
    assert any(ask.picks for ask in asks)
