"""Who wrote a letter and for what post: where its rules say a name stands, its senders' addresses, its headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.understanding.names import Names
from bot.understanding.rules import Hit
from bot.understanding.signature import by_agency, has_tail, heading, opened, set_apart, signed, tailed
from bot.understanding.text import Text

SMALL_WRITERS_CAPITALS = 2
_ADDRESS = re.compile(r"(?:@|://(?:www\.)?)((?:[a-z0-9\-]{1,40}\.){1,4}[a-z]{2,10})\b", re.IGNORECASE)


def names_in_letter(
    text: Text, signs: Sequence[Hit], lists: Mapping[str, frozenset[str]]
) -> tuple[str | None, str | None]:
    """The first company and role that stand where a rule says so, the surer rules first; then an address's."""
    # Who writes without any capitals writes names so too.
    names = Names.of(text, lists, formal=sum(c.isupper() for c in text.source) > SMALL_WRITERS_CAPITALS)
    role = _role(signs, names)
    company = (
        _by_address(text, names)
        or _company(text, signs, names, role)
        or set_apart(text.source)
        or signed(names)
        or opened(names)
        or tailed(names)
    )
    if role is None or company is None:
        headed_company, headed_role = heading(names)
        company, role = company or headed_company, role or headed_role
    if company and role and role.lower().startswith(company.lower() + " "):
        role = role[len(company) + 1 :]
    return company, _with_level(text, role)


def _with_level(text: Text, role: str | None) -> str | None:
    """With the level a heading gives behind a comma: "Physiotherapist, Band 6"."""
    if role is None:
        return None
    level = re.search(
        re.escape(role) + r"(,? (?:band|grade|level|tier) \w{1,3})\b", text.source, re.IGNORECASE
    )
    return role + level.group(1).lower() if level else role


def _role(signs: Sequence[Hit], names: Names) -> str | None:
    for hit in signs:
        found = None
        if hit.pattern.slot == "post":
            found = names.post(hit)
        elif hit.pattern.slot in ("role", "title"):
            found = names.role(hit, sure=hit.pattern.slot == "title")
        if found is not None:
            return found
    return None


def _company(text: Text, signs: Sequence[Hit], names: Names, role: str | None) -> str | None:
    """The first in a sure place; of those in doubtful ones, first one that is named twice or has a firm's tail."""
    doubtful: list[str] = []
    for hit in signs:
        found = names.company(hit) if hit.pattern.slot in ("company", "firm") else None
        if found is None or (role is not None and role.casefold().endswith(found.casefold())):
            continue  # a word of the title: "Mozo de *Almacén*"
        if hit.pattern.slot == "company" and not by_agency(names, hit):
            return found
        if not (" " not in found and (has_tail(names, found) or found.casefold() in _places(names))):
            doubtful.append(found)
    sure = (name for name in doubtful if text.source.count(name) > 1 or has_tail(names, name))
    return next(sure, None) or signed(names) or next(iter(doubtful), None)


def _places(names: Names) -> frozenset[str]:
    """What alone names a town rather than who is in it."""
    return names.lists.get("places", frozenset())


def _by_address(text: Text, names: Names) -> str | None:
    """A name in the letter that an address in it spells too: "wendy@tallismoore.example" and "Tallis & Moore"."""
    if "@" not in text.source and "://" not in text.source:
        return None
    for domain in _ADDRESS.findall(text.source):
        for label in domain.lower().split(".")[:-1]:
            plain = label.replace("-", "")
            if len(plain) > 2 and (found := names.spelled_as(plain)) is not None:
                return found
    return None
