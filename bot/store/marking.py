"""Recording how deliveries ended: many conversations' marks in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import inbox, outbox
from bot.store.cipher import Lookup
from bot.store.outbox import LAST_KEY, Kind
from bot.store.prepared import Prepared
from bot.store.tables import conversations, sent
from bot.store.writing import move

_STILL_THERE = Prepared(
    select(conversations.c.id, conversations.c.erased)
    .where(conversations.c.id.in_(bindparam("ids", expanding=True)))
    .with_for_update(read=True, key_share=True)
)
_SAID = Prepared(sent.insert())
_FORGET_KEY = delete(sent).where(sent.c.conversation_id == bindparam("of"), sent.c.key == bindparam("name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How one row's delivery ended.

    `finished`: the row goes. `message_id`: remember it under `key`. `forget_key`: the message `key` is deleted.
    Otherwise the row stays, not before `until`. `left`: nobody is there: all of the chat's rows go, and the news
    comes in as `news`. `moved_to`: the new address.
    """

    row_id: int
    conversation_id: int
    key: str | None
    kind: Kind
    finished: bool = False
    message_id: str | None = None
    forget_key: bool = False
    tries: int = 0
    unsure: int = 0
    until: datetime | None = None
    left: bool = False
    news: bytes = b""
    moved_to: str | None = None


async def mark(connection: AsyncConnection, lookup: Lookup, marks: Sequence[Mark], at: datetime) -> None:
    """Record marks of different conversations; the caller's transaction commits them. `at` is now, UTC."""
    asked = {"ids": sorted({each.conversation_id for each in marks})}
    there = {row.id: row.erased for row in await _STILL_THERE.run(connection, asked)}
    await outbox.drop(connection, [each.row_id for each in marks if each.finished])
    await _remember(connection, [each for each in marks if there.get(each.conversation_id) is False], at)
    for each in marks:
        # Under way while they were erased: it goes the way of the others.
        if there.get(each.conversation_id) and each.message_id is not None and each.key != LAST_KEY:
            await outbox.put(connection, outbox.deletions(each.conversation_id, [each.message_id]), at)
    for each in marks:
        if each.left:
            await _leave(connection, each, there.get(each.conversation_id), at)
        elif not each.finished:
            await outbox.hold(
                connection,
                each.row_id,
                kind=each.kind,
                tries=each.tries,
                unsure=each.unsure,
                until=each.until,
            )
            if each.moved_to is not None and not await move(
                connection, lookup, each.conversation_id, each.moved_to
            ):
                # They are met there already; sent here again, it would only be told again that it moved.
                await outbox.withdraw(connection, [each.conversation_id])
    if erased := [conversation_id for conversation_id, gone in there.items() if gone]:
        await outbox.bury_erased(connection, erased)


async def _remember(connection: AsyncConnection, marks: Sequence[Mark], at: datetime) -> None:
    rows = [
        {"conversation_id": each.conversation_id, "key": each.key, "message_id": each.message_id, "at": at}
        for each in marks
        if each.message_id is not None and each.key is not None
    ]
    if rows:
        await _SAID.run(connection, rows)
    gone = [{"of": each.conversation_id, "name": each.key} for each in marks if each.forget_key]
    if gone:
        await connection.execute(_FORGET_KEY, gone)


async def _leave(connection: AsyncConnection, each: Mark, erased: bool | None, at: datetime) -> None:
    await outbox.withdraw(connection, [each.conversation_id])
    if erased is False:
        await inbox.put_within(connection, each.conversation_id, each.news, at)
