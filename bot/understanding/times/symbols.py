"""A text as a row of symbols: what each word of it does in naming a time."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from bot.understanding.times.lexicon import MAX_PHRASE_WORDS, Kind, Lexicon, Words, folded

MAX_CHARS = 2000

_TOKEN = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})(?:t(?=\d))?"
    r"|(?P<half>(?<![\d/.,])\d{1,2}[.,]5(?![\d./]))"
    r"|(?P<slash>(?<![\d/.])\d{1,2}(?P<sep>[/.])\d{1,2}(?:(?P=sep)(?:\d{4}|\d\d))?(?![\d/]))"
    r"|(?P<clock>\d{1,2}[:h]\d{2}(?!\d)(?::\d\d(?!\d))?)"
    r"|(?P<nite>2(?:moro|morrow|nite)\b)"
    r"|(?P<number>\d{1,9})"
    r"|(?P<meridiem>[ap]\.\s?m\b\.?)"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*|[@,º])",
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """`start` and `end` are offsets in the source; `value` is text."""

    kind: Kind
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Kind | None  # None: a word, to be looked up
    text: str
    start: int
    end: int


def symbols_of(text: str, lexicon: Lexicon) -> list[Symbol]:
    """Read `text` word by word, the longest known phrase first. Fillers are left out."""
    tokens = _respelled(_tokens(text[:MAX_CHARS], lexicon), lexicon)
    found: list[Symbol] = []
    i = 0
    while i < len(tokens):
        length, symbol = _symbol_at(tokens, i, lexicon)
        i += length
        if symbol.kind is not Kind.FILLER:
            found.append(symbol)
    return found


def _tokens(text: str, lexicon: Lexicon) -> list[_Token]:
    # Folding can change a text's length, so it is done token by token.
    found = []
    for match in _TOKEN.finditer(text.lower() if len(text.lower()) == len(text) else text):
        raw = match.group()
        start, end = match.span()
        match match.lastgroup:
            case "iso":
                found.append(_Token(Kind.ISO_DATE, match["iso"], start, end))
            case "half":
                found.append(_Token(Kind.NUMBERS, raw[:-2], start, end))
                found.append(_Token(Kind.ADDED, "30", start, end))
            case "slash" | "sep":
                found.append(_slash(raw, start, end))
            case "clock":
                found.append(_Token(Kind.CLOCK, raw.replace("h", ":"), start, end))
            case "number":
                year = len(raw) == 4 and "1900" <= raw <= "2199"
                found.append(_Token(Kind.YEAR if year else Kind.NUMBERS, raw, start, end))
            case _ if raw == "º":
                found.append(_Token(Kind.ORDINAL, raw, start, end))
            case "meridiem":
                found.append(_Token(None, f"{raw[0]}m", start, end))
            case _:
                word = folded(raw)
                found.append(_Token(None, lexicon.mend(word), start, end))
    return found


def _slash(raw: str, start: int, end: int) -> _Token:
    if "." in raw and raw.count(".") == 1:
        clock = len(raw.partition(".")[2]) == 2  # 8.30 is an hour, 1.2 is not
        return _Token(Kind.CLOCK if clock else Kind.OTHER, raw.replace(".", ":"), start, end)
    return _Token(Kind.SLASH_DATE, raw, start, end)


def _respelled(tokens: Sequence[_Token], lexicon: Lexicon) -> list[_Token]:
    found: list[_Token] = []
    i = 0
    while i < len(tokens):
        length = _longest(tokens, i, lexicon.spellings)
        if not length:
            found.append(tokens[i])
            i += 1
            continue
        start, end = tokens[i].start, tokens[i + length - 1].end
        instead = lexicon.spellings[_words(tokens, i, length)]
        found += [_Token(Kind.NUMBERS if w.isdecimal() else None, w, start, end) for w in instead]
        i += length
    return found


def _symbol_at(tokens: Sequence[_Token], i: int, lexicon: Lexicon) -> tuple[int, Symbol]:
    first = tokens[i]
    if first.kind is not None:
        return 1, Symbol(first.kind, first.text, first.start, first.end)
    length = _longest(tokens, i, lexicon.phrases)
    if not length:
        return 1, Symbol(Kind.OTHER, "", first.start, first.end)
    kind, value = lexicon.phrases[_words(tokens, i, length)]
    return length, Symbol(kind, value, first.start, tokens[i + length - 1].end)


def _longest(tokens: Sequence[_Token], i: int, known: Container[Words]) -> int:
    for length in range(min(MAX_PHRASE_WORDS, len(tokens) - i), 0, -1):
        if _words(tokens, i, length) in known:
            return length
    return 0


def _words(tokens: Sequence[_Token], i: int, length: int) -> Words:
    return tuple(t.text for t in tokens[i : i + length])
