"""The one door out: what waits to be sent, oldest first in each conversation."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Interval, bindparam, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Envelope
from bot.store.codec import dump_ids
from bot.store.prepared import Prepared
from bot.store.tables import conversations, inbox, outbox, sent

LEASE = timedelta(seconds=60)
IDS_AT_ONCE = 100  # Telegram's limit for one call that deletes messages
LAST_KEY = "erased"  # of the one line that is said after erasing


class Kind(StrEnum):
    SAY = "say"  # payload: the message
    EDIT = "edit"  # payload: the message
    CLOSE = "close"  # payload: what was chosen, if anything
    DELETE = "delete"  # the bot's own message `key`
    FORGET = "forget"  # payload: the ids of messages to delete, at most 100
    CALENDAR = "calendar"  # payload: the check-ins; the file is made when it is sent
    PAGE = "page"  # everything kept, to read; payload: the words for it, what is kept is read when it is sent
    DATA = "data"  # the same as JSON
    CHART = "chart"  # payload: its data and words; the picture is made when it is sent
    EML = "eml"  # payload: a letter of theirs; the file is made when it is sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """`valid_until` (UTC) is set on what nobody asked for; `check_in` names the promise it comes of."""

    kind: Kind
    key: str | None = None
    payload: bytes | None = None
    valid_until: datetime | None = None
    check_in: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A row, read to be sent now. `at` is its turn's moment, UTC; `message_id` is the newest message known by `key`."""

    id: int
    conversation_id: int
    source: str
    address: Envelope
    kind: Kind
    key: str | None
    payload: Envelope | None
    tries: int
    unsure: int
    at: datetime
    message_id: str | None


_known = (
    select(sent.c.message_id)
    .where(sent.c.conversation_id == outbox.c.conversation_id, sent.c.key == outbox.c.key)
    .order_by(sent.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_READ = Prepared(
    select(
        outbox.c.id,
        outbox.c.conversation_id,
        conversations.c.source,
        conversations.c.address,
        outbox.c.kind,
        outbox.c.key,
        outbox.c.payload,
        outbox.c.tries,
        outbox.c.unsure,
        outbox.c.at,
        _known.label("message_id"),
    )
    .join(conversations, conversations.c.id == outbox.c.conversation_id)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(outbox.c.id)
)
_UNLEASED = (
    select(outbox.c.id)
    .where(
        outbox.c.id.in_(bindparam("ids", expanding=True)),
        or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= func.now()),
    )
    .with_for_update(skip_locked=True)
)
_LEASE = Prepared(
    update(outbox)
    .where(outbox.c.id.in_(_UNLEASED))
    # The database's clock: the processes' own may differ.
    .values(
        leased_by=bindparam("by"),
        leased_until=func.now() + bindparam("span", type_=Interval),
    )
    .returning(outbox.c.id)
)
_HOLD = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        kind=bindparam("new_kind"),
        tries=bindparam("new_tries"),
        unsure=bindparam("new_unsure"),
        not_before=bindparam("new_not_before"),
        leased_by=None,
        leased_until=None,
    )
)
_STALE = (
    select(outbox.c.id, outbox.c.conversation_id, outbox.c.key)
    .where(
        outbox.c.id.in_(bindparam("ids", expanding=True)),
        outbox.c.valid_until <= bindparam("now"),
        or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= func.now()),
    )
    .with_for_update(skip_locked=True)
)
_PUT = Prepared(outbox.insert())
_DROP = Prepared(delete(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True))))
_FINISHED = (
    select(conversations.c.id)
    .where(
        conversations.c.id.in_(bindparam("ids", expanding=True)),
        conversations.c.erased,
        ~conversations.c.id.in_(select(outbox.c.conversation_id)),
    )
    .with_for_update()
)
_BURY = delete(conversations).where(
    conversations.c.id.in_(bindparam("finished", expanding=True)),
    ~conversations.c.id.in_(select(inbox.c.conversation_id)),
)


async def lease(connection: AsyncConnection, row_ids: Sequence[int], by: str) -> list[int]:
    """Take rows for this process for 60 seconds by the database's clock; return those it got. PostgreSQL only."""
    found = await _LEASE.run(connection, {"ids": list(row_ids), "by": by, "span": LEASE})
    return [row.id for row in found]


async def letters(connection: AsyncConnection, row_ids: Sequence[int]) -> list[Letter]:
    """Read rows that are about to be sent; those withdrawn or erased meanwhile are not there."""
    found = await _READ.run(connection, {"ids": list(row_ids)})
    return [Letter(**{**row._asdict(), "kind": Kind(row.kind)}) for row in found]


async def take_stale(
    connection: AsyncConnection, row_ids: Sequence[int], at: datetime
) -> list[tuple[int, str]]:
    """Drop those of the rows that nobody wants any more at `at` (UTC); return their conversations and keys."""
    rows = (await connection.execute(_STALE, {"ids": list(row_ids), "now": at})).all()
    await drop(connection, [row.id for row in rows])
    return [(row.conversation_id, row.key or "") for row in rows]


async def put(connection: AsyncConnection, rows: Sequence[tuple[int, Unsent]], at: datetime) -> None:
    if rows:
        await _PUT.run(connection, [_row(to, each, at) for to, each in rows])


def deletions(conversation_id: int, message_ids: Sequence[str]) -> list[tuple[int, Unsent]]:
    """Return the rows that delete messages from the chat."""
    ids = tuple(dict.fromkeys(message_ids))
    parts = [ids[start : start + IDS_AT_ONCE] for start in range(0, len(ids), IDS_AT_ONCE)]
    return [(conversation_id, Unsent(kind=Kind.FORGET, payload=dump_ids(part))) for part in parts]


async def hold(
    connection: AsyncConnection, row_id: int, *, kind: Kind, tries: int, unsure: int, until: datetime | None
) -> None:
    """Keep a row for another try, not before `until`."""
    values = {"new_kind": kind.value, "new_tries": tries, "new_unsure": unsure, "new_not_before": until}
    await connection.execute(_HOLD, [{"row": row_id, **values}])


async def drop(connection: AsyncConnection, row_ids: Sequence[int]) -> None:
    if row_ids:
        await _DROP.run(connection, {"ids": list(row_ids)})


async def withdraw(connection: AsyncConnection, conversation_ids: Sequence[int]) -> None:
    """Drop everything unsent of these conversations."""
    if conversation_ids:
        where = outbox.c.conversation_id.in_(list(conversation_ids))
        await connection.execute(delete(outbox).where(where))


async def bury_erased(connection: AsyncConnection, conversation_ids: Collection[int]) -> None:
    """Delete those of the conversations that were erased and have nothing more to send or to hear."""
    # Locked before looking into the inbox: a row being received at this moment must be seen, not deleted with it.
    finished = list((await connection.execute(_FINISHED, {"ids": list(conversation_ids)})).scalars())
    if finished:
        await connection.execute(_BURY, {"finished": finished})


def _row(conversation_id: int, each: Unsent, at: datetime) -> dict[str, Any]:
    named = {"conversation_id": conversation_id, "kind": each.kind.value, "key": each.key}
    why = {"valid_until": each.valid_until, "check_in": each.check_in}
    return {**named, **why, "payload": each.payload, "at": at}
