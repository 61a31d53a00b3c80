"""What is said, in neutral text. Channels format it: Telegram by entities, a terminal by escape codes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SpanKind(StrEnum):
    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"
    PRE = "pre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A formatted stretch of a text; `start` and `length` count code points."""

    kind: SpanKind
    start: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    plain: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button: exactly one of `data` (sent back on a tap), `url` and `copy` (put on the clipboard) is set."""

    label: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    text: Text
    rows: tuple[tuple[Button, ...], ...] = ()
