"""From a waiting row to what its turn leaves behind: parse, understand, advance, encode. No database in here."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot.dialogue.effects import (
    CancelCheckIn,
    CloseButtons,
    CountRisk,
    Delete,
    Edit,
    Effect,
    EraseEverything,
    ForgetMessages,
    SaveTo,
    Say,
    ScheduleCheckIn,
    SendCalendar,
    SendChart,
    SendExport,
    SendLetter,
    Unsave,
    WithdrawUnsent,
)
from bot.dialogue.events import Blocked, CheckInDue, Event, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.heard import Heard, HeardKind, as_event
from bot.dialogue.languages import read_as_written
from bot.dialogue.reading import Reading
from bot.dialogue.session import Session, Turn
from bot.store.codec import (
    dump_calendar,
    dump_chart,
    dump_export,
    dump_facts,
    dump_grounds,
    dump_letter,
    dump_message,
    dump_session,
    load_grounds,
    load_session,
)
from bot.store.inbox import Waiting
from bot.store.news import load_news
from bot.store.outbox import LAST_KEY, Kind, Unsent
from bot.store.places import Place
from bot.store.writing import Written

Advance = Callable[[Session, Event, Facts], Turn]
Read = Callable[[str, str], Reading]  # a text, in a locale's words
Parse = Callable[[bytes], Heard | None]
NEW_TURNS = 2  # "hi", "/start": nothing is told yet
LANGUAGE_CHOSEN = "person.locale"

DEFAULT_LOCALE = "en"


def new_session_id() -> str:
    return secrets.token_urlsafe(6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mind:
    """The pure parts, bound: `parsers` by source, `locales` the script speaks, the first being its own."""

    parsers: Mapping[str, Parse]
    read: Read
    advance: Advance
    locales: Collection[str] = (DEFAULT_LOCALE,)
    new_id: Callable[[], str] = new_session_id

    def read_as_written(self, text: str, locale: str) -> Reading:
        return read_as_written(self.read, text, locale, self.locales)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a conversation when its turn comes. `fresh_facts`: read just now, to be cached.

    `grounds`: the records that the facts follow from, dumped; empty when those are not known.
    """

    facts: Facts
    fresh_facts: bool = False
    grounds: bytes = b""


def decide(mind: Mind, place: Place, row: Waiting, known: Known) -> Written | None:
    """Return what the turn leaves behind. Raises whatever parsing, the engine or the encoding raises.

    None: the turn looks something up. Run it again with everything on record as `known.facts.kept`.
    """
    if row.from_within:
        return _decide_within(mind, place, row, known)
    nothing = Written(conversation_id=place.id, inbox_id=row.id, at=row.at)
    heard = hear(mind, place, row)
    if heard is None:
        return nothing
    session = session_of(mind, place)
    locale = None if place.locale else best_locale(heard.language, mind.locales)
    facts = spoken(mind, replace(known.facts, locale=locale) if locale else known.facts)
    event = as_event(heard, row.at, lambda text: mind.read_as_written(text, facts.locale))
    theirs = _first_language(mind, session, facts, event)
    if theirs is not None:
        locale, facts = theirs, replace(facts, locale=theirs)
    noted = replace(
        nothing,
        locale=locale,
        facts=dump_facts(facts, known.grounds) if known.fresh_facts or theirs is not None else None,
        heard_message_id=heard.message_id if heard.kind in _THEIRS else None,
        moved_to=heard.moved_to if heard.kind is HeardKind.MOVED else None,
    )
    if event is None:
        return noted
    noted = replace(noted, withdraw=isinstance(event, Blocked))
    turn = mind.advance(session, event, facts)
    return None if turn.looks_up else _with_facts(carry_out(noted, turn), place, known)


def spoken(mind: Mind, facts: Facts) -> Facts:
    """Return the facts with a language that is offered: one may have been withdrawn since."""
    return facts if facts.locale in mind.locales else replace(facts, locale=next(iter(mind.locales)))


def _first_language(mind: Mind, session: Session, facts: Facts, event: Event | None) -> str | None:
    """What somebody new writes says more about their language than their client does, or a "hola" before it.

    Later it is offered, not taken: something was told in the conversation's language, or it was chosen.
    """
    if session.turn > NEW_TURNS or session.refs or LANGUAGE_CHOSEN in session.variables:
        return None
    if session.turn and isinstance(event, Wrote) and event.reading.rejection.pasted:
        return None  # the language of whoever rejected them
    tongue = event.reading.tongue if isinstance(event, Wrote) else None
    return tongue if tongue in mind.locales and tongue != facts.locale else None


def hear(mind: Mind, place: Place, row: Waiting) -> Heard | None:
    """Return what the channel's parser heard in a row that came by the channel."""
    heard = mind.parsers[place.source](row.payload.open())
    return None if heard is None else replace(heard, text=clean(heard.text), data=clean(heard.data))


def session_of(mind: Mind, place: Place) -> Session:
    """Return the stored session, or a new one for someone new. Raises SessionUnreadable or Unopenable."""
    return Session(id=mind.new_id()) if place.session is None else load_session(place.session.open())


def carry_out(noted: Written, turn: Turn, *, check_in: str | None = None) -> Written:
    """Return `noted` with everything the turn asks for. `check_in`: the promise that what nobody asked for comes of."""
    done = replace(noted, session=dump_session(turn.session))
    for effect in turn.effects:
        done = _apply(done, effect)
    unsent = (replace(each, check_in=check_in) if each.valid_until else each for each in done.unsent)
    return replace(done, unsent=tuple(unsent)) if check_in else done


def clean(text: str) -> str:
    """Return the text without NUL and with lone surrogates replaced: neither survives a database or an API."""
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def best_locale(language: str | None, locales: Collection[str]) -> str | None:
    """Return the locale the script has for a BCP 47 tag: itself, or its language alone; None when it has neither."""
    if not language:
        return None
    wanted, by_lower = language.lower(), {locale.lower(): locale for locale in locales}
    return by_lower.get(wanted) or by_lower.get(wanted.partition("-")[0])


def _decide_within(mind: Mind, place: Place, row: Waiting, known: Known) -> Written | None:
    event = load_news(row.payload.open(), row.at)
    noted = Written(
        conversation_id=place.id,
        inbox_id=row.id,
        at=row.at,
        facts=dump_facts(known.facts, known.grounds) if known.fresh_facts else None,
        withdraw=isinstance(event, Blocked),
        within=True,
    )
    due = event.check_in.key if isinstance(event, CheckInDue) else None
    turn = mind.advance(session_of(mind, place), event, spoken(mind, known.facts))
    return None if turn.looks_up else _with_facts(carry_out(noted, turn, check_in=due), place, known)


def _with_facts(done: Written, place: Place, known: Known) -> Written:
    """Let a turn that saved something leave the new facts behind, where they can be told without reading anything."""
    if not done.changes or done.promises or not known.grounds:
        return done
    after = load_grounds(known.grounds).after(done.changes)
    if after is None:
        return done
    locale = done.locale or place.locale or DEFAULT_LOCALE
    facts = after.facts(locale=locale, check_ins=known.facts.check_ins)
    return replace(done, facts_after=dump_facts(facts, dump_grounds(after)))


_THEIRS = frozenset({HeardKind.TEXT, HeardKind.SHARED})


def _apply(done: Written, effect: Effect) -> Written:  # noqa: C901, PLR0912 - one case an effect
    match effect:
        case Say(key=key, message=message, valid_until=until):
            unsent = Unsent(kind=Kind.SAY, key=key, payload=dump_message(message), valid_until=until)
            return _send(done, unsent)
        case SendCalendar(key=key):
            return _send(done, Unsent(kind=Kind.CALENDAR, key=key, payload=dump_calendar(effect)))
        case SendExport(key=key):
            words = dump_export(effect)
            page = _send(done, Unsent(kind=Kind.PAGE, key=f"{key}.page", payload=words))
            return _send(page, Unsent(kind=Kind.DATA, key=f"{key}.data", payload=words))
        case SendChart(key=key):
            return _send(done, Unsent(kind=Kind.CHART, key=key, payload=dump_chart(effect)))
        case SendLetter(key=key):
            return _send(done, Unsent(kind=Kind.EML, key=key, payload=dump_letter(effect)))
        case ScheduleCheckIn() | CancelCheckIn():
            return replace(done, promises=(*done.promises, effect))
        case Edit(key=key, message=message):
            return _send(done, Unsent(kind=Kind.EDIT, key=key, payload=dump_message(message)))
        case CloseButtons(key=key, chosen=chosen):
            payload = None if chosen is None else chosen.encode()
            return _send(done, Unsent(kind=Kind.CLOSE, key=key, payload=payload))
        case Delete(key=key):
            return _send(done, Unsent(kind=Kind.DELETE, key=key))
        case ForgetMessages(since=since):
            return replace(done, forget_since=_earlier(done.forget_since, since))
        case SaveTo() | Unsave():
            return replace(done, changes=(*done.changes, effect))
        case CountRisk():
            return replace(done, risks=(*done.risks, effect))
        case WithdrawUnsent():
            return replace(done, withdraw=True, unsent=())
        case EraseEverything(last=last):
            return _erase(done, Unsent(kind=Kind.SAY, key=LAST_KEY, payload=dump_message(last)))
        case _:
            assert_never(effect)


def _send(done: Written, unsent: Unsent) -> Written:
    return replace(done, unsent=(*done.unsent, unsent))


def _erase(done: Written, last: Unsent) -> Written:
    # Whatever the turn did before is erased with the rest; only the counts, which name nobody, stand.
    return Written(
        conversation_id=done.conversation_id,
        inbox_id=done.inbox_id,
        at=done.at,
        erase=True,
        unsent=(last,),
        risks=done.risks,
        also_done=done.also_done,
    )


def _earlier(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else min(one, other)
