"""Where a letter names itself without saying so: its last lines, its headings, the addresses in it."""

from __future__ import annotations

import re

from bot.understanding.names import Names
from bot.understanding.rules import Hit

HEADING_PIECES = 40
MAX_TAILED = 4
SIGNATURE_PIECES = 14

# A last line that is a person's name and one thing more.
_BESIDE_NAME = re.compile(
    r"\n[ \t]*[^\W\d_]{2,15}[ \t]{1,3}(?:\(([\w][\w .&'-]{1,30})\)|@[ \t]{1,3}([\w][\w .&'-]{1,30}))\Z"
)

_Part = tuple[int, int]  # pieces, from and to


def signed(names: Names) -> str | None:
    """The company in the last lines, or the first: a part with a firm's tail; or what stands under a name."""
    parts = _parts(names, max(0, len(names.pieces) - SIGNATURE_PIECES), len(names.pieces))
    for first, last in (*reversed(parts), *_parts(names, 0, min(HEADING_PIECES, len(names.pieces)))):
        named = _all_named(names, first, last) and names.may_be_name(first, sure=True)
        if last - first > 1 and names.listed(last - 1, "company_tails") and named:
            return names.spelled(first, last)
    return _under_a_name(names, *parts[-3:]) if len(parts) > 2 else None


def heading(names: Names) -> tuple[str | None, str | None]:
    """A line of its own at the top that names the post, and the company beside it: "Paralegal - Delacourt"."""
    parts = _parts(names, 0, min(HEADING_PIECES, len(names.pieces)))
    for at, (first, last) in enumerate(parts):
        if not (_all_named(names, first, last) and _is_title(names, first, last)):
            continue
        beside = [parts[i] for i in (at - 1, at + 1) if 0 <= i < len(parts)]
        firms = [
            part for part in beside if _all_named(names, *part) and names.may_be_name(part[0], sure=True)
        ]
        company = next((names.spelled(*part) for part in firms if part[1] - part[0] < 5), None)
        return company, names.as_said(first, last)
    return None, None


def _is_title(names: Names, first: int, last: int) -> bool:
    """Whether a kind of work ends it, or begins it with what it is of: "Teacher of Geography"."""
    of = last - first > 2 and names.listed(first, "role_heads") and names.pieces[first + 1].word == "of"
    return of or names.listed(last - 1, "role_heads")


def set_apart(source: str) -> str | None:
    """What stands behind a signature's name in brackets or after an @: "Ida (lumo)", "Mira @ Fennel"."""
    found = _BESIDE_NAME.search(source.rstrip())
    return found.group(1) or found.group(2) if found else None


def by_agency(names: Names, hit: Hit) -> bool:
    """Whether the name there is a recruiter's firm that signs for the employer: "Leanne, *Apex* Recruitment"."""
    at = names.place(hit) if hit.pattern.slot_leads else None
    if at is None or at < len(names.pieces) - SIGNATURE_PIECES:
        return False
    return names.listed(at, "agencies") and names.pieces[at].capital


def opened(names: Names) -> str | None:
    """The name before a colon that a message begins with: "HEXA: we have …"."""
    first = next(iter(_parts(names, 0, min(5, len(names.pieces)))), None)
    if first is None or first[1] >= len(names.pieces):
        return None
    source = names.text.source
    end = names.pieces[first[1] - 1].end
    of_name = all(names.may_be_name(at, sure=True) for at in range(*first))
    return names.spelled(*first) if source[end : end + 1] == ":" and of_name else None


def tailed(names: Names) -> str | None:
    """A name with a firm's tail anywhere in the letter: "Oakline Software has put a hold on it"."""
    for last in range(len(names.pieces), 1, -1):
        if not (names.listed(last - 1, "company_tails") and names.pieces[last - 1].capital):
            continue
        first = last - 1
        while first > 0 and last - first < MAX_TAILED and not names.pieces[first].parted:
            if not (names.pieces[first - 1].capital and names.may_be_name(first - 1)):
                break
            first -= 1
        ends = last == len(names.pieces) or not names.listed(last, "role_heads")
        if last - first > 1 and ends:
            return names.spelled(first, last)
    return None


def has_tail(names: Names, company: str) -> bool:
    """Whether a firm's tail ends a name ("… Trust")."""
    return company.lower().split()[-1] in names.lists.get("company_tails", frozenset())


def _under_a_name(names: Names, before: _Part, name: _Part, last: _Part) -> str | None:
    """The very last part, where a person's name stands above it, or a post."""
    closes = names.listed(name[1] - 1, "closings") or names.listed(name[0], "not_company")
    alone = not closes and (name[1] - name[0] == 1 or names.listed(name[1] - 1, "role_heads"))
    person = (alone or names.listed(before[1] - 1, "closings")) and _all_named(names, *name)
    post = names.listed(last[1] - 1, "role_heads")
    firm = _all_named(names, *last) and names.may_be_name(last[0], sure=True) and not post
    apart = any(names.listed(at, "not_company") or names.listed(at, "closings") for at in range(*last))
    at_end = not any(piece.raw[0].isalnum() for piece in names.pieces[last[1] :])
    return names.spelled(*last) if person and firm and at_end and not apart else None


def _parts(names: Names, low: int, high: int) -> list[_Part]:
    """Runs of words with no comma, dash or line's end between them."""
    found: list[_Part] = []
    first = low
    for at in range(low, high + 1):
        if at == high or names.pieces[at].parted:
            words = [i for i in range(first, at) if names.pieces[i].raw[0].isalnum()]
            if words:
                found.append((words[0], words[-1] + 1))
            first = at
    return found


def _all_named(names: Names, first: int, last: int) -> bool:
    joins = ("of", "and", "&", "the", "for", "to", ".", "de")
    return last > first and all(p.capital or p.word in joins for p in names.pieces[first:last])
