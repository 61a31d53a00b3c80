"""Who wrote a letter and for what post: where its rules say a name stands, its senders' addresses, its headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.understanding.names import Names
from bot.understanding.rules import Hit
from bot.understanding.text import Text

_ADDRESS = re.compile(r"(?:@|://(?:www\.)?)((?:[a-z0-9\-]{1,40}\.){1,4}[a-z]{2,10})\b", re.IGNORECASE)


def names_in_letter(
    text: Text, signs: Sequence[Hit], lists: Mapping[str, frozenset[str]]
) -> tuple[str | None, str | None]:
    """The first company and role that stand where a rule says so, the surer rules first; then an address's."""
    names = Names.of(text, lists, formal=True)
    company = role = None
    for hit in signs:
        if hit.pattern.slot == "company":
            company = company or names.company(hit)
        elif hit.pattern.slot in ("role", "title"):
            role = role or names.role(hit, sure=hit.pattern.slot == "title")
    company = _by_address(text, names) or company
    if company and role and role.lower().startswith(company.lower() + " "):
        role = role[len(company) + 1 :]
    return company, role


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
