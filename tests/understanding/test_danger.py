"""Levels, whom it concerns and which answer it calls for, case by case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.dialogue.reading import About, Concern, Reading, Risk

Read = Callable[[str], Reading]

CRISIS = [
    "i want to die",
    "I WANT TO DIE",
    "i want to diiiieeee",
    "i wanna d!e",
    "i want to k1ll mys3lf",
    "k m s",
    "k.m.s",
    "k-i-l-l m-y-s-e-l-f",
    "killmyself",
    "i wnat to kill myslef",
    "im gonna unalive myself",
    "su*cide is all i think about",
    "I don’t want to live anymore",
    "kms lol",
    "haha i want to kill myself 😂",
    "jk but i want to be dead",
    "i w4nt 2 die",
    "iwant todie",
    "kms elf",
    "i wantto kill my slef",
    "i just wanna d ie",
    "sui cide is all i think about",
    "thinking about suicide",
    "iwanttodie",
    "i want to di e",
    "i wanna k ill myself",
    "i want to commit suicid e",
    "im gonna zlit my throat",
    "I am contemplatingsuicide",
    "thinking of takeing my own lfe",
]


@pytest.mark.parametrize("text", CRISIS)
def test_what_is_said_plainly_is_a_crisis_however_it_is_spelt(text: str, read: Read) -> None:
    assert read(text).risk is Risk.CRISIS


def test_nothing_around_plain_words_excuses_them(read: Read, sentences: Callable[[str], Any]) -> None:
    parts = sentences("frames")
    said = [frame.format(words) for frame in parts["around"] for words in parts["plainly"]]
    assert [text for text in said if not read(text).risk.alarms] == []


def test_an_excuse_does_not_reach_past_the_one_who_speaks(read: Read) -> None:
    assert read("she knows i want to die").risk is Risk.CRISIS
    assert read("she wants to die").about is About.OTHER


def test_a_figure_of_speech_excuses_itself_and_nothing_beside_it(read: Read) -> None:
    figure = "i'd jump in front of a bus for that dog"
    assert read(figure).risk is Risk.NONE
    assert read(f"{figure}. i want to jump in front of a bus").risk is Risk.CRISIS
    assert read(f"{figure} lol but i want to die").risk is Risk.CRISIS


@pytest.mark.parametrize(
    "loss",
    ["I just lost my job.", "they said no.", "Got fired today,", "rejected again 😭", "she dumped me..."],
)
@pytest.mark.parametrize(
    "question",
    [
        "which bridges are highest around here?",
        "what is the tallest building in town",
        "how many ibuprofen is too many?",
        "how much tylenol can you take",
        "where can i buy a rope",
    ],
)
def test_a_question_about_means_after_a_loss_is_danger(loss: str, question: str, read: Read) -> None:
    assert read(f"{loss} {question}").risk is Risk.CRISIS


@pytest.mark.parametrize(
    "question",
    [
        "which bridges are highest in europe?",
        "what is the tallest building in town",
        "where can i buy a rope",
    ],
)
def test_the_same_question_without_a_loss_is_geography(question: str, read: Read) -> None:
    assert not read(question).risk.alarms


@pytest.mark.parametrize(
    "text",
    [
        "this job search is killing me",
        "I killed the interview",
        "dying to hear back from them",
        "that would be career suicide",
        "i'm dead 😂",
        "an indie film with a hoodie and a goodie bag",
        "i nearly died of embarrassment",
        "my will to apply again is low",
        "i still have the skill to fill the bill",
        "trying my best, tying up loose ends",
        "i volunteer for a suicide prevention line",
        "quoting their letter: unfortunately we will not be moving forward",
    ],
)
def test_figures_of_speech_and_look_alikes_do_not_alarm(text: str, read: Read) -> None:
    assert not read(text).risk.alarms


BRANCHES = [
    ("i already took all the pills", Risk.CRISIS, About.SELF, Concern.ALREADY_DONE),
    ("i tried to kill myself five years ago", Risk.CHECK, About.PAST, Concern.PAST_ATTEMPT),
    ("i want to hurt myself", Risk.CHECK, About.SELF, Concern.SELF_HARM),
    ("my sister says she wants to kill herself", Risk.CHECK, About.OTHER, Concern.SOMEONE_ELSE),
    ("my dad killed himself last year", Risk.DISTRESS, About.OTHER, Concern.BEREAVED),
    ("i'm going to bring a gun to their office", Risk.DISTRESS, About.SELF, Concern.THREAT),
    ("my husband hits me", Risk.DISTRESS, About.SELF, Concern.ABUSE),
    ("i feel worthless", Risk.DISTRESS, About.SELF, None),
    ("no again. number 40. whats the point", Risk.CHECK, About.SELF, None),
    ("i'm not suicidal, just sad", Risk.DISTRESS, About.SELF, None),
    ("they said no. final round acme", Risk.NONE, About.SELF, None),
]


@pytest.mark.parametrize(("text", "level", "about", "concern"), BRANCHES)
def test_each_danger_has_its_branch(
    text: str, level: Risk, about: About, concern: Concern | None, read: Read
) -> None:
    reading = read(text)
    assert (reading.risk, reading.about, reading.concern) == (level, about, concern)


def test_ones_own_danger_outweighs_anothers(read: Read) -> None:
    reading = read("my brother killed himself last year and now i want to kill myself too")
    assert (reading.risk, reading.about) == (Risk.CRISIS, About.SELF)


def test_in_danger_no_word_is_taken_for_a_command(read: Read) -> None:
    assert read("i want to die").control is None


def test_danger_is_seen_inside_and_after_a_pasted_letter(read: Read) -> None:
    letter = (
        "Dear Sam,\nThank you for your application for the analyst position at Brightwater. Unfortunately we"
        " will not be moving forward.\nKind regards,\nThe Talent Team\n\n"
    )
    assert read(letter).risk is Risk.NONE
    assert read(letter + "so that's it. i'm going to kill myself").risk is Risk.CRISIS


@pytest.mark.parametrize("at", [0, 7_900, 8_100, 50_000, 99_000])
def test_danger_is_seen_anywhere_in_a_very_long_text(at: int, read: Read) -> None:
    filler = "the weather was fine and we talked about work for a while. " * 1_800
    text = f"{filler[:at]} i want to kill myself {filler[at:]}"
    assert read(text).risk is Risk.CRISIS
