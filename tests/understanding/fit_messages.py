"""Fit the weights names in messages are chosen by: `make weigh` writes content/weighing/*.messages.fitted.yaml.

As `fit_names` does for mails: the likelihood of the right name among all that a message offers, the empty one
included. Each message is read a second time with another employer and title lent to it, so that what stands around a
name is learnt and not the name; wishes in which no rule takes a name teach that most words are nobody's.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.understanding import Understanding
from bot.understanding.employers import employers_in
from bot.understanding.message_names import PARTS, MessageNames, Named
from bot.understanding.name_signs import NOTHING
from bot.understanding.names import Names
from bot.understanding.rules import Hit
from bot.understanding.titles import titles_in
from bot.understanding.word_signs import Placed
from tests.understanding.fit_names import Choice, fitted, written
from tests.understanding.measure_mails import load, texts_in

SENTENCES = Path(__file__).parent / "sentences"
LOCALES = ("en", "es")
SEED = 1
# An unread name is asked for, an invented one hurts: an employer's has to outweigh nobody's by so much.
SURER = {"en": 0.6, "es": 0.0}
_SLOT = "is slot"  # a rule takes a name there: the sentence may well name somebody
_NAMELESS = {"en": ("asked", "wishes", "intents", "moods"), "es": ("spanish_asked", "asked_spanish")}
_FIRMS = (
    *("Brightwell", "Zenvo", "Harlow & Finch", "Copper Lane Bakery", "Nordika", "Talvera", "St Brigid's"),
    *(
        "Okonkwo Foods",
        "Redfern Logistics",
        "Pixelmoor",
        "Umbra Health",
        "Kestrel Bank",
        "Green Meadow School",
    ),
    *(
        "Tanaka Motors",
        "Lumio",
        "University of Aldham",
        "Ministry of Trade",
        "Fjordline",
        "Quanta",
        "Bella's",
    ),
    *(
        "Mwangi Transport",
        "Blue Anchor",
        "ZKB",
        "TTN",
        "Oakridge Council",
        "Hotel Miramar",
        "Sparrow",
        "Vantio",
    ),
    *(
        "Delgado Group",
        "The Copper Pot",
        "Little Stars Nursery",
        "Ravensworth Trust",
        "Ibex",
        "Northbank Dental",
    ),
    *("Maple Street Clinic", "Sagewell", "Farida's Kitchen", "Elmcroft"),
)
_TITLES = (
    *(
        "barista",
        "night porter",
        "data analyst",
        "ward clerk",
        "sous chef",
        "junior developer",
        "school nurse",
    ),
    *("lab technician", "forklift driver", "teaching assistant", "account executive", "machine operator"),
    *("care assistant", "paralegal", "project manager", "head of marketing", "delivery driver", "cleaner"),
    *("shop assistant", "customer service advisor", "mechanical engineer", "receptionist", "UX designer"),
    *("graduate trainee", "lecturer in law", "kitchen hand", "trainee electrician", "store manager"),
    *("pharmacist", "line cook"),
)
HEAD = """\
# Fitted by `make weigh`, never by hand: what stands about a name in a message -> its weight for being the one meant.
# `firms` for the employer's, `posts` for the title. `before`, `led` and `then` are the words around it, `is`, `holds`
# and `part of` what rules and lists say; `nothing` is that nobody is named. The weightiest first.
# How it works, and how well: docs/decisions/0017-names-in-messages.md.
"""

Row = dict[str, Any]  # a text, and the company and role in it if it says them


@dataclass(frozen=True, slots=True)
class _Offers(MessageNames):
    """Keeps what a message offers instead of choosing from it."""

    offered: list[tuple[list[Placed], list[Placed]]]

    def choose(self, names: Names, found: Sequence[Hit]) -> Named:
        self.offered.append((employers_in(names, found), titles_in(names, found)))
        return Named(None, None, ())


def target(locale: str) -> Path:
    return Path(__file__).parents[2] / "content" / "weighing" / f"{locale}.messages.fitted.yaml"


def is_held_out(text: str) -> bool:
    """A third, settled by a hash."""
    return hashlib.sha256(text.encode()).digest()[0] % 3 == 0


def rows(locale: str) -> list[Row]:
    """Every message the weights are fitted from, once each."""
    found: dict[str, Row] = {}
    for row in _english() if locale == "en" else _spanish():
        found.setdefault(row["text"], row)
    return list(found.values())


def _english() -> Iterator[Row]:
    for name in ("messages", "refusals", "rejections"):
        for part in load(SENTENCES / f"{name}.yaml").values():
            yield from (row if isinstance(row, dict) else {"text": row} for row in part)


def _spanish() -> Iterator[Row]:
    for part in load(SENTENCES / "spanish_messages.yaml").values():
        yield from part
    yield from load(SENTENCES / "spanish.yaml")["rejections"]


def lent(given: Iterable[Row]) -> Iterator[Row]:
    """The same messages with other employers' names and titles in them, where both stand there once."""
    chance = random.Random(SEED)
    for row in given:
        other = dict(row)
        for key, names in (("company", _FIRMS), ("role", _TITLES)):
            said = re.compile(rf"(?<!\w){re.escape(row.get(key) or '-')}(?!\w)", re.IGNORECASE)
            found = said.findall(other["text"])
            name = chance.choice(names)
            if row.get(key) and len(found) == 1:
                other[key] = _as_written(name, found[0])
                other["text"] = said.sub(lambda _, name=other[key]: name, other["text"])
        if other != row:
            yield other


def _as_written(name: str, like: str) -> str:
    if like.islower():
        return name.lower()
    return name[0].upper() + name[1:] if like[0].isupper() else name


def choices(understanding: Understanding, locale: str, given: Sequence[Row]) -> dict[str, list[Choice]]:
    """What messages offer, for each part. A message that offers nothing right teaches nothing."""
    found: dict[str, list[Choice]] = {part: [] for part in PARTS}
    reads, kept = _keeping(understanding, locale)
    for row in (*given, *(lent(given) if locale == "en" else ())):
        kept.clear()
        reads.read(row["text"], locale)
        for firms, posts in kept:
            found["firms"].append((firms, [same(each.name, row.get("company")) for each in firms]))
            found["posts"].append((posts, [same(each.name, row.get("role")) for each in posts]))
    for text in _nameless(locale):
        kept.clear()
        said = reads.read(text, locale).rejection
        if said.outcome or said.stage or said.kind:  # only then a name would be believed
            for part, offered in (pair for each in kept for pair in zip(PARTS, each, strict=True)):
                if not any(sign.startswith(_SLOT) for one in offered for sign in one.signs):
                    found[part].append((offered, [not one.name for one in offered]))
    return {part: [each for each in given if any(each[1])] for part, given in found.items()}


def _nameless(locale: str) -> Iterator[str]:
    return (text for name in _NAMELESS[locale] for text in texts_in(load(SENTENCES / f"{name}.yaml")))


def _keeping(understanding: Understanding, locale: str) -> tuple[Understanding, list[Any]]:
    offers = _Offers({}, {}, [])
    lexicon = replace(understanding.lexicons[locale], naming=offers)
    return replace(understanding, lexicons={**understanding.lexicons, locale: lexicon}), offers.offered


def same(said: str | None, label: str | None) -> bool:
    return plain(said) == plain(label)


def plain(name: str | None) -> str:
    return (name or "").lower().strip(" .'").removeprefix("the ")


def weights(understanding: Understanding, locale: str, given: Sequence[Row]) -> dict[str, dict[str, float]]:
    found = {part: fitted(each) for part, each in choices(understanding, locale, given).items()}
    found["firms"][NOTHING] = found["firms"].get(NOTHING, 0.0) + SURER[locale]
    return found


def write(understanding: Understanding) -> None:
    for locale in LOCALES:
        found = weights(understanding, locale, rows(locale))
        target(locale).write_text(written(found, HEAD), encoding="utf-8")
