"""What pydantic finds wrong with a file's shape, as findings with their place."""

from __future__ import annotations

from pydantic import ValidationError

from bot.script.diagnostics import Code, Diagnostic
from bot.script.source import KeyPath, Source


def shape_faults(source: Source, error: ValidationError) -> list[Diagnostic]:
    """One finding a place: where a value may be a text or more, the finding inside the more says what is meant."""
    by_place: dict[KeyPath, tuple[str, str]] = {}
    for each in error.errors(include_url=False, include_input=False):
        keys = _keys_of(source, tuple(each["loc"]), missing=each["type"] == "missing")
        by_place.setdefault(keys, (each["type"], each["msg"]))
    deepest = [
        place
        for place in by_place
        if not any(other != place and other[: len(place)] == place for other in by_place)
    ]
    return [_shape_fault(source, place, *by_place[place]) for place in deepest]


def _keys_of(source: Source, loc: tuple[int | str, ...], *, missing: bool) -> KeyPath:
    """Pydantic's path has the names of the tried alternatives in it; only what stands in the file is a key."""
    keys: KeyPath = ()
    for part in loc:
        if (*keys, part) in source.lines:
            keys = (*keys, part)
    return (*keys, loc[-1]) if missing else keys


def _shape_fault(source: Source, keys: KeyPath, kind: str, message: str) -> Diagnostic:
    where = ".".join(map(str, keys)) or "the file"
    remedy = "Compare it with docs/writing-content.md."
    if kind == "extra_forbidden":
        message, remedy = "isn't a key that belongs here", "Check its spelling and indentation, or remove it."
    elif kind == "missing":
        message, remedy = "is missing", "Add it."
    elif kind == "string_too_short":
        message = "is empty"
        remedy = "Say something; a comma or colon inside a text in braces needs quotes around it."
    return Diagnostic(
        path=source.path,
        line=source.line_of(keys),
        code=Code.SHAPE,
        message=f"`{where}` {message.removeprefix('Value error, ')}.",
        remedy=remedy,
    )
