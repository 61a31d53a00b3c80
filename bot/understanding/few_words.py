"""Which language a text of a few words is in, where common words don't tell: by the ordinary words of each language.

"No me cogieron" has one word that is common in Spanish and common in English too; what stays is a verb that stands in
the Spanish vocabulary and not in the English one. People type by ear: "selecsionada" is looked up as it sounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.understanding.spelling import bare
from bot.understanding.tongues import KnownBy

MIN_WORDS, MAX_WORDS = 2, 12
MIN_SOUNDED = 5  # letters; shorter words are too near to others
# By so much the words of one language alone have to lead those of the source locale alone.
LEAD = 2
MIN_TELLING = 4  # letters, of one word at least: "de" and "y" stand in names and slips
_CAPITAL = re.compile(r"\b[^\W\d_a-z]\w+")
_BEGINS = re.compile(r"(?:^|[.!?\n])\W*$")


@dataclass(frozen=True, slots=True)
class Ordinary:
    """What one language's few words go by: `theirs` and `ours` stand in one vocabulary alone, `shared` in both."""

    theirs: frozenset[str]
    ours: frozenset[str]
    shared: frozenset[str]
    sounds: tuple[tuple[str, str], ...] = ()  # how words are typed by ear, and how they are written

    def leads(self, words: Sequence[str]) -> bool:
        """Whether the words are this language's rather than the source locale's."""
        ours = sum(map(self.ours.__contains__, words))
        theirs = {word for word in words if word in self.theirs}
        unknown = [w for w in words if w not in self.ours and w not in self.shared and w not in theirs]
        heard = {word for word in unknown if self._sounds_known(word)}
        strange = len(unknown) - len(heard)
        if not any(len(word) >= MIN_TELLING for word in theirs | heard):
            return False
        found = len(theirs | heard)
        # Alone it may be somebody's name, or a slip: then every other word has to be known here too.
        enough = found > 1 or (found == 1 and not strange)
        return enough and found >= LEAD * ours and found >= strange

    def _sounds_known(self, word: str) -> bool:
        return len(word) >= MIN_SOUNDED and any(each in self.theirs for each in self._as_it_sounds(word))

    def _as_it_sounds(self, word: str) -> Iterator[str]:
        for typed, written in self.sounds:
            if not typed:
                yield written + word  # a letter nobody hears: "ablar"
                continue
            at = word.find(typed)
            while at >= 0:
                yield word[:at] + written + word[at + len(typed) :]
                at = word.find(typed, at + 1)


@dataclass(frozen=True, slots=True)
class FewWords:
    """Every language that can be told by its ordinary words."""

    by_locale: Mapping[str, Ordinary] = field(default_factory=dict)

    @classmethod
    def of(
        cls, vocabularies: Mapping[str, frozenset[str]], known: Mapping[str, KnownBy], *, own: str
    ) -> FewWords:
        def words_of(locale: str) -> frozenset[str]:
            common = known[locale].words if locale in known else frozenset()
            return vocabularies.get(locale, frozenset()).union(map(bare, common))

        ours = words_of(own)
        return cls(
            {
                locale: Ordinary(
                    theirs=words_of(locale) - ours,
                    ours=ours - words_of(locale),
                    shared=ours & words_of(locale),
                    sounds=known[locale].sounds if locale in known else (),
                )
                for locale in vocabularies
                if locale != own
            }
        )

    def language(self, text: str, words: Sequence[str], *, spoken: str) -> str | None:
        """The one language these words of `text` are in; None where it is the source's, or not sure.

        In a conversation that is in one of these languages already nothing is found.
        """
        if spoken in self.by_locale:
            return None
        said = [word for word in words if word.isalpha()]
        if not MIN_WORDS <= len(said) <= MAX_WORDS:
            return None
        names = _names_in(text)
        said = [word for word in said if word not in names]
        found = [locale for locale, each in self.by_locale.items() if each.leads(said)]
        return found[0] if len(found) == 1 else None


def _names_in(text: str) -> set[str]:
    """Words with a capital: that of a first word says nothing, unless another follows ("Banco Santander")."""
    capitals = list(_CAPITAL.finditer(text))
    inside = [found for found in capitals if not _BEGINS.search(text, 0, found.start())]
    return {bare(found.group().lower()) for found in (capitals if inside else [])}
