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
        return Diagnostic(
            path=self.flow.source.path,
            line=self.flow.source.line_of((*self.key_path, *keys)),
            code=code,
            message=f"{self.id}: {message}",
            remedy=remedy,
            severity=severity,
        )
