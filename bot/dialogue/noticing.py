"""Facts taken in passing: what a text says of the rejection fills what isn't known yet, so it is never asked."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.draft import Draft
from bot.dialogue.effects import Value
from bot.dialogue.reading import Intent, Outcome, Reading

SUBJECTS = (Outcome.REJECTED, Outcome.GHOSTED, Outcome.WITHDRAWN, Outcome.LAID_OFF)


def notice(draft: Draft, reading: Reading, *, correct: bool = False) -> bool:
    """Fill the open rejection's empty fields from `reading`; with `correct`, the full ones too.

    Returns whether anything was new.
    """
    changed = False
    if reading.rejection.outcome in (Outcome.INVITED, Outcome.OFFERED):
        return False  # that is about something else, and good news
    if Intent.UNDERAGE in reading.intents:
        return False  # of somebody under 18 nothing is kept
    for name, value in _read_fields(reading):
        known = draft.variables.get(name)
        if value is not None and value != known and (known is None or correct):
            draft.save(name, value, draft.refs.get("rejection", draft.visit))
            changed = True
    return changed


def begin_if_told(draft: Draft, reading: Reading) -> None:
    """Begin a record when a text tells of a rejection and none is open: "write to Globex, final round"."""
    read = reading.rejection
    ours = read.outcome is None or read.outcome in SUBJECTS
    if Intent.UNDERAGE in reading.intents:
        return
    if "rejection" not in draft.refs and ours and (read.company or read.role or read.stage):
        draft.visit += 1
        draft.begin("rejection", draft.visit)
        notice(draft, reading)


def another_rejection(draft: Draft) -> bool:
    """Whether what was just read is about another one than the record that is open."""
    read = draft.reading.rejection
    known = (draft.variables.get("rejection.company"), draft.variables.get("rejection.role"))
    return any(
        told and before and told.casefold() != str(before).casefold()
        for told, before in zip((read.company, read.role if read.pasted else None), known, strict=True)
    )


def _read_fields(reading: Reading) -> Iterator[tuple[str, Value]]:
    read = reading.rejection
    yield "rejection.company", read.company
    yield "rejection.role", read.role
    yield "rejection.stage", read.stage.value if read.stage else None
    yield "rejection.outcome", read.outcome.value if read.outcome in SUBJECTS else None
    yield "rejection.kind", read.kind.value if read.kind else None
    yield "rejection.count", read.count
    yield "rejection.feelings", tuple(feeling.value for feeling in reading.feelings) or None
