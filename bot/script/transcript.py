"""Transcripts: readable chats that are replayed and compared exactly.

@ 2026-03-02 18:10 Europe/Berlin es   the clock, where the person is and their language (both may be left out)
> they said no. final round acme      what they write; `> [Label]` taps a button, `> (voice)` shares something
Onward: Ouch. …   [Say it] [Leave it]
~ +1d                                 time passes (s, m, h, d), and what was promised comes at its moment
# a remark
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from typing import NoReturn
from zoneinfo import ZoneInfo

from bot.dialogue.effects import Effect
from bot.dialogue.events import SharedKind
from bot.dialogue.flow import DEFAULT_LOCALE
from bot.dialogue.heard import Heard, HeardKind
from bot.script.load import Content
from bot.script.rehearsal import NoSuchButton, Rehearsal, shown

START = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class BadTranscript(ValueError):
    """A line that can't be played. The message says which and why."""


class CannotGoOn(BadTranscript):
    """A chat that stops at a line. `mended` is brought up to date as far as it plays, its line `line_now` the one
    where somebody has to say what the person does now.
    """

    def __init__(self, line: int, why: str, lines: list[str], rest: list[str]) -> None:
        super().__init__(f"line {line}: {why}")
        played = "\n".join(lines).splitlines()
        self.mended = "\n".join([*played, *rest]) + "\n"
        self.line_now, self.why = len(played) + 1, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A transcript as it plays now, and the steps it visited."""

    text: str
    visited: frozenset[str]


class Player:
    """Plays a transcript line by line. `visited` are the steps entered, or spoken, so far."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self.rehearsal = Rehearsal(content, now=START)
        self.visited: set[str] = set()

    def play(self, line: str) -> list[str]:
        """Play one line, written or moving the clock; return what follows it. Raises `BadTranscript`."""
        before = len(self.rehearsal.turns)
        try:
            followed = self._play(line)
        except NoSuchButton as error:
            raise BadTranscript(str(error)) from None
        self.visited.update(place for turn in self.rehearsal.turns[before:] for place in turn.visited)
        return followed

    def _play(self, line: str) -> list[str]:
        if line.startswith("@ "):
            self.rehearsal = _at(self._content, line[2:])
            return []
        if line.startswith("~ "):
            return _came(self.rehearsal, _span(line[2:]))
        if line.startswith("> "):
            said = shown(_said(self.rehearsal, line[2:]))
            return said + _came(self.rehearsal, timedelta(seconds=20))
        if line and not line.startswith("#"):
            _refuse("begins with none of `>`, `@`, `~`, `#`, `Onward:`")
        return []


def play(content: Content, transcript: str) -> Played:
    """Replay a transcript's inputs and return the whole as it reads now. Raises `CannotGoOn`."""
    player = Player(content)
    lines: list[str] = []
    for number, line in inputs_of(transcript):
        try:
            lines += [line, *player.play(line)]
        except BadTranscript as error:
            rest = transcript.splitlines()[number - 1 :]
            raise CannotGoOn(number, str(error), lines, rest) from None
    return Played(text="\n".join(lines) + "\n", visited=frozenset(player.visited))


def inputs_of(transcript: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a transcript that aren't what Onward says, with their numbers."""
    for number, line in enumerate(transcript.splitlines(), start=1):
        if not line.startswith(("Onward", "    ", "(")):
            yield number, line


def unvisited(content: Content, visited: frozenset[str]) -> list[str]:
    """Return the steps that no transcript visited, in the order of the script."""
    return [place for place in content.script.steps if place not in visited]


def _came(rehearsal: Rehearsal, span: timedelta) -> list[str]:
    """Return what came by itself while time passed, each under its local moment."""
    lines: list[str] = []
    for at, effects in rehearsal.wait(span):
        if said := shown(effects):
            lines += [f"(it is {at.astimezone(ZoneInfo(rehearsal.zone)):%Y-%m-%d %H:%M})", *said]
    return lines


def _refuse(why: str) -> NoReturn:
    raise BadTranscript(why)


def _at(content: Content, line: str) -> Rehearsal:
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d)(?: (\S*[A-Z]\S*))?(?: ([a-z]{2,3}))?", line.strip())
    if found is None:
        raise BadTranscript("a clock line reads `@ 2026-03-02 18:10 Europe/Berlin`")
    local = datetime.fromisoformat(found[1]).replace(tzinfo=ZoneInfo(found[2]) if found[2] else UTC)
    return Rehearsal(content, now=local.astimezone(UTC), zone=found[2], locale=found[3] or DEFAULT_LOCALE)


def _span(line: str) -> timedelta:
    found = re.fullmatch(r"\+(\d+)([smhd])", line.strip())
    if found is None:
        raise BadTranscript("time passes as `~ +30m`, `+8h` or `+1d`")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _said(rehearsal: Rehearsal, line: str) -> tuple[Effect, ...]:
    if tapped := re.fullmatch(r"\[(.+)\]", line):
        return rehearsal.tap(tapped[1])
    if shared := re.fullmatch(r"\((\w+)\)", line):
        if shared[1] not in set(SharedKind):
            raise BadTranscript(
                f"nothing called `{shared[1]}` can be shared; there are: {', '.join(SharedKind)}"
            )
        return rehearsal.hear(Heard(kind=HeardKind.SHARED, shared=SharedKind(shared[1])))
    if edited := re.fullmatch(r"\(edits\) (.+)", line):
        return rehearsal.hear(Heard(kind=HeardKind.EDIT, text=edited[1]))
    return rehearsal.write(line.replace("\\n", "\n"))


def difference(name: str, before: str, now: str) -> str:
    """Return how a transcript reads differently now, as a unified diff."""
    lines = unified_diff(
        before.splitlines(), now.splitlines(), f"{name} (as kept)", f"{name} (now)", lineterm=""
    )
    return "\n".join(lines)
