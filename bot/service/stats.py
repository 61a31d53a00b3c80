"""How the bot is used, in counts: none of fewer than five people, nor any that such a one follows from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.effects import Record
from bot.store.codec import load_data
from bot.store.database import Store
from bot.store.errors import StoreError
from bot.store.tables import check_ins, conversations, inbox, outbox, parked, records, risk_counts

FEWEST = 5
Group = Mapping[str, int | None]


async def stats(store: Store, now: datetime) -> dict[str, Any]:
    """Return counts by name; None is "fewer than five". `now` is UTC."""
    async with store.read() as connection:
        rejections = await _rejections(connection)
        return {
            "people": await _people(connection, now),
            "people_by_kind_of_rejection": large_enough(_people_by(rejections, "kind")),
            "people_by_how_far_it_went": large_enough(_people_by(rejections, "stage")),
            "people_with": large_enough(await _people_with(connection)),
            "people_by_mood_afterwards": large_enough(_afterwards(rejections)),
            "safety_answers": large_enough(await _safety(connection)),
            "waiting": await _waiting(connection),
        }


def large_enough(counts: Mapping[str, int]) -> Group:
    """Return the counts with every small one left out.

    One alone left out could be worked out from a total: then the smallest of the others is left out as well.
    """
    shown = {name: n for name, n in counts.items() if n >= FEWEST}
    hidden = sum(counts.values()) - sum(shown.values())
    if shown and 0 < hidden < FEWEST:
        del shown[min(shown, key=lambda name: (shown[name], name))]
    return {name: 0 if counts[name] == 0 else shown.get(name) for name in counts}


def enough(count: int) -> int | None:
    return count if count == 0 or count >= FEWEST else None


async def _people(connection: AsyncConnection, now: datetime) -> Group:
    async def since(days: int | None) -> int:
        query = select(func.count()).select_from(conversations)
        if days is not None:
            query = query.where(conversations.c.active_at >= now - timedelta(days=days))
        return int((await connection.execute(query)).scalar_one())

    whole, month, week = await since(None), await since(30), await since(7)
    # Nested counts: a small difference between two of them is a small group as well.
    month = whole if whole - month < FEWEST else month
    week = month if month - week < FEWEST else week
    return {"in_all": enough(whole), "in_30_days": enough(month), "in_7_days": enough(week)}


async def _rejections(connection: AsyncConnection) -> list[tuple[int, dict[str, Any]]]:
    table = records[Record.REJECTION]
    rows = await connection.execute(select(table.c.conversation_id, table.c.data).order_by(table.c.id))
    found = []
    for row in rows:
        try:
            found.append((row.conversation_id, dict(load_data(row.data.open()))))
        except (StoreError, ValueError):
            continue
    return found


def _people_by(rejections: list[tuple[int, dict[str, Any]]], field: str) -> dict[str, int]:
    pairs = {(of, data[field]) for of, data in rejections if isinstance(data.get(field), str)}
    return dict(sorted(Counter(value for _, value in pairs).items()))


def _afterwards(rejections: list[tuple[int, dict[str, Any]]]) -> dict[str, int]:
    """Count people by how their last pair of moods compares; no more is claimed of it than that."""
    last: dict[int, str] = {}
    for of, data in rejections:
        before, after = data.get("mood_before"), data.get("mood_after", data.get("mood_after_vent"))
        if isinstance(before, int) and isinstance(after, int):
            last[of] = "higher" if after > before else "lower" if after < before else "the_same"
    found = Counter(last.values())
    return {name: found[name] for name in ("higher", "the_same", "lower")}


async def _people_with(connection: AsyncConnection) -> dict[str, int]:
    tables = {table.name: table for table in (*records.values(), check_ins)}
    return {
        name: int(
            (
                await connection.execute(select(func.count(func.distinct(table.c.conversation_id))))
            ).scalar_one()
        )
        for name, table in sorted(tables.items())
    }


async def _safety(connection: AsyncConnection) -> dict[str, int]:
    rows = await connection.execute(
        select(risk_counts.c.level, func.sum(risk_counts.c.n)).group_by(risk_counts.c.level)
    )
    return {level: int(n) for level, n in sorted(tuple(row) for row in rows)}


async def _waiting(connection: AsyncConnection) -> Group:
    """What an operator looks at when something is stuck: rows, not people."""
    found = {}
    for name, table in (("inbox", inbox), ("outbox", outbox), ("check_ins", check_ins), ("parked", parked)):
        found[name] = enough(
            int((await connection.execute(select(func.count()).select_from(table))).scalar_one())
        )
    return found
