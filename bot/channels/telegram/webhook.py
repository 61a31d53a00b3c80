"""The webhook: an update is stored and committed before it is answered with 200."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn

import structlog
from aiohttp import web
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.health import Ready, add_checks
from bot.channels.telegram.api import ALLOWED_UPDATES, Api, Notice, Receive
from bot.channels.telegram.errors import REFUSED_US, ChannelError, FloodedError, why_not_taken
from bot.channels.telegram.parse import peek, unnumbered
from bot.channels.telegram.poll import Sleep
from bot.store.ports import Incoming

log = structlog.get_logger(__name__)

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_PAUSE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """Where Telegram reaches us (`url`, public) and where we listen (`host`, `port`).

    `secret` is what Telegram must send with every update: 1 to 256 of A-Z, a-z, 0-9, _ and -. The path listened
    on is the url's own unless `path` says otherwise (behind a proxy that rewrites it).

    A body that takes longer than `patience` is given up.
    """

    url: str
    secret: str
    host: str
    port: int
    path: str | None = None
    max_connections: int = 40
    max_bytes: int = 1024 * 1024
    patience: timedelta = timedelta(seconds=10)


async def serve_webhook(
    api: Api,
    receive: Receive,
    settings: WebhookSettings,
    *,
    notice: Notice | None = None,
    ready: Ready | None = None,
    listening: Callable[[int], None] | None = None,
    sleep: Sleep = asyncio.sleep,
) -> NoReturn:
    """Take updates until cancelled. `listening` is told the port. GET /readyz tells what `ready` says.

    Raises ChannelError when the port can't be had, or Telegram refuses the token or the address.
    """
    runner = web.AppRunner(
        _application(api, receive, settings, notice, ready), access_log=None, shutdown_timeout=5
    )
    await runner.setup()
    try:
        await _listen(runner, settings, listening)
        # Listening comes first: Telegram sends what it has the moment it knows the address.
        await _announce(api, settings, sleep)
        while True:
            await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def _application(
    api: Api,
    receive: Receive,
    settings: WebhookSettings,
    notice: Notice | None,
    ready: Ready | None,
) -> web.Application:
    async def update(request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "").encode(errors="replace")
        if not hmac.compare_digest(given, settings.secret.encode()):
            return web.Response(status=403)
        try:
            async with asyncio.timeout(settings.patience.total_seconds()):
                # Read whole or refused with 413, by the application's client_max_size.
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        return await _take(api.source, body, receive, notice)

    application = web.Application(client_max_size=settings.max_bytes)
    application.router.add_post(settings.path or _path_of(settings.url), update)
    add_checks(application, ready)
    return application


async def _take(source: str, body: bytes, receive: Receive, notice: Notice | None) -> web.Response:
    raw: Any = None
    try:
        raw = json.loads(body)
    except RecursionError:
        pass  # JSON too deep to look into: stored as it is, and parked in its turn
    except ValueError:
        log.warning("webhook_body_refused", what_it_is="not JSON", bytes=len(body))
        return web.Response(status=400)
    number, address = peek(raw) if isinstance(raw, dict) else (unnumbered(body), None)
    try:
        await receive([Incoming(source=source, update_id=number, address=address, payload=body)])
    # The one broad catch of this door: unanswered, Telegram sends the update again.
    except Exception as error:  # noqa: BLE001
        log.error("inbox_refused", reason=why_not_taken(error))  # noqa: TRY400 - a traceback would quote the text
        return web.Response(status=503)
    if notice is not None and isinstance(raw, dict):
        notice(raw)
    return web.Response()


async def _listen(
    runner: web.AppRunner, settings: WebhookSettings, listening: Callable[[int], None] | None
) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise ChannelError(
            f"Cannot listen for Telegram's updates on {where} ({error.strerror}):"
            " set ONWARD_HTTP_HOST and ONWARD_HTTP_PORT to an address and a port that are free."
        ) from error
    if listening is not None:
        listening(runner.addresses[0][1])


async def _announce(api: Api, settings: WebhookSettings, sleep: Sleep) -> None:
    while (failure := await _set_webhook(api, settings)) is not None:
        if isinstance(failure, InvalidToken):
            raise ChannelError(REFUSED_US)
        if isinstance(failure, BadRequest):
            raise ChannelError(
                f"Telegram refuses the webhook address: {failure.message}. Check ONWARD_WEBHOOK_URL."
            )
        pause = failure.after if isinstance(failure, FloodedError) else _PAUSE
        log.warning("telegram_unreachable", reason=failure.message, retry_in=pause.total_seconds())
        await sleep(pause.total_seconds())
    log.info("webhook_set", max_connections=settings.max_connections)


async def _set_webhook(api: Api, settings: WebhookSettings) -> TelegramError | None:
    try:
        await api.bot.set_webhook(
            settings.url,
            secret_token=settings.secret,
            allowed_updates=list(ALLOWED_UPDATES),
            max_connections=settings.max_connections,
            drop_pending_updates=False,
        )
    except TelegramError as error:
        return error
    return None


def _path_of(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2]
