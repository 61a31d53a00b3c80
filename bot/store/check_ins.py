"""What is promised: kept until it is due, then moved into the inbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, literal, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.effects import CancelCheckIn, ScheduleCheckIn
from bot.store import news
from bot.store.columns import Instant
from bot.store.database import insert
from bot.store.inbox import LAST
from bot.store.prepared import Prepared
from bot.store.tables import check_ins, inbox, outbox

Change = tuple[int, ScheduleCheckIn | CancelCheckIn]

_DUE = (
    select(check_ins.c.id)
    .where(check_ins.c.due <= bindparam("now"))
    .order_by(check_ins.c.due)
    .limit(bindparam("most"))
    # Skipped, never waited for: another process has it, or a turn that moves it.
    .with_for_update(skip_locked=True)
)
# Numbers of ours, written out: five hundred parameters would hold the event loop twice as long.
_THESE = check_ins.c.id.in_(bindparam("ids", expanding=True, literal_execute=True))
# Moved unopened and inside the database: a thousand at once cost no more than a few statements.
_MOVE = inbox.insert().from_select(
    ["conversation_id", "from_within", "update_id", "at", "payload", "check_in"],
    select(
        check_ins.c.conversation_id,
        true(),
        literal(LAST, inbox.c.update_id.type),
        bindparam("now", type_=Instant),
        check_ins.c.payload,
        check_ins.c.key,
    )
    .where(_THESE)
    .order_by(check_ins.c.due, check_ins.c.id),
)
_FIRED = delete(check_ins).where(_THESE)
_NEXT = select(func.min(check_ins.c.due))
_OF = check_ins.c.conversation_id.in_(bindparam("ids", expanding=True))
_LOAD = Prepared(
    select(check_ins.c.conversation_id, check_ins.c.payload).where(_OF).order_by(check_ins.c.due)
)
_STANDING = Prepared(select(check_ins.c.conversation_id, check_ins.c.key, check_ins.c.due).where(_OF))
_CANCEL, _UNHEAR, _UNSAY = (
    delete(table).where(table.c.conversation_id == bindparam("of"), column == bindparam("name"))
    for table, column in (
        (check_ins, check_ins.c.key),
        (inbox, inbox.c.check_in),
        (outbox, outbox.c.check_in),
    )
)


async def keep(connection: AsyncConnection, changes: Sequence[Change]) -> None:
    """Apply (conversation id, change) in order. What of an earlier promise waits to be heard or sent goes with it."""
    last = {_key(change): change for change in changes}
    kept = {key: each[1].check_in for key, each in last.items() if isinstance(each[1], ScheduleCheckIn)}
    # One order everywhere, so that two writers never wait for each other.
    await _write(connection, [(of, kept[of, name]) for of, name in sorted(kept)])
    await _remove(connection, _CANCEL, last.keys() - kept.keys())
    # After these: whoever was just firing it has committed by now, so its row in the inbox is seen.
    await _remove(connection, _UNHEAR, last.keys())
    taken_back = {_key(change) for change in changes if isinstance(change[1], CancelCheckIn)}
    await _remove(connection, _UNSAY, taken_back)


async def fire(connection: AsyncConnection, at: datetime, *, most: int) -> int:
    """Move up to `most` that are due by `at` (UTC) into the inbox; return how many it were."""
    ids = list((await connection.execute(_DUE, {"now": at, "most": most})).scalars())
    if ids:
        await connection.execute(_MOVE, {"now": at, "ids": ids})
        await connection.execute(_FIRED, {"ids": ids})
    return len(ids)


async def next_due(connection: AsyncConnection) -> datetime | None:
    """Return when (UTC) the next of anybody's is due."""
    found: datetime | None = (await connection.execute(_NEXT)).scalar()
    return found


async def load(
    connection: AsyncConnection, conversation_ids: Collection[int]
) -> dict[int, tuple[CheckIn, ...]]:
    """Return what is promised in each conversation that has any, soonest first."""
    found: dict[int, list[CheckIn]] = defaultdict(list)
    for row in await _LOAD.run(connection, {"ids": list(conversation_ids)}):
        found[row.conversation_id].append(news.load_check_in(row.payload.open()))
    return {each: tuple(promised) for each, promised in found.items()}


async def standing(
    connection: AsyncConnection, conversation_ids: Collection[int]
) -> dict[int, set[tuple[str, datetime]]]:
    """Return key and moment of what is promised, without opening any of it."""
    found: dict[int, set[tuple[str, datetime]]] = defaultdict(set)
    for row in await _STANDING.run(connection, {"ids": list(conversation_ids)}):
        found[row.conversation_id].add((row.key, row.due))
    return found


def as_row(conversation_id: int, each: CheckIn) -> dict[str, Any]:
    """Return the row of a check-in, its payload to be sealed."""
    return {
        "conversation_id": conversation_id,
        "key": each.key,
        "kind": each.kind.value,
        "due": each.due,
        "named": each.named,
        "payload": news.coming_due(each),
    }


def _key(change: Change) -> tuple[int, str]:
    conversation_id, effect = change
    key = effect.check_in.key if isinstance(effect, ScheduleCheckIn) else effect.key
    return conversation_id, key


async def _write(connection: AsyncConnection, promised: Sequence[tuple[int, CheckIn]]) -> None:
    if not promised:
        return
    statement = insert(connection.dialect.name)(check_ins)
    replacing = statement.on_conflict_do_update(
        index_elements=["conversation_id", "key"],
        set_={name: statement.excluded[name] for name in ("kind", "due", "named", "payload")},
    )
    await connection.execute(replacing, [as_row(of, each) for of, each in promised])


async def _remove(connection: AsyncConnection, statement: Any, keys: Collection[tuple[int, str]]) -> None:
    if keys:
        await connection.execute(statement, [{"of": of, "name": name} for of, name in sorted(keys)])
