"""Every name in a letter that may be the firm's, with what speaks for it."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.understanding.layout import Line, Zone, lines_of
from bot.understanding.name_signs import (
    NOTHING,
    Candidate,
    Known,
    grouped,
    key_of,
    numbers,
    spelled,
    surroundings,
)
from bot.understanding.spans import Span, firm_spans

_TELLING = (
    "given_names",
    "not_company",
    "leads",
    "common",
    "places",
    "offices",
    "agencies",
    "role_modifiers",
)
_THEM = "they they've they're they'd they'll them their".split()
_US = "we we've we're we'd we'll us our".split()
_SIGNED = {Zone.SIGN, Zone.FOOT, Zone.FROM}
_SMALL = frozenset("of for and & the".split())
_ADDRESS = re.compile(r"@((?:[a-z0-9\-]{1,40}\.){1,4}[a-z]{2,10})\b", re.IGNORECASE)


def firms_in(source: str, known: Known) -> list[Candidate]:
    """Every name that may be the firm's, and the empty one."""
    lines = lines_of(source)
    spans = grouped(firm_spans(lines, known.lists), source, known)
    if known.ruled[0]:
        spans.setdefault(key_of(known.ruled[0], known), [])
    addresses = _domains(lines)
    counts = {key: len(each) for key, each in spans.items()}
    said = Counter(word.plain for line in lines for word in line.words)
    told = not said.keys().isdisjoint(known.lists["clients"])
    for_others = sum(said[word] for word in _THEM) > sum(said[word] for word in _US)
    behalf = said["behalf"] > 0
    found = [Candidate("", tuple(_of_none(lines, spans, known, told=told, for_others=for_others)))]
    for key, each in spans.items():
        signs = [sign for span in each for sign in surroundings(span, known)]
        signs += _of_firm(key, each, counts, known)
        signs += _agreeing(key, addresses)
        signs += _beside_agency(key, spans, each, known, told=told)
        signs += _by_another(each, for_others=for_others)
        if behalf:
            signs.append("beside a behalf")
        said_so = [span for span in each if span.line.zone is not Zone.FOOT] or each  # small print is fuller
        name = spelled(said_so, source) if each else known.ruled[0] or ""
        name = string.capwords(name) if each and name.islower() else name
        found.append(Candidate(name, tuple(dict.fromkeys(signs))))
    for domain in addresses:
        if not any(_spells(key, domain) for key in spans):
            name = _parted(domain, known)
            found.append(Candidate(name, ("domain alone", *_of_word(name.lower().rpartition(" ")[2], known))))
    return found


def _of_none(
    lines: Sequence[Line],
    spans: Mapping[str, Sequence[Span]],
    known: Known,
    *,
    told: bool,
    for_others: bool,
) -> Iterator[str]:
    """What speaks for no firm being named at all."""
    yield NOTHING
    yield f"{NOTHING} ruled {known.ruled[0] is not None}"
    signing = any(
        span.line.zone in _SIGNED and not known.lists["agency_words"].isdisjoint(key.split())
        for key, each in spans.items()
        for span in each
    )
    if signing or told:
        yield f"{NOTHING} beside {'an agency' if signing else ''} {'told' if told else ''}"
    if any(_of_client(span, known.lists) for each in spans.values() for span in each):
        yield f"{NOTHING} beside a client's name"
    if for_others:
        yield f"{NOTHING} told of them"
    yield f"{NOTHING} {'signed' if any(line.zone is Zone.SIGN for line in lines) else 'unsigned'}"
    yield f"{NOTHING} lines {min(len(lines), 4)}"


def _of_firm(key: str, spans: Sequence[Span], counts: Mapping[str, int], known: Known) -> Iterator[str]:
    words, lists = key.split(), known.lists
    yield f"words {min(len(words), 6)}"
    yield from numbers(key, spans, counts)
    yield from _of_word(words[-1], known)
    yield from _listed(words, lists)
    yield from _of_person(words, spans, lists)
    if any(span.words[-1].plain in lists["legal_forms"] for span in spans):
        yield "legal form"
    if any(span.words[-1].raw.isupper() and len(span.words[-1].raw) > 4 for span in spans):
        yield "shouted"
    if " & " in key:
        yield "and"
    if any(word in lists["roads"] for word in words):
        yield "holds a road"
    if any(_behind_title(span, lists) for span in spans):
        yield "behind a title"
    if any(_of_client(span, lists) for span in spans):
        yield "a client's name"
    if known.ruled[0] and key == key_of(known.ruled[0], known):
        yield "ruled"


def _behind_title(span: Span, lists: Mapping[str, frozenset[str]]) -> bool:
    """Whether a comma, dash or bracket sets it behind a kind of work: "Team Leader, *Outbound*"."""
    return not span.before()[0].isalnum() and span.before(2) in lists["role_heads"]


def _of_client(span: Span, lists: Mapping[str, frozenset[str]]) -> bool:
    """Whether it follows a client right away: "our client, *Orchard Dairies*"."""
    return not lists["clients"].isdisjoint((span.before(), span.before(2)))


def _listed(words: Sequence[str], lists: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for sign, name in (("holds a head", "role_heads"), ("vendor", "vendors"), ("holds a desk", "desks")):
        if any(word in lists[name] for word in words):
            yield sign
    for where, word in (("first", words[0]), ("last", words[-1])):
        yield from (f"{where} {name}" for name in _TELLING if word in lists.get(name, ()))
    if all(word in lists["desks"] for word in words):
        yield "all desk"
    strange = sum(word not in lists["ordinary"] and word not in _SMALL for word in words)
    yield f"strange {min(strange, 2)} of {min(len(words), 3)}"
    if all(word in lists["common"] or word in lists["leave"] for word in words):
        yield "all common"


def _of_person(
    words: Sequence[str], spans: Sequence[Span], lists: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    initial = len(words[0]) == 1 and words[0].isalpha()
    given = len(words) in (2, 3) and (initial or words[0] in lists["given_names"])
    if given and words[-1] not in lists["company_tails"]:
        yield "a person"
    around = {words[0], *(span.before(steps) for span in spans for steps in (1, 2))}
    if not around.isdisjoint(lists["honorifics"]):
        yield "titled"


def _of_word(last: str, known: Known) -> Iterator[str]:
    for name in ("company_tails", "legal_forms", "role_heads", "vendors", "places", "desks"):
        if last in known.lists.get(name, ()):
            yield f"ends {name}"


def _beside_agency(
    key: str, spans: Mapping[str, Sequence[Span]], mine: Sequence[Span], known: Known, *, told: bool
) -> Iterator[str]:
    """Whether a recruiter's firm signs for its client, and which of both it is."""
    agencies = {other for other in spans if known.lists["agency_words"] & set(other.split())}
    signing = any(span.line.zone in (Zone.SIGN, Zone.FOOT) for other in agencies for span in spans[other])
    if key in agencies:
        yield f"agency {'told' if told else 'untold'}"
        yield f"agency beside {any(span.line.zone is Zone.BODY for span in mine)}"
    elif signing or told:
        yield f"beside agency {told} {any(span.line.zone is Zone.BODY for span in mine)}"


def _by_another(spans: Sequence[Span], *, for_others: bool) -> Iterator[str]:
    """Where it stands in a mail that tells what "they" decided: a go-between's own name signs, the firm's is told."""
    if for_others:
        zones = {span.line.zone for span in spans}
        signed = not zones.isdisjoint((Zone.SIGN, Zone.FOOT, Zone.FROM))
        yield f"tells of them {'signed' if signed else ''} {'told' if zones - _SIGNED else ''}"


def _domains(lines: Sequence[Line]) -> list[str]:
    """The telling labels of the addresses in it; those it went to tell nothing."""
    words = (
        word.raw for line in lines if line.zone is not Zone.HEAD for word in line.words if "@" in word.raw
    )
    found = (match.group(1).lower().split(".")[:-1] for word in words if (match := _ADDRESS.search(word)))
    return list(dict.fromkeys(label for labels in found for label in labels if len(label) > 2))


def _parted(domain: str, known: Known) -> str:
    """A label as a name: "fennimore-publishing" or "fennimorepublishing" as "Fennimore Publishing"."""
    if "-" in domain:
        return " ".join(part.capitalize() for part in domain.split("-"))
    tails = known.lists["company_tails"]
    at = next((at for at in range(3, len(domain) - 3) if domain[at:] in tails), None)
    return domain.capitalize() if at is None else f"{domain[:at].capitalize()} {domain[at:].capitalize()}"


def _spells(key: str, domain: str) -> bool:
    plain = re.sub(r"[^a-z0-9]", "", key)
    letters = domain.replace("-", "")
    return len(plain) > 2 and (
        plain == letters or (len(plain) > 4 and (plain in letters or letters in plain))
    )


def _agreeing(key: str, domains: Sequence[str]) -> Iterator[str]:
    plain = re.sub(r"[^a-z0-9]", "", key)
    for domain in domains:
        letters = domain.replace("-", "")
        if plain == letters:
            yield "domain"
        elif len(plain) > 3 and (plain in letters or letters in plain):
            yield "domain in part"
