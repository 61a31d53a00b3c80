"""Lives of the real bot at a tenth of the price: a process that has imported everything forks one for each.

`python -m tests.crash.forking [CONTENT]` reads a JSON object a line ({"env", "cwd", "log", "seconds"}), forks, and says
{"born": pid}; when one ends, {"ended": pid, "code": n}. A child runs `onward serve` and nothing else; only its waits
are shorter, so that timeouts and leases run out within a test: `seconds` holds `read` and `lease`. With a content
folder, what people's words are read by is compiled once, before the first fork.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from tests.e2e.process import ROOT, Bot

_TICK_SECONDS = 0.01


@dataclass(slots=True)
class Life:
    """One forked process, with what `Bot` needs of an asyncio one."""

    pid: int
    returncode: int | None = None
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    async def wait(self) -> int:
        await self._over.wait()
        assert self.returncode is not None
        return self.returncode

    def end(self, code: int) -> None:
        self.returncode = code
        self._over.set()


class Forge:
    """Where lives come from."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._lives: dict[int, Life] = {}
        self._born: asyncio.Queue[Life] = asyncio.Queue()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    @asynccontextmanager
    async def running(cls, content: Path | None = None) -> AsyncIterator[Forge]:
        warm = [str(content)] if content is not None else []
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.crash.forking", *warm, cwd=ROOT,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        forge = cls(process)
        try:
            yield forge
        finally:
            for life in forge._lives.values():
                life.kill()
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()
            await forge._reading

    async def start(
        self, settings: dict[str, str], folder: Path, *, read_seconds: float, lease_seconds: float
    ) -> Bot:
        """Start `onward serve` without waiting for anything."""
        folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - nothing else runs meanwhile
        log = folder / "bot.log"
        seconds = {"read": read_seconds, "lease": lease_seconds}
        wanted = {"env": settings, "cwd": str(folder), "log": str(log), "seconds": seconds}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        # The life itself, not its number: it may be over by now.
        return Bot(process=await self._born.get(), log=log)  # type: ignore[arg-type]

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            if "born" in said:
                self._lives[said["born"]] = life = Life(said["born"])
                self._born.put_nowait(life)
            else:
                self._lives.pop(said["ended"]).end(said["code"])


def main() -> None:
    from bot import app, cli  # noqa: F401 - what every life would import first
    from bot.script.understood import Kept

    app.load_content = load = partial(app.load_content, kept=Kept())
    for folder in sys.argv[1:]:
        load(Path(folder)).understanding.read("they said no", "en")
    os.set_blocking(0, False)
    waiting = b""
    while True:
        try:
            read = os.read(0, 1 << 20)
        except BlockingIOError:
            read = None
        if read == b"":
            return
        waiting += read or b""
        *lines, waiting = waiting.split(b"\n")
        for line in lines:
            _tell(born=_fork(json.loads(line)))
        _bury()
        if read is None:
            signal.sigtimedwait([signal.SIGCHLD], _TICK_SECONDS)


def _fork(wanted: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        code = _live(wanted)
    finally:
        os._exit(code)


def _live(wanted: dict[str, Any]) -> int:
    from bot import app, cli
    from bot.channels.telegram.api import Api
    from bot.channels.telegram.http import Timeouts
    from bot.store import outbox

    log = os.open(wanted["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.chdir(wanted["cwd"])
    os.environ.clear()
    os.environ.update(wanted["env"])
    read = timedelta(seconds=wanted["seconds"]["read"])
    app.Api = lambda token, **more: Api(token, timeouts=Timeouts(read=read), **more)  # type: ignore[misc, assignment]
    outbox.LEASE = timedelta(seconds=wanted["seconds"]["lease"])
    try:
        cli.main(["serve"])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _bury() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _tell(ended=pid, code=os.waitstatus_to_exitcode(status))


def _tell(**what: int) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main()
