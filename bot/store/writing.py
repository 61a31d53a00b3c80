"""Recording turns: all that one group of turns leaves behind, in as few statements as it takes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.effects import CancelCheckIn, CountRisk, SaveTo, ScheduleCheckIn, Unsave
from bot.store import check_ins, outbox, records
from bot.store.cipher import Envelope, Lookup
from bot.store.database import insert
from bot.store.outbox import Unsent
from bot.store.prepared import Prepared
from bot.store.tables import conversations, inbox, parked, personal_tables, risk_counts, sent

DELETABLE = timedelta(hours=48)  # how long Telegram lets a bot delete a message

_of: BindParameter[int] = bindparam("of")
_MOVE = update(conversations).where(conversations.c.id == _of)
_EMPTY = (
    update(conversations)
    .where(conversations.c.id == _of)
    .values(session=None, facts=None, locale=None, erased=True)
)
_DONE = Prepared(delete(inbox).where(inbox.c.id.in_(bindparam("ids", expanding=True))))
_HEARD = Prepared(sent.insert())
_SENT = select(sent.c.id, sent.c.message_id).where(
    sent.c.conversation_id == _of, sent.c.at >= bindparam("since")
)
_THEIRS, _OURS = _SENT.where(sent.c.key.is_(None)), _SENT.where(sent.c.key.is_not(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What one turn leaves behind. `at` is the turn's UTC moment.

    `session` None leaves it as it is. `facts`: the cache to write, None to leave it; after `changes` and `promises`
    it is `facts_after`, None to empty it. `erase` goes before everything else here; `withdraw` before `unsent`.
    `moved_to` is a new address. `within`: the person did nothing themselves. `also_done`: further inbox rows that
    this turn answers.
    """

    conversation_id: int
    inbox_id: int
    at: datetime
    session: bytes | None = None
    locale: str | None = None
    facts: bytes | None = None
    facts_after: bytes | None = None
    changes: tuple[SaveTo | Unsave, ...] = ()
    promises: tuple[ScheduleCheckIn | CancelCheckIn, ...] = ()
    risks: tuple[CountRisk, ...] = ()
    unsent: tuple[Unsent, ...] = ()
    withdraw: bool = False
    erase: bool = False
    heard_message_id: str | None = None
    forget_since: datetime | None = None
    moved_to: str | None = None
    within: bool = False
    also_done: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """Set aside for 30 days. `reason` is an exception's type or a fixed word, never a text."""

    conversation_id: int
    source: str
    update_id: int | None
    reason: str
    payload: Envelope


async def write(connection: AsyncConnection, lookup: Lookup, turns: Sequence[Written], at: datetime) -> None:
    """Record turns of different conversations; the caller's transaction commits them. `at` is now, UTC."""
    for turn in turns:
        if turn.erase:
            await erase(connection, turn.conversation_id, at)
    await outbox.withdraw(connection, [turn.conversation_id for turn in turns if turn.withdraw])
    await _write_places(connection, turns, at)
    await records.save(connection, [(turn.conversation_id, each) for turn in turns for each in turn.changes])
    await check_ins.keep(
        connection, [(turn.conversation_id, each) for turn in turns for each in turn.promises]
    )
    await _count(connection, Counter((at.date(), risk) for turn in turns for risk in turn.risks))
    await _remember_messages(connection, turns)
    await outbox.put(connection, [(turn.conversation_id, each) for turn in turns for each in turn.unsent], at)
    await _forget_messages(connection, turns, at)
    for turn in turns:
        if turn.moved_to is not None:
            await move(connection, lookup, turn.conversation_id, turn.moved_to)
    done = [each for turn in turns for each in (turn.inbox_id, *turn.also_done)]
    await _DONE.run(connection, {"ids": done})


async def erase(connection: AsyncConnection, conversation_id: int, at: datetime) -> None:
    """Delete every row of the conversation but its address and what they wrote later, which waits in the inbox.

    The ids of the bot's own messages stay in the outbox until those are deleted from the chat.
    """
    ours = (await connection.execute(_OURS, {"of": conversation_id, "since": at - DELETABLE})).all()
    for table in personal_tables():
        if table is not inbox:
            await connection.execute(delete(table).where(table.c.conversation_id == conversation_id))
    # Last: a check-in that was being fired has arrived there by now.
    fired = inbox.c.check_in.is_not(None)
    await connection.execute(delete(inbox).where(inbox.c.conversation_id == conversation_id, fired))
    await connection.execute(_EMPTY, {"of": conversation_id})
    await outbox.put(connection, outbox.deletions(conversation_id, [row.message_id for row in ours]), at)


async def move(connection: AsyncConnection, lookup: Lookup, conversation_id: int, to: str) -> bool:
    """Give the conversation a new address; return False when another conversation is there already."""
    source = (
        await connection.execute(select(conversations.c.source).where(conversations.c.id == conversation_id))
    ).scalar()
    if source is None:
        return True
    key = lookup.of(source, to)
    taken = await connection.execute(select(conversations.c.id).where(conversations.c.lookup == key))
    if (there := taken.scalar()) is not None:
        return bool(there == conversation_id)
    values = {"lookup": key, "address": to.encode()}
    await connection.execute(_MOVE.values(**values), {"of": conversation_id})
    return True


async def park(connection: AsyncConnection, rows: Sequence[Parked], at: datetime) -> None:
    await connection.execute(parked.insert(), [{**_fields(each), "at": at} for each in rows])


def _fields(each: Parked) -> dict[str, Any]:
    return {name: getattr(each, name) for name in Parked.__slots__}


async def _write_places(connection: AsyncConnection, turns: Sequence[Written], at: datetime) -> None:
    """Write what turns change of their conversations: one statement for all that change the same columns."""
    alike: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for turn in turns:
        if not turn.erase and (values := _new_values(turn, at)):
            alike[frozenset(values)].append(
                {"of": turn.conversation_id, **{f"new_{name}": each for name, each in values.items()}}
            )
    for columns, rows in alike.items():
        await _setting(columns).run(connection, rows)


def _new_values(turn: Written, at: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if turn.session is not None:
        values = {"session": turn.session, "erased": False}
        if not turn.within:  # what comes from within is no sign of life
            values["active_at"] = at
    if _changed(
        turn
    ):  # the cached facts are stale; without new ones they are read anew when they are next needed
        values["facts"] = turn.facts_after
    elif turn.facts is not None:
        values["facts"] = turn.facts
    if turn.locale is not None:
        values["locale"] = turn.locale
    return values


@cache
def _setting(columns: frozenset[str]) -> Prepared:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in sorted(columns)}
    return Prepared(update(conversations).where(conversations.c.id == _of).values(**values))


def _changed(turn: Written) -> bool:
    return bool(turn.changes or turn.promises)


async def _count(connection: AsyncConnection, counted: Counter[tuple[date, CountRisk]]) -> None:
    rows = [
        {"day": day, "level": risk.level, "about": risk.about, "n": n} for (day, risk), n in counted.items()
    ]
    if not rows:
        return
    statement = insert(connection.dialect.name)(risk_counts)
    adding = statement.on_conflict_do_update(
        index_elements=["day", "level", "about"], set_={"n": risk_counts.c.n + statement.excluded.n}
    )
    await connection.execute(adding, sorted(rows, key=lambda row: (row["level"], row["about"])))


async def _remember_messages(connection: AsyncConnection, turns: Sequence[Written]) -> None:
    rows = [
        {"conversation_id": turn.conversation_id, "message_id": turn.heard_message_id, "at": turn.at}
        for turn in turns
        if turn.heard_message_id is not None and not turn.erase
    ]
    if rows:
        await _HEARD.run(connection, rows)


async def _forget_messages(connection: AsyncConnection, turns: Sequence[Written], at: datetime) -> None:
    for turn in turns:
        if turn.forget_since is None or turn.erase:
            continue
        wanted = {"of": turn.conversation_id, "since": max(turn.forget_since, at - DELETABLE)}
        found = (await connection.execute(_THEIRS, wanted)).all()
        rows = outbox.deletions(turn.conversation_id, [row.message_id for row in found])
        await outbox.put(connection, rows, at)
        await connection.execute(delete(sent).where(sent.c.id.in_([row.id for row in found])))
