"""What a conversation keeps: saved answers, and the facts that later turns need of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    cast,
    delete,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.effects import Record, SaveTo, Unsave, Value
from bot.dialogue.facts import Facts, Kept
from bot.store import check_ins
from bot.store.codec import dump_data, load_data
from bot.store.database import insert
from bot.store.grounds import IN_FACTS, NEWEST, ONLY_NEWEST, Grounds
from bot.store.prepared import Prepared
from bot.store.tables import records

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_UNCOUNTED: ColumnElement[int | None] = cast(null(), Integer)


def _of(record: Record, number: ColumnElement[int | None] = _UNCOUNTED) -> Select[Any]:
    table = records[record]
    return select(
        literal(record.value).label("record"),
        table.c.conversation_id,
        table.c.ref,
        table.c.at,
        table.c.data,
        number.label("number"),
    ).where(table.c.conversation_id.in_(_IDS))


def _newest_of(record: Record) -> Select[Any]:
    """The newest few of each conversation; `number` is how many there are of it."""
    of = records[record].c
    place = func.row_number().over(partition_by=of.conversation_id, order_by=of.ref.desc())
    number = func.count().over(partition_by=of.conversation_id)
    asked = select(of.id, place.label("place"), number.label("of_it")).where(of.conversation_id.in_(_IDS))
    ranked = asked.subquery()
    return _of(record, ranked.c.of_it).join(ranked, ranked.c.id == of.id).where(ranked.c.place <= NEWEST)


_FOR_FACTS = Prepared(
    union_all(*(_newest_of(record) if record in ONLY_NEWEST else _of(record) for record in IN_FACTS))
)
_ALL = union_all(*(_of(record) for record in Record))
_REFS = union_all(
    *(
        select(func.max(table.c.ref)).where(table.c.conversation_id == bindparam("of"))
        for table in records.values()
    )
)

_TOUCHED = {
    record: Prepared(_of(record).where(table.c.ref.in_(bindparam("refs", expanding=True))))
    for record, table in records.items()
}
_REMOVE = {
    record: Prepared(
        delete(table).where(table.c.conversation_id == bindparam("of"), table.c.ref == bindparam("number"))
    )
    for record, table in records.items()
}

Change = tuple[int, SaveTo | Unsave]
_Key = tuple[int, int]


@dataclass(slots=True)
class _Row:
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
    return {each: facts for each, (facts, _) in (await load_grounded(connection, places)).items()}


async def load_grounded(
    connection: AsyncConnection, places: Mapping[int, str]
) -> dict[int, tuple[Facts, Grounds]]:
    """Read the facts of conversations, and what they follow from."""
    kept: dict[int, list[Kept]] = {each: [] for each in places}
    numbers: dict[int, dict[Record, int]] = {each: {} for each in places}
    for row in await _FOR_FACTS.run(connection, {"ids": list(places)}):
        kept[row.conversation_id].append(_kept(row))
        if row.number is not None:
            numbers[row.conversation_id][Record(row.record)] = row.number
    promised = await check_ins.load(connection, places)
    grounds = {each: Grounds(kept=tuple(kept[each]), numbers=numbers[each]) for each in places}
    return {
        each: (grounds[each].facts(locale=locale, check_ins=promised.get(each, ())), grounds[each])
        for each, locale in places.items()
    }


async def look_up(connection: AsyncConnection, conversations: Iterable[int]) -> dict[int, tuple[Kept, ...]]:
    """Read everything on record of conversations."""
    kept: dict[int, list[Kept]] = {each: [] for each in conversations}
    for row in await connection.execute(_ALL, {"ids": list(kept)}):
        kept[row.conversation_id].append(_kept(row))
    return {each: tuple(of) for each, of in kept.items()}


def _kept(row: Any) -> Kept:
    return Kept(record=Record(row.record), ref=row.ref, at=row.at, fields=load_data(row.data.open()))


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


def _set(kept: dict[_Key, _Row], key: _Key, change: SaveTo) -> None:
    into = kept.setdefault(key, _Row(change.at, {}))
    if change.value is None:
        into.data.pop(change.field, None)
    else:
        into.data[change.field] = change.value


def _touched(changes: Iterable[Change]) -> list[_Key]:
    # One order everywhere, so that two writers never wait for each other.
    return sorted({(conversation_id, change.ref) for conversation_id, change in changes})


async def _load(connection: AsyncConnection, record: Record, changes: Sequence[Change]) -> dict[_Key, _Row]:
    touched = _touched(changes)
    wanted = {"ids": list({each for each, _ in touched}), "refs": list({ref for _, ref in touched})}
    return {
        (row.conversation_id, row.ref): _Row(row.at, load_data(row.data.open()))
        for row in await _TOUCHED[record].run(connection, wanted)
    }


async def _write(connection: AsyncConnection, record: Record, kept: Mapping[_Key, _Row]) -> None:
    if not kept:
        return
    rows = [
        {"conversation_id": conversation_id, "ref": ref, "at": each.at, "data": dump_data(each.data)}
        for (conversation_id, ref), each in kept.items()
    ]
    await _replacing(record, connection.dialect.name).run(connection, rows)


@cache
def _replacing(record: Record, dialect: str) -> Prepared:
    statement = insert(dialect)(records[record])
    return Prepared(
        statement.on_conflict_do_update(
            index_elements=["conversation_id", "ref"], set_={"data": statement.excluded.data}
        )
    )


async def _remove(connection: AsyncConnection, record: Record, keys: Iterable[_Key]) -> None:
    rows = [{"of": conversation_id, "number": ref} for conversation_id, ref in keys]
    if rows:
        await _REMOVE[record].run(connection, rows)
