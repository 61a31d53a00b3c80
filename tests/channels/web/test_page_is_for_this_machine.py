"""The practice chat's page answers to itself alone, tells faults in words, and never hands out what isn't content."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.channels.local import parse
from bot.channels.web.desk import Desk
from bot.channels.web.practice import Practice
from bot.channels.web.server import is_loopback, serve_page
from bot.dialogue.heard import HeardKind
from bot.dialogue.message import Message, Text
from bot.store.ports import Incoming

NOW = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)


@dataclass
class House:
    """Stands for everything behind the page."""

    received: list[Incoming] = field(default_factory=list)
    passed: list[timedelta] = field(default_factory=list)
    restarts: int = 0

    def desk(self) -> Desk:
        async def receive(batch: Any) -> None:
            self.received += batch

        async def nothing(*_: Any) -> None: ...

        async def never() -> None:
            await asyncio.Event().wait()

        async def pass_time(by: timedelta, arrived: Any) -> None:
            self.passed.append(by)
            arrived(NOW + by)

        async def panel(text: str) -> dict[str, Any]:
            return {"read": text}

        async def restart() -> None:
            self.restarts += 1

        async def unchanged() -> bool:
            return False

        return Desk(
            locales=lambda: ("en",), receive=receive, drain=nothing, until_due=never, now=lambda: NOW,
            next_due=nothing, pass_time=pass_time, panel=panel, restart=restart, reload=unchanged,
            source={"flows/about.yaml": ["flow: about", "<script>"]}.get,
        )  # fmt: skip


@dataclass
class Served:
    address: str
    practice: Practice
    house: House
    client: aiohttp.ClientSession

    async def post(self, path: str, fields: object, **headers: str) -> tuple[int, str]:
        kind = {"Content-Type": "application/json"}
        body = json.dumps(fields)
        async with self.client.post(self.address + path, data=body, headers=kind | headers) as answer:
            return answer.status, await answer.text()

    async def get(self, path: str, **headers: str) -> tuple[int, str, Any]:
        async with self.client.get(self.address + path, headers=headers) as answer:
            return answer.status, await answer.text(), answer.headers


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    practice, house = Practice(), House()
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.ensure_future(
        serve_page(practice, house.desk(), host="127.0.0.1", port=0, listening=address.set_result)
    )
    async with aiohttp.ClientSession() as client:
        yield Served((await address).rstrip("/"), practice, house, client)
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving


async def test_what_is_written_goes_through_the_one_door(served: Served) -> None:
    assert (await served.post("/messages", {"text": "they said no"}))[0] == 200
    heard = parse(served.house.received[0].payload)
    assert (heard.kind, heard.text) == (HeardKind.TEXT, "they said no")
    assert heard.message_id == served.practice.bubbles.all()[0]["id"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Host": "elsewhere.example"},
        {"Host": "localhost.elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=lambda each: " ".join(f"{k}={v}" for k, v in each.items()),
)
async def test_other_sites_are_refused(served: Served, headers: dict[str, str]) -> None:
    assert (await served.post("/messages", {"text": "hello"}, **headers))[0] == 403
    assert (await served.get("/events", **headers))[0] == 403
    assert served.house.received == []


async def test_a_form_of_another_site_cant_write(served: Served) -> None:
    status, _ = await served.post("/messages", {"text": "hello"}, **{"Content-Type": "text/plain"})
    assert status == 415
    assert served.house.received == []


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/messages", {"text": "  "}, 400),
        ("/messages", {"text": 5}, 400),
        ("/messages", ["text"], 400),
        ("/messages", {"text": "x" * 300_000}, 413),
        ("/edits", {"id": "12", "text": "never sent"}, 404),
        ("/taps", {}, 400),
        ("/shared", {"kind": "elephant"}, 400),
        ("/time", {"minutes": -5}, 400),
        ("/time", {"minutes": 10**12}, 400),
        ("/time", {"minutes": True}, 400),
        ("/next-check-in", {}, 409),
        ("/language", {"locale": "xx"}, 400),
    ],
)
async def test_a_fault_is_told_in_words_and_changes_nothing(
    served: Served, path: str, fields: object, status: int
) -> None:
    answered, words = await served.post(path, fields)
    assert answered == status
    assert words
    assert (served.house.received, served.house.passed, served.practice.bubbles.all()) == ([], [], [])


async def test_no_page_may_frame_run_or_ask_anything_of_elsewhere(served: Served) -> None:
    for path in ("/", "/chat.js", "/source/flows/about.yaml"):
        status, _, headers = await served.get(path)
        assert status == 200
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


async def test_content_is_shown_as_text_and_nothing_else_is_shown(served: Served) -> None:
    _, page, _ = await served.get("/source/flows/about.yaml")
    assert "&lt;script&gt;" in page
    assert (await served.get("/source/../pyproject.toml"))[0] == 404
    assert (await served.get("/source/%2e%2e/%2e%2e/etc/passwd"))[0] == 404


async def test_a_file_is_downloaded_and_never_run(served: Served) -> None:
    await served.practice.bubbles.send_file("you", 'a"b\n.html', "text/html", b"<script>", "")
    file_id = served.practice.bubbles.all()[0]["id"]
    status, _, headers = await served.get(f"/files/{file_id}")
    assert status == 200
    assert headers["Content-Disposition"] == 'attachment; filename="a_b_.html"'


async def test_an_open_page_hears_every_change_and_a_new_one_everything(served: Served) -> None:
    async with served.client.get(f"{served.address}/events") as stream:
        assert (await _change(stream))["what"] == "all"
        await served.practice.bubbles.say("you", Message(text=Text(plain="Hello")))
        assert (await _change(stream))["bubble"]["text"] == "Hello"
    async with served.client.get(f"{served.address}/events") as stream:
        assert [each["text"] for each in (await _change(stream))["bubbles"]] == ["Hello"]


async def _change(stream: aiohttp.ClientResponse) -> dict[str, Any]:
    while not (line := await stream.content.readline()).startswith(b"data: "):
        pass
    return dict(json.loads(line.removeprefix(b"data: ")))


@pytest.mark.parametrize(
    ("host", "only_here"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("192.168.1.4", False)],
)
def test_what_reaches_beyond_this_machine_is_known(host: str, only_here: bool) -> None:
    assert is_loopback(host) is only_here
