from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.service.verdicts import Again, Delivered, Dropped, Left, Relocated, Verdict, backoff, judge
from bot.store.cipher import Cipher, Envelope
from bot.store.outbox import Kind, Letter
from bot.store.ports import Gone, Moved, Outcome, Refused, Sent, TryLater, Unsure
from tests.conftest import KEY
from tests.service.stage import START

SAY = Letter(
    id=1,
    conversation_id=1,
    source="telegram:1",
    address=Envelope(b"", Cipher([KEY])),
    kind=Kind.SAY,
    key="k",
    payload=None,
    tries=0,
    unsure=0,
    at=START,
    message_id=None,
)
EDIT = replace(SAY, kind=Kind.EDIT, message_id="7")
EDIT_OF_UNKNOWN = replace(EDIT, message_id=None)
DELETE = replace(SAY, kind=Kind.DELETE, message_id="7")


def again(
    kind: Kind, seconds: float | None, *, tries: int = 0, unsure: int = 0, whole: bool = False
) -> Again:
    until = None if seconds is None else START + timedelta(seconds=seconds)
    return Again(kind=kind, tries=tries, unsure=unsure, until=until, whole=whole)


@pytest.mark.parametrize(
    ("letter", "outcome", "verdict"),
    [
        pytest.param(SAY, Sent(message_id="9"), Delivered(message_id="9"), id="sent"),
        pytest.param(EDIT, Sent(), Delivered(message_id=None), id="edited"),
        pytest.param(EDIT_OF_UNKNOWN, Sent(message_id="9"), Delivered(message_id="9"), id="edited-by-saying"),
        pytest.param(SAY, TryLater(), again(Kind.SAY, 1, tries=1), id="later"),
        pytest.param(replace(SAY, tries=3), TryLater(), again(Kind.SAY, 8, tries=4), id="later-and-later"),
        pytest.param(
            SAY,
            TryLater(after=timedelta(seconds=22.5)),
            again(Kind.SAY, 22.5, tries=1),
            id="later-by-its-own-wait",
        ),
        pytest.param(SAY, TryLater(whole=True), again(Kind.SAY, 4, whole=True), id="all-later"),
        pytest.param(SAY, Unsure(), again(Kind.SAY, 1, unsure=1), id="unsure"),
        pytest.param(
            replace(SAY, unsure=4),
            Unsure(),
            Dropped(reason="no answer came, several times"),
            id="unsure-five-times",
        ),
        pytest.param(replace(EDIT, unsure=4), Unsure(), again(Kind.EDIT, 16, unsure=5), id="unsure-edit"),
        pytest.param(
            replace(DELETE, unsure=4), Unsure(), again(Kind.DELETE, 16, unsure=5), id="unsure-deletion"
        ),
        pytest.param(
            replace(EDIT_OF_UNKNOWN, unsure=4),
            Unsure(),
            Dropped(reason="no answer came, several times"),
            id="unsure-edit-by-saying",
        ),
        pytest.param(SAY, Refused(reason="no"), Dropped(reason="no"), id="refused"),
        pytest.param(
            EDIT, Refused(reason="no"), again(Kind.SAY, None, tries=1), id="an-edit-refused-is-said"
        ),
        pytest.param(DELETE, Refused(reason="no"), Dropped(reason="no"), id="a-deletion-refused"),
        pytest.param(SAY, Gone(), Left(), id="gone"),
        pytest.param(SAY, Moved(to="-100"), Relocated(to="-100"), id="moved"),
    ],
)
def test_what_follows_from_an_outcome(letter: Letter, outcome: Outcome, verdict: Verdict) -> None:
    assert judge(letter, outcome, START, failures=2) == verdict


def test_waits_double_up_to_five_minutes() -> None:
    assert [backoff(tries).total_seconds() for tries in (0, 1, 2, 8, 9, 5_000)] == [1, 2, 4, 256, 300, 300]
