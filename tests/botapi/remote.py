"""The server in a process of its own, and its people, driven from here."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.botapi.person import Shown

_ROOT = Path(__file__).resolve().parents[2]


class RemotePerson:
    """What `Person` does, over HTTP."""

    def __init__(self, api: RemoteBotApi, chat_id: int, who: dict[str, Any]) -> None:
        self._api, self._chat_id, self._who = api, chat_id, who

    async def write(self, text: str) -> int:
        return await self._do("write", text=text)

    async def edit(self, text: str, message_id: int | None = None) -> None:
        await self._do("edit", text=text, message_id=message_id)

    async def tap(self, label: str) -> str:
        return await self._do("tap", label=label)

    async def tap_data(self, data: str | None, message_id: int | None = None) -> str:
        return await self._do("tap_data", data=data, message_id=message_id)

    async def share(self, kind: str, caption: str = "") -> int:
        return await self._do("share", kind=kind, caption=caption)

    async def forward(self, text: str) -> int:
        return await self._do("forward", text=text)

    async def block(self) -> None:
        await self._do("block")

    async def unblock(self) -> None:
        await self._do("unblock")

    async def replies(self, count: int = 1, *, settle: float = 0.0, within: float = 10.0) -> list[Shown]:
        found = await self._do("replies", count=count, settle=settle, within=within)
        return [Shown(**shown | {"buttons": tuple(shown["buttons"])}) for shown in found]

    async def transcript(self) -> str:
        return await self._do("transcript")

    async def _do(self, do: str, **arguments: Any) -> Any:
        return await self._api.control("person", chat=self._chat_id, do=do, arguments=arguments, **self._who)


class RemoteBotApi:
    """`url` is the server's; what `control` can do is in `control.py`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        await self._session.close()

    def person(self, chat_id: int, **who: Any) -> RemotePerson:
        return RemotePerson(self, chat_id, who)

    async def control(self, what: str, **arguments: Any) -> Any:
        """Do `what`; raises AssertionError with the server's reason when it can't."""
        async with self._session.post(f"{self.url}/control/{what}", json=arguments) as answer:
            said = await answer.json()
        assert answer.status == 200, said
        return said["result"]

    @classmethod
    @asynccontextmanager
    async def started(cls, *options: str) -> AsyncIterator[RemoteBotApi]:
        """Start the server as a process of its own, for as long as the context lasts."""
        command = (sys.executable, "-m", "tests.botapi", "--port", "0", *options)
        process = await asyncio.create_subprocess_exec(*command, cwd=_ROOT, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        first_line = (await process.stdout.readline()).decode()
        api = cls(first_line.split()[-1])
        try:
            yield api
        finally:
            await api.close()
            process.terminate()
            await process.wait()
