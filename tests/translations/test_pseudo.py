"""Every text for people passes through translation: a conversation in a made language holds no English word."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import profiles_of
from bot.dialogue.effects import CloseButtons, Edit, EraseEverything, Say, SendCalendar
from bot.dialogue.flow import Ask, ByLocale
from bot.dialogue.helpline_words import in_words
from bot.dialogue.helplines import lines_for
from bot.script.diagnostics import Severity
from bot.script.load import Content, check_content
from bot.script.rehearsal import NoSuchButton, Rehearsal
from bot.script.transcript import START
from bot.understanding.tongues import Tongues
from tests.real_content import KEPT
from tests.translations.pseudo import LOCALE, add_pseudo, pseudo

ROOT = Path(__file__).parents[2]
TRANSCRIPTS = sorted((ROOT / "tests" / "transcripts").glob("*.txt"))
_ENGLISH = re.compile(r"[A-Za-z]{2,}")
# What no language translates: addresses, times of day, commands.
_ANY_LANGUAGE = re.compile(r"findahelpline\.com|/[a-z]+|\d+[dhms]\b|https?://\S+")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    folder = tmp_path_factory.mktemp("pseudo") / "content"
    shutil.copytree(ROOT / "content", folder)
    add_pseudo(folder)
    content, found = check_content(folder, kept=KEPT)
    assert content is not None, [each for each in found if each.severity is Severity.ERROR]
    # People write English here; to be offered English for it, rightly, is another test's.
    return replace(content, understanding=replace(content.understanding, tongue_of=Tongues()))


def _texts(content: Content) -> Iterator[tuple[str, ByLocale]]:
    for flow in content.script.flows.values():
        for texts in (flow.title, *flow.menu.values(), *flow.labels.values()):
            yield flow.id, texts
    for step in content.script.steps.values():
        for line in (*step.say, *step.again):
            yield from ((f"{step.place} {line.key}", case.variants) for case in line.cases)
        yield from ((step.place, texts) for texts in _labels(step.ask))


def _labels(ask: Ask | None) -> Iterator[ByLocale]:
    for choice in (*ask.choices, ask.done) if ask is not None else ():
        if choice is not None:
            yield from (choice.label, choice.value)


def test_every_text_has_its_words_in_the_other_language(content: Content) -> None:
    texts = [each for each in _texts(content) if each[1]]
    assert len(texts) > 1_000
    missing = [place for place, words in texts if set(words) < {"en", LOCALE}]
    assert missing == []


def _seen(rehearsal: Rehearsal) -> Iterator[str]:
    for effect in rehearsal.turns[-1].effects:
        match effect:
            case Say(message=message) | Edit(message=message) | EraseEverything(last=message):
                yield message.text.plain
                yield from (button.label for row in message.rows for button in row)
            case CloseButtons(chosen=str() as chosen):
                yield chosen
            case SendCalendar(title=title):
                yield title
            case _:
                pass


def _english(text: str, theirs: list[str]) -> list[str]:
    """The words of a text that are neither the person's own nor the same in every language."""
    own = " ".join(theirs).lower()
    words = _ENGLISH.findall(_ANY_LANGUAGE.sub(" ", text))
    return [word for word in words if word.lower() not in own and word.lower() not in _PLACES]


_PLACES = {"berlin", "germany", "europe", "land", "lisbon", "portugal", "english", "state", "of"}


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_conversation_holds_no_english_word(content: Content, path: Path) -> None:
    rehearsal = Rehearsal(content, now=START, zone="Europe/Berlin", locale=LOCALE)
    theirs: list[str] = []
    heard = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("~ "):
            rehearsal.wait(timedelta(days=1))
        if not line.startswith("> ") or line.startswith("> ("):
            continue
        said = line[2:].replace("\\n", "\n")
        try:
            if said.startswith("["):
                rehearsal.tap(pseudo(said[1:-1]))
            else:
                theirs.append(said)
                rehearsal.write(said)
        except NoSuchButton:
            continue  # where it differs: what can be typed is read in English alone
        heard += 1
        for text in _seen(rehearsal):
            assert not _english(text, theirs), (text, _english(text, theirs))
    assert heard > 0


def test_lines_with_people_are_told_in_the_language(content: Content) -> None:
    """But for what a service calls itself, its address, and the word to text it."""
    directory = content.script.helplines
    assert directory is not None
    for code, country in directory.countries.items():
        own = [word for line in country.lines for word in (line.name, line.keyword, line.chat) if word]
        told = in_words(lines_for(directory, code, START, None), directory, LOCALE)
        for text in (told.country, told.emergency, told.listed or ""):
            assert _english(str(text), own) == [], text


def test_the_commands_and_the_description_are_told_in_the_language(content: Content) -> None:
    profile = profiles_of(content.script)[LOCALE]
    words = [profile.description, profile.short_description, *(words for _, words in profile.commands)]
    assert len(words) > 10
    assert [text for text in words if _english(text, [])] == []
