"""Sessions saved at every step of every flow go on, or land kindly, in each of fifty edited scripts.

Each edit is met by every eighth of the sessions, each session by some edits;
with `ONWARD_LONG=1` every edit by every session.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from bot.dialogue.buttons import decode
from bot.dialogue.draft import Draft
from bot.dialogue.effects import Edit as Edited
from bot.dialogue.effects import EraseEverything, Say
from bot.dialogue.engine import advance
from bot.dialogue.events import Chose, Commanded, Event, Started, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.flow import Script
from bot.dialogue.landing import landed, name_now
from bot.dialogue.reading import NOTHING_READ, Intent, Reading
from bot.dialogue.session import Frame, Session, Turn
from bot.dialogue.walk import enter
from bot.script import compile as compiling
from bot.script import said
from bot.script.compile import ReadFlow, compile_script
from bot.script.diagnostics import Code, Severity
from bot.script.documents import FlowDocument
from bot.script.lint import check_flows
from bot.script.published import check_published, published_now
from bot.store.codec import dump_session, load_session
from tests.real_content import real_content
from tests.script.edited_scripts import EDITS, Flows

AT = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
FACTS = Facts(zone="Europe/Berlin")
MAX_BUBBLES = 4
EACH = 1 if os.environ.get("ONWARD_LONG") else 8
NOT_TOLD = {"a step deleted that nobody told of", "a flow deleted that nobody told of"}
ASIDES = ("anytime/moved-on", "anytime/old-button")


@cache
def saved() -> tuple[tuple[str, bytes], ...]:
    """A session at every step that asks, as it is stored; with an aside over every third of them."""
    script = real_content().script
    places = [place for place, step in script.steps.items() if step.ask is not None]
    return tuple(
        (place, dump_session(_at(script, place, aside=n % 3 == 0))) for n, place in enumerate(places)
    )


def _at(script: Script, place: str, *, aside: bool) -> Session:
    held = {name: ("some words",) for name, kind in script.variables.items() if kind == "texts"}
    held |= {"rejection.company": "Acme", "rejection.stage": "final", "person.zone": "Europe/Berlin"}
    before = Session(id="s", met=True, variables=held, refs={"rejection": 1, "letter": 1}, visit=5)
    draft = Draft(script, before, FACTS, AT)
    draft.remember()
    enter(draft, place)
    session = draft.finish().session
    if (
        not session.stack or session.stack[-1].place != place
    ):  # it leads on at once from here: put there by hand
        flow, _, step = place.partition("/")
        session = replace(session, stack=(Frame(flow=flow, step=step, visit=session.visit, since=AT),))
    if aside and session.stack[-1].flow not in ("privacy", "safety"):
        session = advance(script, session, _command("privacy"), FACTS).session
    return session


@cache
def _written() -> bytes:
    """The flows as they are written, to be edited: unpacking them takes less than a deep copy."""
    return pickle.dumps({flow.document.flow: flow.source.data for flow in real_content().flows})


def edited(name: str) -> tuple[Script, tuple[ReadFlow, ...]]:
    """The real script after one edit."""
    real = real_content()
    before: Flows = {flow.document.flow: flow.source.data for flow in real.flows}  # type: ignore[misc]
    after: Flows = pickle.loads(_written())
    EDITS[name](after)
    sources = {flow.document.flow: flow for flow in real.flows}
    flows = tuple(
        sources[flow]
        if before.get(flow) == document and list(before[flow]["steps"]) == list(document["steps"])
        else ReadFlow(
            source=sources.get(flow, real.flows[0]).source, document=FlowDocument.model_validate(document)
        )
        for flow, document in after.items()
    )
    script = compile_script(flows)
    parts = ("readers", "helplines", "tongues", "reviews", "languages", "phrases", "letters")
    return replace(script, **{part: getattr(real.script, part) for part in parts}), flows


@pytest.fixture(scope="module", autouse=True)
def _texts_compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((said, "Template"), (said, "Condition"), (compiling, "Condition")):
            patch.setattr(module, name, cache(getattr(module, name)))
        yield


def test_there_are_fifty_edits_and_a_session_at_every_step_that_asks() -> None:
    asking = {place for place, step in real_content().script.steps.items() if step.ask is not None}
    assert len(EDITS) == 50
    assert {place for place, _ in saved()} == asking


@pytest.mark.slow
@pytest.mark.parametrize("name", EDITS)
def test_an_author_may_publish_the_edited_script(name: str, tmp_path: Path) -> None:
    """The edits are such as `onward check` lets pass; where nobody told where people go on, it is told."""
    _, flows = edited(name)
    (tmp_path / "published.lock").write_text(
        published_now(tmp_path, real_content().flows)[0], encoding="utf-8"
    )
    found = [*check_flows(flows, thoroughly=False), *check_published(tmp_path, flows)]
    errors = {each.code for each in found if each.severity is Severity.ERROR}
    assert errors == ({Code.STEP_GONE} if name in NOT_TOLD else set()), [
        str(each) for each in found if each.severity is Severity.ERROR
    ][:5]


@pytest.mark.slow
@pytest.mark.parametrize("name", EDITS)
def test_every_saved_session_goes_on_or_lands_kindly(name: str) -> None:
    script, _ = edited(name)
    first = list(EDITS).index(name) % EACH
    for n, (place, stored) in list(enumerate(saved()))[first::EACH]:
        session = load_session(stored)
        for event in _events(session, n):
            try:
                turn = advance(script, session, event, FACTS)
                turn = replace(turn, session=load_session(dump_session(turn.session)))
                _check(script, session, event, turn)
                if isinstance(event, Wrote):
                    _check(script, turn.session, *_then(script, turn.session))
            except Exception as error:
                error.add_note(f"{name}: at {place}, {type(event).__name__}")
                raise


def _events(session: Session, n: int) -> Iterator[Event]:
    """What they may do next: tap what is shown, write, and one of the moves and commands in turn."""
    rows = session.question.rows if session.question else ()
    buttons = [button.data for row in rows for button in row if button.data]
    if buttons:
        yield Chose(at=AT, data=buttons[n % len(buttons)])
    yield Wrote(at=AT, text="it went quiet after that", reading=NOTHING_READ)
    others: tuple[Event, ...] = (
        *(_command(command) for command in ("back", "skip", "repeat", "cancel", "pause", "vent")),
        Wrote(at=AT, text="done", reading=Reading(intents=(Intent.DONE,))),
        Started(at=AT),
    )
    yield others[n % len(others)]


def _command(name: str) -> Commanded:
    return Commanded(at=AT, command=name, argument="", reading=NOTHING_READ)


def _then(script: Script, session: Session) -> tuple[Event, Turn]:
    event = Wrote(at=AT, text="ok", reading=Reading(intents=(Intent.OK,)))
    return event, advance(script, session, event, FACTS)


def _check(script: Script, before: Session, event: Event, turn: Turn) -> None:
    says = [effect for effect in turn.effects if isinstance(effect, Say)]
    heard = [effect for effect in turn.effects if isinstance(effect, Say | Edited | EraseEverything)]
    assert heard or turn.silent or turn.looks_up, "an answer, or a silence that is meant"
    assert len(says) <= MAX_BUBBLES, [say.message.text.plain for say in says]
    assert all(say.message.text.plain.strip() for say in says)
    after = turn.session
    assert load_session(dump_session(after)) == after
    if turn.looks_up:
        return
    assert landed(script, after).stack == after.stack, "it stands in the script of now"
    assert not after.stack or script.steps[after.stack[-1].place].ask is not None, (
        "what is open is a question"
    )
    if before.stack and isinstance(event, Chose):
        _check_tap(script, before, event, turn)


def _check_tap(script: Script, before: Session, event: Chose, turn: Turn) -> None:
    """Where the question goes on, a button that it still has is its answer; where it is gone, that is said."""
    tap, place = decode(event.data), name_now(script, before.stack[-1].place)
    step = script.steps[place] if place is not None else None
    if step is None or step.ask is None:
        assert ASIDES[1] in turn.visited or _said(script, turn, ASIDES[1]), turn.visited
        return
    keys = {choice.key for choice in step.ask.choices} - ({"none-of-them"} if step.ask.several else set())
    if tap is not None and tap.choice in keys:
        assert not _said(script, turn, ASIDES[1]), "a button that is still there"


def _said(script: Script, turn: Turn, place: str) -> bool:
    words = {
        text.source for line in script.steps[place].say for case in line.cases for text in case.variants["en"]
    }
    return any(isinstance(effect, Say) and effect.message.text.plain in words for effect in turn.effects)
