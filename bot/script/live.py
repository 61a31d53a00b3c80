"""The content as its files stand: read again when one changes, and as it was before while it has faults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.script.diagnostics import Diagnostic
from bot.script.load import Content, check_content
from bot.script.understood import Kept

_Stamp = tuple[tuple[str, int, int], ...]


@dataclass(slots=True, kw_only=True)
class LiveContent:
    """`content` is the last that could be used; `findings` are of the files as they stand now."""

    folder: Path
    content: Content
    findings: tuple[Diagnostic, ...] = ()
    kept: Kept = field(default_factory=Kept)
    _stamp: _Stamp = ()  # not looked at yet: the first look tells what `content` was loaded in spite of

    def refresh(self, today: date) -> bool:
        """Read the files again if any changed; return whether one did. Blocks."""
        stamp = _stamp_of(self.folder)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        content, self.findings = check_content(self.folder, today=today, kept=self.kept)
        if content is not None:
            self.content = content
        return True

    def lines(self, path: str) -> Sequence[str] | None:
        """Return the lines of a file of the content, `path` being below its folder; None for anything else."""
        file = (self.folder / path).resolve()
        if not file.is_relative_to(self.folder.resolve()) or not file.is_file():
            return None
        return file.read_text(encoding="utf-8", errors="replace").splitlines()


def _stamp_of(folder: Path) -> _Stamp:
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            status = path.stat()
        except OSError:  # gone between the listing and the look: the next look will tell
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)
