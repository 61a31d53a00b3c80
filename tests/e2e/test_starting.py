"""Starting under bad conditions, and ending in good order: a clear line, the right exit code, never a traceback."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.botapi import BotApi
from tests.e2e.peek import Peek
from tests.e2e.process import environment, free_port, health, serving, start, until, webhook

pytestmark = pytest.mark.slow
SETUP = 3
OTHER_KEY = "YW5vdGhlciBrZXksIGFsc28gb2YgMzIgYnl0ZXMgLi4="
BEGINNING = ["Begun.", "Ready", "Go on"]


async def refused(settings: dict[str, str], folder: Path) -> str:
    """Return what a bot says that can't start; it must exit with the code for that, and show no traceback."""
    bot = await start(settings, folder)
    try:
        code = await bot.ended(within=30)
    finally:
        await bot.kill()
    assert code == SETUP, bot.said()
    assert "Traceback" not in bot.said()
    return bot.said()


async def greeted(api: BotApi, chat: int = 7) -> None:
    person = api.person(chat)
    await person.write("/start")
    assert [shown.text for shown in await person.replies(3, within=30)] == BEGINNING


@pytest.fixture
def settings(tmp_path: Path, echo_content: Path) -> dict[str, str]:
    """For a bot whose API is nowhere: give it a `TELEGRAM_API_URL`."""
    return environment(
        tmp_path, "http://127.0.0.1:9", "123456:nobodys_token", ONWARD_CONTENT_DIR=str(echo_content)
    )


def at(settings: dict[str, str], api: BotApi, **more: str) -> dict[str, str]:
    return settings | {"TELEGRAM_API_URL": api.url, "TELEGRAM_BOT_TOKEN": api.token} | more


@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_a_token_that_telegram_refuses(
    settings: dict[str, str], tmp_path: Path, by_webhook: bool
) -> None:
    async with BotApi.running() as api:
        more = webhook(free_port()) if by_webhook else {}
        said = await refused(at(settings, api, TELEGRAM_BOT_TOKEN="123456:old_token", **more), tmp_path)
    assert "Telegram refuses the bot token" in said
    assert "@BotFather" in said
    assert "old_token" not in said


async def test_a_token_that_is_none(settings: dict[str, str], tmp_path: Path) -> None:
    said = await refused(settings | {"TELEGRAM_BOT_TOKEN": "my secret token"}, tmp_path)
    assert "TELEGRAM_BOT_TOKEN is not a bot token" in said
    assert "my secret" not in said


async def test_content_that_is_no_yaml_is_named_with_file_and_line(
    settings: dict[str, str], tmp_path: Path, echo_content: Path
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(echo_content, broken)
    with (broken / "flows" / "echo.yaml").open("a", encoding="utf-8") as out:
        out.write("  a: [b\n")
    said = await refused(settings | {"ONWARD_CONTENT_DIR": str(broken)}, tmp_path)
    assert "The content can't be used" in said
    assert "echo.yaml:" in said


async def test_a_key_that_does_not_fit_the_database(settings: dict[str, str], tmp_path: Path) -> None:
    async with BotApi.running() as api:
        async with serving(at(settings, api), tmp_path, api):
            await greeted(api)
        said = await refused(at(settings, api, ONWARD_ENCRYPTION_KEYS=OTHER_KEY), tmp_path)
        assert "The encryption keys don't fit the database" in said
        assert OTHER_KEY not in said
        # With the right one it goes on as if nothing had been.
        async with serving(at(settings, api), tmp_path, api):
            await api.person(7).write("still here")
            assert (await api.person(7).replies(1))[0].text == "still here, first"


async def test_a_file_that_is_no_database(settings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "onward.db").write_bytes(b"once upon a time " * 100)
    assert "is not a database" in await refused(settings, tmp_path)


async def test_a_second_process_on_the_same_database(settings: dict[str, str], tmp_path: Path) -> None:
    async with BotApi.running() as api, serving(at(settings, api), tmp_path, api):
        second = tmp_path / "second"
        assert "Another process is using" in await refused(at(settings, api), second)
        await greeted(api)


async def test_a_webhook_port_that_is_taken(settings: dict[str, str], tmp_path: Path) -> None:
    async with BotApi.running() as api:
        taken = int(api.url.rpartition(":")[2])
        said = await refused(at(settings, api, **webhook(taken)), tmp_path)
    assert f"127.0.0.1:{taken}" in said
    assert "ONWARD_HTTP_PORT" in said


async def test_a_health_port_that_is_taken_is_a_warning(settings: dict[str, str], tmp_path: Path) -> None:
    async with BotApi.running() as api:
        taken = api.url.rpartition(":")[2]
        async with serving(at(settings, api, ONWARD_HTTP_PORT=taken), tmp_path, api) as bot:
            await greeted(api)
            assert "ONWARD_HTTP_PORT" in bot.said()


async def test_a_key_file_that_others_can_read_is_told_of_and_it_serves(
    settings: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "keys"
    file.write_text(OTHER_KEY)
    file.chmod(0o640)
    async with BotApi.running() as api:
        own = at(settings, api, ONWARD_ENCRYPTION_KEYS_FILE=str(file))
        own.pop("ONWARD_ENCRYPTION_KEYS", None)
        async with serving(own, tmp_path, api) as bot:
            await greeted(api)
            assert f"{file} can be read by other users: chmod 600 it" in bot.said()


@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_an_api_out_of_reach_is_waited_for(
    settings: dict[str, str], tmp_path: Path, by_webhook: bool
) -> None:
    port = free_port()
    more = webhook(free_port()) if by_webhook else {}
    bot = await start(settings | more | {"TELEGRAM_API_URL": f"http://127.0.0.1:{port}"}, tmp_path)
    try:
        await until(lambda: "telegram_unreachable" in bot.said(), bot)
        async with BotApi.running(port=port, token="123456:nobodys_token") as api:
            await greeted(api)
            assert await bot.end() == 0
    finally:
        await bot.kill()
    assert "Traceback" not in bot.said()
    assert "nobodys_token" not in bot.said()


async def test_it_ends_in_good_order_while_it_still_waits_for_the_api(
    settings: dict[str, str], tmp_path: Path
) -> None:
    bot = await start(settings, tmp_path)
    try:
        await until(lambda: "telegram_unreachable" in bot.said(), bot)
        assert await bot.end(within=5) == 0
    finally:
        await bot.kill()
    assert "Traceback" not in bot.said()


async def test_a_database_locked_meanwhile_loses_nothing(settings: dict[str, str], tmp_path: Path) -> None:
    async with BotApi.running() as api, serving(at(settings, api), tmp_path, api) as bot:
        await greeted(api)
        with closing(sqlite3.connect(tmp_path / "onward.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await api.person(7).write("meanwhile")
            await until(lambda: "inbox_refused" in bot.said(), bot)
            other.execute("ROLLBACK")
        assert (await api.person(7).replies(1, within=30))[0].text == "meanwhile, first"
        assert "Traceback" not in bot.said()


@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_health_is_told_while_it_runs_and_no_longer(
    settings: dict[str, str], tmp_path: Path, by_webhook: bool
) -> None:
    port, metrics = free_port(), free_port()
    more = webhook(port) if by_webhook else {"ONWARD_HTTP_PORT": str(port)}
    more |= {"ONWARD_METRICS_PORT": str(metrics)}
    async with BotApi.running() as api:
        async with serving(at(settings, api, **more), tmp_path, api):
            await greeted(api)
            assert await health(port) == await health(port, "/readyz") == (200, '{"ok": true}')
            assert (await health(port, "/metrics"))[0] == 404, "the world could read it"
            status, figures = await health(metrics, "/metrics")
            assert (status, 'onward_turns_total{outcome="done"} 1' in figures) == (200, True)
        assert (await health(port))[0] == 0


@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_told_to_end_it_finishes_what_it_began(
    settings: dict[str, str], tmp_path: Path, by_webhook: bool
) -> None:
    more = webhook(free_port()) if by_webhook else {}
    async with BotApi.running(latency=0.02) as api:
        people = [api.person(100 + number) for number in range(20)]
        async with serving(at(settings, api, **more), tmp_path, api) as bot:
            for person in people:
                await person.write("/start")
            for number in range(5):
                for person in people:
                    await person.write(f"update {number}")
            await people[0].replies(4)
            assert await bot.end() == 0
            assert "Traceback" not in bot.said()
        assert not leftovers(tmp_path), "the write-ahead log was left behind"
        async with serving(at(settings, api, **more), tmp_path, api) as bot:
            peek = Peek.at(tmp_path / "onward.db")
            await until(lambda: not api.updates.pending and not peek.waiting(), bot)
        for person in people:
            answers = [posted.text for posted in person.chat.messages.values() if posted.by_bot]
            rest = [f"update {n}, {what}" for n in range(5) for what in ("first", f"{n} before it")]
            assert answers == [*BEGINNING, *rest]


def leftovers(folder: Path) -> bool:
    log = folder / "onward.db-wal"
    return log.exists() and log.stat().st_size > 0
