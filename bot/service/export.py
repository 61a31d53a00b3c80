"""What is kept of a person as files: a page to read on a phone, and JSON shaped as docs/export.schema.json says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.dialogue.effects import Record
from bot.store.kept import Kept
from bot.store.outbox import Kind
from bot.store.tables import check_ins, outbox, records

PAGE, DATA = "text/html", "application/json"
FORMAT = 1
_TEMPLATE = Path(__file__).with_name("export.html.j2")
_OWN = {table.name for table in records.values()}
_READABLE = (check_ins.name, *sorted(_OWN))
_ORDER = (
    "people",
    "rejections",
    "lessons",
    "wins",
    "plans",
    "letters",
    "journal",
    "moods",
    "exercises",
    "lines",
)


def as_data(kept: Kept, made_at: datetime) -> bytes:
    """Return everything kept as JSON."""
    whole = {"format": FORMAT, "made_at": made_at.astimezone(UTC).isoformat(), "kept": _without_itself(kept)}
    return json.dumps(whole, ensure_ascii=False, indent=2).encode()


def as_page(kept: Kept, words: Mapping[str, str], made_at: datetime) -> bytes:
    """Return everything kept as an HTML page, without scripts or links.

    `words` names its parts (`content/flows/export.yaml`). What is for reading comes first; the rest stands as it is
    stored. Slow the first time: call it in a thread.
    """
    kept = _without_itself(kept)
    zone = _zone(kept)
    names = sorted((name for name in kept if name in _READABLE), key=_place)
    sections = [
        {"title": words.get(f"t-{name}", name), "cards": [_card(row, words, zone) for row in kept[name]]}
        for name in names
        if kept[name]
    ]
    rest = {name: rows for name, rows in kept.items() if name not in _OWN and rows}
    page = _template().render(
        words=words,
        made_at=_moment(made_at, zone),
        sections=sections,
        rest=json.dumps(rest, ensure_ascii=False, indent=2),
    )
    return bytes(page.encode())


def _without_itself(kept: Kept) -> Kept:
    """Leave out the rows that stand for the very files being made."""
    own = {Kind.PAGE.value, Kind.DATA.value}
    return {**kept, outbox.name: [row for row in kept[outbox.name] if row["kind"] not in own]}


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - only this needs it, and seldom

    return Environment(autoescape=True, undefined=StrictUndefined).from_string(_TEMPLATE.read_text("utf-8"))


def _place(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)


def _card(row: Mapping[str, Any], words: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    at, fields = row.get("at") or row.get("due"), row.get("data")
    if not isinstance(fields, dict):
        promise = (row.get("payload") or {}).get("check_in") or {}
        fields = {"kind": row.get("kind"), "words": promise.get("words")}
    lines = [
        (words.get(f"f-{name}", name), _said(value, words)) for name, value in fields.items() if _says(value)
    ]
    return {"at": _moment(datetime.fromisoformat(at), zone) if at else "", "lines": lines}


def _says(value: Any) -> bool:
    return value is not None and value not in ("", [])


def _said(value: Any, words: Mapping[str, str]) -> str:
    match value:
        case bool():
            return words["yes" if value else "no"]
        case str():
            return words.get(f"v-{value}", value)
        case list():
            return ", ".join(_said(each, words) for each in value)
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")


def _zone(kept: Kept) -> ZoneInfo:
    named: Iterable[Any] = (row["data"].get("zone") for row in kept[records[Record.PERSON].name])
    try:
        return ZoneInfo(next((name for name in named if isinstance(name, str)), "UTC"))
    except (ValueError, OSError):
        return ZoneInfo("UTC")
