"""What stands before and behind each word of a message, told so that names can be weighed by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.name_signs import NOTHING, Candidate
from bot.understanding.names import Names
from bot.understanding.rules import Hit
from bot.understanding.unannounced import Span

NOWHERE = Span(0, 0)
MYSELF = ("i", "im", "ive", "id", "ill")
Reasons = Mapping[Span, set[str]]  # what rules and lists say of a run of words

_FACTS = ("outcome", "stage", "kind", "hint")
# The lists whose words tell of what stands beside them.
_TELLING = (
    *("acts", "after_name", "agencies", "another", "around_name", "before_capital"),
    *("before_channel", "before_company", "before_place", "channels", "clients", "company_tails"),
    *("denies", "follows_title", "given_names", "heads_of", "hiring", "honorifics", "leading_heads"),
    *(
        "leads_to_company",
        "leads_to_role",
        "leads_to_title",
        "named_articles",
        "not_before_name",
        "not_company",
    ),
    *("not_role", "offices", "opens_name", "owned", "people_at_work", "people_elsewhere", "places"),
    *("post_ends", "post_nouns", "role_ends", "role_heads", "role_modifiers", "sought_as"),
    *("staffing", "streets", "title_words", "worked_as"),
)


@dataclass(frozen=True, slots=True)
class Placed(Candidate):
    """A name in a message, and where it stands; the empty one stands nowhere."""

    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class WordSigns:
    """The kinds of each word of a text, and what they say to a name that begins or ends there."""

    names: Names
    kinds: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, names: Names) -> WordSigns:
        lists = [(name, names.lists[name]) for name in _TELLING if name in names.lists]
        kinds = (
            tuple(name for name, words in lists if piece.word in words or piece.meant in words)
            for piece in names.pieces
        )
        return cls(names, tuple(kinds))

    def shape(self, at: int) -> str:
        if self.names.shouted:
            return "shouted"
        return "capital" if self.names.pieces[at].capital else "small"

    def opens(self, at: int) -> bool:
        """Whether a clause begins there, or the text is over."""
        return at in (0, len(self.names.pieces)) or self.names.pieces[at].parted

    def before(self, first: int) -> Iterator[str]:
        """What leads to a name that begins at a piece."""
        shape, mark = self.shape(first), self._mark(first)
        led = first - 1
        word = mark or self.names.pieces[led].word
        yield f"before {word}"
        yield f"{shape} before {word}"
        if mark:
            return
        further = self._word_or_mark(led)
        yield f"before {further} {word}"
        yield from (f"before a {kind}" for kind in self.kinds[led])
        if not self.opens(led):
            yield from (f"before a {kind} {word}" for kind in self.kinds[led - 1])
        opened = "not_before_name" in self.kinds[led] and not self.opens(led)
        yield f"led {further if opened else word}"
        yield f"{shape} led {further if opened else word}"
        if opened:
            yield f"led {self._word_or_mark(led - 1)} {further}"

    def after(self, last: int) -> Iterator[str]:
        """What follows a name that ends before a piece."""
        pieces, mark = self.names.pieces, self._mark(last)
        if mark:
            yield f"then {mark}"
            if last < len(pieces) and pieces[last].raw[0].isalnum():
                yield f"then {mark} {pieces[last].word}"
                yield from (f"then {mark} a {kind}" for kind in self.kinds[last])
            return
        word = pieces[last].word
        yield f"then {word}"
        yield f"then {word} {self._mark(last + 1) or pieces[last + 1].word}"
        yield from (f"then a {kind}" for kind in self.kinds[last])
        if not self.opens(last + 1):
            yield from (f"then {word} a {kind}" for kind in self.kinds[last + 1])

    def within(self, span: Span) -> Iterator[str]:
        """Of what kinds its first word and its last are, and where in the text it stands."""
        yield from (f"first {kind}" for kind in self.kinds[span.first])
        yield from (f"last {kind}" for kind in self.kinds[span.last - 1])
        if span.last - span.first == 1:
            yield from (f"{self.shape(span.first)} alone {kind}" for kind in self.kinds[span.first])
        yield f"quarter {4 * span.first // len(self.names.pieces)}"
        if self.opens(span.first) and self.opens(span.last):
            ends = span.last >= len(self.names.pieces) - 1
            yield f"a clause {'first' if span.first == 0 else 'last' if ends else 'between'}"

    def of_none(self, reasons: Reasons, found: Sequence[Hit]) -> Placed:
        """That nobody is named, and what speaks for or against it."""
        names = self.names
        said = {key for hit in found for key in hit.rule.says}
        strange = any(capital(names, at) and not names.ordinary_word(at) for at in range(len(names.pieces)))
        signs = [
            NOTHING,
            f"{NOTHING} of {min(len(names.pieces) // 6, 4)}",
            f"{NOTHING} capitals {strange}",
            f"{NOTHING} shouted {names.shouted}",
            f"{NOTHING} beside {' '.join(key for key in _FACTS if key in said)}",
            *(f"{NOTHING} with {key}" for key in sorted(said)),
            *(f"{NOTHING} {why}" for why in sorted({why for whys in reasons.values() for why in whys})),
        ]
        return Placed("", tuple(signs))

    def _word_or_mark(self, before: int) -> str:
        return self._mark(before) or self.names.pieces[before - 1].word

    def _mark(self, at: int) -> str:
        """What parts a piece from the one before it: an end, a comma or the like; empty where nothing does."""
        pieces = self.names.pieces
        if at <= 0:
            return "^"
        if at >= len(pieces):
            return "$"
        if not pieces[at].parted:
            return ""
        inside = pieces[at].raw[0].isalnum() and pieces[at - 1].raw[0].isalnum()
        return (self.names.between(at).strip()[:1] if inside else "") or "."


def capital(names: Names, at: int) -> bool:
    """Whether a word's capital may tell something."""
    piece = names.pieces[at]
    return piece.capital and not names.shouted and piece.raw[0].isalnum() and piece.word not in MYSELF


def of_rules(span: Span, reasons: Reasons) -> Iterator[str]:
    """What rules and lists say of it, or else of a run it shares words with."""
    if span in reasons:
        yield from (f"is {why}" for why in sorted(reasons[span]))
        return
    for other, whys in reasons.items():
        if other.last <= span.first or span.last <= other.first:
            continue
        if other.first <= span.first and span.last <= other.last:
            how = "part of"
        elif span.first <= other.first and other.last <= span.last:
            how = "holds"
        else:
            how = "over"
        yield from (f"{how} {why}" for why in sorted(whys))
