"""Two real processes on one PostgreSQL, all due at one moment: each check-in comes once.

The long version, 20,000 of them: `ONWARD_LONG=1 pytest -s tests/check_ins`.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.botapi import BotApi
from tests.check_ins.killing import content, promise, said
from tests.e2e.process import Bot, environment, free_port, serving, until, webhook

MANY = 20_000 if os.environ.get("ONWARD_LONG") else 1_000
FIRST = 1000


@pytest.mark.slow
@pytest.mark.postgres
async def test_each_of_many_comes_once_and_both_processes_fire(postgres_url: URL, tmp_path: Path) -> None:
    url = postgres_url.render_as_string(hide_password=False)
    words = content(tmp_path)
    async with BotApi.running() as api, AsyncExitStack() as stack:
        source = f"telegram:{api.token.partition(':')[0]}"
        for chat in range(FIRST, FIRST + MANY):
            api.person(chat)
        # Late enough for both to stand ready: then both wake at this very moment.
        due = datetime.now(UTC) + timedelta(seconds=14 + MANY / 2_000)
        await promise(url, source, range(FIRST, FIRST + MANY), due=due)
        bots = []
        for number in range(2):
            folder = tmp_path / str(number)
            more = {"DATABASE_URL": url, "ONWARD_CONTENT_DIR": str(words), **webhook(free_port())}
            settings = environment(folder, api.url, api.token, **more)
            bots.append(await stack.enter_async_context(serving(settings, folder, api)))
        assert datetime.now(UTC) < due
        await until(lambda: bool(said(api)), bots[0], within=60)
        began = time.monotonic()
        await until(lambda: len(api.calls("sendMessage")) >= MANY, bots[0], within=600)
        took = time.monotonic() - began
        await until(lambda: sum(map(fired, bots)) >= MANY, bots[0])
    found = said(api)
    print(f"\n{MANY} check-ins in {took:.1f} s, fired by each: {[fired(bot) for bot in bots]}")
    assert set(found) == {(chat, f"For {chat}.") for chat in range(FIRST, FIRST + MANY)}
    assert set(found.values()) == {1}
    assert sum(map(fired, bots)) == MANY
    assert min(map(fired, bots)) > 0, "one did it all: it shows nothing"


def fired(bot: Bot) -> int:
    lines = [json.loads(line) for line in bot.said().splitlines() if line.startswith("{")]
    return sum(line["count"] for line in lines if line["event"] == "check-ins fired")
