"""The catalogue of advice, and a shortest conversation that reaches each piece: searched for, with the real engine."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import yaml

from bot.dialogue.effects import Record
from bot.dialogue.facts import Kept
from bot.dialogue.session import Session
from bot.script.catalogue import CATALOGUE
from bot.script.conditions import ANY_TIME, CONDITIONS, Told
from bot.script.load import Content
from bot.script.rehearsal import Rehearsal

_AT = datetime(2026, 3, 2, 17, 10, tzinfo=UTC)
_MOST_LINES = 16
_SCALE = ("6",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a piece is reached: what the person writes or taps, and the steps that give it there."""

    lines: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    lines: tuple[str, ...]
    keys: tuple[str, ...]
    session: Session
    kept: tuple[Kept, ...]
    now: datetime


class BrokenCondition(ValueError):
    """A piece was given where the catalogue forbids it. The message has the conversation."""


def find_advice(content: Content, lives: Path, *, turns: int = 0) -> dict[str, Way]:
    """Return a shortest way to every piece that can be reached. Raises `BrokenCondition`.

    Every button of every question is tried, from every beginning in `lives` and from every command: shortest first,
    and no place twice in the same circumstances. It ends when all are found, and goes on for as many `turns` as are
    asked for, to see the conditions kept.
    """
    rehearsal = Rehearsal(content, now=_AT, zone="Europe/Berlin")
    found: dict[str, Way] = {}
    waiting: list[tuple[int, int, _Place, str, str]] = []
    number, seen = count(), set[object]()
    start = _Place(lines=(), keys=(), session=rehearsal.session, kept=(), now=_AT)
    for life in _beginnings(content, lives):
        here = start
        for line in life[:-1]:
            here, _ = _after(rehearsal, here, line, "", found)
        heapq.heappush(waiting, (len(life), next(number), here, life[-1], ""))
    while waiting and (len(found) < len(CATALOGUE) or turns > 0):
        turns -= 1
        length, _, here, line, key = heapq.heappop(waiting)
        there, turned = _after(rehearsal, here, line, key, found)
        if length >= _MOST_LINES or turned in seen or not there.session.stack:
            continue
        seen.add(turned)
        for label, choice in _moves(rehearsal, there):
            heapq.heappush(waiting, (length + 1, next(number), there, label, choice))
    return found


def told(content: Content, found: Mapping[str, Way]) -> str:
    """Return the list as lines: the piece, its steps, and the conversation."""
    steps = _tagged(content)
    lines = []
    for name in CATALOGUE:
        way = found.get(name)
        talk = " · ".join(way.lines) if way else "not reached"
        lines.append(f"{name} ({_when(name)}) → {', '.join(steps.get(name, ()))} → {talk}\n")
    return "".join(lines)


def advice_page(content: Content, found: Mapping[str, Way]) -> str:
    """Return docs/advice.md."""
    steps = _tagged(content)
    rows = [
        f"| `{name}` | {_when(name)} | {', '.join(f'`{step}`' for step in steps.get(name, ()))} | "
        f"{' · '.join(found[name].lines) if name in found else 'not reached'} |\n"
        for name in CATALOGUE
    ]
    return _HEAD + "".join(rows)


_HEAD = """# Where each piece of advice is met

Made by `onward check --advice --table`: it plays the real content with the real engine from the beginnings in
`content/editorial/lives.yaml`, tries every button, and prints a shortest conversation that reaches each piece (what is
in square brackets is tapped). It fails where a piece is given against its conditions, such as `not-personal` against
reported bias.

| piece | when | steps that give it | a shortest conversation |
|---|---|---|---|
"""


def _when(name: str) -> str:
    return CONDITIONS[name].when if name in CONDITIONS else ANY_TIME


def _tagged(content: Content) -> dict[str, list[str]]:
    tagged: dict[str, list[str]] = {}
    for place, step in content.script.steps.items():
        of_lines = [name for line in step.say for name in (*line.advice, *_of_cases(line.cases))]
        for name in dict.fromkeys((*step.advice, *of_lines)):
            tagged.setdefault(name, []).append(place)
    return tagged


def _of_cases(cases: tuple[object, ...]) -> Iterator[str]:
    for case in cases:
        yield from getattr(case, "advice", ())


def _beginnings(content: Content, lives: Path) -> Iterator[tuple[str, ...]]:
    yield from ((f"/{command}",) for command in content.script.commands)
    read = yaml.safe_load(lives.read_text(encoding="utf-8"))
    yield from (tuple(map(str, life)) for life in read["lives"])


def _after(
    rehearsal: Rehearsal, here: _Place, line: str, key: str, found: dict[str, Way]
) -> tuple[_Place, object]:
    """Play one line from a place; note what it gave. Returns where it led, and what tells that place from others."""
    rehearsal.session, rehearsal.kept, rehearsal.now = (
        here.session,
        here.kept,
        here.now + timedelta(seconds=40),
    )
    rehearsal.check_ins.clear()
    if line.startswith("["):
        rehearsal.tap(line[1:-1])
    else:
        rehearsal.write(line)
    turn = rehearsal.turns.pop()
    lines, keys = (*here.lines, line), (*here.keys, key)
    session = rehearsal.session
    for name in turn.advice:
        condition = CONDITIONS.get(name)
        noes = sum(each.record is Record.REJECTION for each in rehearsal.kept)
        told = Told(known=session.variables, keys=keys, lines=lines, noes=noes)
        if condition is not None and not condition.holds(told):
            raise BrokenCondition(f"{name} is for {condition.when}, and was given here: {' · '.join(lines)}")
        found.setdefault(name, Way(lines=lines, steps=tuple(frame.place for frame in session.stack)))
    there = _Place(lines=lines, keys=keys, session=session, kept=rehearsal.kept, now=rehearsal.now)
    spaces = ("rejection.", "acknowledge.", "pattern.")
    so_far = sorted((n, v) for n, v in session.variables.items() if n.startswith(spaces))
    places = tuple(frame.place for frame in session.stack)
    return there, (places, repr(so_far), len(rehearsal.kept) > 2)


def _moves(rehearsal: Rehearsal, here: _Place) -> list[tuple[str, str]]:
    """Return every button of the open question, with its key, and the way past it; of a scale, one number."""
    rehearsal.session = here.session
    # A button that copies leads nowhere.
    tappable = [(button.label, button.data) for button in rehearsal.buttons if button.data]
    buttons = [(label, data.rpartition("|")[2]) for label, data in tappable]
    if {"0", "10"} <= {label for label, _ in buttons}:
        buttons = [each for each in buttons if each[0] in _SCALE or not each[0].isdigit()]
    return [*((f"[{label}]", key) for label, key in buttons), ("/skip", "skip")]
