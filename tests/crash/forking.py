"""Lives of the real bot at a tenth of the price: a process that has imported everything forks one for each.

`python -m tests.crash.forking [CONTENT]` reads a JSON object a line
({"number", "arguments", "env", "cwd", "log", "seconds"}), forks, and says {"born": pid, "number": n}; when one ends,
{"ended": pid, "code": n}. A child runs that command of `onward` (`serve` mostly) and nothing else. Where `seconds` are
given (`read` and `lease`), its waits are that short, so that timeouts and leases run out within a test. A content
folder is read once, before the first fork, and must stay as it is.

That a life begins and ends as a process of its own does is tested with real ones: tests/e2e/test_starting.py.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
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
    """Where lives come from. It outlives a test and its event loop."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._lives: dict[int, Life] = {}
        self._asked: dict[int, asyncio.Future[Life]] = {}
        self._numbers = count(1)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._said = b""

    @classmethod
    @contextmanager
    def running(cls, content: Path | None = None) -> Iterator[Forge]:
        warm = [str(content)] if content is not None else []
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.forking", *warm], cwd=ROOT, bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        forge = cls(process)
        with process:
            assert process.stdout is not None
            os.set_blocking(process.stdout.fileno(), False)
            try:
                yield forge
            finally:
                forge._leave()
                for life in forge._lives.values():
                    life.kill()

    async def start(
        self,
        settings: dict[str, str],
        folder: Path,
        *,
        read_seconds: float | None = None,
        lease_seconds: float | None = None,
    ) -> Bot:
        """Start `onward serve` without waiting for anything."""
        folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - nothing else runs meanwhile
        log = folder / "bot.log"
        seconds = {"read": read_seconds, "lease": lease_seconds}
        life = await self.fork(["serve"], settings, folder, log, seconds if read_seconds else None)
        return Bot(process=life, log=log)  # type: ignore[arg-type]

    async def onward(self, settings: dict[str, str], folder: Path, *arguments: str) -> tuple[int, str]:
        """Run one of the commands to its end; return its exit code and all it said."""
        with tempfile.NamedTemporaryFile(prefix="onward-said-") as said:
            life = await self.fork(list(arguments), settings, folder, Path(said.name))
            code = await life.wait()
            return code, said.read().decode()

    async def fork(
        self,
        arguments: list[str],
        settings: dict[str, str],
        folder: Path,
        log: Path,
        seconds: dict[str, float | None] | None = None,
    ) -> Life:
        """Start a command in `folder`; all it says is added to `log`."""
        self._listen()
        wanted: dict[str, Any] = {
            "arguments": arguments,
            "env": settings,
            "cwd": str(folder),
            "log": str(log),
            "seconds": seconds,
        }
        assert self._process.stdin is not None
        assert self._loop is not None
        number = wanted["number"] = next(self._numbers)
        self._asked[number] = born = self._loop.create_future()
        self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        # The life itself, not its number: it may be over by now.
        return await born

    def _listen(self) -> None:
        """Hear of births and deaths in this test's event loop."""
        if self._loop is (loop := asyncio.get_running_loop()):
            return
        assert self._process.stdout is not None
        self._loop, self._asked = loop, {}
        loop.add_reader(self._process.stdout.fileno(), self._hear)

    def _leave(self) -> None:
        """Stop listening: what is opened next may have the same number, and would never be heard."""
        assert self._process.stdout is not None
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._process.stdout.fileno())

    def _hear(self) -> None:
        assert self._process.stdout is not None
        read = self._process.stdout.read(1 << 16)
        if read == b"":
            assert self._loop is not None
            self._loop.remove_reader(self._process.stdout.fileno())
            for each in self._asked.values():
                each.set_exception(RuntimeError("the process that forks has ended"))
            return
        *lines, self._said = (self._said + (read or b"")).split(b"\n")
        for line in lines:
            said = json.loads(line)
            if "born" in said:
                self._lives[said["born"]] = life = Life(said["born"])
                if (asked := self._asked.pop(said["number"], None)) is not None:
                    asked.set_result(life)
            else:
                self._lives.pop(said["ended"]).end(said["code"])


def main() -> None:
    from bot import app, cli, local_chats  # noqa: F401 - what every life would import first
    from bot.script.understood import Kept

    kept, load = Kept(), app.load_content
    app.Kept = lambda: kept  # type: ignore[misc, assignment]
    loaded = {Path(folder): load(Path(folder), kept=kept) for folder in sys.argv[1:]}
    for content in loaded.values():
        content.understanding.read("they said no", "en")
    app.load_content = lambda folder, **more: loaded.get(folder) or load(folder, **more)
    gc.freeze()  # so that no child copies what it never changes
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
            wanted = json.loads(line)
            _tell(born=_fork(wanted), number=wanted["number"])
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
    if (seconds := wanted["seconds"]) is not None:
        read = timedelta(seconds=seconds["read"])
        app.Api = lambda token, **more: Api(token, timeouts=Timeouts(read=read), **more)  # type: ignore[misc, assignment]
        outbox.LEASE = timedelta(seconds=seconds["lease"])
    try:
        cli.main(wanted["arguments"])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
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
