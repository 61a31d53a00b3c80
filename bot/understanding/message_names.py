"""Who a message says turned its writer down, and for what: each candidate is weighed by its signs.

Linear as `choosing` is for mails, its weights fitted by `make weigh` too. An unread name is asked for, an invented one
hurts: so what is fitted lets nobody's name weigh a little more (`fit_messages`).
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.understanding.choosing import weight, weights_of
from bot.understanding.employers import employers_in
from bot.understanding.faults import Faults
from bot.understanding.name_signs import NOTHING
from bot.understanding.names import Names
from bot.understanding.rules import Hit
from bot.understanding.titles import titles_in
from bot.understanding.weighing import FITTED, WEIGHING
from bot.understanding.word_signs import Placed

MESSAGES = ".messages"
PARTS = ("firms", "posts")
MAX_PAIRED = 6  # of the weightiest of each
MAX_TOLD = 3  # signs that `--explain` tells of a name


class Named(NamedTuple):
    """The employer's name, the title, and the weightiest signs of each, for `--explain`."""

    company: str | None
    role: str | None
    why: tuple[str, ...]


class _Weighed(NamedTuple):
    weight: float
    name: Placed


@dataclass(frozen=True, slots=True)
class MessageNames:
    """The weights of signs for an employer's name and for a title."""

    firms: Mapping[str, float]
    posts: Mapping[str, float]

    def choose(self, names: Names, found: Sequence[Hit]) -> Named:
        """The weightiest employer and title that share no word; of equals the first to be gathered."""
        firms = _weightiest(employers_in(names, found), self.firms)
        posts = _weightiest(titles_in(names, found), self.posts)
        pairs = ((firm, post) for firm in firms for post in posts if not _overlap(firm.name, post.name))
        firm, post = max(pairs, key=lambda pair: pair[0].weight + pair[1].weight)
        why = (*_told("company", firm.name, self.firms), *_told("role", post.name, self.posts))
        return Named(firm.name.name or None, post.name.name or None, why)


def _weightiest(offered: Sequence[Placed], weights: Mapping[str, float]) -> list[_Weighed]:
    weighed = [_Weighed(weight(each, weights), each) for each in offered]
    best = heapq.nlargest(MAX_PAIRED, weighed, key=lambda each: each.weight)
    return best if weighed[0] in best else [*best, weighed[0]]  # nobody can always be named


def _overlap(one: Placed, other: Placed) -> bool:
    return one.span.first < other.span.last and other.span.first < one.span.last


def _told(what: str, name: Placed, weights: Mapping[str, float]) -> tuple[str, ...]:
    """The signs that spoke most for a name: words of the project's own sentences, never the name itself."""
    if not name.name:
        return ()
    signs = sorted(
        (sign for sign in set(name.signs) if weights.get(sign, 0.0) > 0), key=lambda s: (-weights[s], s)
    )
    return (f"{what}: {', '.join(signs[:MAX_TOLD])}",)


RULES_NAME = MessageNames(  # where nothing is fitted: what rules take
    firms={NOTHING: 1.0, "is slot employer": 3.0, "is slot company": 2.4, "is slot named": 2.0},
    posts={NOTHING: 1.0, "is slot title": 3.0, "is slot role": 2.4, "is sought": 2.0},
)


def read_message_names(name: str, fitted: object, faults: Faults) -> MessageNames:
    """Read the weights fitted for a locale's messages; `name` is the document's, without its ending."""
    return MessageNames(**weights_of((WEIGHING + name + FITTED,), fitted, PARTS, faults))
