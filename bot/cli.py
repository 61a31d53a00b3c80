"""The `onward` command.

Exit codes: 0 done, 1 the content or input has faults, 2 used wrongly, 3 can't run as set up.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
import tempfile
from functools import partial
from pathlib import Path

import click
import structlog
from rich.console import Console

from bot import authoring, operating, replaying
from bot.commands import clear_faults as _clear_faults
from bot.commands import progress as _progress
from bot.commands import settings as _settings
from bot.config import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="onward")
def main() -> None:
    """Onward: a coach for the hour a rejection arrives, the days after, and the next try."""


for command in (*authoring.COMMANDS, replaying.transcript, *operating.COMMANDS):
    main.add_command(command)


@main.command()
def serve() -> None:
    """Serve Telegram (with TELEGRAM_BOT_TOKEN set), or the practice chat for a browser on this machine (without)."""
    settings = _settings()
    if settings.telegram_bot_token is None:
        _practice(settings)
        return
    _starting()
    from bot import app  # noqa: PLC0415 - heavy, and not needed by the other commands

    _log_to_stderr()
    with _clear_faults():
        ready = app.prepare(settings, database_url=settings.database_url, progress=_progress)
        if ready.keys.warning:
            click.echo(ready.keys.warning, err=True)
        asyncio.run(app.serve_telegram(settings, ready))


def _starting() -> None:
    """Say on a terminal that it has begun: reading the content takes seconds on a small machine."""
    if sys.stderr.isatty():
        click.echo("Reading the content …", err=True)


def _practice(settings: Settings) -> None:
    _starting()
    from bot import app, local_chats  # noqa: PLC0415
    from bot.channels.web.server import is_loopback  # noqa: PLC0415

    _silence_logs()
    if not is_loopback(settings.http_host):
        click.echo(
            f"ONWARD_HTTP_HOST is {settings.http_host}: whoever reaches this machine can read and write this practice"
            " chat. Leave it unset to keep it to this machine.",
            err=True,
        )

    def listening(address: str) -> None:
        click.echo("No TELEGRAM_BOT_TOKEN is set, so this is the practice chat. Open it in a browser:")
        click.echo(f"  {address}")
        click.echo(
            "Ctrl-C ends it; it is kept until you come back. `make chat` is the same in this terminal."
        )

    with _clear_faults():
        ready = app.prepare(
            settings, database_url=local_chats.practice_database(settings.data_dir), progress=lambda _: None
        )
        serve = partial(local_chats.serve_practice_chat, settings, ready, listening=listening)
        try:
            asyncio.run(serve(port=settings.http_port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE or "http_port" in settings.model_fields_set:
                raise
            asyncio.run(serve(port=0))  # nobody asked for this very port: any free one will do


@main.command()
@click.option("--fresh", is_flag=True, help="Begin a new chat that is forgotten at its end.")
def chat(*, fresh: bool) -> None:
    """Talk to the bot in this terminal: labels or numbers choose buttons, /+1d moves the clock, (voice) shares one.

    Piped, it answers standard input line by line, in a fresh chat unless ONWARD_DATA_DIR is set, and ends.
    """
    settings = _settings()
    piped_into_nothing_kept = not sys.stdin.isatty() and "data_dir" not in settings.model_fields_set
    if fresh or piped_into_nothing_kept:
        with tempfile.TemporaryDirectory(prefix="onward-chat-") as folder:
            _chat(settings, folder=Path(folder))
    else:
        _chat(settings, folder=settings.data_dir)


def _chat(settings: Settings, *, folder: Path) -> None:
    from bot import app, local_chats  # noqa: PLC0415
    from bot.channels.terminal.screen import Screen  # noqa: PLC0415
    from bot.channels.terminal.typed import typed_lines  # noqa: PLC0415

    _silence_logs()
    _starting()
    own = settings.model_copy(update={"data_dir": folder})
    with _clear_faults():
        ready = app.prepare(own, database_url=local_chats.chat_database(folder), progress=lambda _: None)
        screen = Screen(Console(highlight=False), folder)
        if sys.stdin.isatty():
            click.echo(
                "Write as you would to a person. Ctrl-D ends the chat; it is kept until you come back.\n"
            )
        lines = typed_lines(click.echo, partial(click.echo, err=True))
        asyncio.run(local_chats.serve_terminal(ready, lines, screen, folder))


@main.command()
def migrate() -> None:
    """Bring the database up to this version's tables. Safe to run again, and by several processes at once."""
    from bot.store.migrate import migrate as bring_up_to_date  # noqa: PLC0415

    settings = _settings()
    with _clear_faults():
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not bring_up_to_date(settings.database_url, _progress):
            _progress("The database is up to date: nothing to do.")


def _log_to_stderr() -> None:
    """Structured lines on standard error: readable on a terminal, JSON when piped. Never a person's words."""
    pretty = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def _silence_logs() -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
