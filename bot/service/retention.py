"""Whoever has been silent for too long: told once, then erased."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.facts import Facts
from bot.dialogue.flow import Script, in_locale
from bot.dialogue.message import Message
from bot.dialogue.quiet import quiet_hours
from bot.service.clock import Clock
from bot.store import kept, outbox, records
from bot.store.codec import dump_message, load_session
from bot.store.database import Store
from bot.store.errors import StoreError
from bot.store.outbox import Kind, Unsent
from bot.store.tables import conversations

log = structlog.get_logger(__name__)

NOTICE = timedelta(days=14)  # between being told and being erased
STALE = timedelta(days=2)  # a notice that could not be sent by then is not sent: they are told again
_MONTH = timedelta(days=365) / 12
_AT_ONCE = 100
_KEY, _LABEL = "idle", "idle-notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Who is silent for `months` is told (`notices`, by locale) and erased two weeks later; only `source`'s people."""

    months: int
    source: str
    notices: Mapping[str, Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    told: int = 0
    erased: int = 0


def notices(script: Script) -> dict[str, Message]:
    """Return what is said before erasing, by locale; nothing where the content has no words for it."""
    flow = script.flows.get("privacy")
    texts = flow.labels.get(_LABEL, {}) if flow is not None else {}
    if not texts:
        return {}
    return {locale: Message(text=in_locale(texts, locale)[0].render({})) for locale in script.locales}


async def retain(store: Store, clock: Clock, retention: Retention) -> Retained:
    """Tell and erase those whose time has come. Who blocked the bot, and a group, is erased without being told."""
    if not retention.months or not retention.notices:  # nobody is erased without a word
        return Retained()
    told = erased = 0
    last = 0
    while True:
        async with store.write() as connection:
            found = await _silent(connection, retention, clock.now(), after=last)
            for each in found:
                done = await _settle(connection, retention, each, clock.now())
                told, erased = told + (done == "told"), erased + (done == "erased")
        if not found:
            break
        last = found[-1].id
        await asyncio.sleep(0)
    if erased:
        await store.sweep()
    if told or erased:
        log.info("silent for too long", told=told, erased=erased)
    return Retained(told=told, erased=erased)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Silent:
    id: int
    address: str
    blocked: bool
    warned: bool
    facts: Facts


async def _silent(
    connection: AsyncConnection, retention: Retention, now: datetime, *, after: int
) -> list[_Silent]:
    warned = and_(
        conversations.c.warned_at.is_not(None), conversations.c.warned_at > conversations.c.active_at
    )
    due: ColumnElement[bool] = or_(~warned, conversations.c.warned_at <= now - NOTICE)
    query = (
        select(conversations, warned.label("warned"))
        .where(
            conversations.c.source == retention.source,
            conversations.c.active_at <= now - retention.months * _MONTH,
            due,
            conversations.c.id > after,
        )
        .order_by(conversations.c.id)
        .limit(_AT_ONCE)
    )
    rows = (await connection.execute(query)).all()
    facts = await records.load_facts(connection, {row.id: row.locale or "en" for row in rows}) if rows else {}
    return [
        _Silent(
            id=row.id,
            address=row.address.text(),
            blocked=row.session is None or _blocked(row.session),
            warned=bool(row.warned),
            facts=facts[row.id],
        )
        for row in rows
    ]


def _blocked(session: object) -> bool:
    try:
        return load_session(session.open()).blocked  # type: ignore[attr-defined]
    except StoreError:
        return False  # unreadable: they are told as everybody is


async def _settle(connection: AsyncConnection, retention: Retention, each: _Silent, now: datetime) -> str:
    group = each.address.startswith("-")  # nothing is said in groups
    if each.warned or each.blocked or group:
        await kept.erase(connection, each.id)
        return "erased"
    if _quiet_now(each.facts, now):
        return "waits"
    message = retention.notices.get(each.facts.locale) or retention.notices["en"]
    notice = Unsent(kind=Kind.SAY, key=_KEY, payload=dump_message(message), valid_until=now + STALE)
    await outbox.put(connection, [(each.id, notice)], now)
    await connection.execute(update(conversations).where(conversations.c.id == each.id).values(warned_at=now))
    return "told"


def _quiet_now(facts: Facts, now: datetime) -> bool:
    try:
        zone = ZoneInfo(facts.zone or "UTC")
    except (ValueError, OSError):
        zone = ZoneInfo("UTC")
    return quiet_hours(facts.quiet).covers(now, zone)
