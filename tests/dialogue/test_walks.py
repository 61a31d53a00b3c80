"""Walks: any events in any state, over the real content and the small one. What must hold after every turn."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.dialogue.buttons import MAX_DATA_BYTES, decode
from bot.dialogue.draft import MAX_DEPTH, MAX_UNDO
from bot.dialogue.effects import Edit, EraseEverything, SaveTo, Say
from bot.dialogue.engine import advance
from bot.dialogue.events import (
    Blocked,
    CheckInDue,
    Chose,
    Event,
    Expired,
    Flooded,
    Grouped,
    Returned,
    SharedKind,
    Started,
    TurnFailed,
)
from bot.dialogue.heard import Heard, HeardKind, as_event
from bot.dialogue.landing import landed
from bot.dialogue.message import Message
from bot.dialogue.reading import Reading
from bot.dialogue.session import Session, Turn
from bot.dialogue.targets import NOTED, TARGETS, fit
from bot.script.load import Content
from bot.script.rehearsal import Rehearsal
from bot.service.decide import clean
from bot.store.codec import dump_session, load_session

START = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
MAX_BUBBLES_A_TURN = 4  # three, and a line on the way to them
MAX_MESSAGE_CHARS = 24_000  # channels cut long texts; a whole vent of 20,000 may be quoted

PLAIN = """
they said no
remind me friday at 6
every evening at nine
tomorrow at 9
in two hours
berlin
i moved to lisbon
31 February at 25:00
they said no. final round acme
5th rejection this month
just got the email from Acme, they went with someone else for the data analyst role after the final round
ghosted for six weeks
i was laid off today
they withdrew the offer
Dear applicant, thank you for your interest. Unfortunately we have decided to move forward with other candidates.
it was Globex not Acme
no | yes | maybe | idk | done | that's it | skip | back | go back please | stop | pause | later | repeat | cancel
start over | help | help me | human | privacy | delete everything | thanks | hi | what are you | i'm 15
0 | 1 | 2 | 3 | 7 | 10 | 11 | -1 | 10/10 | angry | sad and ashamed | angry, sad | all of them
i feel worthless | i want to die | kms | i tried to kill myself last year | my friend is suicidal | i'm fine
say it | write to them | let go | keep | how many so far | can i have all of mine as a file
i got the job! | they invited me to an interview | vent | let me vent
tomorrow at nine | at the library | call sam | if i am tired then i rest | next steps | look back | a win
"""
NASTY = (
    "",
    " ",
    "\u200b",
    "{{ 7*7 }}",
    "{% for a in b %}",
    "<b>bold</b> & co",
    "*x* _y_ `z`",
    "\ud83d",
    "a\0b",
    "\u202eevil\u202c",
    "שלום עולם",
    "²",
    "٣",
    "None",
    "\ue000\ue001",
    "a,b;c/d&e+f and g " * 60,
    "so much to say " * 700,
    "1|rehearse|1|yes",
    "🙂" * 300,
    "/",
    "//x",
    "9" * 400,
)
TEXTS = (*(text.strip() for text in re.split(r"[|\n]", PLAIN.strip())), *NASTY)
COMMANDS = """
/checkins /remind /zone
/start /back /skip /repeat /pause /later /resume /cancel /restart /help /vent /talk /wipe /delete /aside /privacy
/human /sos /next /feedback /nonsense /VENT /vent@onward_bot /done /talk\xa0i\xa0want\xa0to\xa0die
""".split()
FORGED = (
    "",
    "x",
    "1|rehearse|0|yes",
    "1|rehearse|1|done",
    "1|other|1|yes",
    "2|rehearse|1|yes",
    "1|rehearse|²|a",
    "1|rehearse|" + "9" * 60,
    "1|||",
    "a" * 64,
)
JUMPS = (
    timedelta(seconds=2),
    timedelta(minutes=40),
    timedelta(hours=9),
    timedelta(days=21),
    timedelta(seconds=-3),
)
ONCE = (Started, Blocked, Returned, TurnFailed, Flooded, Grouped)
KINDS = (
    ("text",) * 8
    + ("tap",) * 12
    + ("old tap", "forged", "edit", "share", "forward", "once", "jump")
    + ("command",) * 3
    + ("due", "due", "expired")
)

moves = st.tuples(st.sampled_from(KINDS), st.integers(0, 2**16))


class Walk:
    """One person, walking. Every turn is checked, and the next begins from what JSON gave back."""

    def __init__(self, content: Content) -> None:
        self._content, self._script = content, content.script
        self._rehearsal = Rehearsal(content, now=START, zone="Europe/Berlin")
        self._seen: list[str] = []
        self._keys: set[str] = set()

    def go(self, kind: str, pick: int) -> None:
        if kind == "jump":
            self._rehearsal.now += JUMPS[pick % len(JUMPS)]
            return
        event = self._event(kind, pick)
        if event is None:
            return
        before, facts = self._rehearsal.session, self._rehearsal.facts
        again = advance(self._script, before, event, facts)
        if again.looks_up:
            again = advance(self._script, before, event, replace(facts, kept=self._rehearsal.kept))
        self._rehearsal.happen(event)
        turn = self._rehearsal.turns.pop()
        assert turn == again, "the same event gives the same turn"
        self._check(turn)
        self._rehearsal.session = load_session(dump_session(self._rehearsal.session))
        self._rehearsal.now += timedelta(seconds=7)

    def _event(self, kind: str, pick: int) -> Event | None:
        at = self._rehearsal.now
        match kind:
            case "text" | "edit":
                return self._heard(Heard(kind=HeardKind(kind), text=TEXTS[pick % len(TEXTS)]))
            case "command":
                return self._heard(Heard(kind=HeardKind.TEXT, text=COMMANDS[pick % len(COMMANDS)]))
            case "share":
                shared = tuple(SharedKind)[pick % len(SharedKind)]
                return self._heard(Heard(kind=HeardKind.SHARED, shared=shared))
            case "forward":
                text = TEXTS[pick % len(TEXTS)]
                return self._heard(Heard(kind=HeardKind.SHARED, shared=SharedKind.FORWARD, text=text))
            case "tap":
                open_ones = [button.data for button in self._rehearsal.buttons if button.data is not None]
                return Chose(at=at, data=open_ones[pick % len(open_ones)]) if open_ones else None
            case "old tap":
                return Chose(at=at, data=self._seen[pick % len(self._seen)]) if self._seen else None
            case "due":
                return self._due(pick)
            case "forged":
                return Chose(at=at, data=clean(FORGED[pick % len(FORGED)]))
            case "expired":
                return Expired(at=at, key=f"{pick}.0")
            case _:
                return ONCE[pick % len(ONCE)](at=at)

    def _due(self, pick: int) -> Event | None:
        promises = sorted(self._rehearsal.check_ins)
        if not promises:
            return None
        due = self._rehearsal.check_ins.pop(promises[pick % len(promises)])
        self._rehearsal.now = max(self._rehearsal.now, due.due) + JUMPS[pick % 3]
        return CheckInDue(at=self._rehearsal.now, check_in=due)

    def _heard(self, heard: Heard) -> Event | None:
        cleaned = Heard(kind=heard.kind, text=clean(heard.text), shared=heard.shared)
        return as_event(cleaned, self._rehearsal.now, lambda text: reading(self._content, text))

    def _check(self, turn: Turn) -> None:
        says = [effect for effect in turn.effects if isinstance(effect, Say)]
        edits = [effect.message for effect in turn.effects if isinstance(effect, Edit)]
        last = [effect.last for effect in turn.effects if isinstance(effect, EraseEverything)]
        assert says or edits or last or turn.silent, "an answer, or a silence that is meant"
        assert not (says and turn.silent)
        assert len(says) <= MAX_BUBBLES_A_TURN, [say.message.text.plain for say in says]
        for message in [*(say.message for say in says), *edits, *last]:
            self._check_message(message)
        for say in says:
            assert say.key not in self._keys, "a key names one message"
            self._keys.add(say.key)
        self._check_session(turn.session)
        for effect in turn.effects:
            if isinstance(effect, EraseEverything):
                self._keys.clear()  # everything begins anew
            if isinstance(effect, SaveTo) and effect.value is not None:
                name = f"{effect.record.value}.{effect.field}"
                if name in NOTED:
                    assert type(effect.value) is NOTED[name]
                else:
                    assert fit(TARGETS[name].holds, effect.value) is not None

    def _check_message(self, message: Message) -> None:
        plain = message.text.plain
        assert plain.strip(), "no empty bubble"
        own = plain.replace("{{ 7*7 }}", "").replace("{% for a in b %}", "").replace("None of", "")
        own = own.replace("None is fine", "")
        assert not re.search(r"\bNone\b(?!\W*$)|\{\{|\{%|<built-in|Undefined|@end|@return", own), own
        assert len(plain) <= MAX_MESSAGE_CHARS
        for span in message.text.spans:
            assert span.start >= 0
            assert span.length > 0
            assert span.start + span.length <= len(plain)
        for button in (button for row in message.rows for button in row):
            assert button.label.strip()
            assert [button.data, button.url, button.copy].count(None) == 2, "a button does one thing"
            if button.data is not None:
                assert len(button.data.encode()) <= MAX_DATA_BYTES
                assert decode(button.data) is not None
                self._seen.append(button.data)

    def _check_session(self, session: Session) -> None:
        assert load_session(dump_session(session)) == session
        assert landed(self._script, session) is session, "every place and variable is one the script knows"
        assert all(frame.place in self._script.steps for frame in session.stack)
        assert len(session.stack) <= MAX_DEPTH
        assert len(session.undo) <= MAX_UNDO
        visits = [frame.visit for frame in session.stack]
        assert max(visits, default=0) <= session.visit
        if session.stack:
            step = self._script.steps[session.stack[-1].place]
            assert step.ask is not None, "what is open is a question"


@cache
def _readings() -> dict[tuple[int, str], Reading]:
    return {}


def reading(content: Content, text: str) -> Reading:
    """Readings are the same every time, and most of a walk's cost."""
    known, key = _readings(), (id(content), text)
    if key not in known:
        known[key] = content.understanding.read(text, "en")
    return known[key]


def walk(content: Content, path: Sequence[tuple[str, int]]) -> None:
    walker = Walk(content)
    for kind, pick in path:
        walker.go(kind, pick)


def profile(max_examples: int) -> settings:
    return settings(
        max_examples=max_examples,
        phases=(Phase.generate, Phase.shrink),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


SHORT, LONG = 40, 120


@profile(25)
@given(path=st.lists(moves, min_size=SHORT, max_size=SHORT))
def test_any_events_in_any_state_of_the_small_content(small: Content, path: list[tuple[str, int]]) -> None:
    walk(small, path)


@profile(25)
@given(path=st.lists(moves, min_size=SHORT, max_size=SHORT))
def test_any_events_in_any_state_of_the_real_content(real: Content, path: list[tuple[str, int]]) -> None:
    walk(real, path)


@pytest.mark.slow
@profile(
    200 if os.environ.get("ONWARD_LONG") else 60
)  # 24,000 moves, of which at least 20,000 are events; or 7,200
@given(path=st.lists(moves, min_size=LONG, max_size=LONG))
def test_thousands_of_events_in_any_state_of_the_real_content(
    real: Content, path: list[tuple[str, int]]
) -> None:
    walk(real, path)
