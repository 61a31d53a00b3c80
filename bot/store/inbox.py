"""The one door in: raw updates wait here until their turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Envelope, Lookup
from bot.store.database import insert
from bot.store.ports import Incoming
from bot.store.prepared import Prepared
from bot.store.tables import conversations, inbox, parked, seen

NO_ADDRESS = "no address"
LAST = 2**63 - 1  # the update id of what waits until the person's own words are answered

_BY_LOOKUP = Prepared(
    select(conversations.c.lookup, conversations.c.id).where(
        conversations.c.lookup.in_(bindparam("lookups", expanding=True))
    )
)
FLOOD = 50  # so many messages of one person waiting at once are more than a person writes
_head, _other = inbox.alias("head"), inbox.alias("other")
_some = (
    select(_other.c.id)
    .where(_other.c.conversation_id == conversations.c.id)
    .limit(FLOOD)
    .correlate(conversations)
    .subquery()
)
_HEARD = (
    inbox.c.id,
    inbox.c.conversation_id,
    inbox.c.from_within,
    inbox.c.update_id,
    inbox.c.at,
    inbox.c.tries,
    inbox.c.payload,
)
_HEADS = Prepared(
    select(
        *_HEARD,
        # Asked no further than needed: a flood of a hundred thousand costs no more than one of fifty.
        select(func.count()).select_from(_some).scalar_subquery().label("waiting"),
    )
    .select_from(inbox)
    .join(
        conversations,
        # Asked once of each conversation and not of each row: one with ten thousand costs no more.
        inbox.c.id
        == select(_head.c.id)
        .where(_head.c.conversation_id == conversations.c.id)
        .order_by(_head.c.update_id, _head.c.id)
        .limit(1)
        .scalar_subquery(),
    )
    .where(conversations.c.id.in_(bindparam("ids", expanding=True)))
)
_OLDEST = (
    select(*_HEARD)
    .where(inbox.c.conversation_id == bindparam("of"))
    .order_by(inbox.c.update_id, inbox.c.id)
    .limit(bindparam("most"))
)
_PUT = Prepared(inbox.insert())
_COUNT_TRY = update(inbox).where(inbox.c.id == bindparam("row")).values(tries=inbox.c.tries + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One inbox row. `from_within`: the bot's own news (`bot.store.news`), whatever the channel.

    `waiting`: how many rows of the conversation there are, up to `FLOOD`.
    """

    id: int
    conversation_id: int
    from_within: bool
    update_id: int
    at: datetime
    tries: int
    payload: Envelope
    waiting: int = 1

    @property
    def in_flood(self) -> bool:
        return self.waiting >= FLOOD and not self.from_within


async def take_in(
    connection: AsyncConnection, lookup: Lookup, batch: Sequence[Incoming], at: datetime
) -> tuple[int, int]:
    """Insert the updates that are new; return how many were inserted and how many parked for want of an address."""
    fresh = await _unseen(connection, batch, at)
    placed = [(each, lookup.of(each.source, each.address)) for each in fresh if each.address is not None]
    lost = [each for each in fresh if each.address is None]
    if placed:
        ids = await _conversations(connection, placed, at)
        rows = [_row(ids[key], each.update_id, at, each.payload) for each, key in placed]
        await _PUT.run(connection, rows)
    if lost:
        await connection.execute(parked.insert(), [_lost(each, at) for each in lost])
    return len(placed), len(lost)


async def put_within(connection: AsyncConnection, conversation_id: int, payload: bytes, at: datetime) -> None:
    """Insert news from within; it goes before what waits, since what waits should be answered knowing it."""
    row = {**_row(conversation_id, 0, at, payload), "from_within": True}
    await _PUT.run(connection, row)


async def heads(connection: AsyncConnection, conversation_ids: Sequence[int]) -> dict[int, Waiting]:
    """Return the oldest waiting row of each conversation."""
    found = await _HEADS.run(connection, {"ids": list(conversation_ids)})
    return {row.conversation_id: Waiting(**row._asdict()) for row in found}


async def oldest(connection: AsyncConnection, conversation_id: int, *, most: int) -> list[Waiting]:
    """Return the oldest waiting rows of one conversation, in their order."""
    found = await connection.execute(_OLDEST, {"of": conversation_id, "most": most})
    return [Waiting(**row) for row in found.mappings()]


async def count_tries(connection: AsyncConnection, row_ids: Sequence[int]) -> None:
    if row_ids:
        await connection.execute(_COUNT_TRY, [{"row": row_id} for row_id in row_ids])


async def waiting(connection: AsyncConnection) -> int:
    return int((await connection.execute(select(func.count()).select_from(inbox))).scalar_one())


async def _unseen(connection: AsyncConnection, batch: Sequence[Incoming], at: datetime) -> list[Incoming]:
    # In one order everywhere, so that two receivers with the same updates wait for each other, not on each other.
    unique = {(each.source, each.update_id): each for each in batch}
    rows = [{"source": source, "update_id": update_id, "at": at} for source, update_id in sorted(unique)]
    added = await _new_in_seen(connection.dialect.name).run(connection, rows)
    new = {(row.source, row.update_id) for row in added}
    return [each for key, each in sorted(unique.items(), key=lambda item: item[0]) if key in new]


@cache
def _new_in_seen(dialect: str) -> Prepared:
    new = insert(dialect)(seen).on_conflict_do_nothing()
    return Prepared(new.returning(seen.c.source, seen.c.update_id))


async def _conversations(
    connection: AsyncConnection, placed: Sequence[tuple[Incoming, bytes]], at: datetime
) -> dict[bytes, int]:
    ids = await _known(connection, [key for _, key in placed])
    missing = {key: each for each, key in placed if key not in ids}
    if not missing:
        return ids
    rows = [
        {"source": each.source, "lookup": key, "address": (each.address or "").encode(), "active_at": at}
        for key, each in sorted(missing.items())
    ]
    meeting = insert(connection.dialect.name)(conversations).on_conflict_do_nothing()
    await connection.execute(meeting, rows)
    return {**ids, **await _known(connection, list(missing))}


async def _known(connection: AsyncConnection, keys: Sequence[bytes]) -> dict[bytes, int]:
    found = await _BY_LOOKUP.run(connection, {"lookups": list(dict.fromkeys(keys))})
    return {bytes(row.lookup): row.id for row in found}


def _row(conversation_id: int, update_id: int, at: datetime, payload: bytes) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id,
        "from_within": False,
        "update_id": update_id,
        "at": at,
        "payload": payload,
    }


def _lost(each: Incoming, at: datetime) -> dict[str, Any]:
    found = {"source": each.source, "update_id": each.update_id, "at": at}
    return {**found, "reason": NO_ADDRESS, "payload": each.payload}
