"""What an editor marks: the measures by themselves, and the real content under them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.script.compile import ReadFlow
from bot.script.diagnostics import Code
from bot.script.lint_voice import check_voice
from bot.script.load import load_content
from bot.script.texts import texts_of
from bot.script.tone import own_words, questions, reading_ease
from tests.real_content import real_content

FLOWS = real_content().flows


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("That hurts.", 0),
        ("What happened?", 1),
        ("What happened? And when?", 2),
        ("Ask them “Do you want to talk?” and wait. Will you?", 1),
        ("Send this: `Can I call you? Later?`", 0),
        ("{% if a %}Who was it?{% else %}Who? And where?{% endif %}", 2),
        ("{% if a %}Who was it?{% else %}Where was it?{% endif %}", 1),
    ],
)
def test_questions_are_counted_as_they_are_read(text: str, asked: int) -> None:
    assert questions(text) == asked


def test_what_is_quoted_or_copied_or_a_condition_is_not_in_its_own_words() -> None:
    assert own_words("Say “Hooray!” or `Bye!` {% if a != b %}now{% endif %}").split() == ["Say", "or", "now"]


@pytest.mark.parametrize(
    ("text", "ease"),
    [
        # Worked out by hand: 6 words, 1 sentence, 6 syllables; 7 words, 1 sentence, 17 syllables.
        ("The cat sat on the mat.", 116.1),
        ("Organisational optimisation necessitates individual reconsideration of expectations.", -200.0),
        (
            "Then one hour more on one application, and one less application. It is a trade most can afford.",
            65.0,
        ),
    ],
)
def test_the_reading_ease_is_that_of_flesch(text: str, ease: float) -> None:
    found, _ = reading_ease(text)
    assert found == pytest.approx(ease, abs=8) or (ease < 0 and found < -50)


@pytest.mark.parametrize(
    ("text", "ease"),
    [
        # Worked out by hand: 7 words, 2 sentences, 10 syllables; 9 words, 1 sentence, 18 syllables.
        ("El gato duerme. Hoy no hay prisa.", 206.835 - 3.5 - 62.3 * 10 / 7),
        ("Un día quiero averiguar qué siguió después, y guardarlo.", 206.835 - 9 - 62.3 * 18 / 9),
    ],
)
def test_the_reading_ease_of_spanish_is_that_of_szigriszt(text: str, ease: float) -> None:
    assert reading_ease(text, "es")[0] == pytest.approx(ease, abs=0.1)


def test_the_real_texts_are_plain_on_the_whole() -> None:
    eases = [
        ease
        for flow in FLOWS
        for step in flow.document.steps.values()
        for words in texts_of(step)
        for ease, length in [reading_ease(words.source)]
        if length >= 6 and not words.is_label
    ]
    assert len(eases) > 2000
    assert sum(eases) / len(eases) > 85, "words a twelve-year-old reads, on average with room to spare"


def found_in(folder: Path, **edits: tuple[str, str]) -> list[str]:
    path = folder / "flows" / "talk.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in edits.values():
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    flows: tuple[ReadFlow, ...] = load_content(folder).flows
    return [
        f"{each.code.name} {each.message}"
        for each in check_voice(flows, praise=("well done",), ways_are_sound=True)
    ]


DONE = "done: {label: Done, go: keep, also: [finished]}"


def test_a_vent_may_pass_silent_steps_before_it_lands(content: Path) -> None:
    way = (DONE, DONE.replace("go: keep", "go: hush"))
    hush = ("  keep:\n    say: Keep it?", "  hush: {say: Hm., go: keep}\n\n  keep:\n    say: Keep it?")
    assert found_in(content, way=way, hush=hush) == []


def test_a_vent_that_ends_behind_a_silent_step_has_no_landing(content: Path) -> None:
    way = (DONE, DONE.replace("go: keep", "go: hush"))
    hush = ("  keep:\n    say: Keep it?", "  hush: {say: Hm., go: quiet}\n\n  keep:\n    say: Keep it?")
    told = found_in(content, way=way, hush=hush)
    assert [each for each in told if each.startswith(Code.NO_LANDING.name)]


def test_a_stage_of_which_a_part_never_ends_is_told(content: Path) -> None:
    round_and_round = (
        '  quiet:\n    say: That\'s all.\n    go: "@end"',
        "  quiet:\n    say: That's all.\n    go: start",
    )
    told = found_in(content, ends=round_and_round)
    assert [each for each in told if "never comes to an end" in each]
