"""Who a message says turned its writer down, and for what, chosen by weight among all that may be a name.

A third of the messages, by a hash of the text, is held out: it is read with weights fitted without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from bot.dialogue.reading import Reading
from bot.understanding import FaultCode, Understanding, compile_understanding, reading_as_json
from bot.understanding.message_names import MessageNames
from tests.understanding.fit_messages import HEAD, LOCALES, is_held_out, rows, same, target, weights
from tests.understanding.fit_names import written

Read = Callable[[str], Reading]


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found)


@pytest.fixture(scope="module", params=LOCALES)
def unlearnt(request: pytest.FixtureRequest, understanding: Understanding) -> tuple[str, Read]:
    """A locale, and what reads it with weights that have never met the messages held out."""
    locale: str = request.param
    learnt = [row for row in rows(locale) if not is_held_out(row["text"])]
    naming = MessageNames(**weights(understanding, locale, learnt))
    lexicon = replace(understanding.lexicons[locale], naming=naming)
    other = replace(understanding, lexicons={**understanding.lexicons, locale: lexicon})
    return locale, lambda text: other.read(text, locale)


@pytest.mark.slow
def test_names_in_messages_never_learnt_from_are_found(unlearnt: tuple[str, Read]) -> None:
    locale, read = unlearnt
    held = [row for row in rows(locale) if is_held_out(row["text"])]
    for key, bound in (("company", 0.9), ("role", 0.85)):
        said = [(getattr(read(row["text"]).rejection, key), row.get(key)) for row in held]
        assert _share(same(name, label) for name, label in said if label) >= bound, key
        assert _share(name is not None for name, label in said if not label) <= 0.03, key


@pytest.mark.slow
@pytest.mark.parametrize("locale", LOCALES)
def test_the_weights_kept_are_those_fitted_from_the_messages_there_are(
    locale: str, understanding: Understanding
) -> None:
    """Whoever adds a message or a rule of rejections runs `make weigh`; other rules may move a few."""
    now = written(weights(understanding, locale, rows(locale)), HEAD).splitlines()
    kept = target(locale).read_text(encoding="utf-8").splitlines()
    assert len(set(now) ^ set(kept)) <= len(kept) // 4


@pytest.mark.parametrize(
    ("text", "company", "role"),
    [
        ("Brightwell's recruiter rang and it's a no, payroll officer", "Brightwell", "payroll officer"),
        ("Nando's said no", "Nando's", None),
        ("no luck. Harbour Lane Nursery. room leader. one interview", "Harbour Lane Nursery", "room leader"),
        ("The Ministry of Transport turned me down for clerk", "Ministry of Transport", "clerk"),
        ("rejected by zenvo after the phone call", "Zenvo", None),
    ],
)
def test_names_are_taken_whole_wherever_they_stand(
    text: str, company: str, role: str | None, read: Read
) -> None:
    said = read(text).rejection
    assert same(said.company, company)
    assert same(said.role, role)


@pytest.mark.parametrize(
    "text",
    [
        "They said no. Again.",
        "the client went with someone else, Hays told me",
        "Turned down on Zoom by a woman called Sarah",
        "Sir, I was rejected after the second interview",
        "umpteenth no, gutted",
    ],
)
def test_nobody_is_named_where_nobody_is_meant(text: str, read: Read) -> None:
    assert read(text).rejection.company is None


def test_no_word_is_part_of_both_names(read: Read) -> None:
    said = read("Post office clerk, rejected by the Post Office").rejection
    assert same(said.company, "Post Office")


def test_why_a_name_was_chosen_is_told_without_the_name(read: Read) -> None:
    told = reading_as_json(read("rejected by zenvo for the barista job"), explain=True)["rules"]
    assert isinstance(told, list)
    why = [rule for rule in told if rule.startswith(("company: ", "role: "))]
    assert len(why) == 2
    assert not any("zenvo" in rule for rule in why)


def test_where_nothing_is_fitted_a_name_is_what_a_rule_takes() -> None:
    rules = {"rejection": [{"id": "no", "outcome": "rejected", "patterns": ["[employer] said no"]}]}
    understanding, _ = compile_understanding({"en": rules})
    assert understanding.read("Brightwell said no", "en").rejection.company == "Brightwell"
    assert understanding.read("Brightwell. no", "en").rejection.company is None


def test_a_weight_that_is_no_number_is_a_fault() -> None:
    weighing = {"en.messages.fitted": {"firms": {"nothing": "much"}, "posts": {}}}
    _, faults = compile_understanding({"en": {}}, weighing=weighing)
    assert [fault.code for fault in faults] == [FaultCode.UNKNOWN_VALUE]
