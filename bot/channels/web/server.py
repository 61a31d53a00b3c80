"""The practice chat's page on this machine: no request goes out, and none comes in from other sites."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.web.desk import Desk
from bot.channels.web.moves import MOVES, Move
from bot.channels.web.practice import Practice
from bot.channels.web.source_page import source_page

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MOST_BYTES = 256 * 1024  # of one request
_PAGE = Path(__file__).parent / "page"
_KEEP_ALIVE = timedelta(seconds=15)
_NAMES = {"localhost", "127.0.0.1", "::1"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def serve_page(
    practice: Practice, desk: Desk, *, host: str, port: int, listening: Callable[[str], None]
) -> None:
    """Serve the page until cancelled; `listening` is told its address. Raises OSError when the port can't be had."""
    runner = web.AppRunner(_application(practice), access_log=None, shutdown_timeout=1)
    await runner.setup()
    answering = asyncio.ensure_future(practice.run(desk))
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        listening(f"http://{_shown(host)}:{runner.addresses[0][1]}/")
        await answering
    finally:
        practice.close()
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
        await runner.cleanup()


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches what listens on `host`."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _shown(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _application(practice: Practice) -> web.Application:
    application = web.Application(client_max_size=MOST_BYTES, middlewares=[_own_pages_only, _with_headers])
    application.add_routes(
        [
            web.get("/", _file("index.html")),
            web.get("/chat.css", _file("chat.css")),
            web.get("/chat.js", _file("chat.js")),
            web.get("/panel.js", _file("panel.js")),
            web.get("/send.js", _file("send.js")),
            web.get("/icon.svg", _file("icon.svg")),
            web.get("/healthz", _health),
            *(web.get(path, handler) for path, handler in _reads(practice).items()),
            *(web.post(path, _taking(practice, move)) for path, move in MOVES.items()),
        ]
    )
    return application


@web.middleware
async def _own_pages_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other sites' pages: by the Host, which a rebound name can't fake, and by the Origin."""
    if not _is_here(urlsplit(f"//{request.host}").hostname or ""):
        raise web.HTTPForbidden(text="This page answers only under localhost or an address in numbers.")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="This page answers only to itself.")
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        raise web.HTTPForbidden(text="This page answers only to itself.")
    return await handler(request)


def _is_here(name: str) -> bool:
    if name in _NAMES:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


@web.middleware
async def _with_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    if not response.prepared:
        response.headers.update(_HEADERS)
    return response


def _file(name: str) -> Handler:
    async def send(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(_PAGE / name)

    return send


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"ok": True})


def _reads(practice: Practice) -> Mapping[str, Handler]:
    async def events(request: web.Request) -> web.StreamResponse:
        return await _stream(request, practice)

    async def download(request: web.Request) -> web.Response:
        file = practice.bubbles.file(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound(text="That file is not kept any more.")
        # As a download, except for pictures: a file must never run as a page of ours.
        shown = file.mime in {"image/png", "image/jpeg"}
        name = "".join(each if each.isalnum() or each in ".-_ " else "_" for each in file.name)
        headers = {"Content-Disposition": f'{"inline" if shown else "attachment"}; filename="{name}"'}
        kind = file.mime if file.mime.isascii() and "\n" not in file.mime else "application/octet-stream"
        return web.Response(body=file.content, headers={**headers, "Content-Type": kind})

    async def source(request: web.Request) -> web.Response:
        path = request.match_info["path"]
        lines = practice.desk.source(path)
        if lines is None:
            raise web.HTTPNotFound(text="There is no such content file.")
        return web.Response(text=source_page(path, lines), content_type="text/html")

    return {"/events": events, "/files/{id}": download, "/source/{path:.+}": source}


async def _stream(request: web.Request, practice: Practice) -> web.StreamResponse:
    response = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
    await response.prepare(request)
    with suppress(ConnectionResetError):  # the page was closed
        await _tell(response, practice)
    return response


async def _tell(response: web.StreamResponse, practice: Practice) -> None:
    """Write every change until there are no more, or whoever reads them has gone."""
    async with practice.watched() as changes:
        await _write(response, await practice.everything())
        while not practice.closed:
            try:
                change = await asyncio.wait_for(changes.get(), _KEEP_ALIVE.total_seconds())
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if not practice.closed:
                await _write(response, await practice.everything() if change is None else change)


async def _write(response: web.StreamResponse, change: Mapping[str, object]) -> None:
    await response.write(f"data: {json.dumps(change)}\n\n".encode())


def _taking(practice: Practice, move: Move) -> Handler:
    async def take(request: web.Request) -> web.Response:
        # A form of another site can't send JSON without asking first.
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="Send JSON.")
        try:
            fields = await request.json()
        except (ValueError, RecursionError):
            raise web.HTTPBadRequest(text="That is not JSON.") from None
        if not isinstance(fields, dict):
            raise web.HTTPBadRequest(text="Send a JSON object.")
        await move(practice, fields)
        return web.json_response({})

    return take
