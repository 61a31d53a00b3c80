"""Fit the weights a firm's and a post's name are chosen by: `make weigh` writes content/weighing/en.names.fitted.yaml.

The likelihood of the right name among all that a mail offers, the empty one included, with weight decay; the order of
learning is settled by a seed. The file is fitted from every mail; the tests fit weights without the third held out.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.understanding import Understanding
from bot.understanding.choosing import weight
from bot.understanding.firm_signs import firms_in
from bot.understanding.name_signs import Candidate
from bot.understanding.post_signs import posts_in
from tests.understanding.measure_mails import CONTENT, Mail

TARGET = CONTENT / "weighing" / "en.names.fitted.yaml"
ROUNDS, SEED, PACE, DECAY = 12, 1, 0.15, 1e-2
_LEGAL_FORMS = frozenset(
    "sp z oo sro "
    "inc ltd limited llc llp lp plc corp co gmbh ag kg se sa sas sarl bv nv ab oy as aps pvt pte pty".split()
)
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
        company, role = mail.get("company") or "", mail.get("role") or ""
        firms, posts = firms_in(source, known), posts_in(source, known, company)
        found["firms"].append((firms, [_same_firm(each.name, company) for each in firms]))
        found["posts"].append((posts, [_same_post(each.name, role) for each in posts]))
    return {name: [each for each in given if any(each[1])] for name, given in found.items()}


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
    weights: dict[str, float] = {}
    slopes: dict[str, float] = {}
    order, chance = list(given), random.Random(SEED)
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for candidates, right in order:
            for sign, off in _slope(candidates, right, weights).items():
                if seen[sign] < MIN_SEEN:
                    continue
                slope = off + DECAY * weights.get(sign, 0.0)
                slopes[sign] = slopes.get(sign, 0.1) + slope * slope
                weights[sign] = weights.get(sign, 0.0) - PACE * slope / math.sqrt(slopes[sign])
    return {sign: each for sign, each in weights.items() if abs(each) >= MIN_WEIGHT}


def _slope(
    candidates: Sequence[Candidate], right: Sequence[bool], weights: Mapping[str, float]
) -> dict[str, float]:
    sums = [weight(each, weights) for each in candidates]
    grown = [math.exp(each - max(sums)) for each in sums]
    well = math.fsum(each for each, is_right in zip(grown, right, strict=True) if is_right)
    found: dict[str, float] = {}
    for candidate, each, is_right in zip(candidates, grown, right, strict=True):
        off = each / sum(grown) - (each / well if is_right else 0.0)
        if abs(off) >= MIN_SLOPE:
            for sign in candidate.signs:
                found[sign] = found.get(sign, 0.0) + off
    return found


def written(weights: Mapping[str, Mapping[str, float]]) -> str:
    """The file: a line for each sign."""
    lines = [_HEAD]  # JSON's quotes are YAML's too
    for part, each in weights.items():
        lines.append(f"{part}:\n")
        ordered = sorted(each.items(), key=lambda item: (-abs(item[1]), item[0]))
        lines += [f"  {json.dumps(sign, ensure_ascii=False)}: {number:.2f}\n" for sign, number in ordered]
    return "".join(lines)


def write(understanding: Understanding, mails: Iterable[Mail]) -> None:
    weights = {name: fitted(given) for name, given in choices(understanding, mails).items()}
    TARGET.write_text(written(weights), encoding="utf-8")
