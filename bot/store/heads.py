"""What stands first in the outbox: the oldest unsent row of each conversation, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.outbox import Kind
from bot.store.prepared import Prepared
from bot.store.tables import conversations, outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The oldest unsent row of one conversation; `not_before` and `valid_until` are UTC.

    `follower`: the row to be sent right after it, without a commit in between, when this one does no harm twice.
    """

    id: int
    conversation_id: int
    not_before: datetime | None
    valid_until: datetime | None
    follower: int | None = None
    waiting: int = 1  # rows of the conversation, up to 3

    @property
    def more(self) -> bool:
        """Whether something waits behind what is sent together."""
        return self.waiting > (1 if self.follower is None else 2)


_before = outbox.alias("before")
_reply = outbox.alias("reply")
_someone_waits = outbox.c.conversation_id.in_(
    select(_reply.c.conversation_id).where(_reply.c.valid_until.is_(None))
)
_after = outbox.alias("after")
_second = (
    select(func.min(_after.c.id))
    .where(_after.c.conversation_id == outbox.c.conversation_id, _after.c.id > outbox.c.id)
    .correlate(outbox)  # two levels up, where it isn't looked for by itself
    .scalar_subquery()
)
# The old question's buttons and the new question, nearly every turn: taking the buttons away does no harm twice.
_FOLLOWER = (
    select(_reply.c.id)
    .where(
        outbox.c.kind == Kind.CLOSE.value,
        _reply.c.id == _second,
        _reply.c.valid_until.is_(None),
        _reply.c.not_before.is_(None),
    )
    .correlate(outbox)
    .scalar_subquery()
)
_third = (
    select(_after.c.id)
    .where(_after.c.conversation_id == outbox.c.conversation_id)
    .limit(3)
    .correlate(outbox)
    .subquery()
)
_HEADS = (
    select(
        outbox.c.id,
        outbox.c.conversation_id,
        outbox.c.not_before,
        outbox.c.valid_until,
        _FOLLOWER.label("follower"),
        select(func.count()).select_from(_third).scalar_subquery().label("waiting"),
    )
    .join(conversations, conversations.c.id == outbox.c.conversation_id)
    .where(
        outbox.c.id > bindparam("after"),
        # Asked of each in turn, so that a page costs the same however much waits behind it.
        ~exists().where(_before.c.conversation_id == outbox.c.conversation_id, _before.c.id < outbox.c.id),
        conversations.c.source.in_(bindparam("sources", expanding=True)),
        or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= func.now()),
    )
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
)
_HEADS_OF = {True: _HEADS.where(_someone_waits), False: _HEADS.where(~_someone_waits)}
_FIRST_PAGES = Prepared(
    union_all(
        *(
            select(literal(replies).label("replies"), *page.subquery().columns)
            for replies, page in _HEADS_OF.items()
        )
    )
)


async def first_pages(
    connection: AsyncConnection, sources: Collection[str], *, most: int
) -> dict[bool, list[Head]]:
    """Return the first page, both of those where somebody waits for an answer (True) and of the others."""
    pages: dict[bool, list[Head]] = {True: [], False: []}
    asked = {"sources": list(sources), "after": 0, "most": most}
    for row in await _FIRST_PAGES.run(connection, asked):
        named = row._asdict()
        pages[named.pop("replies")].append(Head(**named))
    for page in pages.values():
        page.sort(key=lambda head: head.id)
    return pages


async def page(
    connection: AsyncConnection, sources: Collection[str], *, replies: bool, after: int = 0, most: int
) -> list[Head]:
    """Return the oldest unsent row of up to `most` conversations, by id, those with an id above `after`.

    `replies`: of those where somebody waits for an answer; otherwise of those where nobody does.
    """
    asked = {"sources": list(sources), "after": after, "most": most}
    found = await connection.execute(_HEADS_OF[replies], asked)
    return [Head(**row) for row in found.mappings()]
