"""The real bot as a process of its own: started, waited for, ended or killed."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.botapi import BotApi

ROOT = Path(__file__).resolve().parents[2]
KEY = "Zm9yIHRlc3RzIG9ubHk6IGEga2V5IG9mIDMyIGJ5dGU="
SERVE = (sys.executable, "-m", "bot", "serve")
_OURS = ("ONWARD_", "TELEGRAM_", "DATABASE_URL")


def free_port() -> int:
    """Return a loopback port that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, api_url: str, token: str, **more: str) -> dict[str, str]:
    """Return a bot's environment: its data in `folder`, no send limits, nothing of this machine's own settings."""
    # Without compiled bytecode a start takes three times as long.
    left_out = (*_OURS, "PYTHONDONTWRITEBYTECODE")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return inherited | {
        "PYTHONPATH": str(ROOT),
        "TELEGRAM_BOT_TOKEN": token,
        "TELEGRAM_API_URL": api_url,
        "ONWARD_DATA_DIR": str(folder),
        "ONWARD_ENCRYPTION_KEYS": KEY,
        "ONWARD_HTTP_PORT": "0",
        "ONWARD_SENDS_PER_SECOND": "0",
        "ONWARD_SENDS_PER_CHAT_PER_SECOND": "0",
        **more,
    }


def webhook(port: int) -> dict[str, str]:
    return {"ONWARD_WEBHOOK_URL": f"http://127.0.0.1:{port}/updates", "ONWARD_HTTP_PORT": str(port)}


@dataclass(slots=True, kw_only=True)
class Bot:
    """A running bot. What it prints goes to `log`, one file for all its lives."""

    process: asyncio.subprocess.Process
    log: Path

    async def end(self, *, within: float = 20) -> int:
        """Ask it to end, as a container would; return its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await self.ended(within=within)

    async def ended(self, *, within: float = 20) -> int:
        try:
            async with asyncio.timeout(within):
                return await self.process.wait()
        except TimeoutError:
            raise AssertionError(f"the bot does not end:\n{self.said()}") from None

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


async def start(settings: dict[str, str], folder: Path, command: Sequence[str] = SERVE) -> Bot:
    """Start `command` without waiting for anything."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - nothing else runs meanwhile
    log = folder / "bot.log"
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=settings,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    return Bot(process=process, log=log)


Starts = Callable[[dict[str, str], Path], Awaitable[Bot]]


@asynccontextmanager
async def serving(
    settings: dict[str, str], folder: Path, api: BotApi, *, starts: Starts = start
) -> AsyncIterator[Bot]:
    """A bot that has asked `api` for updates, until the context ends; then it ends orderly."""
    before = len(api.calls())
    bot = await starts(settings, folder)
    try:
        await until(lambda: listens(api, before), bot)
        yield bot
        code = await bot.end()
        assert code == 0, bot.said()
    finally:
        await bot.kill()


def listens(api: BotApi, since: int) -> bool:
    """Tell whether a bot has begun to take updates, one way or the other, after call number `since`."""
    return any(call.method in ("deleteWebhook", "setWebhook") for call in api.calls()[since:])


async def until(holds: Callable[[], bool], bot: Bot | None = None, *, within: float = 30) -> None:
    """Wait until `holds`, looking every few milliseconds; fail when it takes too long or the bot has ended."""
    try:
        async with asyncio.timeout(within):
            while not holds():
                if bot is not None and bot.process.returncode is not None:
                    raise AssertionError(f"the bot ended with {bot.process.returncode}:\n{bot.said()}")
                await asyncio.sleep(0.005)
    except TimeoutError:
        said = bot.said() if bot is not None else ""
        raise AssertionError(f"it did not come about within {within} s\n{said}") from None


async def health(port: int, path: str = "/healthz") -> tuple[int, str]:
    """Return the status and body of `path`; status 0 when nobody listens."""
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}{path}") as answer,
        ):
            return answer.status, await answer.text()
    except aiohttp.ClientError:
        return 0, ""


async def onward(settings: dict[str, str], folder: Path, *arguments: str) -> tuple[int, str]:
    """Run one of the commands to its end; return its exit code and all it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=settings,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode()
