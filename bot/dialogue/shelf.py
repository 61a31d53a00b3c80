"""What is kept, listed page by page, opened, corrected and removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.dialogue.context import ENTRY
from bot.dialogue.draft import Draft
from bot.dialogue.effects import CancelCheckIn, Record, Unsave, Value
from bot.dialogue.facts import Kept
from bot.dialogue.flow import Page, Picks
from bot.dialogue.kept import applied, newest_first
from bot.dialogue.promises import promised
from bot.dialogue.proposing import zone_of
from bot.dialogue.targets import TARGETS, fit

PER_PAGE = 5
MAX_LINE_CHARS = 70
RECORDS: Mapping[Picks, Record] = {
    Picks.REJECTIONS: Record.REJECTION,
    Picks.WINS: Record.WIN,
    Picks.LESSONS: Record.LESSON,
    Picks.JOURNAL: Record.JOURNAL,
    Picks.PLANS: Record.PLAN,
}


def on_record(draft: Draft) -> tuple[Kept, ...]:
    """Return everything on record, this turn's changes included; asks for a second run where it isn't at hand."""
    if draft.facts.kept is None:
        draft.looks_up = True
        return ()
    return applied(draft.facts.kept, draft.effects)


def turn_page(draft: Draft, page: Page) -> None:
    now = draft.variables.get("listed.page")
    here = now if isinstance(now, int) else 0
    moved = {Page.FIRST: 0, Page.OLDER: here + 1, Page.NEWER: max(0, here - 1)}
    draft.set("listed.page", moved[page])


def show_list(draft: Draft, picks: Picks) -> None:
    """Put one page of a kind into words, newest first, where a step may speak of it."""
    found = newest_first(on_record(draft), RECORDS[picks])
    last_page = max(0, len(found) - 1) // PER_PAGE
    wanted = draft.variables.get("listed.page")
    page = min(wanted if isinstance(wanted, int) else 0, last_page)
    here = found[page * PER_PAGE : (page + 1) * PER_PAGE]
    start = page * PER_PAGE + 1
    lines = [f"{n}. {_line(draft, each)}" for n, each in enumerate(here, start)]
    draft.set("listed.page", page)
    draft.set("listed.shown", "\n".join(lines))
    draft.set("listed.refs", tuple(str(each.ref) for each in here) or None)
    draft.set("listed.start", start)
    draft.set("listed.count", len(found))
    draft.set("listed.older", page < last_page)
    draft.set("listed.newer", page > 0)


def entries(draft: Draft) -> tuple[tuple[str, str], ...]:
    """Return the entries of the page that is shown: what a button for each carries, and its number."""
    refs, start = draft.variables.get("listed.refs"), draft.variables.get("listed.start")
    if not isinstance(refs, tuple) or not isinstance(start, int):
        return ()
    return tuple((ref, str(n)) for n, ref in enumerate(refs, start))


def open_entry(draft: Draft, picks: Picks, key: str) -> None:
    """Put one entry's fields where a step may speak of them and answers can correct them."""
    record = RECORDS[picks]
    kept = on_record(draft)
    entry = next((each for each in kept if each.record is record and str(each.ref) == key), None)
    draft.set("entry.ref", entry.ref if entry else None)
    draft.set("entry.record", record.value if entry else None)
    shown = _shown(draft, entry, kept) if entry else {}
    for name in ENTRY:
        draft.set(f"entry.{name}", shown.get(name))


def amend(draft: Draft, target_name: str, answer: Value) -> None:
    """Correct a field of the opened entry."""
    target, ref = TARGETS[target_name], draft.variables.get("entry.ref")
    if not isinstance(ref, int):
        return
    value = fit(target.holds, answer)
    if value is None:
        return  # nothing that could stand there was said
    before = next((e for e in on_record(draft) if e.record is target.record and e.ref == ref), None)
    draft.amend(target, ref, value, before.fields.get(target.field) if before else None)
    shown = value
    if target.field == "day" and isinstance(value, str):
        shown = day_in_words(draft, date.fromisoformat(value))
    draft.set(f"entry.{target.field}", shown)


def remove_opened(draft: Draft) -> None:
    """Take the opened entry off the record for good, with what was promised about it."""
    ref, kind = draft.variables.get("entry.ref"), draft.variables.get("entry.record")
    if not isinstance(ref, int) or not isinstance(kind, str):
        return
    record = Record(kind)
    draft.barrier()  # nothing from before may bring it back
    draft.effects.append(Unsave(record=record, ref=ref))
    if draft.refs.get(kind) == ref:
        draft.drop_record(kind)
    for check_in in promised(draft):
        if record in (Record.REJECTION, Record.PLAN) and check_in.ref == ref:
            draft.unpromise(check_in.key)
            draft.effects.append(CancelCheckIn(key=check_in.key))
    draft.set("entry.ref", None)


def return_line(draft: Draft) -> None:
    """Bring out the line they once wrote for such a day; it is brought once."""
    line = draft.facts.waiting_line
    draft.set("waiting.line", line.text if line else None)
    draft.set("waiting.day", day_in_words(draft, _local(draft, line.at)) if line else None)
    if line:
        draft.write(Record.LINE, line.ref, "returned", value=True)


def past_day(draft: Draft, text: str) -> str | None:
    """Return the day a text names, ISO, or None: one that has been, or today."""
    readers = draft.script.readers
    day = readers.past_day(text, draft.at, _zone(draft), draft.locale) if readers else None
    return day.isoformat() if day else None


def day_in_words(draft: Draft, day: date, *, briefly: bool = False) -> str:
    readers = draft.script.readers
    if readers is None:
        return day.isoformat()
    return readers.day(day, draft.at, _zone(draft), draft.locale, briefly=briefly)


def local_day(draft: Draft, entry: Kept) -> date:
    return date.fromisoformat(str(entry.words("day"))) if entry.words("day") else _local(draft, entry.at)


def _local(draft: Draft, at: datetime) -> date:
    return at.astimezone(ZoneInfo(_zone(draft))).date()


def _zone(draft: Draft) -> str:
    return zone_of(draft) or "UTC"


def _line(draft: Draft, entry: Kept) -> str:
    """Put one entry into a line, as the flow's label `line` has it."""
    frame = draft.top
    labels = draft.script.flows[frame.flow].labels if frame else {}
    before = draft.context.get("entry")
    draft.context["entry"] = dict.fromkeys((*ENTRY, "ref", "record")) | _shown(draft, entry, ())
    line = " ".join(draft.words(labels.get("line", {})).split())
    draft.context["entry"] = before
    return line if len(line) <= MAX_LINE_CHARS else line[: MAX_LINE_CHARS - 1] + "…"


def _shown(draft: Draft, entry: Kept, kept: tuple[Kept, ...]) -> dict[str, Value]:
    lessons = [
        each for each in kept if each.record is Record.LESSON and each.number("rejection") == entry.ref
    ]
    own = {name: entry.fields.get(name) for name in ENTRY}
    own["day"] = day_in_words(draft, local_day(draft, entry))
    if entry.record is Record.REJECTION and lessons:
        own["lesson"] = newest_first(lessons, Record.LESSON)[0].words("text")
    if entry.record is Record.PLAN:
        own["outcome"] = entry.words("outcome")
    return own
