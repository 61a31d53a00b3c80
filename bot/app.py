"""The composition root: the only place where rooms are wired together."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import hmac
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.channels.health import serve_health, serve_metrics
from bot.channels.telegram.api import Api
from bot.channels.telegram.instant import InstantSigns
from bot.channels.telegram.parse import parse
from bot.channels.telegram.poll import poll
from bot.channels.telegram.profile import Profile, publish_profiles
from bot.channels.telegram.send import TelegramSender
from bot.channels.telegram.webhook import WebhookSettings, serve_webhook
from bot.config import Settings
from bot.dialogue.engine import advance
from bot.dialogue.flow import Script, in_locale
from bot.script.load import Content, load_content
from bot.script.places import atlas
from bot.script.understood import Kept
from bot.service.clock import Clock, SystemClock
from bot.service.decide import Mind, Parse
from bot.service.figures import CONTENT_TYPE, Figures
from bot.service.housekeeping import purge_every_hour
from bot.service.pace import Limits
from bot.service.parking import last_words
from bot.service.pipeline import Pipeline, make_pipeline
from bot.service.retention import Retention, notices
from bot.service.wake import first_of
from bot.service.waking import Waker
from bot.store.bell import Turnstile
from bot.store.database import Store, open_store
from bot.store.keys import Keys, load_keys
from bot.store.migrate import migrate
from bot.store.ports import Sender

log = structlog.get_logger(__name__)

ATLAS_AFTER = timedelta(seconds=30)
ATLAS_PAUSE_SECONDS = 0.01
TITLE_LABELS = ("description", "short-description")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What every front end needs, made and checked."""

    content: Content
    keys: Keys
    kept: Kept  # for whoever reads the content again, as an author changes it


def prepare(settings: Settings, *, database_url: str, progress: Callable[[str], None]) -> Ready:
    """Load the content and keys, and bring the database up to date. Blocks.

    Raises BrokenContent or StoreError: each says what is wrong, where, and what to do.
    """
    kept = Kept()
    content = load_content(settings.content_dir, today=datetime.now(UTC).date(), kept=kept)
    _tell_of_helplines(content.script, progress)
    _tell_of_reviews(content.script, progress)
    folder = settings.data_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = keys_of(settings)
    migrate(database_url, progress)
    gc.freeze()  # the content stays: no collection needs to look it through while somebody waits
    return Ready(content=content, keys=keys, kept=kept)


def keys_of(settings: Settings) -> Keys:
    """Return the keys in use; one is made in the data folder where none is set. Raises StoreError."""
    value = settings.encryption_keys.get_secret_value() if settings.encryption_keys else None
    return load_keys(value=value, file=settings.encryption_keys_file, data_folder=settings.data_dir)


def _tell_of_helplines(script: Script, progress: Callable[[str], None]) -> None:
    unconfirmed = script.helplines.unconfirmed if script.helplines is not None else 0
    if unconfirmed:
        progress(
            f"{unconfirmed} helplines in content/helplines.yaml were never confirmed by an operator: open each"
            " website, dial what you can, and write the day beside it (`confirmed:`)."
        )


def _tell_of_reviews(script: Script, progress: Callable[[str], None]) -> None:
    if script.reviews.clinician is None:
        progress(
            "The safety texts are not clinically reviewed, and /about says so: whoever reviews them writes name and day"
            " into content/safety-review.yaml."
        )


def mind_of(content: Callable[[], Content], source: str, parser: Parse) -> Mind:
    """Bind the pure parts to one channel's parser. `content` is asked at every turn: an author may be changing it."""
    return Mind(
        parsers={source: parser},
        read=lambda text, locale: content().understanding.read(text, locale),  # noqa: PLW0108 - asked anew each time
        advance=lambda session, event, facts: advance(content().script, session, event, facts),
        locales=content().script.locales,
    )


@asynccontextmanager
async def running_pipeline(
    ready: Ready,
    *,
    database_url: str,
    clock: Clock,
    source: str,
    parser: Parse,
    sender: Sender,
    limits: Limits,
    content: Callable[[], Content] | None = None,
) -> AsyncIterator[tuple[Pipeline, Store]]:
    """Open the store and wire one channel to it. `content` is what is said now, if it may change meanwhile."""
    async with open_store(
        database_url, ready.keys.values, exclusive=True, read_again=ready.keys.read_again
    ) as store:
        pipeline = make_pipeline(
            store=store,
            clock=clock,
            mind=mind_of(content or (lambda: ready.content), source, parser),
            last_words=last_words(ready.content.script, clock.now()),
            senders={source: sender},
            limits=limits,
        )
        yield pipeline, store


async def serve_telegram(settings: Settings, ready: Ready) -> None:
    """Serve Telegram until SIGINT or SIGTERM, then end in order: what began is finished.

    Raises ChannelError when Telegram refuses the token or the webhook address, StoreError when the store can't open.
    """
    assert settings.telegram_bot_token is not None
    token = settings.telegram_bot_token.get_secret_value()
    stopping = told_to_stop()
    async with Api(token, api_url=settings.telegram_api_url) as api:
        # Telegram may be out of reach for hours: whoever ends the bot meanwhile doesn't wait for it.
        meeting = asyncio.ensure_future(api.meet())
        await first_of(asyncio.wait([meeting]), stopping.wait())
        if stopping.is_set():
            await ended(meeting)
            return
        await _serve(settings, ready, api, partial(parse, username=meeting.result().username), stopping)


def told_to_stop() -> asyncio.Event:
    """Return what SIGINT and SIGTERM set from now on."""
    stopping = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    return stopping


async def _serve(settings: Settings, ready: Ready, api: Api, parser: Parse, stopping: asyncio.Event) -> None:
    clock, script = SystemClock(), ready.content.script
    retention = Retention(months=settings.retention_months, source=api.source, notices=notices(script))
    async with (
        running_pipeline(
            ready,
            database_url=settings.database_url,
            clock=clock,
            source=api.source,
            parser=parser,
            sender=TelegramSender(api),
            limits=Limits(overall=settings.sends_per_second, per_chat=settings.sends_per_chat_per_second),
        ) as (pipeline, store),
        _scheduled(store, clock, pipeline, retention),
    ):
        await _until_stopped(settings, ready, api, pipeline, stopping)


@asynccontextmanager
async def _scheduled(
    store: Store, clock: Clock, pipeline: Pipeline, retention: Retention
) -> AsyncIterator[None]:
    """Purge every hour, and wake check-ins when they are due; what they do is in the service."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    purging = asyncio.ensure_future(purge_every_hour(store, clock, retention))
    waker = Waker(check_ins=pipeline.check_ins, scheduler=scheduler)
    pipeline.turns.promised = waker.promised
    waker.start()
    scheduler.start()
    try:
        yield
    finally:
        await waker.stop()
        scheduler.shutdown(wait=False)
        await ended(purging)


async def _until_stopped(
    settings: Settings, ready: Ready, api: Api, pipeline: Pipeline, stopping: asyncio.Event
) -> None:
    signs = InstantSigns(api)
    work = asyncio.ensure_future(pipeline.run())
    stop = asyncio.ensure_future(stopping.wait())
    figures = figures_of(pipeline)
    channel = asyncio.ensure_future(_listen(settings, ready, api, pipeline, signs))
    aside = [asyncio.ensure_future(publish_profiles(api, profiles_of(ready.content.script)))]
    if settings.webhook_url is None:
        checks = serve_health(settings.http_host, settings.http_port, figures.ready)
        aside.append(asyncio.ensure_future(checks))
    if settings.metrics_port is not None:
        text = partial(figures.text, SystemClock())
        shown = serve_metrics(settings.http_host, settings.metrics_port, text, CONTENT_TYPE)
        aside.append(asyncio.ensure_future(shown))
    aside.append(asyncio.ensure_future(_make_atlas_in_time()))
    log.info("started", mode="webhook" if settings.webhook_url else "polling")
    try:
        done, _ = await asyncio.wait((channel, work, stop), return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stop}:
            task.result()
    finally:
        log.info("stopping")
        # The door closes first; then what came in is finished.
        await ended(channel, stop, *aside)
        pipeline.stop()
        await asyncio.gather(work, return_exceptions=True)
        await signs.close()


def figures_of(pipeline: Pipeline) -> Figures:
    return Figures(
        store=pipeline.store,
        receiver=pipeline.receiver,
        turns=pipeline.turns,
        delivery=pipeline.delivery,
        check_ins=pipeline.check_ins,
    )


async def _make_atlas_in_time() -> None:
    """Make the table of cities beside the work, once the start is over, so that no turn waits for it."""
    await asyncio.sleep(ATLAS_AFTER.total_seconds())
    ending = threading.Event()

    def pause() -> None:
        if ending.wait(ATLAS_PAUSE_SECONDS):
            raise InterruptedError  # nobody needs the table any more

    try:
        await asyncio.to_thread(atlas, pause)
    finally:
        ending.set()


async def ended(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _listen(
    settings: Settings,
    ready: Ready,
    api: Api,
    pipeline: Pipeline,
    signs: InstantSigns,
) -> None:
    if settings.webhook_url is None:
        turnstile = Turnstile(store=pipeline.store, source=api.source)
        try:
            await poll(api, pipeline.receive, notice=signs.notice, turnstile=turnstile.wait)
        finally:
            await turnstile.close()
    webhook = WebhookSettings(
        url=settings.webhook_url or "",
        secret=webhook_secret(settings, ready.keys),
        host=settings.http_host,
        port=settings.http_port,
    )
    await serve_webhook(api, pipeline.receive, webhook, notice=signs.notice, ready=figures_of(pipeline).ready)


def webhook_secret(settings: Settings, keys: Keys) -> str:
    """Return the configured secret, or one derived from the newest key, so that it is the same after a restart."""
    if settings.webhook_secret is not None:
        return settings.webhook_secret.get_secret_value()
    return hmac.new(keys.values[0].encode(), b"onward webhook secret", hashlib.sha256).hexdigest()


def profiles_of(script: Script) -> dict[str, Profile]:
    """Return what people see before they write, per language, from the flows' menus and the welcome's labels."""
    profiles = {}
    for locale in script.locales:

        def words(texts: object, locale: str = locale) -> str:
            found = in_locale(texts, locale)  # type: ignore[arg-type]
            return found[0].source if found else ""

        commands = tuple(
            (command, words(texts)) for flow in script.flows.values() for command, texts in flow.menu.items()
        )
        labels = script.flows["welcome"].labels
        description, short = (words(labels.get(name, {})) for name in TITLE_LABELS)
        profiles[locale] = Profile(commands=commands, description=description, short_description=short)
    return profiles
