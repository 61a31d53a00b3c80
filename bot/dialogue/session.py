"""One person's place in the conversation: a frozen value that survives JSON at every turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.effects import Effect, Value
from bot.dialogue.message import Message

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A place in a flow. `visit` numbers every arrival at a step; buttons and records refer to it.

    `picked` holds the keys ticked so far where several may be chosen; `since` is the UTC moment of arrival.
    A frame that is `pending` has yet to be entered: something more urgent lies over it.
    """

    flow: str
    step: str
    visit: int
    since: datetime
    picked: tuple[str, ...] = ()
    pending: bool = False

    @property
    def place(self) -> str:
        return f"{self.flow}/{self.step}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """How to take one answer back: the stack before it, what variables, refs and promises
    were, the records it made, what it corrected in others (record, ref, field, what it held).
    """

    stack: tuple[Frame, ...]
    variables: Mapping[str, Value] = field(default_factory=dict)
    refs: Mapping[str, int | None] = field(default_factory=dict)
    made: tuple[tuple[str, int], ...] = ()
    promises: Mapping[str, CheckIn | None] = field(default_factory=dict)
    amended: tuple[tuple[str, int, str, Value], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Everything the engine knows of one conversation between turns.

    `id` tells this session's buttons from those of an erased one. `stack` is innermost last; empty means at
    rest. `refs` names the current record of each kind. `heard` maps a line's wordings (`saying.wordings_key`) to how
    often it was said. `buttons` is the key of the message whose buttons are still open, `question` that message.
    `letter` is the key of the message that shows the letter being written. `last_tap` is the data of the last tap that
    was taken, so that a double tap is known as one.
    """

    id: str
    format: int = FORMAT
    turn: int = 0
    visit: int = 0
    stack: tuple[Frame, ...] = ()
    variables: Mapping[str, Value] = field(default_factory=dict)
    refs: Mapping[str, int] = field(default_factory=dict)
    heard: Mapping[str, int] = field(default_factory=dict)
    undo: tuple[Undo, ...] = ()
    misfits: int = 0
    asks: int = 0
    buttons: str | None = None
    question: Message | None = None
    letter: str | None = None
    last_tap: str | None = None
    met: bool = False  # has been greeted once
    blocked: bool = False
    last_at: datetime | None = None

    @property
    def at_rest(self) -> bool:
        return not self.stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one event led to: the next session and the effects, in order.

    `silent`: nothing is said, and that is meant so (listening, a double tap, a block). `advice` names the pieces
    of the catalogue that were given, `visited` the steps that were entered or spoke. `looks_up`: the turn needs
    everything on record, and is to be run again with it (`Facts.kept`); nothing else of it counts.
    """

    session: Session
    effects: tuple[Effect, ...] = ()
    silent: bool = False
    advice: tuple[str, ...] = ()
    visited: tuple[str, ...] = ()
    looks_up: bool = False
