"""Reading one text: the front door of this package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.dialogue.reading import NOTHING_READ, Reading
from bot.understanding.feelings import feelings_in, mood_in
from bot.understanding.intents import control_of, intents_of
from bot.understanding.moments import when_in
from bot.understanding.rejection import LETTER_MIN_WORDS, rejection_in
from bot.understanding.risk import Danger, danger_in, graver
from bot.understanding.rules import Hit, Index, Section, hits
from bot.understanding.text import Plainer, Text
from bot.understanding.tongues import Tongues

# A text longer than this is read whole for danger alone, piece by piece; what else it says stands at its head.
PIECE_CHARS = 8_000
OVERLAP_CHARS = 400


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What one locale is read with: its rules, found by word, and its word lists."""

    dangers: Index
    letters: Index
    others: Index
    lists: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Understanding:
    """The compiled documents. Holds no text of anyone's; the same text always gives the same reading."""

    plainer: Plainer
    lexicons: Mapping[str, Lexicon]
    tongue_of: Tongues = field(default_factory=Tongues)
    source_locale: str = "en"

    def read(self, text: str, locale: str) -> Reading:
        """Read `text`, of any length and content, in the words of `locale` and of English."""
        lexicon = self._lexicon(locale)
        if lexicon is None:
            return NOTHING_READ
        head = self.plainer.plain(text[:PIECE_CHARS])
        danger = self._danger(head, lexicon)
        for piece in _further_pieces(text):
            danger = graver(danger, self._danger(self.plainer.plain(piece), lexicon))
        reading = _read_head(head, lexicon)
        return replace(
            reading,
            risk=danger.level,
            about=danger.about,
            concern=danger.concern,
            control=None if danger.level.alarms else reading.control,
            tongue=self._tongue(text, danger),
            rules=tuple(dict.fromkeys((*danger.rules, *reading.rules))),
        )

    def _tongue(self, text: str, danger: Danger) -> str | None:
        """The language of the text; where that isn't sure, whose words of danger it holds, if no English ones."""
        tongue = self.tongue_of(text)
        if tongue is None and danger.spoken and self.source_locale not in danger.spoken:
            return min(danger.spoken)
        return tongue if tongue != self.source_locale else None

    def _lexicon(self, locale: str) -> Lexicon | None:
        language = locale.replace("_", "-").split("-")[0]
        return (
            self.lexicons.get(locale) or self.lexicons.get(language) or self.lexicons.get(self.source_locale)
        )

    def _danger(self, text: Text, lexicon: Lexicon) -> Danger:
        danger = danger_in(hits(lexicon.dangers, text))
        if danger.level.alarms:
            return danger
        # Nothing alarms as it stands: a second look, unknown words read as what they may be slips of.
        guessed = self.plainer.guessed(text)
        return danger if guessed is None else graver(danger, danger_in(hits(lexicon.dangers, guessed)))


def cores_of(text: Text, lists: Mapping[str, frozenset[str]]) -> tuple[str, str, str]:
    """The line without sentence ends; without filler at both ends too; and without what leads up to a wish.

    "ok could you go back pls" -> "could you go back" -> "go back".
    """
    filler, openers = lists.get("filler", frozenset()), lists.get("openers", frozenset())
    words = [word for word in text.words if word not in (".", "?")]
    start, end = 0, len(words)
    while end - start > 1 and words[start] in filler:
        start += 1
    while end - start > 1 and words[end - 1] in filler:
        end -= 1
    lead = start
    while end - lead > 1 and (words[lead] in openers or words[lead] in filler):
        lead += 1
    return _line(words), _line(words[start:end]), _line(words[lead:end])


def _line(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "


def _read_head(text: Text, lexicon: Lexicon) -> Reading:
    cores = cores_of(text, lexicon.lists)
    found = hits(lexicon.others, text, cores)
    letter = hits(lexicon.letters, text) if len(text.words) >= LETTER_MIN_WORDS else []
    rejection = rejection_in(text, _of(found, Section.REJECTION), letter, lexicon.lists)
    wishes = _of(found, Section.INTENTS)
    return Reading(
        intents=intents_of(wishes, rejection),
        control=control_of(wishes),
        rejection=rejection,
        feelings=() if rejection.pasted else feelings_in(_of(found, Section.FEELINGS)),
        mood=mood_in(cores[1]),
        when=when_in(text, _of(found, Section.WHEN)),
        rules=tuple(dict.fromkeys(f"{hit.rule.section}/{hit.rule.id}" for hit in (*found, *letter))),
    )


def _of(found: Sequence[Hit], section: Section) -> list[Hit]:
    return [hit for hit in found if hit.rule.section is section]


def _further_pieces(text: str) -> Iterator[str]:
    step = PIECE_CHARS - OVERLAP_CHARS
    for start in range(step, len(text) - OVERLAP_CHARS, step):
        yield text[start : start + PIECE_CHARS]
