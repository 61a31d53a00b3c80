"""Wishes no rule saw: guessed by weights that are fitted from the project's own sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

import pytest

from bot.dialogue.reading import Intent, Reading
from bot.understanding import Understanding
from bot.understanding.faults import FaultCode, Faults
from bot.understanding.guessing import WISHES, Guesses, read_guesses, with_guess
from bot.understanding.report import reading_as_json
from tests.understanding.fit_wishes import (
    STEMS,
    Sentence,
    fitted,
    is_held_out,
    sentences,
    target,
    written,
)

Read = Callable[[str], Reading]


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found)


# The issue wants 0.92: these are floors under what is reached. See docs/decisions/0015-guessing-wishes.md.
FLOORS = {"en": 0.8, "es": 0.82}


@pytest.fixture(scope="module")
def unlearnt(understanding: Understanding) -> Callable[[str], Guesses]:
    """A language's weights that have never met the sentences held out."""

    @cache
    def of(locale: str) -> Guesses:
        given = [each for each in sentences(locale) if not is_held_out(each[0])]
        return fitted(understanding, given, locale)

    return of


def _first_wish(understanding: Understanding, locale: str, learnt: Guesses) -> Callable[[str], object]:
    """Reads as the bot does, with weights of one's own."""

    lexicon = replace(understanding.lexicons[locale], guesses=())
    rules = replace(understanding, lexicons={locale: lexicon})

    def first(text: str) -> object:
        words = understanding.plainer.plain(text).words
        guessed = with_guess(rules.read(text, locale), words, [learnt])
        intents = reading_as_json(guessed)["intents"]
        assert isinstance(intents, list)
        return intents[0]

    return first


@pytest.mark.slow
@pytest.mark.parametrize("locale", STEMS)
def test_wishes_never_seen_are_told_apart(
    locale: str, understanding: Understanding, unlearnt: Callable[[str], Guesses]
) -> None:
    first_wish = _first_wish(understanding, locale, unlearnt(locale))
    held = [(text, wish) for text, wish in sentences(locale) if is_held_out(text)]
    wishes: list[Sentence] = [each for each in held if each[1] is not Intent.OTHER]
    assert _share(first_wish(text) == wish for text, wish in wishes) >= FLOORS[locale]


@pytest.mark.slow
@pytest.mark.parametrize("locale", STEMS)
def test_weights_are_as_they_were_fitted(locale: str, understanding: Understanding) -> None:
    """Whoever adds a sentence runs `make weigh`."""
    now = written(fitted(understanding, sentences(locale), locale)).splitlines()
    kept = target(locale).read_text(encoding="utf-8").splitlines()
    assert len(set(now) ^ set(kept)) <= len(kept) // 4


@pytest.mark.slow
def test_in_spanish_few_guesses_are_wrong_and_some_are_made(
    understanding: Understanding, unlearnt: Callable[[str], Guesses]
) -> None:
    learnt = unlearnt("es")
    guessed = [
        (learnt.guess(understanding.plainer.plain(text).words), wish)
        for text, wish in sentences("es")
        if is_held_out(text)
    ]
    assert _share(guess is not None for guess, wish in guessed if wish is Intent.OTHER) <= 0.02
    assert _share(guess is wish for guess, wish in guessed if wish is not Intent.OTHER) >= 0.65


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("la anterior otra vez", Intent.BACK),
        ("quien puede leer lo que pongo", Intent.PRIVACY),
        ("guárdame una copia de todo", Intent.EXPORT),
        ("me podrías enviar un mensajito los miércoles", Intent.CHECKIN),
        ("could you bin every bit of info on me", Intent.DELETE),  # their own language first, then English
        ("cuántos goles metió el uruguayo", None),
    ],
)
def test_in_spanish_too_a_wish_no_rule_saw_is_guessed(
    text: str, wish: Intent | None, understanding: Understanding
) -> None:
    assert understanding.read(text, "es").guess is wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("i domt know whar to do", Intent.HELP),
        ("tlak to a humna", Intent.HUMAN),
        ("expotr my dtaa", Intent.EXPORT),
        ("how am i dooing so fra", Intent.PROGRESS),
    ],
)
def test_a_wish_full_of_slips_is_guessed(text: str, wish: Intent, read: Read) -> None:
    reading = read(text)
    assert (reading.intents, reading.guess) == ((Intent.OTHER,), wish)
    assert reading.rejection.company is None, "nothing is taken from what was only guessed at"


@pytest.mark.parametrize(
    "text", ["banana", "initech acme globex", "xylophone wranglr qwerty", "dein Paket ist da"]
)
def test_unknown_words_alone_are_slips_of_nothing(text: str, read: Read) -> None:
    assert read(text).guess is None


def test_a_guess_is_no_intent_and_says_so(read: Read) -> None:
    reading = read("could you bin every bit of info on me")
    assert (reading.intents, reading.guess) == ((Intent.OTHER,), Intent.DELETE)
    assert "guess/delete" in reading.rules
    assert reading_as_json(reading)["intents"] == ["delete"]


@pytest.mark.parametrize(
    "text",
    [
        "delete the last photo",
        "cancel my flight to rome",
        "restart my router",
        "who won the match",
        "acme",
        "the final round",
        "i liked the people there",
        "",
        "🙂",
        "word " * 2_000,
    ],
)
def test_what_is_none_of_ours_is_not_guessed_at(text: str, read: Read) -> None:
    assert read(text).guess is None


def test_where_a_rule_saw_a_wish_nothing_is_guessed(read: Read) -> None:
    for text in ("delete everything", "they said no", "skip", "7"):
        assert read(text).guess is None, text


def test_danger_is_never_guessed_to_be_a_wish(read: Read) -> None:
    reading = read("i want it all to end, delete me from this world")
    assert reading.risk.alarms
    assert reading.guess is None


def test_the_order_of_intents_leaves_other_out_where_something_is_asked(read: Read) -> None:
    assert reading_as_json(read("hi, what is this bot for exactly?"))["intents"] == ["help"]


def test_faulty_weights_are_named_and_left_out() -> None:
    faults = Faults()
    signs = {"a": "delete 2 stop", "b": "delete nan", "c": "stop 1.5"}
    raw = {"known": "a b", "bias": "other 1", "signs": signs}
    guesses = read_guesses("en" + WISHES, {}, raw, faults)
    assert set(guesses.linear.weights) == {"c"}
    assert [fault.code for fault in faults.as_tuple()] == [FaultCode.UNKNOWN_VALUE] * 2
    read_guesses("en" + WISHES, {"sorts": {}}, {"stem": "four"}, faults)
    assert [fault.code for fault in faults.as_tuple()] == [
        *[FaultCode.UNKNOWN_VALUE] * 2,
        FaultCode.UNKNOWN_KEY,
        FaultCode.UNKNOWN_VALUE,
    ]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("cut it out with the daily messages", Intent.STOP),  # no check-in, for all its words
        ("the one before, let me go back to it", Intent.BACK),  # no rejection
        ("what does GDPR stand for", None),
        ("is it true that goldfish forget everything", None),
    ],
)
def test_what_a_rule_saw_is_doubted_where_the_weights_are_sure(
    text: str, wish: Intent | None, read: Read
) -> None:
    reading = read(text)
    assert (reading.intents, reading.guess) == ((Intent.OTHER,), wish)
    assert f"guess/{wish or Intent.OTHER}" in reading.rules
    assert reading.rejection.outcome is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("quiet from 9pm to 11am", Intent.SETTINGS),
        ("delete", Intent.DELETE),
        ("Bunnings knocked me back", Intent.REJECTION),
        ("ALDI SAID NO. STORE ASSISTANT. I AM DONE", Intent.REJECTION),
        ("she said no, very nicely, and I said thanks and hung up", Intent.REJECTION),
    ],
)
def test_what_is_all_a_text_says_and_what_tells_more_is_never_doubted(
    text: str, wish: Intent, read: Read
) -> None:
    assert read(text).intents[0] is wish


def test_a_kind_of_word_weighs_where_the_word_itself_was_never_seen() -> None:
    faults = Faults()
    listed = {"kinds": {"erase": "delete purge expunge", "data": "data dossier"}}
    raw = {"known": "my", "bias": "other 0.1", "signs": {"*erase": "delete 3", "*erase ~ *data": "delete 3"}}
    guesses = read_guesses("en" + WISHES, listed, raw, faults)
    assert guesses.guess(["expunge", "my", "dossier"]) is Intent.DELETE
    assert guesses.guess(["polish", "my", "dossier"]) is None
    assert not faults.as_tuple()


def test_a_chance_that_is_none_is_reported_and_nothing_is_doubted() -> None:
    faults = Faults()
    guesses = read_guesses("en" + WISHES, {"doubted_for_none": "often"}, {}, faults)
    assert guesses.listed.doubts.none == 1
    assert [fault.code for fault in faults.as_tuple()] == [FaultCode.UNKNOWN_VALUE]


def test_without_weights_nothing_is_guessed() -> None:
    assert Guesses().guess(["delete", "it"]) is None
