"""Which name in a message is the employer's: whatever may be one is gathered, and what speaks for each is added up.

A rule's slot, an employer everybody knows, a place beside the role, capitals, a small word that leads to a name: none
of them is sure alone. An unread name is asked for, an invented one hurts: so below `ENOUGH` nobody is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from bot.understanding.names import Names
from bot.understanding.rules import Hit
from bot.understanding.unannounced import Span, company_span

MAX_LED_WORDS = 4
ENOUGH = 1.6


class _Why(Enum):
    """What makes a span a candidate, and how much that says. Each counts once a span."""

    EMPLOYER = 3.0  # a rule's slot where only a name can stand
    COMPANY = 2.4  # a rule's slot
    NAMED = 2.0  # a slot after a small word that may lead to anything
    WELL_KNOWN = 2.6
    BESIDE = 2.2  # beside the role, or with a clause to itself
    LISTED = 1.2  # an employer whose name is an ordinary word or two
    CAPITALS = 1.0
    LED = 0.8  # written small, after a small word that leads to a name


_SLOTS = {"employer": _Why.EMPLOYER, "company": _Why.COMPANY, "named": _Why.NAMED}


def employer(names: Names, found: Sequence[Hit], role: Span | None) -> Span | None:
    """The likeliest employer's name; None where none is likely enough. Of equals the first to be gathered."""
    reasons: dict[Span, set[_Why]] = {}
    for span, why in _gathered(names, found, role):
        whole = _whole(names, span, role)
        if whole is not None:
            reasons.setdefault(whole, set()).add(why)
    best, most = None, ENOUGH
    for span, whys in reasons.items():
        score = sum(sorted((why.value for why in whys), reverse=True)[:2]) + _standing(names, span)
        if score > most:
            best, most = span, score
    return best


def _gathered(names: Names, found: Sequence[Hit], role: Span | None) -> Iterator[tuple[Span, _Why]]:
    for hit in found:
        why = _SLOTS.get(hit.pattern.slot or "")
        if why is not None and (place := names.company_place(hit)) is not None:
            yield Span(*place), why
    if (beside := company_span(names, role)) is not None:
        yield beside, _Why.BESIDE
    for at in range(len(names.pieces)):
        if words := names.known_company_words(at):
            yield Span(at, at + words), _Why.WELL_KNOWN if names.unmistakable(at, words) else _Why.LISTED
        if (last := _capitals_from(names, at)) > at:
            yield Span(at, last), _Why.CAPITALS
        if (last := _led_from(names, at)) > at:
            yield Span(at, last), _Why.LED


def _capitals_from(names: Names, at: int) -> int:
    """Where a run of words with capitals ends that begins here; `at` where none does."""
    if names.shouted or not _capital(names, at) or _goes_back(names, at):
        return at
    end = at + 1
    while end < len(names.pieces) and not names.pieces[end].parted:
        piece = names.pieces[end]
        joins = piece.raw == "." or names.listed(end, "inside_name")
        on = end + 1 < len(names.pieces) and _capital(names, end + 1) and not names.pieces[end + 1].parted
        if not (_capital(names, end) or (joins and on and names.pieces[end].word != "a")):
            break
        end += 1
    return end


def _goes_back(names: Names, at: int) -> bool:
    """Whether the run of capitals began further left."""
    if not at or names.pieces[at].parted:
        return False
    if _capital(names, at - 1) and not names.named_nowhere(at - 1):
        return True
    return at > 1 and names.pieces[at - 1].raw == "." and _capital(names, at - 2)


def _capital(names: Names, at: int) -> bool:
    piece = names.pieces[at]
    return piece.capital and piece.raw[0].isalnum() and piece.word not in ("i", "im", "ive", "id", "ill")


def _led_from(names: Names, at: int) -> int:
    """Where a name written small ends that "at", "from", "with" or "by" leads to; `at` where none does."""
    if not at or names.pieces[at].parted or names.pieces[at].capital or names.shouted:
        return at
    if not names.listed(at - 1, "leads_to_company"):
        return at
    end = at
    while (
        end < len(names.pieces) and end - at < MAX_LED_WORDS and (end == at or not names.pieces[end].parted)
    ):
        if names.named_nowhere(end) or not names.pieces[end].raw[0].isalpha():
            break
        end += 1
    return end


def _whole(names: Names, span: Span, role: Span | None) -> Span | None:
    """The name as far as it reaches: without what opens a sentence, with what it is known to end in."""
    first, last = names.joined_back(span.first), span.last
    while last - first > 1 and not names.known_company_words(first) and _only_leads(names, first, last):
        first += 1
    if role is not None and first < role.first < last:
        last = role.first
    while last - first > 1 and names.of_title(last - 1) and not names.held_together(last - 1):
        last -= 1
    while last > first and names.pieces[last - 1].raw == ".":
        last -= 1
    if last - first == 1 and names.named_nowhere(first):
        return None  # "HR", "P3"
    if first == last or (role is not None and role.first <= first < role.last):
        return None
    known = max((at + names.known_company_words(at) for at in range(first, last)), default=0)
    last = max(last, known)
    if names.listed(first, "offices") and names.pieces[first].capital:
        last = max(last, _capitals_from(names, first))  # "Restaurante *Abril*"
    while last < len(names.pieces) and names.tail_of(first, last):
        last += 1
    return Span(first, last)


def _only_leads(names: Names, first: int, last: int) -> bool:
    """Whether the first of several words leads to a name and is none of it: *The* Crown, *Unfortunately* Barclays."""
    if names.listed(first, "not_before_name"):
        return not names.begins_name(first)
    if names.listed(first, "leading_heads") or names.listed(first, "acronyms"):
        return names.listed(first + 1, "inside_name")  # *CEO de* Acme
    if names.listed(first, "inside_name") and not names.pieces[first].capital:
        return True
    return names.opens_sentence(first, last)


def _standing(names: Names, span: Span) -> float:
    """What the words of a name, and those around it, say for or against it."""
    first, last = span.first, span.last
    if names.listed(first, "staffing") and names.speaks_of("clients"):
        return -_Why.EMPLOYER.value  # "Hays told me the client went with someone else"
    several = last - first > 1
    capital = names.pieces[first].capital and not names.shouted
    score = _before(names, first) + _after(names, last)
    score += 0.8 if several and names.listed(last - 1, "company_tails") else 0.0
    score += 0.6 if several and capital and _capital(names, last - 1) else 0.0
    known = names.known_company_words(first) or names.known_company_words(last - 1)
    opens = first == 0 or names.pieces[first].parted
    if not several and opens and names.ordinary_word(first) and not names.unmistakable(first, 1):
        score -= 0.6  # its capital tells nothing: "Three weeks", "Guess who"
    elif known and capital:
        score += 0.6
    return score if known else score - _against(names, first, last, capital=capital)


def _against(names: Names, first: int, last: int, *, capital: bool) -> float:
    """How much its own words say that nobody's name they are: a place, a person, a street, ordinary words."""
    several, against = last - first > 1, 0.0
    if all(names.listed(at, "places") for at in range(first, last)):
        against += 2.5
    if several and names.listed(last - 1, "streets"):
        against += 2.0  # "the bakery on Hill Street"
    if not several and names.listed(first, "company_tails"):
        against += 1.0  # "in a Montessori"
    if names.listed(first, "given_names"):
        against += 3.0
    if any(names.listed(at, "channels") for at in range(first, last)):
        against += 1.5
    if not all(names.ordinary_word(at) for at in range(first, last)):
        return against
    if not capital:
        return against + (0.8 if several else 1.4)
    if not several:
        return against
    return against + (1.6 if any(names.never_name(at) for at in range(first, last)) else 0.7)  # "AN HOUR"


def _before(names: Names, first: int) -> float:
    if first and "@" in names.between(first):
        return 1.0
    if not first or names.pieces[first].parted:
        return 0.0
    score = 0.0
    capital = names.pieces[first].capital and not names.shouted
    score += _leading(names, first, capital=capital)
    if first > 1 and names.listed(first - 1, "not_before_name") and not score:
        score -= 0.0 if capital else 0.6
        first -= 1
        score += _leading(names, first, capital=capital)
    if names.listed(first - 1, "before_channel") and names.listed(first, "channels"):
        score -= 6.0  # "told me on Zoom"
    elif names.listed(first - 1, "before_place"):
        score -= 1.0
    if first > 1 and names.listed(first - 2, "people_elsewhere") and names.pieces[first - 1].word != "the":
        score -= 0.8
    return score


def _leading(names: Names, first: int, *, capital: bool) -> float:
    """How much the word before a name leads to one."""
    at = first - 1
    score = 0.3 if names.listed(at, "before_company") else 0.0
    if names.listed(at, "leads_to_company") or (capital and names.listed(at, "before_capital")):
        return score + 0.8
    small_office = (
        names.listed(at, "offices") and not names.pieces[at].capital and not names.pieces[first].parted
    )
    return score + 0.8 if capital and small_office else score


def _after(names: Names, last: int) -> float:
    if last == len(names.pieces) or names.pieces[last].parted:
        return 0.2
    if names.listed(last, "acts"):
        return 0.8
    return 0.6 if names.listed(last, "owned") else 0.0
