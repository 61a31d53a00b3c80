"""What is wrong with a `.env` file, line by line."""

from __future__ import annotations

import difflib
import io
from collections.abc import Collection, Iterator
from pathlib import Path

from dotenv.parser import parse_stream

_NEARLY = 0.87  # "TELEGRAM_TOKEN"; another program's names are further off


def faults_of_file(path: Path | None, known: Collection[str]) -> Iterator[str]:
    """Yield what pydantic-settings would pass over: lines it can't read, and names a letter away from a `known` one."""
    if path is None or not path.exists():
        return
    if not path.is_file():
        yield f"{path} is not a file. Make it a text file as .env.example is one, or remove it."
        return
    try:
        lines = list(parse_stream(io.StringIO(path.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError):
        yield f"{path} can't be read. Make it a UTF-8 text file you may read."
        return
    for line in lines:
        number = line.original.line
        if line.error or (line.key in known and line.value is None):
            yield f"{path}, line {number}, is no setting. Write NAME=value, and close what is quoted."
        elif line.key and line.key not in known:
            meant = difflib.get_close_matches(line.key, known, n=1, cutoff=_NEARLY)
            if meant:
                yield f"{path}, line {number}: there is no {line.key}. Did you mean {meant[0]}?"
