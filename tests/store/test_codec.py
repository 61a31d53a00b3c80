from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.session import FORMAT, Frame, Session, Undo
from bot.store.codec import dump_session, load_session, upcast
from bot.store.errors import SessionUnreadable

SAMPLES = Path(__file__).parent / "samples"

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
moments = st.datetimes(timezones=st.just(UTC))
counts = st.integers(0, 10**9)
values = st.one_of(
    words, st.integers(-(10**12), 10**12), st.booleans(), st.lists(words).map(tuple), st.none()
)
frames = st.builds(
    Frame, flow=words, step=words, visit=counts, since=moments, picked=st.lists(words, max_size=3).map(tuple)
)
stacks = st.lists(frames, max_size=3).map(tuple)
undos = st.builds(
    Undo,
    stack=stacks,
    variables=st.dictionaries(words, values, max_size=3),
    refs=st.dictionaries(words, st.none() | counts, max_size=3),
    made=st.lists(st.tuples(words, counts), max_size=3).map(tuple),
)
sessions = st.builds(
    Session,
    id=words,
    turn=counts,
    visit=counts,
    stack=stacks,
    variables=st.dictionaries(words, values, max_size=5),
    refs=st.dictionaries(words, counts, max_size=3),
    heard=st.dictionaries(words, counts, max_size=3),
    undo=st.lists(undos, max_size=3).map(tuple),
    misfits=counts,
    asks=counts,
    buttons=st.none() | words,
    met=st.booleans(),
    blocked=st.booleans(),
    last_at=st.none() | moments,
)


@settings(max_examples=200, deadline=None)
@given(sessions)
def test_a_session_survives_json(session: Session) -> None:
    again = load_session(dump_session(session))
    assert again == session
    # == takes True for 1; the kinds must survive too.
    assert [type(value) for value in again.variables.values()] == [
        type(each) for each in session.variables.values()
    ]


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("session-*.json")), ids=lambda path: path.stem)
def test_every_format_ever_stored_can_still_be_read(sample: Path) -> None:
    session = load_session(sample.read_bytes())
    assert session.format == FORMAT
    assert session.stack[0].since == datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
    assert session.variables["feelings"] == ("anger", "shame")
    assert session.undo[0].made == (("mood", 9),)


def test_there_is_a_sample_of_every_format() -> None:
    assert {path.stem for path in SAMPLES.glob("session-*.json")} >= {
        f"session-{n}" for n in range(1, FORMAT + 1)
    }


def test_old_formats_are_brought_up_to_date_step_by_step() -> None:
    steps: dict[int, Any] = {1: lambda raw: {**raw, "b": raw["a"]}, 2: lambda raw: {**raw, "c": raw["b"] + 1}}
    assert upcast({"format": 1, "a": 1}, steps, 3) == {"format": 3, "a": 1, "b": 1, "c": 2}


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not json", id="no-json"),
        pytest.param(b"[]", id="no-object"),
        pytest.param(json.dumps({"id": "secret words", "format": FORMAT + 1}).encode(), id="newer-version"),
        pytest.param(json.dumps({"id": "secret words", "format": 0}).encode(), id="no-way-from-there"),
        pytest.param(b'{"id":"secret words","format":1,"stack":7}', id="wrong-shape"),
        pytest.param(b'{"id":"secret words","format":"x"}', id="format-no-number"),
    ],
)
def test_an_unreadable_session_is_a_typed_error_without_its_words(stored: bytes) -> None:
    with pytest.raises(SessionUnreadable) as fault:
        load_session(stored)
    assert "secret words" not in str(fault.value)
    assert fault.value.__cause__ is None
