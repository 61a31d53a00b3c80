"""A text made plain: words in lower case, one space apart, misspellings mended, sentence ends marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from bot.understanding.notation import MAX_WORD_CHARS
from bot.understanding.spelling import MIN_CHARS, Spelling, bare

MIN_JOINED = 4
ENDS = (".", "?")
MIN_BROKEN = 3  # sentences of
MAX_BROKEN_WORDS = 2  # words on average: nobody's grammar, but said with weight
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
# Scripts written without spaces: each character is a word of its own, so any phrase can be found in them.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_ENDS = frozenset(".!?;\n…。！？؟")
_PIECES = (
    r"(?:(?<=\s)|\A)[^\W\d_](?:[ .\-*_]{{1,3}}[^\W\d_]){{2,40}}(?![^\W_])"  # k i l l, k.m.s
    r"|\d{{1,9}}(?:[.,:/]\d{{1,9}}){{1,3}}"
    r"|[$@]?{letter}{{1,200}}(?:['&*!@$|]{{1,3}}{letter}{{1,200}}){{0,20}}"
    r"{extra}|[.!?;\n…。！？؟]+"
)
_MARKED = (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0))  # where Unicode keeps its marks
_EMOJI = "\U0001f300-\U0001faff\u2600-\u27bf"


@dataclass(frozen=True, slots=True)
class Text:
    """`line` is what patterns are matched on; `words[i]` came from piece `origin[i]` of `source`."""

    source: str
    words: tuple[str, ...]
    origin: tuple[int, ...]
    line: str

    def word_at(self, offset: int) -> int:
        """The index of the word that begins at `offset` of `line` (the space before it included)."""
        return self.line.count(" ", 0, offset)

    def unbroken(self) -> Text | None:
        """The text without sentence ends, where they stand after every word or two: "so. done. with. it."."""
        words = tuple(word for word in self.words if word not in ENDS)
        ends = len(self.words) - len(words)
        if ends < MIN_BROKEN or ends * MAX_BROKEN_WORDS < len(words):
            return None
        return replace(self, words=words, line=f" {' '.join(words)} ")

    def spans(self) -> list[tuple[int, int]]:
        """Where each piece stands in `source`."""
        return [match.span() for match in _pieces(self.source.isascii()).finditer(self.source)]


@cache
def _pieces(plain_ascii: bool) -> re.Pattern[str]:
    """What a text falls into: words, numbers, spaced-out words, sentence ends."""
    if plain_ascii:  # the same, without the sets of marks and scripts that make it slow
        return re.compile(_PIECES.format(letter="[A-Za-z0-9]", extra=""))
    marks = "".join(_ranges(c for c in _MARKED if unicodedata.category(chr(c))[0] == "M"))
    letter = rf"(?:[^\W_{_UNSPACED}{marks}][{marks}]{{0,4}})"
    return re.compile(_PIECES.format(letter=letter, extra=rf"|[{_UNSPACED}]|[{_EMOJI}]"))


def _ranges(codes: Iterable[int]) -> list[str]:
    found: list[list[int]] = []
    for code in codes:
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return [f"{chr(a)}-{chr(b)}" if a != b else chr(a) for a, b in found]


def _reworded(text: Text, words: tuple[str, ...], meant: Mapping[str, tuple[str, ...]]) -> Text:
    found = tuple(each for word in words for each in meant.get(word, (word,)))
    return replace(text, words=found, line=f" {' '.join(found)} ")


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
        self._short = frozenset(short)
        self._parts = frozenset(parts)
        self._spoken = frozenset(spoken)

    def plain(self, text: str) -> Text:
        is_ascii = text.isascii()
        source = text if is_ascii else unicodedata.normalize("NFKC", text.translate(_QUOTES))
        words: list[str] = []
        origin: list[int] = []
        # ASCII keeps its length in lower case, so that the same pieces are found.
        pieces = (
            _pieces(True).findall(source.lower()) if is_ascii else _pieces(source.isascii()).findall(source)
        )
        for i, piece in enumerate(pieces):
            found = self._known_pieces.get(piece.lower()) or self._words(piece)
            words.extend(found)
            origin.extend([i] * len(found))
        return Text(source=source, words=tuple(words), origin=tuple(origin), line=f" {' '.join(words)} ")

    def knows(self, word: str) -> bool:
        """Whether a plain word stands in some rule or list of the source locale."""
        return word in self._spoken

    def guessed(self, text: Text, spoken: frozenset[str] = frozenset()) -> Iterator[Text]:
        """The text with unknown words read as what they may stand for: the likeliest first, then the darkest.

        `spoken`: words of the conversation's own language, which are no slips of others.
        Halves of a word are joined ("my slef", "sui cide"), run-together words parted ("iwant todie"), slips mended.
        """
        known = self._known_in(text.words)
        if not any(word not in _NO_HALVES and (word not in known or len(word) == 1) for word in text.words):
            return  # most texts are done with here: nothing in them is unknown, or a half of something
        words = tuple(self._joined(text.words, known))
        unknown = {w for w in words if w not in known and w not in spoken and w.isalpha()}
        if not unknown and words == text.words:
            return
        likely = {word: tuple(self._parted(word)) or self._meant(word) for word in unknown}
        yield (first := _reworded(text, words, likely))
        dark = {word: (meant,) for word in unknown if (meant := self._darkest.mend(word)) != word}
        if dark and (second := _reworded(text, words, likely | dark)) != first:
            yield second

    def _known_in(self, words: tuple[str, ...]) -> frozenset[str]:
        """What counts as known: in a text mostly of the source locale, other languages' words do not ("mis me")."""
        foreign = sum(word not in self._spoken for word in words)
        return self._spoken if FOREIGN * foreign <= len(words) else self._vocabulary

    def _joined(self, words: tuple[str, ...], known: frozenset[str]) -> Iterator[str]:
        at, last = 0, len(words) - 1
        while at <= last:
            word = words[at]
            if at < last and self._are_halves(word, words[at + 1], known):
                whole = word + words[at + 1]
                yield from self._spellings.get(whole, (whole,))
                at += 2
                continue
            yield word
            at += 1

    def _are_halves(self, first: str, second: str, known: frozenset[str]) -> bool:
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
        return self._segmented(word, self._may_stand_in)

    def _in_two_or_three(self, word: str) -> tuple[str, ...]:
        """The known words a word is made of, the fewest and the last one the longest; nothing if it needs more."""
        may_stand, length = self._may_stand_in, len(word)
        heads = {end for end in range(1, min(length, MAX_PART_CHARS + 1)) if may_stand(word[:end])}
        if not heads:
            return ()
        tails = [at for at in range(max(1, length - MAX_PART_CHARS), length) if may_stand(word[at:])]
        for at in tails:
            if at in heads:
                return word[:at], word[at:]
        for at in tails:
            for middle in range(max(1, at - MAX_PART_CHARS), at):
                if at - middle == 1 and min(middle, length - at) < MIN_JOINED:
                    continue  # "accidental" is no "acc i dental"
                if middle in heads and may_stand(word[middle:at]):
                    return word[:middle], word[middle:at], word[at:]
        return ()

    def _may_stand_in(self, part: str) -> bool:
        """Of one or two letters only a few words: "heer" is no "he er"."""
        return part in (self._short if len(part) < MIN_CHARS else self._parts)

    def _spelled_out(self, parts: Iterable[str]) -> list[str]:
        return [word for part in parts for word in self._spellings.get(part, (part,))]

    def _meant(self, word: str) -> tuple[str, ...]:
        guess = self._guessing.mend(word)
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
        return self._segmented("".join(letters), self._all_known.__contains__) or letters

    def _segmented(self, joined: str, may_stand: Callable[[str], bool]) -> list[str]:
        """Split letters without spaces into known words, the longest first; nothing if that fails."""
        best: list[list[str] | None] = [[]] + [None] * len(joined)
        for end in range(1, len(joined) + 1):
            for start in range(max(0, end - MAX_PART_CHARS), end):
                head, part = best[start], joined[start:end]
                if head is None or not may_stand(part):
                    continue
                rival = best[end]
                if rival is None or len(head) + 1 < len(rival):
                    best[end] = [*head, part]
        return self._spelled_out(best[-1] or [])
