"""Scripted faults: what the next calls of a method run into."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    FLOOD = "flood"  # 429 with retry_after
    ERROR = "error"  # a JSON error of `code` and `description`
    BAD_GATEWAY = "bad_gateway"  # 502 with a page of HTML
    GARBAGE = "garbage"  # 200, and not JSON
    RESET = "reset"  # the connection is reset, nothing was done
    LOST_ANSWER = "lost_answer"  # done, and then the connection is reset
    SILENCE = "silence"  # nothing is done and nothing answered
    SLOW_ANSWER = "slow_answer"  # done, and never answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`retry_after` in seconds."""

    kind: FaultKind
    code: int = 500
    description: str = "Internal Server Error"
    retry_after: int = 1


@dataclass(slots=True)
class Faults:
    """Faults waiting for their call: by method ("*" for any) and, if wanted, by chat."""

    _waiting: list[list] = field(default_factory=list)

    def add(
        self, method: str, fault: Fault, *, times: int = 1, skip: int = 0, chat: int | None = None
    ) -> None:
        """Let `skip` calls of `method` through, then fail the next `times`."""
        self._waiting.append([method.lower(), chat, fault, times, skip])

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, method: str, chat: object) -> Fault | None:
        for waiting in self._waiting:
            name, only, fault, _, skip = waiting
            if name in ("*", method) and (only is None or str(only) == str(chat)):
                if skip:
                    waiting[4] -= 1
                    return None
                waiting[3] -= 1
                if waiting[3] <= 0:
                    self._waiting.remove(waiting)
                return fault
        return None
