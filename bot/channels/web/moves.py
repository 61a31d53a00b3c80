"""What the page can ask for, each with the JSON fields it came with. A fault in them is the page's, told in words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.channels.web.practice import Practice
from bot.dialogue.events import SharedKind
from bot.dialogue.heard import Heard, HeardKind

Fields = Mapping[str, Any]
Move = Callable[[Practice, Fields], Awaitable[None]]

MOST_AHEAD = timedelta(days=366 * 2)


async def _write(practice: Practice, fields: Fields) -> None:
    text = _words(fields, "text")
    practice.last_text = text
    bubble = practice.bubbles.heard(text)
    await practice.hear(_heard(practice, HeardKind.TEXT, text=text, message_id=bubble))


async def _rewrite(practice: Practice, fields: Fields) -> None:
    text, bubble = _words(fields, "text"), _words(fields, "id")
    if not practice.bubbles.rewritten(bubble, text):
        raise web.HTTPNotFound(text="That message is not on the page any more.")
    practice.last_text = text
    await practice.hear(_heard(practice, HeardKind.EDIT, text=text, message_id=bubble))


async def _tap(practice: Practice, fields: Fields) -> None:
    await practice.hear(_heard(practice, HeardKind.TAP, data=_words(fields, "data")))


async def _share(practice: Practice, fields: Fields) -> None:
    kind = _words(fields, "kind")
    if kind not in set(SharedKind):
        raise web.HTTPBadRequest(text=f"One of {', '.join(SharedKind)} can be shared.")
    bubble = practice.bubbles.heard(f"({kind})")
    await practice.hear(_heard(practice, HeardKind.SHARED, message_id=bubble, shared=SharedKind(kind)))


async def _pass_time(practice: Practice, fields: Fields) -> None:
    minutes = fields.get("minutes")
    most = MOST_AHEAD.total_seconds() / 60
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 < minutes <= most:
        raise web.HTTPBadRequest(text="The clock only goes forward, and two years at most.")
    await practice.pass_time(timedelta(minutes=minutes))


async def _to_next_due(practice: Practice, _: Fields) -> None:
    if not await practice.to_next_due():
        raise web.HTTPConflict(text="No check-in is promised.")


async def _restart(practice: Practice, _: Fields) -> None:
    await practice.restart()


async def _speak(practice: Practice, fields: Fields) -> None:
    locale = _words(fields, "locale")
    if locale not in practice.desk.locales():
        raise web.HTTPBadRequest(text="The script doesn't speak that language.")
    practice.language = locale
    await practice.restart()


MOVES: Mapping[str, Move] = {
    "/messages": _write,
    "/edits": _rewrite,
    "/taps": _tap,
    "/shared": _share,
    "/time": _pass_time,
    "/next-check-in": _to_next_due,
    "/restart": _restart,
    "/language": _speak,
}


def _heard(practice: Practice, kind: HeardKind, **fields: Any) -> Heard:
    return Heard(kind=kind, language=practice.language, **fields)


def _words(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise web.HTTPBadRequest(text=f"Give `{name}`: a text that isn't empty.")
    return value
