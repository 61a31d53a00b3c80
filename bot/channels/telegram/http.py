"""python-telegram-bot's HTTP layer over aiohttp, which costs a fraction of its httpx default."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.errors import OutageError, json_object, network_error, refusal

# The library logs the API's address, which holds the token, and every text it sends or gets.
_TALKATIVE = (
    "telegram",
    "telegram.Bot",
    "telegram.ext",
    "telegram.ext.ExtBot",
    "telegram.request",
    "telegram.request.BaseRequest",
    "telegram.request.HTTPXRequest",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long to wait for a free connection, a connection made, an answer, and the answer to an upload."""

    pool: timedelta = timedelta(seconds=10)
    connect: timedelta = timedelta(seconds=10)
    read: timedelta = timedelta(seconds=15)
    upload: timedelta = timedelta(seconds=60)


class HttpRequest(BaseRequest):
    """One aiohttp session for all the calls of one bot, at most `max_connections` of them at once."""

    def __init__(
        self, *, timeouts: Timeouts | None = None, max_connections: int = 256, proxy: str | None = None
    ) -> None:
        silence_library_loggers()
        self._timeouts = timeouts or Timeouts()
        self._max_connections = max_connections
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._timeouts.read.total_seconds()

    async def initialize(self) -> None:
        self._open_session()

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(  # noqa: PLR0917 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Make one request for the library; anything but success raises an error of `errors`."""
        files = request_data is not None and request_data.contains_files
        usual = self._timeouts.upload if files else self._timeouts.read
        seconds = usual.total_seconds() if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        if request_data is None:
            return await self._exchange(method, url, None, seconds)
        data = _form(request_data) if files else json.dumps(request_data.parameters).encode()
        return await self._exchange(method, url, data, seconds)

    async def call(
        self, url: str, parameters: dict[str, Any], *, read_timeout: timedelta | None = None
    ) -> Any:
        """POST `parameters` as JSON and return the answer's `result` as plain JSON values."""
        seconds = (read_timeout or self._timeouts.read).total_seconds()
        _, payload = await self._exchange("POST", url, json.dumps(parameters).encode(), seconds)
        answer = self.parse_json_payload(payload)
        if "result" not in answer:
            raise TelegramError("The API's answer holds no result")
        return answer["result"]

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer. Unlike the library's own, this neither logs nor quotes what it can't read.

        What isn't JSON was not said by Telegram: a hotel's log-in page, a proxy's notice.
        """
        answer = json_object(payload)
        if answer is None:
            raise OutageError("The answer is not JSON: does something stand between the bot and Telegram?")
        return answer

    async def _exchange(
        self, method: str, url: str, data: aiohttp.FormData | bytes | None, read_seconds: float | None
    ) -> tuple[int, bytes]:
        failure: TelegramError
        try:
            async with self._open_session().request(
                method,
                url,
                data=data,
                headers=_JSON if isinstance(data, bytes) else None,
                timeout=self._timeout(read_seconds),
                proxy=self._proxy,
            ) as response:
                code, payload = response.status, await response.read()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = network_error(error)
        else:
            if 200 <= code < 300:
                return code, payload
            failure = refusal(code, payload)
        # Outside of `except`, so that no traceback shows aiohttp's error: it quotes the address with the token.
        raise failure

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._max_connections, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )
        return self._session

    def _timeout(self, read_seconds: float | None) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(
            total=None,
            connect=(self._timeouts.pool + self._timeouts.connect).total_seconds(),
            sock_connect=self._timeouts.connect.total_seconds(),
            sock_read=read_seconds,
        )


_JSON = {"Content-Type": "application/json"}


def proxy_for(url: str) -> str | None:
    """Return the proxy that the environment names for `url`, if any.

    Found out once: aiohttp's own way reads the environment and ~/.netrc at every request.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in ("localhost", "127.0.0.1", "::1") or proxy_bypass(host):
        return None
    return getproxies().get(parts.scheme)


def silence_library_loggers() -> None:
    """Drop whatever python-telegram-bot would log, at any level."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        # A filter and not a level: a logging configuration that comes later leaves it in place.
        if _nothing not in logger.filters:
            logger.addFilter(_nothing)


def _nothing(_: logging.LogRecord) -> bool:
    return False


def _form(request_data: RequestData) -> aiohttp.FormData:
    # Unquoted: otherwise a file name beyond ASCII arrives percent-encoded.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return form
