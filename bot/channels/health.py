"""What a machine asks the bot: `/healthz` (it is alive), `/readyz` (it is of use), `/metrics` (its figures)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

log = structlog.get_logger(__name__)

Ready = Callable[[], Awaitable[bool]]
_PATIENCE_SECONDS = 3.0  # for a database that doesn't answer


def add_checks(application: web.Application, ready: Ready | None) -> None:
    """Answer `GET /healthz` and `GET /readyz`: 200, or 503 while `ready` says no or nothing."""

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def readiness(_: web.Request) -> web.Response:
        well = ready is None or await _in_time(ready)
        return web.json_response({"ok": well}, status=200 if well else 503)

    application.router.add_get("/healthz", health)
    application.router.add_get("/readyz", readiness)


async def serve_health(host: str, port: int, ready: Ready | None = None) -> None:
    """Answer the checks of a bot that polls until cancelled; the webhook's server answers its own."""
    application = web.Application()
    add_checks(application, ready)
    await _serve(application, host, port, "ONWARD_HTTP_PORT")


async def serve_metrics(host: str, port: int, text: Callable[[], Awaitable[str]], content_type: str) -> None:
    """Answer `GET /metrics` until cancelled, on a port of its own: what the world reaches doesn't have it."""

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=(await text()).encode(), headers={"Content-Type": content_type})

    application = web.Application()
    application.router.add_get("/metrics", metrics)
    await _serve(application, host, port, "ONWARD_METRICS_PORT")


async def _in_time(ready: Ready) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await ready()
    except TimeoutError:
        return False


async def _serve(application: web.Application, host: str, port: int, setting: str) -> None:
    """A port that is taken is a warning: people are served without it."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        log.warning("no_health_check", host=host, port=port, reason=error.strerror, set=setting)
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
