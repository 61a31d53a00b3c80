"""A person's language outlives restarts; a new person's is their client's, or the one they surely write in."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

import pytest
from sqlalchemy import URL

from bot.dialogue.engine import advance
from bot.dialogue.facts import Facts
from bot.dialogue.languages import Language
from bot.dialogue.reading import Outcome
from bot.dialogue.reading import Stage as Step
from bot.dialogue.render import Template
from bot.script.load import Content
from bot.service.decide import Mind, spoken
from bot.service.parking import last_words
from bot.service.pipeline import make_pipeline
from bot.store.database import open_store
from tests.conftest import KEY
from tests.real_content import real_content
from tests.service.stage import NO_LIMITS, SOURCE, START, Channel, Clock, Stage, parse, update

REJECTED = "me han rechazado después de la entrevista"


@cache
def content() -> Content:
    """The real content, in which whatever is said in Spanish begins with "¡" (a machine's Spanish will do here)."""
    real = real_content()
    steps = {}
    for place, step in real.script.steps.items():
        lines = []
        for line in step.say:
            cases = tuple(
                replace(
                    case,
                    variants={
                        **case.variants,
                        "es": tuple(Template(f"¡{each.source}") for each in case.variants["en"]),
                    },
                )
                for case in line.cases
            )
            lines.append(replace(line, cases=cases))
        steps[place] = replace(step, say=tuple(lines))
    spanish = Language(locale="es", name="Español", asked_by=frozenset({"espanol", "spanish"}))
    languages = {**real.script.languages, "es": spanish}
    return replace(real, script=replace(real.script, steps=steps, languages=languages))


async def said(url: URL, *texts: str, language: str | None = None, first: int = 1) -> list[str]:
    """What a fresh process over the same database answers."""
    clock, channel = Clock(), Channel()
    mind = Mind(
        parsers={
            SOURCE: lambda raw: heard and replace(heard, language=language) if (heard := parse(raw)) else None
        },
        read=content().understanding.read,
        advance=partial(advance, content().script),
        locales=content().script.locales,
        new_id=lambda: "s1",
    )
    async with open_store(url, [KEY]) as store:
        pipeline = make_pipeline(
            store=store,
            clock=clock,
            mind=mind,
            last_words=last_words(content().script, START),
            senders={SOURCE: channel},
            limits=NO_LIMITS,
        )
        await Stage(pipeline, clock, channel).hear(*(update(first + n, text) for n, text in enumerate(texts)))
    return channel.said()


@pytest.mark.parametrize(
    ("language", "text", "spanish"),
    [
        ("es", "hola", True),
        ("es-MX", "hola", True),
        ("en", "they said no", False),
        ("de", "they said no", False),
        (None, "they said no", False),
        ("en", REJECTED, True),
        ("es", "they said no after the final interview", False),
    ],
)
async def test_a_new_person_is_met_in_their_language(
    sqlite_url: URL, language: str | None, text: str, spanish: bool
) -> None:
    answers = await said(sqlite_url, text, language=language)
    assert answers
    assert all(answer.startswith("¡") for answer in answers) is spanish


@pytest.mark.parametrize("greeting", ["hi", "/start"])
async def test_who_greets_and_then_tells_in_another_language_is_met_in_it_from_then_on(
    sqlite_url: URL, greeting: str
) -> None:
    greeted = await said(sqlite_url, greeting, language="en")
    assert not any(answer.startswith("¡") for answer in greeted)
    for n, text in enumerate((REJECTED, "ok"), start=1):
        answers = await said(sqlite_url, text, language="en", first=50 * n)
        assert answers
        assert all(answer.startswith("¡") for answer in answers)


async def test_once_something_is_told_another_language_is_offered_and_not_taken(sqlite_url: URL) -> None:
    await said(sqlite_url, "they said no after the interview at Initech", language="en")
    answers = await said(sqlite_url, REJECTED, language="en", first=50)
    assert answers[0].startswith("¡")
    assert not any(answer.startswith("¡") for answer in answers[1:])


async def test_a_language_chosen_in_the_first_words_is_not_left_again(sqlite_url: URL) -> None:
    await said(sqlite_url, "in English please", language="es")
    answers = await said(sqlite_url, REJECTED, language="es", first=50)
    assert not all(answer.startswith("¡") for answer in answers)


async def test_a_language_that_was_asked_for_outlives_a_restart(any_url: URL) -> None:
    await said(any_url, "they said no", "en español por favor", language="en")
    answers = await said(any_url, "/help", language="en", first=50)
    assert answers
    assert all(answer.startswith("¡") for answer in answers)
    await said(any_url, "in English please", first=60)
    assert not any(answer.startswith("¡") for answer in await said(any_url, "/help", first=70))


def test_a_language_that_is_offered_no_more_gives_way_to_the_scripts_own() -> None:
    mind = Mind(parsers={}, read=content().understanding.read, advance=partial(advance, content().script))
    assert spoken(mind, Facts(locale="es")).locale == "en"


def test_what_is_written_in_another_language_is_read_in_it_whatever_is_spoken() -> None:
    mind = Mind(
        parsers={},
        read=content().understanding.read,
        advance=partial(advance, content().script),
        locales=("en", "es"),
    )
    read = mind.read_as_written("me rechazaron en la entrevista", "en")
    assert (read.rejection.outcome, read.rejection.stage, read.tongue) == (
        Outcome.REJECTED,
        Step.INTERVIEW,
        "es",
    )
    english_alone = replace(mind, locales=("en",))
    assert english_alone.read_as_written("me rechazaron en la entrevista", "en").rejection.outcome is None
