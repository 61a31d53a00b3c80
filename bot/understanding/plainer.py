"""Making a text plain: words in lower case, misspellings mended, sentence ends marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain

from bot.understanding.notation import MAX_WORD_CHARS
from bot.understanding.spelling import MIN_CHARS, Spelling, bare, forms_of
from bot.understanding.text import ENDS, Text, splitter

MIN_JOINED = 4
FOREIGN = 2  # a text is of the source locale where at most one word in so many is unknown to it
LETTERS_THAT_ARE_WORDS = "aiu"
_NO_HALVES = frozenset((*ENDS, *LETTERS_THAT_ARE_WORDS))
MAX_PART_CHARS = 14  # of a word among others run together
MIN_RUN_TOGETHER = 9  # letters in which more than three words may hide
_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "´": "'", "`": "'", "ʼ": "'", "“": '"', "”": '"', "\u00ad": None}
)
_QUOTES |= dict.fromkeys((8203, 8204, 8205, 8288, 65038, 65039, 65279))
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_LEET = str.maketrans("013457$@!|", "oieastsaii")
_SYMBOLS = "*!@$|"
_COUNTED = re.compile(r"\d+(?:am|pm|st|nd|rd|th|h|k|m|x|s)")  # 9am, 2nd: numbers, not letters in disguise
_SPLIT = re.compile(rf"[{re.escape(_SYMBOLS)}]+")
_ENDS = frozenset(".!?;\n…。！？؟")


def _reworded(text: Text, words: Sequence[str], meant: Mapping[str, tuple[str, ...]]) -> Text:
    found = tuple([each for word in words for each in meant.get(word, (word,))])
    return text if found == text.words else Text.of(text.source, found, text.origin)


class Plainer:
    """Makes texts plain, alike for what people write and for the words of patterns."""

    def __init__(
        self,
        *,
        vocabulary: Collection[str],
        spellings: Mapping[str, tuple[str, ...]],
        mending: Spelling,
        guessing: Spelling,
        darkest: Spelling,
        short: Collection[str] = (),
        parts: Collection[str] = (),
        spoken: Collection[str] = (),
    ) -> None:
        self._vocabulary = frozenset(vocabulary)
        self._spellings = spellings
        self._all_known = self._vocabulary | spellings.keys()
        self._known_pieces = {word: (word,) for word in vocabulary} | {".": (".",)} | dict(spellings)
        self._mending = mending
        self._guessing = guessing
        self._darkest = darkest
        # Of one or two letters only a few words stand in others: "heer" is no "he er".
        self._parts = frozenset(part for part in parts if len(part) >= MIN_CHARS).union(
            part for part in short if len(part) < MIN_CHARS
        )
        self._spoken = frozenset(spoken)
        self._letters = frozenset(
            word for word in self._spoken | self._vocabulary if len(word) == 1 and word not in _NO_HALVES
        )

    def plain(self, text: str) -> Text:
        source, found = self._taken_apart(text)
        origin = [i for i, words in enumerate(found) for _ in words]
        return Text.of(source, tuple(chain.from_iterable(found)), origin)

    def words(self, text: str) -> tuple[str, ...]:
        """The plain words alone."""
        return tuple(chain.from_iterable(self._taken_apart(text)[1]))

    def _taken_apart(self, text: str) -> tuple[str, list[Sequence[str]]]:
        """The source of the pieces, and the words each was made into."""
        is_ascii = text.isascii()
        source = text if is_ascii else unicodedata.normalize("NFKC", text.translate(_QUOTES))
        # ASCII keeps its length in lower case, so that the same pieces are found.
        pieces = (
            splitter(True).findall(source.lower()) if is_ascii else splitter(source.isascii()).findall(source)
        )
        known = self._known_pieces.get
        return source, [known(piece) or known(piece.lower()) or self._words(piece) for piece in pieces]

    def knows(self, word: str) -> bool:
        """Whether a plain word stands in some rule or list of the source locale."""
        return word in self._spoken

    def without_slips(self, text: Text, slips: Spelling, knows: Callable[[str], bool]) -> Text:
        """The text with unknown words read as those of `slips` they are nearest to; `text` itself where none is."""
        unknown = {word for word in text.words if word.isalpha() and not knows(word)}
        meant = {word: slip for word in unknown if (slip := slips.mend(word)) != word}
        if not meant:
            return text
        pairs = [
            (each, at)
            for word, at in zip(text.words, text.origin, strict=True)
            for each in (self._spellings.get(meant[word], (meant[word],)) if word in meant else (word,))
        ]
        return Text.of(text.source, [word for word, _ in pairs], [at for _, at in pairs])

    @property
    def ways_of_writing(self) -> Collection[str]:
        return self._spellings.keys()

    def guessed(self, text: Text, spoken: frozenset[str] = frozenset()) -> Iterator[Text]:
        """The text with unknown words read as what they may stand for: the likeliest first, then the darkest.

        It is `text` itself where they stand for nothing else. `spoken`: words of the conversation's own language, which
        are no slips of others. Halves of a word are joined ("my slef", "sui cide"), run-together words parted ("iwant
        todie"), slips mended.
        """
        known, odd = self._spoken, {word for word in text.words if word not in self._spoken}
        if odd and FOREIGN * sum(map(odd.__contains__, text.words)) > len(text.words):
            # In a text mostly of other languages theirs are known too: else they are slips ("mis me").
            known, odd = self._vocabulary, {word for word in text.words if word not in self._vocabulary}
        odd |= self._letters & text.held.words
        if odd <= _NO_HALVES:
            return  # most texts are done with here: nothing in them is unknown, or a half of something
        words = self._joined(text.words, known, odd)
        unknown = {w for w in words if w not in known and w not in spoken and w.isalpha()}
        if not unknown and tuple(words) == text.words:
            return
        forms = {word: forms_of(word) for word in unknown}
        likely = {word: tuple(self._parted(word)) or self._meant(word, each) for word, each in forms.items()}
        yield (first := _reworded(text, words, likely))
        mend = self._darkest.mend
        dark = {word: (meant,) for word, each in forms.items() if (meant := mend(word, each)) != word}
        if dark and (second := _reworded(text, words, likely | dark)) != first:
            yield second

    def _joined(self, words: tuple[str, ...], known: AbstractSet[str], odd: AbstractSet[str]) -> list[str]:
        """The words with halves joined: of two one is `odd`, unknown or a letter by itself."""
        joined: list[str] = []
        at, last = 0, len(words) - 1
        while at <= last:
            word = words[at]
            if (
                at < last
                and (word in odd or words[at + 1] in odd)
                and self._are_halves(word, words[at + 1], known)
            ):
                whole = word + words[at + 1]
                joined += self._spellings.get(whole, (whole,))
                at += 2
                continue
            joined.append(word)
            at += 1
        return joined

    def _are_halves(self, first: str, second: str, known: AbstractSet[str]) -> bool:
        whole = first + second
        if len(whole) < MIN_CHARS or whole not in self._all_known:
            return False
        if first not in known or second not in known:
            return True
        # A letter by itself is known, for "k m s", and yet no word: "k ill", "di e".
        alone = (part for part in (first, second) if len(part) == 1)
        return any(letter not in LETTERS_THAT_ARE_WORDS for letter in alone) and self._darkest.leads_to(whole)

    def _parted(self, word: str) -> list[str]:
        """Up to three known words run together; of a very long one as many as it takes ("iwanttodisappear")."""
        if len(word) < MIN_JOINED or self._guessing.leaves(word):
            return []
        parts = self._spelled_out(self._in_two_or_three(word))
        if parts or len(word) < MIN_RUN_TOGETHER:
            return parts
        return self._segmented(word, self._parts)

    def _in_two_or_three(self, word: str) -> tuple[str, ...]:
        """The known words a word is made of, the fewest and the last one the longest; nothing if it needs more."""
        parts, length = self._parts, len(word)
        heads = {end for end in range(1, min(length, MAX_PART_CHARS + 1)) if word[:end] in parts}
        if not heads:
            return ()
        tails = [at for at in range(max(1, length - MAX_PART_CHARS), length) if word[at:] in parts]
        for at in tails:
            if at in heads:
                return word[:at], word[at:]
        for at in tails:
            for middle in range(max(1, at - MAX_PART_CHARS), at):
                if at - middle == 1 and min(middle, length - at) < MIN_JOINED:
                    continue  # "accidental" is no "acc i dental"
                if middle in heads and word[middle:at] in parts:
                    return word[:middle], word[middle:at], word[at:]
        return ()

    def _spelled_out(self, parts: Iterable[str]) -> list[str]:
        return [word for part in parts for word in self._spellings.get(part, (part,))]

    def _meant(self, word: str, forms: Sequence[str]) -> tuple[str, ...]:
        guess = self._guessing.mend(word, forms)
        return (guess,) if guess == word else self._spellings.get(guess, (guess,))

    def _words(self, piece: str) -> tuple[str, ...] | list[str]:
        if piece[0] in _ENDS:
            return ("?",) if "?" in piece or "？" in piece or "؟" in piece else (".",)
        return self._unusual(piece.lower())

    def _unusual(self, word: str) -> tuple[str, ...] | list[str]:
        if not word.isascii():
            word = bare(word)
            if not word:
                return ()
        if word[0].isdigit() and not word[-1].isalpha():
            return (word[:MAX_WORD_CHARS],)
        if " " in word or "." in word or "-" in word or "_" in word:
            return self._spaced(word)
        word = word.replace("'", "")
        if not word or not (word[0].isalnum() or word[0] in "$@"):
            return ()
        if word.isalpha():
            return self._known(word[:MAX_WORD_CHARS])
        return self._disguised(word)

    def _known(self, word: str) -> tuple[str, ...]:
        if _STRETCHED.search(word):
            word = self._unstretched(word)
        if (known := self._spellings.get(word)) is not None:
            return known
        if word in self._vocabulary:
            return (word,)
        mended = self._mending.mend(word)
        if mended != word:
            return self._spellings.get(mended, (mended,))
        return (word,)

    def _unstretched(self, word: str) -> str:
        double, single = _STRETCHED.sub(r"\1\1", word), _STRETCHED.sub(r"\1", word)
        for form in (double, single):
            if form in self._vocabulary or form in self._spellings:
                return form
        return single

    def _disguised(self, word: str) -> tuple[str, ...] | list[str]:
        """Letters replaced by digits and signs: k1ll, $uicide, su*cide."""
        if word.isdigit() or _COUNTED.fullmatch(word):
            return (word[:MAX_WORD_CHARS],)
        plain = word.translate(_LEET).replace("*", "")
        for form in (plain, self._mending.mend(plain)):
            if form in self._vocabulary or form in self._spellings:
                return self._spellings.get(form, (form,))
        if "&" in word or not any(s in word for s in _SYMBOLS):
            return (word[:MAX_WORD_CHARS],)
        return [w for part in _SPLIT.split(word) if part for w in self._known(part[:MAX_WORD_CHARS])]

    def _spaced(self, word: str) -> tuple[str, ...] | list[str]:
        letters = [c for c in word if c.isalnum()]
        return self._segmented("".join(letters), self._all_known) or letters

    def _segmented(self, joined: str, parts: AbstractSet[str]) -> list[str]:
        """Split letters without spaces into known words, the fewest, the last the longest; nothing if that fails."""
        length = len(joined)
        best: list[list[str] | None] = [[]] + [None] * length
        for start in range(length):
            if (head := best[start]) is None:
                continue
            for end in range(start + 1, min(length, start + MAX_PART_CHARS) + 1):
                if (part := joined[start:end]) not in parts:
                    continue
                rival = best[end]
                if rival is None or len(head) + 1 < len(rival):
                    best[end] = [*head, part]
        return self._spelled_out(best[-1] or [])
