"""A step in its file, and a finding about it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.script.compile import ReadFlow
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.documents import StepDocument
from bot.script.source import KeyPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One step in its file."""

    flow: ReadFlow
    name: str
    document: StepDocument

    @property
    def id(self) -> str:
        return f"{self.flow.document.flow}/{self.name}"

    @property
    def key_path(self) -> KeyPath:
        return ("steps", self.name)

    def fault(
        self, code: Code, message: str, remedy: str, *keys: str | int, severity: Severity = Severity.ERROR
    ) -> Diagnostic:
        at = (*self.key_path, *keys)
        return fault_in(self.flow, code, f"{self.id}: {message}", remedy, *at, severity=severity)


def fault_in(
    flow: ReadFlow,
    code: Code,
    message: str,
    remedy: str,
    *keys: str | int,
    severity: Severity = Severity.ERROR,
) -> Diagnostic:
    """Return a finding about what stands at `keys` of a flow's file."""
    return Diagnostic(
        path=flow.source.path,
        line=flow.source.line_of(keys),
        code=code,
        message=message,
        remedy=remedy,
        severity=severity,
    )


def places_of(flows: tuple[ReadFlow, ...]) -> dict[str, Place]:
    """Return every step by its "flow/step"."""
    return {
        place.id: place
        for flow in flows
        for name, document in flow.document.steps.items()
        for place in [Place(flow=flow, name=name, document=document)]
    }
