"""The Bot API over HTTP: reads calls, runs into faults, logs, answers."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from tests.botapi.checks import Arguments, Refusal
from tests.botapi.control import control
from tests.botapi.faults import Fault, FaultKind, Faults
from tests.botapi.methods import Methods
from tests.botapi.person import Person
from tests.botapi.updates import Updates

TOKEN = "123456:TEST-token_of-the-loopback-Bot-API-00000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: when it came (monotonic seconds), what it asked, the HTTP status it got (0: no answer at all)."""

    at: float
    method: str
    arguments: dict[str, Any]
    status: int


class BotApi:
    """The server's state. `latency` seconds pass before every call is looked at; `log` keeps every call."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        latency: float = 0.0,
        log: bool = True,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.token, self.latency, self.log = token, latency, log
        bot_id = int(token.partition(":")[0])
        self.methods = Methods(
            {"id": bot_id, "is_bot": True, "first_name": "Onward", "username": "OnwardTestBot"}, now
        )
        self.updates = Updates()
        self.faults = Faults()
        self.calls_made: list[Call] = []
        self.url = ""
        self._people: dict[int, Person] = {}
        methods = (
            name for name in dir(Methods) if not name.startswith("_") and name not in ("chat", "message_json")
        )
        self._plain = {name.replace("_", ""): getattr(self.methods, name) for name in methods}
        self._special = {
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._webhook_info,
        }

    @classmethod
    @asynccontextmanager
    async def running(
        cls, *, host: str = "127.0.0.1", port: int = 0, **settings: Any
    ) -> AsyncIterator[BotApi]:
        """Serve while the context lasts; `url` is then where."""
        api = cls(**settings)
        runner = web.ServerRunner(web.Server(api.handle, access_log=None), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, host, port, backlog=1024)
        await site.start()
        api.url = f"http://{host}:{runner.addresses[0][1]}"
        try:
            yield api
        finally:
            await api.updates.delete_webhook()
            await runner.cleanup()

    def person(self, chat_id: int, *, language: str | None = "en", name: str = "Ada") -> Person:
        """Return the person of a private chat; the same one for the same number."""
        if chat_id not in self._people:
            self._people[chat_id] = Person(self, chat_id)
            chat = self.methods.chat(chat_id)
            chat.language, chat.name = language, name
        return self._people[chat_id]

    def fail(
        self,
        method: str,
        kind: FaultKind | str,
        *,
        times: int = 1,
        skip: int = 0,
        chat: int | None = None,
        **more: Any,
    ) -> None:
        """Let `skip` calls of `method` ("*": any) through, then `times` run into a fault; `more` goes to `Fault`."""
        self.faults.add(method, Fault(kind=FaultKind(kind), **more), times=times, skip=skip, chat=chat)

    def calls(self, method: str | None = None) -> list[Call]:
        """Return the calls so far, of one method or of all."""
        return [call for call in self.calls_made if method is None or call.method == method]

    def transcript(self, chat_id: int) -> str:
        return self.methods.chat(chat_id).transcript()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one HTTP request."""
        path = request.path
        if path.startswith("/control/"):
            return await control(self, request)
        _, _, rest = path.partition("/bot")
        token, _, method = rest.partition("/")
        if token != self.token:
            malformed = not re.fullmatch(r"\d+:[\w-]+", token)
            return _refused(Refusal(404, "Not Found") if malformed else Refusal(401, "Unauthorized"))
        arguments = await _arguments(request)
        if self.latency:
            await asyncio.sleep(self.latency)
        return await self._answer(request, method, arguments)

    async def _answer(
        self, request: web.BaseRequest, method: str, given: dict[str, Any]
    ) -> web.StreamResponse:
        at, fault = time.monotonic(), self.faults.take(method.lower(), given.get("chat_id"))
        response: web.StreamResponse | None
        if fault is None:
            response = await self._run(method, given)
        else:
            if fault.kind in (FaultKind.LOST_ANSWER, FaultKind.SLOW_ANSWER):
                await self._run(method, given)
            response = _faulty(fault)
        if self.log:
            status = 0 if response is None else response.status
            self.calls_made.append(Call(at=at, method=method, arguments=given, status=status))
        if response is not None:
            return response
        assert fault is not None
        if fault.kind in (FaultKind.SILENCE, FaultKind.SLOW_ANSWER):
            await asyncio.Event().wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _run(self, method: str, given: dict[str, Any]) -> web.Response:
        name, arguments = method.lower(), Arguments(given)
        try:
            if name in self._plain:
                result = json.dumps(self._plain[name](arguments))
            else:
                result = await self._special.get(name, _no_method)(arguments)
        except Refusal as refusal:
            return _refused(refusal)
        return web.Response(body=f'{{"ok":true,"result":{result}}}'.encode(), content_type="application/json")

    async def _get_updates(self, a: Arguments) -> str:
        offset, limit, timeout = a.integer("offset", 0), a.integer("limit", 100), a.integer("timeout", 0)
        return await self.updates.get(offset, limit, timeout, a.json("allowed_updates"))

    async def _set_webhook(self, a: Arguments) -> str:
        url, secret, connections = a.text("url"), a.text("secret_token"), a.integer("max_connections", 40)
        if not url:
            return await self._delete_webhook(a)
        if not re.match(r"https://|http://(127\.0\.0\.1|localhost)[:/]", url):
            raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise Refusal(400, "Bad Request: secret token contains unallowed characters")
        if not 1 <= connections <= 100:
            raise Refusal(400, "Bad Request: max_connections must be between 1 and 100")
        self._drop_if_asked(a)
        await self.updates.set_webhook(url, secret, connections, a.json("allowed_updates"))
        return "true"

    async def _delete_webhook(self, a: Arguments) -> str:
        self._drop_if_asked(a)
        await self.updates.delete_webhook()
        return "true"

    async def _webhook_info(self, _: Arguments) -> str:
        hook = self.updates.webhook
        info = {"url": hook.get("url", ""), "has_custom_certificate": False}
        info["pending_update_count"] = len(self.updates.pending)
        if hook.get("last_error"):
            info["last_error_message"] = hook["last_error"]
        return json.dumps(info)

    def _drop_if_asked(self, a: Arguments) -> None:
        if a.flag("drop_pending_updates"):
            self.updates.pending.clear()


async def _no_method(_: Arguments) -> str:
    raise Refusal(404, "Not Found: method not found")


async def _arguments(request: web.BaseRequest) -> dict[str, Any]:
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "multipart/form-data":
        for name, value in (await request.post()).items():
            is_file = isinstance(value, web.FileField)
            given[name] = (value.filename, value.file.read()) if is_file else value
        return given
    body = await request.read()
    if body and request.content_type == "application/json":
        return given | json.loads(body)
    return given | dict(parse_qsl(body.decode(), keep_blank_values=True))


def _refused(refusal: Refusal) -> web.Response:
    answer: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        answer["parameters"] = refusal.parameters
    return web.json_response(answer, status=refusal.code)


def _faulty(fault: Fault) -> web.Response | None:
    match fault.kind:
        case FaultKind.FLOOD:
            words = f"Too Many Requests: retry after {fault.retry_after}"
            return _refused(Refusal(429, words, retry_after=fault.retry_after))
        case FaultKind.ERROR:
            return _refused(Refusal(fault.code, fault.description))
        case FaultKind.BAD_GATEWAY:
            page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
            return web.Response(status=502, text=page, content_type="text/html")
        case FaultKind.GARBAGE:
            return web.Response(
                text="<html>Please log in to the hotel's network</html>", content_type="text/html"
            )
        case _:
            return None
