"""Fit the weights a firm's and a post's name are chosen by: `make weigh` writes content/weighing/en.names.fitted.yaml.

The likelihood of the right name among all that a mail offers, the empty one included, with weight decay; the order of
learning is settled by a seed. The file is fitted from every mail; the tests fit weights without the third held out.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.understanding import Understanding
from bot.understanding.firm_signs import firms_in
from bot.understanding.name_signs import Candidate, Known
from bot.understanding.post_signs import posts_in
from tests.understanding.measure_mails import CONTENT, Mail

TARGET = CONTENT / "weighing" / "en.names.fitted.yaml"
ROUNDS, SEED, PACE, DECAY = 15, 1, 0.15, 3e-3
_LEGAL_FORMS = frozenset(
    "sp z oo sro "
    "inc ltd limited llc llp lp plc corp co gmbh ag kg se sa sas sarl bv nv ab oy as aps pvt pte pty".split()
)
# What stands behind a title and is part of it; and what isn't.
_TAILS = (
    *(
        " (Private Client)",
        " (Nights)",
        " (Older Adults)",
        " (Motor)",
        " (Pastry)",
        " (EMEA)",
        " (Seasonal)",
        " (junior)",
    ),
    *(" (Early Years)", " (manual)", " (KS2)", " (Go)", " (Commercial Property)", " (evenings)", " (Maths)"),
    *(", Payments", ", Theatre", ", Private Equity", ", Oncology"),
    *(" - Signalling", " – Civil", " - South", " - Enterprise", " - Retail"),
)
_NO_TAILS = (
    *(" (REQ-20931)", " (full-time)", " (m/f/d)", " (Ref. 4471)", " (part time, 20 hours)", " (fixed term)"),
    *(" - Ref 88213", " - Remote", " - application update", " - 12 months"),
)
_TAILED = re.compile(r"[(,–—/]| - ")
MIN_SEEN, MIN_WEIGHT, MIN_SLOPE = 2, 0.03, 1e-4
_HEAD = """\
# Fitted by `make weigh`, never by hand: what stands about a name in a mail -> its weight for being the one asked for.
# `before`, `after`, `led` and `then` are the words around it, `in` and `whole` where it stands; the weightiest first.
"""

Choice = tuple[Sequence[Candidate], Sequence[bool]]  # what a mail offers, and which of it is right


def choices(understanding: Understanding, mails: Iterable[Mail]) -> dict[str, list[Choice]]:
    """For each of "firms" and "posts": what mails offer. A mail that offers nothing right teaches nothing."""
    found: dict[str, list[Choice]] = {"firms": [], "posts": []}
    for mail in mails:
        if mail["outcome"] == "none":
            continue
        source, known = understanding.named(mail["text"], "en")
        company = mail.get("company") or ""
        firms = firms_in(source, known)
        found["firms"].append((firms, [_same_firm(each.name, company) for each in firms]))
        found["posts"].append(_of_posts(mail, source, known))
        if (lent := _lent(mail)) is not None:
            found["posts"].append(_of_posts(lent, *understanding.named(lent["text"], "en")))
    return {name: [each for each in given if any(each[1])] for name, given in found.items()}


def _of_posts(mail: Mail, source: str, known: Known) -> Choice:
    posts = posts_in(source, known, mail.get("company") or "")
    return posts, [_same_post(each.name, mail.get("role") or "") for each in posts]


def _lent(mail: Mail) -> Mail | None:
    """The same mail with more behind its title, which few mails have; the name of the mail settles what."""
    role = mail.get("role") or ""
    bare = re.compile(rf"(?<!\w){re.escape(role)}(?!\w|\s?[(,–—/-])", re.IGNORECASE)
    said = mail["text"].lower().count(role.lower())
    if not role or _TAILED.search(role) or not said or len(bare.findall(mail["text"])) != said:
        return None
    at = hashlib.sha256(mail["id"].encode()).digest()[1] % len(_TAILS + _NO_TAILS)
    tail = (_TAILS + _NO_TAILS)[at]
    text = bare.sub(lambda title: title.group() + tail, mail["text"])
    return {**mail, "text": text, "role": role + tail if tail in _TAILS else role}


def _same_firm(said: str | None, label: str | None) -> bool:
    """Whether both are one name to learn from: "Acme" and "The Acme Ltd.", but not "Acme Hospital"."""
    return _firm(said) == _firm(label)


def _firm(name: str | None) -> list[str]:
    words = (name or "").lower().replace("’", "'").replace(".", "").replace(",", " ").split()
    words = words[1:] if len(words) > 1 and words[0] == "the" else words
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return words


def _same_post(said: str | None, label: str | None) -> bool:
    return (said or "").lower().split() == (label or "").lower().split()


def fitted(given: Sequence[Choice]) -> dict[str, float]:
    """The weights that tell the right names; always the same for the same choices."""
    seen = Counter(sign for each, _ in given for sign in {sign for one in each for sign in one.signs})
    places = {sign: at for at, sign in enumerate(sign for sign, count in seen.items() if count >= MIN_SEEN)}
    order = [
        ([[places[s] for s in one.signs if s in places] for one in each], right) for each, right in given
    ]
    weights, slopes = [0.0] * len(places), [0.1] * len(places)
    chance = random.Random(SEED)
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for signs, right in order:
            for at, off in _slope(signs, right, weights).items():
                slope = off + DECAY * weights[at]
                slopes[at] += slope * slope
                weights[at] -= PACE * slope / math.sqrt(slopes[at])
    return {sign: weights[at] for sign, at in places.items() if abs(weights[at]) >= MIN_WEIGHT}


def _slope(
    signs: Sequence[Sequence[int]], right: Sequence[bool], weights: Sequence[float]
) -> dict[int, float]:
    sums = [math.fsum(weights[at] for at in each) for each in signs]
    grown = [math.exp(each - max(sums)) for each in sums]
    total, well = (
        math.fsum(grown),
        math.fsum(each for each, is_right in zip(grown, right, strict=True) if is_right),
    )
    found: dict[int, float] = {}
    for mine, each, is_right in zip(signs, grown, right, strict=True):
        off = each / total - (each / well if is_right else 0.0)
        if abs(off) >= MIN_SLOPE:
            for at in mine:
                found[at] = found.get(at, 0.0) + off
    return found


def written(weights: Mapping[str, Mapping[str, float]], head: str = _HEAD) -> str:
    """The file: a line for each sign."""
    lines = [head]  # JSON's quotes are YAML's too
    for part, each in weights.items():
        lines.append(f"{part}:\n")
        ordered = sorted(each.items(), key=lambda item: (-abs(item[1]), item[0]))
        lines += [f"  {json.dumps(sign, ensure_ascii=False)}: {number:.2f}\n" for sign, number in ordered]
    return "".join(lines)


def write(understanding: Understanding, mails: Iterable[Mail]) -> None:
    weights = {name: fitted(given) for name, given in choices(understanding, mails).items()}
    TARGET.write_text(written(weights), encoding="utf-8")
