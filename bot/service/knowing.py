"""What is known of conversations when their turns come."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.facts import Facts
from bot.service.decide import DEFAULT_LOCALE, Known
from bot.store import check_ins, records
from bot.store.codec import dump_grounds, load_facts
from bot.store.errors import StoreError
from bot.store.grounds import Grounds
from bot.store.places import Place

_NOTHING = dump_grounds(Grounds())


async def know(connection: AsyncConnection, claimed: Sequence[Place]) -> dict[int, Known]:
    """Return what is known of claimed conversations: the cached facts, or those read anew from the records."""
    known = {place.id: each for place in claimed if (each := _known_without_reading(place)) is not None}
    unread = {place.id: place.locale or DEFAULT_LOCALE for place in claimed if place.id not in known}
    if unread:
        read = await records.load_grounded(connection, unread)
        known |= {
            each: Known(facts=facts, fresh_facts=True, grounds=dump_grounds(grounds))
            for each, (facts, grounds) in read.items()
        }
    return await _without_fired(connection, known)


async def _without_fired(connection: AsyncConnection, known: dict[int, Known]) -> dict[int, Known]:
    """Leave out of cached facts the check-ins that have fired since: they are in the inbox now."""
    cached = {each for each, of in known.items() if of.facts.check_ins and not of.fresh_facts}
    if not cached:
        return known
    standing = await check_ins.standing(connection, cached)
    return known | {each: _standing(known[each], standing.get(each, set())) for each in cached}


def _standing(known: Known, standing: Container[tuple[str, datetime]]) -> Known:
    kept = tuple(each for each in known.facts.check_ins if (each.key, each.due) in standing)
    return replace(known, facts=replace(known.facts, check_ins=kept))


def _known_without_reading(place: Place) -> Known | None:
    if place.session is None:
        facts = Facts(locale=place.locale or DEFAULT_LOCALE)
        return Known(facts=facts, fresh_facts=True, grounds=_NOTHING)
    if place.facts is None:
        return None
    try:
        facts, grounds = load_facts(place.facts.open())
        return Known(facts=facts, grounds=grounds)
    except (ValueError, StoreError):  # an older version's cache
        return None
