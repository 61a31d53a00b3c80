"""Who wrote an employer's letter: the name it is signed with, and the address it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.understanding.mail import after_closing

_FROM = re.compile(r"^\W{0,3}(?:from|von|de)\s?:\s{0,3}(?P<rest>.{1,200})$", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[\w.+\-]{1,64}@(?:[a-z0-9\-]{1,40}\.){1,4}[a-z]{2,10}\b", re.IGNORECASE)
_NO_REPLY = re.compile(r"no.?reply|do.?not.?reply|notification|mailer|bounce", re.IGNORECASE)
_ON_ONE_LINE = re.compile(
    r"\b(?:regards|best|sincerely|wishes|thanks|cheers|yours)[,.]?[ ]+(?P<name>[^\n.,:]{2,40})[.,]?\s*\Z",
    re.IGNORECASE,
)
_PERSON = re.compile(r"(?:(?:Dr|Prof|Mr|Mrs|Ms|Mx)\.? )?[^\W\d_][\w'’\-.]*(?: [^\W\d_][\w'’\-.]*){0,3}")
_SIGNED_LINES = 2  # under the closing: the name, or an empty line and the name
_OF_NOBODY = (
    "company_tails",
    "role_heads",
    "role_modifiers",
    "common",
    "owned",
    "closings",
    "firm",
    "places",
    "no_person",
)


def writer_of(
    source: str, lists: Mapping[str, frozenset[str]], company: str | None
) -> tuple[str | None, str | None]:
    """Return the writer's name and address, each None where it doesn't stand there plainly."""
    headed = _FROM.search(source)
    head = headed.group("rest") if headed else ""
    below = after_closing(source)
    inline = _ON_ONE_LINE.search(source)
    signed = [*below[:_SIGNED_LINES], head.partition("<")[0], inline.group("name") if inline else ""]
    names = (found for line in signed if (found := _person(line, lists)))
    name = next((each for each in names if company is None or company.lower() not in each.lower()), None)
    addresses = [*_ADDRESS.findall(head), *_ADDRESS.findall("\n".join(below))]
    address = next((each for each in addresses if not _NO_REPLY.search(each)), None)
    return name, address


def _person(line: str, lists: Mapping[str, frozenset[str]]) -> str | None:
    """A line that is nothing but a person's name; a team, a firm or a post is none."""
    said = " ".join(line.strip().strip("\"'*_,;|-–— ").split())
    said = re.split(r"\s*[,|–—(]\s*|\s-\s", said)[0]
    words = [word.strip(".").lower() for word in said.split()]
    named = _PERSON.fullmatch(said) and all(word[0].isupper() for word in said.split())
    of_nobody = any(word in lists.get(name, frozenset()) for word in words for name in _OF_NOBODY)
    return said if named and not of_nobody else None
