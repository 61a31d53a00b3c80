"""What an employer's letter says: whether it is one, what it decides, who wrote it, and the phrases in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.dialogue.reading import (
    NOTHING_READ,
    Intent,
    Kind,
    Outcome,
    PhraseRead,
    Reading,
    RejectionRead,
    Signal,
    Stage,
)
from bot.understanding.intents import intents_of
from bot.understanding.lexicon import Lexicon
from bot.understanding.naming import names_in_letter
from bot.understanding.rules import Hit
from bot.understanding.text import Text
from bot.understanding.weighing import Scales, Sort
from bot.understanding.writer import writer_of

_Fact = TypeVar("_Fact", Stage, Kind)

# A letter has its own words: an opening or a closing, and a decision between them.
LETTER_MIN_WORDS = 8
SHORT_LETTER_WORDS = 16
MIN_OTHERS_WORDS = 20  # fewer, without a greeting or a signature, are taken for a person's own
MIN_NOTE_WORDS = 12
MAX_QUOTE_CHARS = 110
_NEWS = (Outcome.OFFERED, Outcome.INVITED, Outcome.RECEIVED)
_YOU = frozenset({"you", "your", "yours"})
_ENDS = ".!?;\n"
_PARTS = ",:–—"


def letter_in(
    text: Text,
    signs: Sequence[Hit],
    phrases: Sequence[Hit],
    lists: Mapping[str, frozenset[str]],
    sort: Sort | None,
    *,
    source: str,
) -> RejectionRead | None:
    """Return what `text` says, or None where no employer wrote it. Without a `sort` the phrases alone decide.

    `source` is the whole of what was pasted: a heading above the letter names its writer too.
    """
    outcome = _outcome(signs, phrases) if sort is None else _outcome_of(sort, signs, phrases)
    by_turns = _is_letter(text, signs, outcome) and not _is_told(text, signs, lists)
    if not (by_turns if sort is None else sort is not Sort.NONE):
        return None
    company, role = names_in_letter(text, signs, lists)
    writer, address = writer_of(source, lists, company)
    ended = outcome in (Outcome.REJECTED, Outcome.WITHDRAWN)
    return RejectionRead(
        company=company,
        role=role,
        stage=_said(signs, "stage", Stage) if ended else None,  # the stage it ended at
        outcome=outcome,
        kind=_said(signs, "kind", Kind),
        writer=writer,
        address=address,
        pasted=True,
    )


def speaks_to_you(words: Sequence[str]) -> bool:
    """Whether a text without a letter's turns is long enough for a note, and speaks to somebody."""
    return len(words) >= MIN_NOTE_WORDS and not _YOU.isdisjoint(words)


def is_anothers(words: Sequence[str], lists: Mapping[str, frozenset[str]], *, framed: bool) -> bool:
    """Whether somebody else wrote it to the person: it speaks more to "you" than of "me"."""
    mine = sum(word in lists["mine"] for word in words)
    yours = sum(word in (_YOU if not framed else lists["firm"]) for word in words)
    if framed:
        return yours > mine
    return len(words) >= MIN_OTHERS_WORDS and yours > max(mine, 1) and lists["others"].isdisjoint(words)


def without_rejection(reading: Reading) -> Reading:
    """What else was read in a mail that is none of an employer's: the landlord's no is nobody's rejection."""
    intents = tuple(intent for intent in reading.intents if intent is not Intent.REJECTION)
    return replace(reading, rejection=NOTHING_READ.rejection, intents=intents or (Intent.OTHER,))


def phrases_in(
    text: Text, found: Sequence[Hit], ranks: Mapping[str, int], signals: Mapping[str, Signal | None]
) -> tuple[PhraseRead, ...]:
    """Each family met, once, with the words as they stand there; the most telling first."""
    first: dict[str, Hit] = {}
    for hit in sorted(found, key=lambda each: each.start):
        first.setdefault(hit.rule.says["family"], hit)
    read: list[PhraseRead] = []
    quotes: set[str] = set()
    for family in sorted(first, key=lambda key: ranks.get(key, len(ranks))):
        quote = _quote(text, first[family])
        if quote not in quotes:  # one sentence is explained once, for the most telling thing in it
            read.append(PhraseRead(family=family, quote=quote, signal=signals.get(family)))
            quotes.add(quote)
    return tuple(read)


def explained_in(text: Text, found: Sequence[Hit], lexicon: Lexicon) -> tuple[PhraseRead, ...]:
    """What is said in a no: its phrases of the table, or the sentence that weighs most."""
    phrases = phrases_in(text, found, lexicon.ranks, lexicon.signals)
    if phrases or lexicon.scales is None:
        return phrases
    return _decisive_in(text, lexicon.scales, lexicon.signals)


def seen_by(signs: Sequence[Hit], phrases: Sequence[Hit]) -> frozenset[str]:
    """The names of rules and families that matched, as the weights know them."""
    decides = {f"decides {hit.rule.says['decides']}" for hit in phrases if "decides" in hit.rule.says}
    return frozenset({hit.rule.id for hit in signs} | {hit.rule.says["family"] for hit in phrases} | decides)


def intents_with(letter: RejectionRead, own: Reading) -> tuple[Intent, ...]:
    """A no first, or the good news; then what they want with it. A receipt, or a letter unclear, is to be read."""
    told = intents_of((), letter)
    wanted = tuple(intent for intent in own.intents if intent not in (Intent.OTHER, *told))
    return (*((Intent.READ_EMAIL,) if told == (Intent.OTHER,) else told), *wanted)


def told_by_both(letter: RejectionRead, own: RejectionRead) -> RejectionRead:
    """What the letter says, and what only the person told beside it."""
    return replace(
        letter,
        company=letter.company or own.company,
        role=letter.role or own.role,
        stage=own.stage or letter.stage,
        kind=letter.kind or own.kind,
        count=own.count,
    )


def _is_letter(text: Text, signs: Sequence[Hit], outcome: Outcome | None) -> bool:
    """Whether an employer wrote it: the turns of a letter, and that it is about a job."""
    turns = {hit.rule.id for hit in signs if hit.rule.says["sign"] == "letter"}
    if any(hit.rule.says["sign"] == "other" for hit in signs):
        return False
    if not any(hit.rule.says["sign"] == "job" for hit in signs) and "letter-we-voice" not in turns:
        return False
    if len(text.words) < SHORT_LETTER_WORDS:
        return outcome is not None and len(turns) > 1
    return bool(turns) and (len(turns) > 1 or outcome is not None)


def _is_told(text: Text, signs: Sequence[Hit], lists: Mapping[str, frozenset[str]]) -> bool:
    """Whether somebody tells of a letter ("they wrote me that …") rather than showing it."""
    words = frozenset(text.words)
    if any(hit.rule.id == "letter-greeting" for hit in signs):
        return False

    def has(name: str) -> bool:
        return bool(words & lists.get(name, frozenset()))

    firm = words & (lists.get("firm", frozenset()) - {"you", "your"})
    return has("others") and has("mine") and not firm


def _outcome_of(sort: Sort, signs: Sequence[Hit], phrases: Sequence[Hit]) -> Outcome | None:
    """The decision of a mail whose sort is known: the turns in it only say which no, or which news."""
    if sort is Sort.NO:
        withdrawn = any(hit.rule.says.get("decides") == Outcome.WITHDRAWN for hit in phrases)
        return Outcome.WITHDRAWN if withdrawn else Outcome.REJECTED
    said = {hit.rule.says["sign"] for hit in signs}
    return next((news for news in _NEWS if news in said), None)


def _outcome(signs: Sequence[Hit], phrases: Sequence[Hit]) -> Outcome | None:
    """The decision a letter tells; a no outweighs the courtesies around it, and hints only count alone."""
    decided = {hit.rule.says["decides"] for hit in phrases if "decides" in hit.rule.says}
    for outcome in (Outcome.WITHDRAWN, Outcome.REJECTED):
        if outcome in decided:
            return outcome
    said = {hit.rule.says["sign"] for hit in signs}
    for outcome in (Outcome.OFFERED, Outcome.INVITED):
        if outcome in said:
            return outcome
    hints = {hit.rule.says["family"] for hit in phrases if "hints" in hit.rule.says}
    if len(hints) > 1:
        return Outcome.REJECTED
    return Outcome.RECEIVED if Outcome.RECEIVED in said else None


def _said(signs: Sequence[Hit], key: str, kind: type[_Fact]) -> _Fact | None:
    value = next((hit.rule.says[key] for hit in signs if key in hit.rule.says), None)
    return None if value is None else kind(value)


def _decisive_in(text: Text, scales: Scales, signals: Mapping[str, Signal | None]) -> tuple[PhraseRead, ...]:
    """The sentence that makes a mail a no where no phrase of the table stands in it, as its plainest family."""
    found = scales.decisive(text.words) if scales.explained_by in signals else None
    if found is None:
        return ()
    quote = _quoted(text, found[0], found[1] - 1)
    return (PhraseRead(family=scales.explained_by, quote=quote, signal=None),)


def _quote(text: Text, hit: Hit) -> str:
    """The sentence a phrase stands in; of a long one only the part around it."""
    return _quoted(text, text.word_at(hit.start), text.word_at(hit.end) - 1)


def _quoted(text: Text, first: int, last: int) -> str:
    spans = text.spans()
    start, end = spans[text.origin[first]][0], spans[text.origin[last]][1]
    for marks in (_ENDS, _ENDS + _PARTS):
        low, high = _around(text.source, start, end, marks)
        if high - low <= MAX_QUOTE_CHARS:
            return " ".join(text.source[low:high].split())
    return f"…{' '.join(text.source[start:end].split())[:MAX_QUOTE_CHARS]}…"


def _around(source: str, start: int, end: int, marks: str) -> tuple[int, int]:
    low, high = max(0, start - MAX_QUOTE_CHARS), min(len(source), end + MAX_QUOTE_CHARS)
    begin = max(source.rfind(mark, low, start) for mark in marks) + 1
    stops = [at for at in (source.find(mark, end, high) for mark in marks) if at >= 0]
    return (begin or low), (min(stops) if stops else high)
