"""The chats on this machine: in a terminal, and in an author's browser; each with its own database and clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.app import Ready, ended, running_pipeline, told_to_stop
from bot.channels.local import parse as parse_local
from bot.channels.terminal.chat import chat
from bot.channels.terminal.lines import SOURCE
from bot.channels.terminal.screen import Screen
from bot.channels.web import practice as web
from bot.channels.web.desk import Desk
from bot.channels.web.practice import Practice
from bot.channels.web.server import serve_page
from bot.config import Settings
from bot.script.live import LiveContent
from bot.script.load import Content
from bot.service.clock import MovedClock
from bot.service.pace import Limits
from bot.service.pipeline import Pipeline
from bot.service.travel import travel
from bot.service.workshop import Workshop


async def serve_terminal(ready: Ready, lines: AsyncIterator[str], screen: Screen, folder: Path) -> None:
    """Run the practice chat over `lines` until they end, in a database of its own in `folder`.

    Raises StoreError when the store can't open.
    """
    clock = MovedClock(folder / "chat.clock")
    async with running_pipeline(
        ready,
        database_url=chat_database(folder),
        clock=clock,
        source=SOURCE,
        parser=parse_local,
        sender=screen,
        limits=Limits(overall=0, per_chat=0),
    ) as (pipeline, _):
        await chat(
            lines,
            screen,
            receive=pipeline.receive,
            drain=pipeline.drain,
            until_due=pipeline.until_due,
            pass_time=partial(travel, pipeline, clock),
        )


async def serve_practice_chat(
    settings: Settings, ready: Ready, *, port: int, listening: Callable[[str], None]
) -> None:
    """Serve the practice chat's page until SIGINT or SIGTERM; `listening` is told its address.

    Raises OSError when the port can't be had, StoreError when the store can't open.
    """
    stopping = told_to_stop()
    folder = settings.data_dir
    clock = MovedClock(folder / "practice.clock")
    live = LiveContent(folder=settings.content_dir, content=ready.content, kept=ready.kept)
    practice = Practice()
    async with running_pipeline(
        ready,
        database_url=practice_database(folder),
        clock=clock,
        source=web.SOURCE,
        parser=parse_local,
        sender=practice.bubbles,
        limits=Limits(overall=0, per_chat=0),
        content=lambda: _for_authors(live.content),
    ) as (pipeline, store):
        workshop = Workshop(store=store, clock=clock, live=live, source=web.SOURCE, address=web.ADDRESS)
        desk = _desk(pipeline, clock, workshop)
        serving = asyncio.ensure_future(
            serve_page(practice, desk, host=settings.http_host, port=port, listening=listening)
        )
        await asyncio.wait(
            (serving, asyncio.ensure_future(stopping.wait())), return_when=asyncio.FIRST_COMPLETED
        )
        if serving.done():
            serving.result()
        await ended(serving)


def _for_authors(content: Content) -> Content:
    """Return content in which a language still being written can be tried."""
    languages = {each.locale: replace(each, offered=True) for each in content.script.languages.values()}
    return replace(content, script=replace(content.script, languages=languages))


def _desk(pipeline: Pipeline, clock: MovedClock, workshop: Workshop) -> Desk:
    live = workshop.live
    return Desk(
        locales=lambda: tuple(live.content.script.languages),
        receive=pipeline.receive,
        drain=pipeline.drain,
        until_due=pipeline.until_due,
        now=clock.now,
        next_due=pipeline.check_ins.next_due,
        pass_time=partial(travel, pipeline, clock),
        panel=workshop.panel,
        restart=workshop.restart,
        reload=lambda: asyncio.to_thread(live.refresh, datetime.now(UTC).date()),
        source=live.lines,
    )


def chat_database(folder: Path) -> str:
    """Return the address of the terminal chat's own database: never the one beside a live token."""
    return f"sqlite+aiosqlite:///{folder / 'chat.db'}"


def practice_database(folder: Path) -> str:
    """Return the address of the browser chat's own database: never the one beside a live token."""
    return f"sqlite+aiosqlite:///{folder / 'practice.db'}"
