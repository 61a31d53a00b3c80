"""Checking the same content again and again, quickly: what unchanged files and texts came to is remembered."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot.script import (
    editorial,
    formats,
    helplines,
    languages,
    letters,
    lint_texts,
    lint_translations,
    load,
    phrases,
    readers,
    reviews,
    source,
    tongues,
    translations,
    understood,
)

_READERS = (
    editorial,
    formats,
    letters,
    load,
    helplines,
    languages,
    phrases,
    readers,
    reviews,
    tongues,
    translations,
    understood,
)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember, while many mutants are checked, what unchanged files and texts came to."""
    with ExitStack() as patches:
        for module in (lint_texts, lint_translations):
            for name in ("Template", "Condition", "names_in"):
                if hasattr(module, name):
                    patches.enter_context(patch.object(module, name, _once(getattr(module, name))))
        read = _by_bytes(source.read_source, lambda path: [path])
        for module in _READERS:
            patches.enter_context(patch.object(module, "read_source", read))
        patches.enter_context(patch.object(load, "read_letters", _by_bytes(load.read_letters, _below)))
        times = _afresh(_by_bytes(readers._read_lexicons, _below))
        patches.enter_context(patch.object(readers, "_read_lexicons", times))
        patches.enter_context(patch.object(lint_texts, "check_flow", _flow_by_flow(lint_texts.check_flow)))
        yield


def _once(function: Callable[..., Any]) -> Callable[..., Any]:
    return functools.lru_cache(maxsize=60_000)(function)


def _below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _by_bytes(function: Callable[..., Any], files: Callable[[Path], list[Path]]) -> Callable[..., Any]:
    known: dict[object, Any] = {}

    def remembered(path: Path, **more: Any) -> Any:
        read = tuple((str(each), each.read_bytes()) for each in files(path) if each.is_file())
        key = (str(path), read, repr(sorted(more.items())))
        if key not in known:
            known[key] = function(path, **more)
        return known[key]

    return remembered


def _afresh(function: Callable[..., Any]) -> Callable[..., Any]:
    """What was read is shared; the list of findings, which its caller adds to, is not."""

    def remembered(folder: Path) -> Any:
        lexicons, found = function(folder)
        return dict(lexicons), list(found)

    return remembered


def _flow_by_flow(function: Callable[..., Any]) -> Callable[..., Any]:
    """A flow's texts are judged by themselves and by the names that all flows declare."""
    known: dict[object, list[Any]] = {}

    def remembered(checker: Any, flow: Any) -> list[Any]:
        names = (frozenset(checker._types.items()), checker._never_says, checker._thoroughly)
        key = (flow.source.path, flow.source.path.read_bytes(), names)
        if key not in known:
            known[key] = list(function(checker, flow))
        return known[key]

    return remembered
