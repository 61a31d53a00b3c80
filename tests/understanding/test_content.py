"""The documents themselves: no faults, every rule's own sentences, enough languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.dialogue.reading import Reading, Risk
from bot.understanding import compile_understanding


@pytest.mark.slow  # `onward check` does the same within `make check`
def test_the_documents_have_no_faults_and_every_example_holds(
    documents: dict[str, Any], phrases: dict[str, Any]
) -> None:
    _, faults = compile_understanding(documents, phrases=phrases, check_examples=True)
    assert faults == ()


def test_a_figure_of_speech_that_alarms_all_the_same_is_a_fault() -> None:
    figure = {"id": "of-heat", "level": "none", "patterns": ["dying of heat"]}
    alarm = {"id": "dying", "level": "check", "patterns": ["i am dying"]}

    def faults_with(example: str) -> list[str]:
        risk = [figure | {"match": [example]}, alarm]
        return [f.message for f in compile_understanding({"en": {"risk": risk}}, check_examples=True)[1]]

    assert faults_with("i am dying of heat") == []
    assert len(faults_with("i am dying and dying of heat")) == 1


def test_words_of_danger_are_known_in_at_least_twenty_languages(documents: dict[str, Any]) -> None:
    assert len([locale for locale, document in documents.items() if document.get("risk")]) >= 20


def test_every_language_has_a_sentence_its_own_rule_must_see(documents: dict[str, Any]) -> None:
    for locale, document in documents.items():
        assert any(rule.get("match") for rule in document["risk"]), locale


def test_danger_is_read_in_every_language_whatever_the_locale(
    documents: dict[str, Any], read: Callable[[str], Reading]
) -> None:
    for locale, document in documents.items():
        for rule in document["risk"]:
            for sentence in rule.get("match", []) if locale != "en" else []:
                reading = read(sentence)
                assert reading.risk is not Risk.NONE, (locale, sentence)
                assert reading.risk.alarms or rule["level"] == Risk.DISTRESS, (locale, sentence)
