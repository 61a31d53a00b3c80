"""The gauge of danger: what it adds to the rules on sentences it has never met, and what it leaves to them.

A third of the sentences, settled by themselves, is held out: it is read with weights fitted without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.reading import Reading, Risk
from bot.understanding import FaultCode, Understanding
from bot.understanding.faults import Faults
from bot.understanding.gauging import MAX_STRETCHES, MAX_WORDS, Gauge, read_gauge
from tests.understanding.fit_danger import (
    LOCALES,
    calm_rows,
    examples,
    fingerprint,
    fitted_gauge,
    is_held_out,
    rows,
    target,
)

Read = Callable[[str], Reading]


@pytest.fixture(scope="module")
def gauge(understanding: Understanding) -> Gauge:
    found = understanding.lexicons["es"].gauge
    assert found is not None
    return found


def _with(understanding: Understanding, gauge: Gauge | None, locale: str = "es") -> Read:
    lexicon = replace(understanding.lexicons[locale], gauge=gauge)
    other = replace(understanding, lexicons={**understanding.lexicons, locale: lexicon})
    return lambda text: other.read(text, locale)


def _unlearnt(understanding: Understanding, locale: str) -> Gauge:
    return fitted_gauge(understanding, locale, [row for row in rows(locale) if not is_held_out(row[0])])


@pytest.fixture(scope="module")
def unlearnt(understanding: Understanding) -> Read:
    """Reads with weights that have never met the sentences held out."""
    return _with(understanding, _unlearnt(understanding, "es"))


@pytest.fixture(scope="module")
def rules_alone(understanding: Understanding) -> Read:
    return _with(understanding, None)


@pytest.fixture(scope="module")
def held_out(sentences: Callable[[str], Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kinds in (sentences("spanish")["danger"], *sentences("spanish_danger").values()):
        for kind, texts in kinds.items():
            found.setdefault(kind, []).extend(text for text in texts if is_held_out(text))
    return found


def _alarms(read: Read, texts: list[str]) -> float:
    return sum(read(text).risk.alarms for text in texts) / len(texts)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "floor"), [("explicit", 0.95), ("oblique", 0.7)])
def test_danger_never_met_is_seen(kind: str, floor: float, unlearnt: Read, held_out: Any) -> None:
    assert _alarms(unlearnt, held_out[kind]) >= floor


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "bound"), [("sad", 0.12), ("idiom", 0.12), ("mention", 0.1)])
def test_calm_sentences_never_met_rarely_alarm(
    kind: str, bound: float, unlearnt: Read, held_out: Any
) -> None:
    """All of these were written to look like danger; of people's own far fewer do."""
    assert _alarms(unlearnt, held_out[kind]) <= bound


@pytest.mark.slow
def test_it_hears_quiet_danger_that_no_rule_does(
    unlearnt: Read, rules_alone: Read, sentences: Callable[[str], Any]
) -> None:
    """Of the rounds no rule was mended for."""
    rounds = sentences("spanish_danger").values()
    quiet = [text for kinds in rounds for text in kinds.get("oblique", ()) if is_held_out(text)]
    assert _alarms(unlearnt, quiet) >= _alarms(rules_alone, quiet) + 0.1


@pytest.mark.parametrize("locale", LOCALES)
def test_the_weights_are_fitted_from_the_sentences_as_they_stand(
    locale: str, understanding: Understanding
) -> None:
    """Whoever adds a sentence runs `make weigh`."""
    gauge = understanding.lexicons[locale].gauge
    assert gauge is not None
    made_from = fingerprint(rows(locale), gauge)
    assert f"# fitted from: {made_from}\n" in target(locale).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text", ["boi a akabar kon mi bida", "kisiera estar muetra", "ia no kero segir bibiendo"]
)
def test_what_is_spelt_as_it_sounds_is_heard(text: str, understanding: Understanding) -> None:
    assert understanding.read(text, "es").risk.alarms


def test_a_denial_stands_however_near_its_words_are(understanding: Understanding) -> None:
    assert understanding.read("no quiero morir, solo quiero un trabajo", "es").risk is Risk.DISTRESS


@pytest.mark.parametrize(
    ("calm", "by_rules"),
    [
        ("hablamos de la muerte en clase de filosofía", Risk.CHECK),
        ("me lancé al vacío y renuncié para emprender", Risk.CRISIS),
    ],
)
def test_a_rules_words_in_what_is_surely_calm_are_met_softly(
    calm: str, by_rules: Risk, understanding: Understanding, rules_alone: Read
) -> None:
    assert rules_alone(calm).risk is by_rules
    assert understanding.read(calm, "es").risk is Risk.DISTRESS


@pytest.fixture
def deaf(understanding: Understanding, gauge: Gauge) -> Read:
    """Reads with a gauge that takes everything for calm."""
    calm = replace(gauge.with_weights({}), alarms_from=1.0, calm_though_quiet=1.0, calm_though_plain=1.0)
    return _with(understanding, calm)


def test_what_was_done_or_concerns_others_stands_whatever_the_gauge_says(deaf: Read) -> None:
    assert deaf("me voy a matar esta noche").risk is Risk.DISTRESS
    assert deaf("acabo de tomarme todas las pastillas").risk is Risk.CRISIS
    assert deaf("me he vuelto a cortar").risk is Risk.CHECK
    assert deaf("mi hermano dice que se quiere matar").risk.alarms


def test_in_a_long_message_a_rules_word_stands(deaf: Read) -> None:
    calm = (
        "hoy comimos en casa con mis primos y luego fuimos al parque a pasear con el perro hasta la noche. "
    )
    assert deaf(calm + "quiero irme para siempre sin despedirme").risk is Risk.CHECK


def test_plain_words_of_danger_are_not_softened(
    understanding: Understanding, rules_alone: Read, held_out: Any
) -> None:
    plain = [text for text in held_out["explicit"] if rules_alone(text).risk is Risk.CRISIS]
    assert all(understanding.read(text, "es").risk is Risk.CRISIS for text in plain)


def test_danger_in_the_middle_of_a_long_story_is_gauged_apart(gauge: Gauge) -> None:
    words = ["casa"] * MAX_WORDS * 2
    danger = "no quiero seguir viviendo".split()
    middle = words[:MAX_WORDS] + danger + words[MAX_WORDS:]
    assert gauge.chance(middle) > gauge.chance(words)
    assert gauge.chance(words * MAX_STRETCHES) == gauge.chance(words)  # and without end it stays quick


@pytest.mark.slow
def test_in_english_it_hears_quiet_danger_no_rule_does_and_leaves_the_sad_alone(
    understanding: Understanding, sentences: Callable[[str], Any]
) -> None:
    """Of sentences written for it by a pen that knew no rule, those held out."""
    gauged = _with(understanding, _unlearnt(understanding, "en"), "en")
    rules = _with(understanding, None, "en")
    written = sentences("gauged")
    quiet = [text for text in written["danger"]["oblique"] if is_held_out(text)]
    assert _alarms(gauged, quiet) >= _alarms(rules, quiet) + 0.1
    for kind, more in (("sad", 0.03), ("everyday", 0.01)):
        calm = [text for text in written["calm"][kind] if is_held_out(text)]
        assert _alarms(gauged, calm) <= _alarms(rules, calm) + more


@pytest.fixture
def listening(understanding: Understanding) -> Gauge:
    """The English one."""
    found = understanding.lexicons["en"].gauge
    assert found is not None
    return found


def test_in_english_who_speaks_of_others_or_with_words_that_rules_know_is_not_gauged(
    listening: Gauge,
) -> None:
    danger = ["i", "saved", "up", "all", "my", "pills", "and", "wrote", "my", "goodbyes"]
    assert listening.chance(danger) > 0.5
    assert not listening.chance([word for word in danger if word not in listening.speaker])
    assert not listening.chance([*danger, "killing"])


def test_in_english_what_a_rule_heard_is_never_softened(understanding: Understanding) -> None:
    calm = replace(Gauge(), alarms_from=1.0)
    read = _with(understanding, calm, "en")
    assert read("i want to die").risk is Risk.CRISIS
    assert read("i don't want to wake up tomorrow").risk.alarms


def test_in_english_a_doubted_rule_alone_is_believed_only_near_the_words_of_danger(
    understanding: Understanding, listening: Gauge
) -> None:
    doubted = "i can't go on like this much longer"
    for chance, risk in ((0.0, Risk.CHECK), (1.0, Risk.DISTRESS)):
        read = _with(understanding, replace(listening, calm_though_doubted=chance), "en")
        assert read(doubted).risk is risk
        assert read(f"{doubted} and i am cutting myself").risk.alarms
        assert read(f"{doubted}, i would rather be dead").risk.alarms  # words the rules know every use of


@pytest.mark.parametrize("locale", LOCALES)
def test_a_gauge_names_rules_that_there_are(locale: str, understanding: Understanding) -> None:
    gauge = understanding.lexicons[locale].gauge
    assert gauge is not None
    filed = understanding.lexicons[locale].dangers.by_word.values()
    rules = {entry.rule.name for each in filed for *_, entry in each}
    assert gauge.doubted | gauge.settled_by <= rules


@pytest.mark.slow
def test_each_sentence_is_learnt_from_as_it_stands_and_mistyped(
    understanding: Understanding, gauge: Gauge
) -> None:
    given = [("quiero morirme esta noche", True), ("hoy tengo entrevista", False)]
    told = [danger for _, danger in examples(understanding, "es", gauge, given)]
    assert told[:6] == [True] * 3 + [False] * 3


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_that_is_said_in_our_own_chats_alarms_by_the_gauge(
    locale: str, understanding: Understanding
) -> None:
    peoples, _ = calm_rows(understanding, locale)
    assert len(peoples) > 500
    assert [text for text, _ in peoples if understanding.read(text, locale).risk.alarms] == []


def test_faults_of_a_gauge_are_told_and_left_out() -> None:
    faults = Faults()
    written = {
        "sounds": ["v = b"],
        "alarms_from": "often",
        "letters": "few",
        "calm_though_quiet": "2",
        "louder": "yes",
    }
    gauge = read_gauge("es", written, {"weights": "1.5 morir\nmuch vivir\n2.0\n"}, faults)
    assert gauge.weights == {"morir": 1.5}
    assert (gauge.alarms_from, gauge.calm_though_quiet) == (1.0, 0.0)
    codes = [fault.code for fault in faults.as_tuple()]
    assert codes == [FaultCode.UNKNOWN_KEY] + [FaultCode.UNKNOWN_VALUE] * 5
