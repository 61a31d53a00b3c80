"""Standard input, line by line, beside everything else that goes on."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

_PROMPT = "> "


async def typed_lines(tell: Callable[[str], None], fault: Callable[[str], None]) -> AsyncIterator[str]:
    """Yield the lines of standard input until it ends. A piped line is shown by `tell`; `fault` hears of a bad one."""
    by_hand = sys.stdin.isatty()
    if by_hand:
        import readline  # noqa: F401, PLC0415 - gives input() its editing keys
    with _terminal_left_as_it_was() if by_hand else nullcontext():
        while True:
            try:
                line = await (_unawaited(lambda: input(_PROMPT)) if by_hand else asyncio.to_thread(_piped))
            except EOFError:
                return
            except UnicodeDecodeError:
                fault("That line isn't UTF-8 text, so it was not sent.")
                continue
            if not by_hand:
                tell(f"{_PROMPT}{line}")
            yield line


def _piped() -> str:
    # By bytes: read as text, one bad byte takes its whole block along, and some locales let it through.
    if not (line := sys.stdin.buffer.readline()):
        raise EOFError
    return line.decode().rstrip("\r\n")


async def _unawaited(read: Callable[[], str]) -> str:
    """Return what `read` does in a thread that nobody waits for: at a Ctrl-C, a prompt would only end by Enter."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str] = loop.create_future()

    def settle(how: Callable[[Any], None], value: object) -> None:
        if not answer.done():
            how(value)

    def hand_over(how: Callable[[Any], None], value: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: the chat has ended
            loop.call_soon_threadsafe(settle, how, value)

    def work() -> None:
        try:
            line = read()
        except Exception as error:  # noqa: BLE001 - handed on to whoever awaits the line
            hand_over(answer.set_exception, error)
        else:
            hand_over(answer.set_result, line)

    threading.Thread(target=work, name="prompt", daemon=True).start()
    return await answer


@contextmanager
def _terminal_left_as_it_was() -> Iterator[None]:
    """Undo what a prompt that was left alone has set, such as no echo."""
    try:
        import termios  # noqa: PLC0415 - not everywhere
    except ImportError:
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, before)  # not when all is shown: nobody may be looking
