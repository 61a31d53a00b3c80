"""What one locale is read with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dialogue.reading import Signal
from bot.understanding.choosing import Choosing
from bot.understanding.gauging import Gauge
from bot.understanding.guessing import Guesses
from bot.understanding.linear import Linear
from bot.understanding.message_names import RULES_NAME, MessageNames
from bot.understanding.name_signs import Known
from bot.understanding.rules import Index
from bot.understanding.spelling import Spelling
from bot.understanding.stages import NOTHING_WEIGHS
from bot.understanding.weighing import Scales


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What one locale is read with: its rules, found by word, and its word lists."""

    dangers: Index
    letters: Index
    phrases: Index
    others: Index
    lists: Mapping[str, frozenset[str]]
    ranks: Mapping[str, int]
    signals: Mapping[str, Signal | None]
    scales: Scales | None  # of the source locale's mails
    choosing: Choosing | None  # the names in them
    guesses: tuple[Guesses, ...]  # of what is wished for: the locale's own, then the source locale's
    slips: Spelling  # of the words it is wished in
    stages: Linear = NOTHING_WEIGHS  # of the steps a no comes after
    naming: MessageNames = RULES_NAME  # what names in messages are chosen by
    gauge: Gauge | None = None  # of danger in the locale's messages
    words: frozenset[str] = (
        frozenset()
    )  # of the locale's document, where it isn't the source: no slips of others
    ordinary: frozenset[str] = frozenset()  # of the languages at large: no names when written small

    def known(self, ruled: tuple[str | None, str | None]) -> Known:
        """What the names in a letter are chosen with, `ruled` what the rules took for the firm and the post."""
        lists = (
            {**self.lists, **self.choosing.lists, "ordinary": self.ordinary}
            if self.choosing is not None
            else self.lists
        )
        return Known(lists=lists, kinds=self.scales.kinds if self.scales else {}, ruled=ruled)
