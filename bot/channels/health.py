"""`/healthz` for a bot that polls; the webhook's server has its own."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web

log = structlog.get_logger(__name__)


async def serve_health(host: str, port: int) -> None:
    """Answer `GET /healthz` until cancelled. A port that is taken is a warning: people are served without it."""

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    application = web.Application()
    application.router.add_get("/healthz", health)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        log.warning("no_health_check", host=host, port=port, reason=error.strerror, set="ONWARD_HTTP_PORT")
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
