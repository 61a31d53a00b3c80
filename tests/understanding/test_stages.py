"""The step a no came after, where no rule saw it: guessed by weights fitted from the project's own messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from bot.dialogue.reading import Outcome, Reading, Stage
from bot.understanding import Understanding
from bot.understanding.faults import FaultCode, Faults
from bot.understanding.linear import Linear
from bot.understanding.stages import STAGES, STEPS, UNLIKELY, read_stages
from tests.understanding.fit_stages import TARGET, fitted, messages, written
from tests.understanding.fit_wishes import is_held_out

Read = Callable[[str], Reading]


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found)


def _with(understanding: Understanding, stages: Linear) -> Understanding:
    english = replace(understanding.lexicons["en"], stages=stages)
    return replace(understanding, lexicons={"en": english})


@pytest.mark.slow
def test_steps_never_seen_are_told_and_few_invented(understanding: Understanding) -> None:
    """The ninth round's: the rules were worked from those before."""
    learnt = fitted(understanding, [each for each in messages() if not is_held_out(each[0])])
    reader = _with(understanding, learnt)
    rules = _with(understanding, Linear(STEPS, UNLIKELY))
    held = [(text, step) for text, step in messages("ninth") if is_held_out(text)]

    def right(by: Understanding) -> float:
        return _share(by.read(text, "en").rejection.stage == step for text, step in held if step != STEPS[0])

    untold = [text for text, step in held if step == STEPS[0]]
    assert right(reader) >= max(0.85, right(rules) + 0.07)
    assert _share(reader.read(text, "en").rejection.stage is not None for text in untold) <= 0.03


@pytest.mark.slow
def test_weights_are_as_they_were_fitted(understanding: Understanding) -> None:
    """Whoever adds a message runs `make weigh`."""
    now = written(fitted(understanding, messages())).splitlines()
    kept = TARGET.read_text(encoding="utf-8").splitlines()
    assert len(set(now) ^ set(kept)) <= len(kept) // 4


def test_a_step_no_rule_saw_is_told_and_says_so(read: Read) -> None:
    reading = read("Acme rejected me, the recruiter ended the call after five minutes")
    assert (reading.rejection.stage, reading.rejection.outcome) == (Stage.SCREEN, Outcome.REJECTED)
    assert "stage/screen" in reading.rules


def test_where_a_rule_saw_the_step_none_is_guessed(read: Read) -> None:
    reading = read("they rescinded my offer, after the call and the interview and the test")
    assert reading.rejection.stage is Stage.OFFER
    assert not [rule for rule in reading.rules if rule.startswith("stage/")]


@pytest.mark.parametrize(
    "text",
    [
        "they said no",
        "got the job at Acme, the recruiter called for five minutes",  # no loss
        "the recruiter ended the call after five minutes",  # nor here, for all it says
        "my girlfriend said no, the kind of no you get after five minutes",
        "it was Acme. software intern",  # no story
        "my doctor called me for five minutes on the phone",
        "",
        "word " * 2_000,
    ],
)
def test_no_step_is_guessed_where_no_job_was_lost_or_none_is_told(text: str, read: Read) -> None:
    assert read(text).rejection.stage is None


def test_faulty_weights_are_named_and_left_out() -> None:
    faults = Faults()
    signs = {"a": "screen 2 final", "b": "screen nan", "c": "final 1.5"}
    stages = read_stages("en" + STAGES, {"bias": "none 1", "signs": signs}, faults)
    assert set(stages.weights) == {"c"}
    assert [fault.code for fault in faults.as_tuple()] == [FaultCode.UNKNOWN_VALUE] * 2


def test_without_weights_no_step_is_guessed() -> None:
    assert Linear(STEPS, UNLIKELY).likeliest(["screen", "call"]) == 0
