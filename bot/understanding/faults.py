"""What is wrong in an understanding document, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

Path = tuple[str | int, ...]


class FaultCode(StrEnum):
    SHAPE = "understanding-shape"
    UNKNOWN_KEY = "understanding-unknown-key"
    UNKNOWN_VALUE = "understanding-unknown-value"
    MISSING = "understanding-missing"
    PATTERN = "understanding-pattern"
    DUPLICATE_ID = "understanding-duplicate-id"
    EXAMPLE_MISSED = "understanding-example-missed"
    COUNTER_EXAMPLE_MATCHED = "understanding-counter-example-matched"
    UNUSED = "phrases-unused"
    NO_EXAMPLE = "phrases-no-example"
    OTHER_FAMILY = "phrases-other-family"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One wrong entry. `path` leads to it: locale, then keys and list positions."""

    path: Path
    code: FaultCode
    message: str
    remedy: str


class Faults:
    """Gathers faults while a document is read, so that all are reported at once."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def add(self, path: Path, code: FaultCode, message: str, remedy: str) -> None:
        self._found.append(Fault(path=path, code=code, message=message, remedy=remedy))

    def extend(self, faults: Iterable[Fault]) -> None:
        self._found.extend(faults)

    def as_tuple(self) -> tuple[Fault, ...]:
        return tuple(self._found)
