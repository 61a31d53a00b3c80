"""Conversations as a turn sees them: claimed, read, and written again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Envelope
from bot.store.inbox import LAST
from bot.store.prepared import Prepared
from bot.store.tables import conversations, inbox

_WAITING = (
    select(
        inbox.c.conversation_id,
        # Ten thousand check-ins may have come due at this very minute: who wrote goes first.
        (func.min(inbox.c.update_id) == LAST).label("gives_way"),
        func.min(inbox.c.id).label("oldest"),
    )
    .join(conversations, conversations.c.id == inbox.c.conversation_id)
    .where(conversations.c.source.in_(bindparam("sources", expanding=True)))
    .group_by(inbox.c.conversation_id)
    .order_by("gives_way", "oldest")
    .limit(bindparam("look_at"))
    .subquery()
)
_PLACES = select(
    conversations.c.id,
    conversations.c.source,
    conversations.c.locale,
    conversations.c.session,
    conversations.c.facts,
)
_CLAIM = (
    _PLACES
    # Not FOR UPDATE as such: receiving must still be able to add inbox rows, which share-locks their conversation.
    .with_for_update(of=conversations, key_share=True, skip_locked=True)
)
_CLAIM_SOME = Prepared(
    _CLAIM.join(_WAITING, _WAITING.c.conversation_id == conversations.c.id)
    .order_by(_WAITING.c.gives_way, _WAITING.c.oldest)
    .limit(bindparam("most"))
)
_LOOK = _PLACES.where(conversations.c.lookup == bindparam("lookup"))
_CLAIM_ONE = _CLAIM.where(conversations.c.id == bindparam("only"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One conversation, locked until the transaction ends. No session: nothing happened yet."""

    id: int
    source: str
    locale: str | None
    session: Envelope | None
    facts: Envelope | None


async def claim(connection: AsyncConnection, sources: Sequence[str], *, most: int) -> list[Place]:
    """Lock up to `most` conversations with waiting rows, longest waiting first, skipping what others hold."""
    # Others may hold the first ones; looking further keeps several workers busy.
    wanted = {"sources": list(sources), "most": most, "look_at": 4 * most}
    return [Place(**row._asdict()) for row in await _CLAIM_SOME.run(connection, wanted)]


async def claim_one(connection: AsyncConnection, conversation_id: int) -> list[Place]:
    """Lock one conversation; empty when another holds it or it is gone."""
    return [
        Place(**row) for row in (await connection.execute(_CLAIM_ONE, {"only": conversation_id})).mappings()
    ]


async def look(connection: AsyncConnection, lookup: bytes) -> Place | None:
    """Return a conversation as it stands, without locking it; None when nobody is known there."""
    row = (await connection.execute(_LOOK, {"lookup": lookup})).mappings().first()
    return None if row is None else Place(**row)
