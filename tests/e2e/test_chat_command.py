"""`onward chat`, piped: a line in, the answer out, plain text, and an orderly end."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.process import environment
from tests.e2e.walk import OPENING

pytestmark = pytest.mark.slow


async def chat(lines: bytes, folder: Path, content: Path, *options: str) -> tuple[int, str, str]:
    settings = environment(folder, "http://127.0.0.1:9", "1:none", ONWARD_CONTENT_DIR=str(content))
    # A terminal's own wishes must not colour what goes into a pipe.
    settings |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": "80"}
    del settings["ONWARD_DATA_DIR"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "chat", *options),
        cwd=folder,
        env=settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate(lines)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_lines_are_answered_in_order_and_the_end_of_input_ends_it(
    tmp_path: Path, echo_content: Path
) -> None:
    lines = ["/start", *(f"update {number}" for number in range(5))]
    code, out, err = await chat("\n".join(lines).encode(), tmp_path, echo_content)
    assert (code, err) == (0, "")
    said = [line for line in out.splitlines() if line.startswith((">", "Onward:"))]
    assert said[:4] == ["> /start", "Onward: Begun.", "Onward: Ready", "Onward: Go on"]
    answers = [
        line
        for n in range(5)
        for line in (f"> update {n}", f"Onward: update {n}, first", f"Onward: update {n}, {n} before it")
    ]
    assert said[4:] == answers
    assert "\x1b" not in out
    assert not list(tmp_path.iterdir()), "a piped chat keeps nothing"  # noqa: ASYNC240


async def test_the_real_content_reads_plainly_in_a_pipe(tmp_path: Path, real_content: Path) -> None:
    code, out, err = await chat(f"{OPENING}\n1\nit hurts\ndone\n".encode(), tmp_path, real_content)
    assert (code, err) == (0, "")
    assert "Acme" in out.replace(OPENING, "")
    assert "\x1b" not in out


async def test_nothing_and_nonsense_on_the_input_end_well_too(tmp_path: Path, echo_content: Path) -> None:
    assert await chat(b"", tmp_path, echo_content) == (0, "", "")
    code, out, err = await chat(b"/start\n\xff\xfe\n\n\x00\nupdate 9", tmp_path, echo_content)
    assert code == 0
    assert "> /start\nOnward: Begun." in out
    assert "update 9, first" in out
    assert "isn't UTF-8" in err
    assert "Traceback" not in err


@pytest.mark.skipif(os.name != "posix", reason="a terminal")
async def test_on_a_terminal_ctrl_c_ends_it_at_once(tmp_path: Path, echo_content: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    begin = "import os, sys, fcntl, termios, signal; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    begin += "signal.signal(signal.SIGINT, signal.SIG_DFL);"  # tests that run in the background ignore it
    command = begin + "os.execv(sys.executable, [sys.executable, '-m', 'bot', 'chat'])"
    settings = environment(tmp_path, "http://127.0.0.1:9", "1:none", ONWARD_CONTENT_DIR=str(echo_content))
    with open(ours, "r+b", buffering=0) as terminal, closing(open(theirs, "r+b", buffering=0)) as inner:  # noqa: PTH123, ASYNC230
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", command, cwd=tmp_path, env=settings, stdin=inner, stdout=inner, stderr=inner
        )
        said = b""
        async with asyncio.timeout(60):
            while not said.endswith(b"> "):
                said += await asyncio.to_thread(terminal.read, 1000)
            terminal.write(b"\x03")
            assert await process.wait() == 130


async def test_a_transcript_that_is_no_text_is_named(tmp_path: Path, echo_content: Path) -> None:
    file = tmp_path / "odd.txt"
    file.write_bytes(b"\xff\xfe")
    settings = environment(tmp_path, "http://127.0.0.1:9", "1:none", ONWARD_CONTENT_DIR=str(echo_content))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "transcript", str(file)),
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    assert process.returncode == 1
    assert f"{file}: not UTF-8 text" in out.decode()
    assert "Traceback" not in err.decode()
