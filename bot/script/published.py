"""Content changes under people in mid-conversation: every step ever published, and where one goes on that is gone.

`published.lock` is written by `onward publish`, and only grows. Where a step that is gone goes on stands in the flows:
`was:` (it has another name now) and `instead_of:` (this one took over), of a step or of a whole flow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.dialogue.flow import Flow, Script, Step
from bot.dialogue.landing import name_now, taken_over
from bot.script.compile import ReadFlow, moves_of
from bot.script.diagnostics import BrokenContent, Code, Diagnostic, Severity
from bot.script.place import fault_in

LOCK = "published.lock"
_NAMED = 4  # how many a finding names
_HEAD = """\
# Every step that was ever published, one a line. Written by `onward publish`; a line is never taken away: somebody may
# still stand there. A step that is gone is named by `was:` or `instead_of:` where its people go on.
"""


def check_published(folder: Path, flows: tuple[ReadFlow, ...]) -> Iterator[Diagnostic]:
    """Yield the published steps that strand people, names that mislead, and what is not published yet."""
    yield from _check_names(flows)
    lock = folder / LOCK
    if not lock.exists():
        return
    try:
        script, published = _outline(flows), dict(_lines(lock))
    except BrokenContent as unreadable:
        yield from unreadable.diagnostics
        return
    for place, number in published.items():
        if name_now(script, place) is None and taken_over(script, place) is None:
            yield _stranded(lock, number, place)
    new = [place for place in script.steps if place not in published]
    if new:
        yield _unpublished(lock, new)


def published_now(folder: Path, flows: tuple[ReadFlow, ...]) -> tuple[str, int]:
    """Return the text of `published.lock` with every step of now added, and how many are new."""
    before, now = {place for place, _ in _lines(folder / LOCK)}, set(_outline(flows).steps)
    return _HEAD + "".join(f"{place}\n" for place in sorted(before | now)), len(now - before)


def _lines(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each published step with its line. Raises `BrokenContent` when the file can't be read."""
    if not path.exists():
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        message, remedy = (
            "This file can't be read as UTF-8 text.",
            "Take back what was done to it; it only grows.",
        )
        fault = Diagnostic(path=path, line=0, code=Code.YAML, message=message, remedy=remedy)
        raise BrokenContent((fault,)) from None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield line.strip(), number


def _outline(flows: tuple[ReadFlow, ...]) -> Script:
    """The script's places alone: where somebody goes on is asked as the engine asks it."""
    places = [f"{flow.document.flow}/{name}" for flow in flows for name in flow.document.steps]
    was, instead_of = moves_of(flows)
    empty: Mapping[str, str] = {}
    return Script(
        flows={flow.document.flow: Flow(id=flow.document.flow, first=flow.first) for flow in flows},
        steps={place: Step(place=place) for place in places},
        commands=empty,
        intents={},
        words=empty,
        blank={},
        variables=empty,
        was=was,
        instead_of=instead_of,
    )


def _check_names(flows: tuple[ReadFlow, ...]) -> Iterator[Diagnostic]:
    there = {f"{flow.document.flow}/{name}" for flow in flows for name in flow.document.steps}
    there |= {flow.document.flow for flow in flows}
    taken: set[str] = set()
    for flow in flows:
        document = flow.document
        for old, key, n in _listed(document.was, document.instead_of):
            yield from _check_name(flow, old, there, taken, key, n)
        for name, step in document.steps.items():
            for old, key, n in _listed(step.was, step.instead_of):
                full = old if "/" in old else f"{document.flow}/{old}"
                yield from _check_name(flow, full, there, taken, "steps", name, key, n)


def _listed(was: list[str], instead_of: list[str]) -> Iterator[tuple[str, str, int]]:
    for key, names in (("was", was), ("instead_of", instead_of)):
        for n, name in enumerate(names):
            yield name, key, n


def _check_name(
    flow: ReadFlow, old: str, there: set[str], taken: set[str], *keys: str | int
) -> Iterator[Diagnostic]:
    if old in there:
        message = f"`{old}` is still there, so nobody goes on elsewhere."
        yield fault_in(flow, Code.BAD_LANDING, message, "Take the name away here, or remove it there.", *keys)
    elif old in taken:
        message = f"Those who stood at `{old}` can go on in one place only, and another is named as well."
        yield fault_in(flow, Code.BAD_LANDING, message, "Keep one of the two.", *keys)
    taken.add(old)


def _stranded(path: Path, number: int, place: str) -> Diagnostic:
    step = place.partition("/")[2]
    return Diagnostic(
        path=path,
        line=number,
        code=Code.STEP_GONE,
        message=f"`{place}` was published and is gone: whoever stands there would be stranded.",
        remedy=f"Renamed: `was: [{step}]` in the step it is now. Gone: `instead_of: [{place}]` where they go on.",
    )


def _unpublished(path: Path, places: list[str]) -> Diagnostic:
    more = ", …" if len(places) > _NAMED else ""
    return Diagnostic(
        path=path,
        line=0,
        code=Code.UNPUBLISHED,
        message=f"{len(places)} steps are not published yet: {', '.join(places[:_NAMED])}{more}.",
        remedy="Run `onward publish` before people meet them, and keep the file with the content.",
        severity=Severity.WARNING,
    )
