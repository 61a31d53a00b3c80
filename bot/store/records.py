"""What a conversation keeps: saved answers, and the facts that later turns need of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import BindParameter, bindparam, delete, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.effects import Record, SaveTo, Unsave, Value
from bot.dialogue.facts import Facts, PastRejection
from bot.dialogue.reading import Kind, Outcome, Stage
from bot.store import check_ins
from bot.store.cipher import Envelope
from bot.store.codec import dump_data, load_data
from bot.store.database import insert
from bot.store.tables import records

REJECTIONS_KNOWN = 10  # as many as Facts holds

_IN_FACTS = (Record.PERSON, Record.REJECTION, Record.PLAN, Record.WIN, Record.LESSON)
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_ALL = union_all(
    *(
        select(
            literal(record.value).label("record"),
            records[record].c.conversation_id,
            records[record].c.ref,
            records[record].c.at,
            records[record].c.data,
        ).where(records[record].c.conversation_id.in_(_IDS))
        for record in _IN_FACTS
    )
)
_REFS = union_all(
    *(
        select(func.max(table.c.ref)).where(table.c.conversation_id == bindparam("of"))
        for table in records.values()
    )
)

Change = tuple[int, SaveTo | Unsave]
_Key = tuple[int, int]
_T = TypeVar("_T", bound=StrEnum)


@dataclass(slots=True)
class _Kept:
    at: datetime
    data: dict[str, Value]


async def save(connection: AsyncConnection, changes: Sequence[Change]) -> None:
    """Apply (conversation id, change) in order: a field set again replaces what it held."""
    by_record: dict[Record, list[Change]] = defaultdict(list)
    for change in changes:
        by_record[change[1].record].append(change)
    for record, of_one in by_record.items():
        await _save(connection, record, of_one)


async def load_facts(connection: AsyncConnection, places: Mapping[int, str]) -> dict[int, Facts]:
    """Read the facts of conversations from their records. `places` maps each id to its locale."""
    kept: dict[int, list[Any]] = {conversation_id: [] for conversation_id in places}
    for row in await connection.execute(_ALL, {"ids": list(places)}):
        kept[row.conversation_id].append(row)
    promised = await check_ins.load(connection, places)
    return {
        each: replace(_facts(rows, places[each]), check_ins=promised.get(each, ()))
        for each, rows in kept.items()
    }


async def highest_ref(connection: AsyncConnection, conversation_id: int) -> int:
    """Return the highest visit number any record of the conversation carries, or 0."""
    found = (await connection.execute(_REFS, {"of": conversation_id})).scalars()
    return max((ref for ref in found if ref is not None), default=0)


async def _save(connection: AsyncConnection, record: Record, changes: Sequence[Change]) -> None:
    kept = await _load(connection, record, changes)
    removed: set[_Key] = set()
    for conversation_id, change in changes:
        key = (conversation_id, change.ref)
        match change:
            case SaveTo():
                removed.discard(key)
                _set(kept, key, change)
            case Unsave():
                removed.add(key)
                kept.pop(key, None)
    await _remove(connection, record, removed)
    await _write(connection, record, {key: kept[key] for key in _touched(changes) if key in kept})


def _set(kept: dict[_Key, _Kept], key: _Key, change: SaveTo) -> None:
    into = kept.setdefault(key, _Kept(change.at, {}))
    if change.value is None:
        into.data.pop(change.field, None)
    else:
        into.data[change.field] = change.value


def _touched(changes: Iterable[Change]) -> list[_Key]:
    # One order everywhere, so that two writers never wait for each other.
    return sorted({(conversation_id, change.ref) for conversation_id, change in changes})


async def _load(connection: AsyncConnection, record: Record, changes: Sequence[Change]) -> dict[_Key, _Kept]:
    table, touched = records[record], _touched(changes)
    query = select(table.c.conversation_id, table.c.ref, table.c.at, table.c.data).where(
        table.c.conversation_id.in_({each for each, _ in touched}),
        table.c.ref.in_({ref for _, ref in touched}),
    )
    return {
        (row.conversation_id, row.ref): _Kept(row.at, load_data(row.data.open()))
        for row in await connection.execute(query)
    }


async def _write(connection: AsyncConnection, record: Record, kept: Mapping[_Key, _Kept]) -> None:
    if not kept:
        return
    statement = insert(connection)(records[record])
    replacing = statement.on_conflict_do_update(
        index_elements=["conversation_id", "ref"], set_={"data": statement.excluded.data}
    )
    rows = [
        {"conversation_id": conversation_id, "ref": ref, "at": each.at, "data": dump_data(each.data)}
        for (conversation_id, ref), each in kept.items()
    ]
    await connection.execute(replacing, rows)


async def _remove(connection: AsyncConnection, record: Record, keys: Iterable[_Key]) -> None:
    table = records[record]
    statement = delete(table).where(
        table.c.conversation_id == bindparam("of"), table.c.ref == bindparam("number")
    )
    rows = [{"of": conversation_id, "number": ref} for conversation_id, ref in keys]
    if rows:
        await connection.execute(statement, rows)


def _facts(rows: Iterable[Any], locale: str) -> Facts:
    by_record: dict[Record, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.at, row.ref), reverse=True):
        by_record[Record(row.record)].append(row)
    person: dict[str, Value] = {}
    for row in reversed(by_record[Record.PERSON]):
        person.update(load_data(row.data.open()))
    rejections, wins, lessons = (by_record[each] for each in (Record.REJECTION, Record.WIN, Record.LESSON))
    return Facts(
        locale=_words(person.get("locale")) or locale,
        name=_words(person.get("name")),
        zone=_words(person.get("zone")),
        country=_words(person.get("country")),
        quiet=_words(person.get("quiet")),
        tempo=_words(person.get("tempo")),
        trusted=_words(person.get("trusted")),
        signs=_words(person.get("signs")),
        helps=_words(person.get("helps")),
        who=_words(person.get("who")),
        rejection_count=len(rejections),
        rejections=tuple(_past(row) for row in rejections[:REJECTIONS_KNOWN]),
        win_count=len(wins),
        last_win=_newest(wins, "text"),
        lesson_count=len(lessons),
        last_lesson=_newest(lessons, "text"),
        last_plan=_newest(by_record[Record.PLAN], "what"),
    )


def _past(row: Any) -> PastRejection:
    data = load_data(row.data.open())
    return PastRejection(
        ref=row.ref,
        at=row.at,
        company=_words(data.get("company")),
        role=_words(data.get("role")),
        kind=_one_of(Kind, data.get("kind")),
        stage=_one_of(Stage, data.get("stage")),
        outcome=_one_of(Outcome, data.get("outcome")),
    )


def _newest(rows: Sequence[Any], field: str) -> str | None:
    data: Envelope | None = rows[0].data if rows else None
    return None if data is None else _words(load_data(data.open()).get(field))


def _words(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _one_of(kind: type[_T], value: Value) -> _T | None:
    return next((member for member in kind if member.value == value), None)
