"""What a text must hold for a pattern to match: words cheaper to look for than the expression is to try."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import NamedTuple

NUMBER_KEY = "#"  # stands for every word that begins with a digit
MAX_BESIDE = 3
# Of ten thousand short texts, in how many a word stands; most words stand in about four. Only a measure of what is
# worth looking for: matching itself is not affected.
_SHARES = {
    3_000: "i the to my a",
    1_500: "is me and not for it of do what am in have you its",
    800: "can how on that this with at are be",
    400: "was want about would so they no like will get just from if out been up know when but tell all need "
    + NUMBER_KEY,
    200: "does one there time going now feel please after got job life he an did go has we name your should had by "
    "today take much who over last or work find think more as where said make off why really many because someone",
    100: "people back them day again car could any good stop let new see kill she right years interview way rejected "
    "give dead only keep still call her list some even him phone here help every never best long next love since than "
    "things then nothing being night too lost look better end home were his our us",
}
_SHARE_OF = {word: share for share, words in _SHARES.items() for word in words.split()}
_RARE = 4


class Need(NamedTuple):
    """One of `words` has to be there (a stem is written "suicid*"), and one word of each need that it has `beside` it.

    `share`: in how many of ten thousand short texts one of them is. `is_plain`: it names whole words only.
    """

    words: frozenset[str]
    share: int
    is_plain: bool
    beside: Mapping[str, tuple[Need, ...]] = {}


Needs = tuple[Need, ...]


@cache  # the same few thousand words stand in every pattern
def need_of(word: str) -> Need:
    return Need(frozenset({word}), _SHARE_OF.get(word, _RARE), word != NUMBER_KEY and word[-1] != "*")


def rarest(needs: Needs) -> Need:
    """The one that fewest texts meet; the first of several alike."""
    return needs[0] if len(needs) == 1 else min(needs, key=_share)


_share = attrgetter("share")


def all_of(parts: Iterable[Needs]) -> Needs:
    """What all parts together need."""
    return tuple({need.words: need for needs in parts for need in needs}.values())


def one_of(branches: Sequence[Needs]) -> Needs:
    """What is needed where one of several ways will do: a word of any, and beside it what its own way needs."""
    if not all(branches):
        return ()
    beside: dict[str, Needs] = {}
    is_plain = True
    for needs in branches:
        best = rarest(needs)
        is_plain = is_plain and best.is_plain
        if len(needs) == 1 and not best.beside:
            beside.update(dict.fromkeys(best.words, ()))
            continue
        for word in best.words:
            own = beside_of(word, best, needs)
            beside[word] = _of_either(beside[word], own) if word in beside else own
    share = sum(_SHARE_OF.get(word, _RARE) for word in beside)
    return (Need(frozenset(beside), share, is_plain, {word: own for word, own in beside.items() if own}),)


def beside_of(word: str, best: Need, needs: Needs) -> Needs:
    """What else has to stand in a text that meets `best`, one of `needs`, by this word: the rarest first."""
    others = (*best.beside.get(word, ()), *needs)
    telling = [need for need in others if need.is_plain and need is not best and word not in need.words]
    return tuple(sorted(telling, key=_share)[:MAX_BESIDE]) if len(telling) > 1 else tuple(telling)


def _of_either(one: Needs, other: Needs) -> Needs:
    if not one or not other:
        return ()
    words = {need.words for need in other}
    shared = tuple(need for need in one if need.words in words)
    if shared:
        return shared
    return (Need(one[0].words | other[0].words, one[0].share + other[0].share, is_plain=True),)
