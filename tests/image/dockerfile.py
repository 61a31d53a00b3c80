"""Reading a Dockerfile and a .dockerignore, as far as ours go."""

from __future__ import annotations

import fnmatch
import json
import shlex
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, its continuation lines joined: `line` is where it begins."""

    line: int
    name: str
    rest: str

    def words(self) -> list[str]:
        """The words of CMD or HEALTHCHECK's JSON form, or of any other by the shell's rules."""
        _, bracket, listed = self.rest.partition("[")
        return json.loads(bracket + listed) if bracket else shlex.split(self.rest)


def instructions(text: str) -> list[Instruction]:
    found: list[Instruction] = []
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        whole = line
        while whole.endswith("\\"):
            whole = whole[:-1] + next(lines)[1]
        name, _, rest = whole.strip().partition(" ")
        found.append(Instruction(number, name.upper(), rest.strip()))
    return found


def let_through(folder: Path, ignore: str) -> list[Path]:
    """Return the files below `folder` that reach a builder, relative to it. The last pattern that fits decides."""
    patterns = [line for line in ignore.splitlines() if line and not line.startswith("#")]
    begins = {pattern[1:] for pattern in patterns if pattern.startswith("!")}
    within = [folder / name for name in sorted(begins) if (folder / name).exists()]
    files = [
        path for each in within for path in ([each] if each.is_file() else each.rglob("*")) if path.is_file()
    ]
    return [path.relative_to(folder) for path in files if not _ignored(path.relative_to(folder), patterns)]


def _ignored(path: Path, patterns: list[str]) -> bool:
    verdict = False
    for pattern in patterns:
        wanted = pattern.removeprefix("!").removeprefix("**/")
        anywhere = pattern.startswith("**/")
        parts = path.parts if anywhere else path.parts[:1]
        if any(fnmatch.fnmatch(part, wanted) for part in parts):
            verdict = not pattern.startswith("!")
    return verdict
