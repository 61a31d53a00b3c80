"""Pasted e-mails: what is a no and what isn't, from whom, for what, how far; and what in it is more than stock.

Each mail's half is chosen by a hash of its name: `held` ones were only counted while patterns were mended.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.reading import Outcome, Reading, Risk
from bot.understanding import Understanding
from tests.understanding.conftest import yaml

Read = Callable[[str], Reading]
Mail = dict[str, Any]

NOES = {Outcome.REJECTED, Outcome.WITHDRAWN}
HALVES = ("tuned", "held")


def _half(mail: Mail) -> str:
    return "held" if hashlib.sha256(mail["id"].encode()).digest()[0] % 2 == 0 else "tuned"


MAILS: list[Mail] = [
    mail for path in sorted((Path(__file__).parent / "mails").glob("*.yaml")) for mail in yaml(path)
]


def _of(half: str) -> list[Mail]:
    return [mail for mail in MAILS if _half(mail) == half]


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found)


def test_names_of_mails_are_their_own() -> None:
    assert len({mail["id"] for mail in MAILS}) == len(MAILS)


@pytest.mark.parametrize("half", HALVES)
def test_a_no_is_told_from_what_is_none(half: str, read: Read) -> None:
    def right(mail: Mail) -> bool:
        said = read(mail["text"]).rejection
        return (said.pasted and said.outcome in NOES) == (mail["outcome"] in NOES)

    assert _share(map(right, _of(half))) >= 0.97


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("key", ["company", "role"])
def test_company_and_role_are_taken(key: str, half: str, read: Read) -> None:
    mails = [mail for mail in _of(half) if mail["outcome"] != "none"]
    found = [(getattr(read(mail["text"]).rejection, key) or "", mail.get(key) or "") for mail in mails]
    assert _share(got.lower() == wanted.lower() for got, wanted in found) >= 0.85


@pytest.mark.parametrize("half", HALVES)
def test_the_stage_is_right_or_left_open(half: str, read: Read) -> None:
    mails = [mail for mail in _of(half) if mail["outcome"] != "none"]
    found = [(read(mail["text"]).rejection.stage, mail.get("stage") or None) for mail in mails]
    assert _share(got in (wanted, None) for got, wanted in found) >= 0.95
    assert _share(got == wanted for got, wanted in found if wanted) >= 0.7


def test_no_mail_is_danger_by_itself(read: Read) -> None:
    assert [mail["id"] for mail in MAILS if read(mail["text"]).risk is not Risk.NONE] == []


@pytest.mark.parametrize("half", HALVES)
def test_every_no_that_is_seen_has_a_line_that_can_be_explained(half: str, read: Read) -> None:
    readings = [read(mail["text"]) for mail in _of(half) if mail["outcome"] in NOES]
    assert _share(bool(r.phrases) for r in readings if r.rejection.outcome in NOES) >= 0.99


def test_what_is_no_letter_of_refusal_has_no_phrases_to_explain(read: Read) -> None:
    for mail in MAILS:
        reading = read(mail["text"])
        assert not reading.phrases or reading.rejection.outcome in NOES, mail["id"]


def test_danger_beside_a_mail_is_danger(read: Read) -> None:
    letter = next(mail for mail in MAILS if mail["id"] == "ats-greenhouse")["text"]
    for text in (f"i want to die\n\n{letter}", f"{letter}\n\ni want to die", f"{letter} i want to die"):
        assert read(text).risk is Risk.CRISIS, text


def test_the_same_mail_quoted_and_wrapped_reads_the_same(read: Read) -> None:
    letter = (
        "Dear Ana,\n\nWe regret to inform you that we have decided to move forward with another candidate.\n\n"
        "Best,\nJo"
    )
    quoted = (
        "On Tue, Jo wrote:\n> Dear Ana,\n>\n> We regret to inform you that we have decided to move\n"
        "> forward with another candidate.\n>\n> Best,\n> Jo"
    )
    assert read(quoted).phrases == read(letter).phrases
    assert read(letter).phrases[0].quote == (
        "We regret to inform you that we have decided to move forward with another candidate"
    )


BOMBS = {
    "tags": "<div " * 4_000,
    "open tags": "<a" * 10_000,
    "quotes": "> " * 10_000,
    "wraps": ("x" * 50 + "\n") * 400,
    "headers": "From: a\n" * 2_500,
    "greetings": "Dear Ana,\n" * 2_000,
    "closings": "Kind regards,\n" * 1_400,
    "addresses": "a@b." * 5_000,
    "links": "https://" * 2_500,
    "entities": "&nbsp;" * 3_300,
    "one mail after another": "Dear Ana,\nwe regret that you were not selected for a role at Acme.\n" * 280,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_a_mail_of_twenty_thousand_characters_is_read_in_a_moment(
    text: str, understanding: Understanding, process_seconds: Callable[[Callable[[], object]], float]
) -> None:
    understanding.read(text[:200], "en")
    assert process_seconds(lambda: understanding.read(text[:20_000], "en")) < 1.5
