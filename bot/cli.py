"""The `onward` command.

Exit codes: 0 done, 1 the content or input has faults, 2 used wrongly, 3 can't run as set up.
"""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click
import structlog
from rich.console import Console

from bot import operating
from bot.commands import FAULTS
from bot.commands import clear_faults as _clear_faults
from bot.commands import progress as _progress
from bot.commands import settings as _settings
from bot.config import Settings

READ_BYTES = 65_536


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="onward")
def main() -> None:
    """Onward: a coach for the hour a rejection arrives, the days after, and the next try."""


for command in operating.COMMANDS:
    main.add_command(command)


@main.command()
def serve() -> None:
    """Serve Telegram (with TELEGRAM_BOT_TOKEN set), or the practice chat for a browser on this machine (without)."""
    settings = _settings()
    if settings.telegram_bot_token is None:
        _practice(settings)
        return
    from bot import app  # noqa: PLC0415 - heavy, and not needed by the other commands

    _log_to_stderr()
    with _clear_faults():
        ready = app.prepare(settings, database_url=settings.database_url, progress=_progress)
        if ready.keys.warning:
            click.echo(ready.keys.warning, err=True)
        asyncio.run(app.serve_telegram(settings, ready))


def _practice(settings: Settings) -> None:
    from bot import app  # noqa: PLC0415
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
            settings, database_url=app.practice_database(settings.data_dir), progress=lambda _: None
        )
        serve = partial(app.serve_practice_chat, settings, ready, listening=listening)
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
    from bot import app  # noqa: PLC0415
    from bot.channels.terminal.screen import Screen  # noqa: PLC0415
    from bot.channels.terminal.typed import typed_lines  # noqa: PLC0415

    _silence_logs()
    own = settings.model_copy(update={"data_dir": folder})
    with _clear_faults():
        ready = app.prepare(own, database_url=app.chat_database(folder), progress=lambda _: None)
        screen = Screen(Console(highlight=False), folder)
        if sys.stdin.isatty():
            click.echo(
                "Write as you would to a person. Ctrl-D ends the chat; it is kept until you come back.\n"
            )
        lines = typed_lines(click.echo, partial(click.echo, err=True))
        asyncio.run(app.serve_terminal(ready, lines, screen, folder))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array instead of lines.")
@click.option(
    "--advice", is_flag=True, help="Print where each piece of advice is given, and a shortest way there."
)
@click.option("--table", is_flag=True, help="With --advice: as docs/advice.md has it.")
@click.option(
    "--evidence", is_flag=True, help="Print what the exercises rest on, as docs/evidence.md has it."
)
def check(*, as_json: bool, advice: bool, table: bool, evidence: bool) -> None:
    """Read all content and list every fault with its file, line and remedy. Exits 1 when there is an error."""
    if advice:
        _print_advice(table=table)
        return
    if evidence:
        from bot.script.evidence import evidence_page  # noqa: PLC0415
        from bot.script.load import load_content  # noqa: PLC0415

        with _clear_faults():
            click.echo(evidence_page(load_content(_settings().content_dir)), nl=False)
        return
    from bot.script.diagnostics import Severity  # noqa: PLC0415
    from bot.script.load import check_content  # noqa: PLC0415

    _, found = check_content(_settings().content_dir, thoroughly=True, today=datetime.now(UTC).date())
    if as_json:
        rows = [
            {
                "code": each.code.value,
                "severity": each.severity.value,
                "path": str(each.path),
                "line": each.line,
                "message": each.message,
                "remedy": each.remedy,
            }
            for each in found
        ]
        click.echo(json.dumps(rows, indent=2))
    else:
        for each in found:
            click.echo(str(each))
    errors = sum(each.severity is Severity.ERROR for each in found)
    click.echo(f"{errors} errors, {len(found) - errors} warnings", err=True)
    if errors:
        raise SystemExit(FAULTS)


def _print_advice(*, table: bool) -> None:
    from bot.script.advice import BrokenCondition, advice_page, find_advice, told  # noqa: PLC0415
    from bot.script.catalogue import CATALOGUE  # noqa: PLC0415
    from bot.script.load import load_content  # noqa: PLC0415

    folder = _settings().content_dir
    with _clear_faults():
        content = load_content(folder)
    try:
        found = find_advice(content, folder / "editorial" / "lives.yaml")
    except BrokenCondition as error:
        click.echo(str(error), err=True)
        raise SystemExit(FAULTS) from None
    click.echo(advice_page(content, found) if table else told(content, found), nl=False)
    click.echo(f"{len(found)} of {len(CATALOGUE)} reached", err=True)
    if len(found) < len(CATALOGUE):
        raise SystemExit(FAULTS)


@main.command()
@click.option("--explain", is_flag=True, help="Name the rules that spoke.")
@click.option(
    "--locale", default="en", show_default=True, help="The language assumed where a line gives none."
)
def understand(*, explain: bool, locale: str) -> None:
    """Print what is understood of each line of standard input: a text, or {"text": …, "locale": …}; JSON lines out."""
    from bot.script.load import load_content  # noqa: PLC0415
    from bot.understanding import reading_as_json  # noqa: PLC0415

    with _clear_faults():
        reads = load_content(_settings().content_dir).understanding
    encoded = json.JSONEncoder(ensure_ascii=False).encode
    faults = number = 0
    for lines in _arrived(sys.stdin.buffer):
        told: list[str] = []
        for line in lines:
            number += 1
            entry = _entry(line, locale)
            if entry is None:
                faults += 1
                error = "not UTF-8 text, or a JSON object without a `text`"
                click.echo(f"line {number}: {error}", err=True)
                told.append(encoded({"error": error, "line": number}))
                continue
            text, its_locale = entry
            told.append(encoded(reading_as_json(reads.read(text, its_locale), explain=explain)))
        click.echo("\n".join(told))
    if faults:
        raise SystemExit(FAULTS)


def _arrived(stream: BinaryIO) -> Iterator[list[bytes]]:
    """The whole lines that have come in so far, again and again: many at once in batch, one where somebody types."""
    rest = b""
    while chunk := stream.read1(READ_BYTES):  # type: ignore[attr-defined]
        *lines, rest = (rest + chunk).split(b"\n")
        if lines:
            yield lines
    if rest:
        yield [rest]


def _entry(line: bytes, locale: str) -> tuple[str, str] | None:
    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return None
    if not text.lstrip().startswith("{"):
        return text, locale
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        return text, locale  # a person may well begin with a brace
    if not isinstance(entry.get("text"), str):
        return None
    return entry["text"], str(entry.get("locale") or locale)


@main.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--update", is_flag=True, help="Write what is said now into the files.")
def transcript(files: tuple[Path, ...], *, update: bool) -> None:
    """Replay readable chats and compare them exactly. Exits 1 when one reads differently."""
    from bot.script.load import load_content  # noqa: PLC0415
    from bot.script.transcript import BadTranscript, difference, play  # noqa: PLC0415

    with _clear_faults():
        content = load_content(_settings().content_dir)
    differ = 0
    for path in files:
        try:
            before = path.read_text(encoding="utf-8")
            now = play(content, before).text
        except (BadTranscript, UnicodeDecodeError) as error:
            what = error if isinstance(error, BadTranscript) else "not UTF-8 text"
            click.echo(f"{path}: {what}")
            differ += 1
            continue
        if now == before:
            continue
        differ += 1
        if update:
            path.write_text(now, encoding="utf-8")
            click.echo(f"{path}: updated")
        else:
            click.echo(difference(str(path), before, now))
    click.echo(f"{len(files)} transcripts, {differ} {'updated' if update else 'differ'}", err=True)
    if differ and not update:
        raise SystemExit(FAULTS)


@main.command()
@click.argument("locale")
@click.argument("flow", required=False)
def untranslated(locale: str, flow: str | None) -> None:
    """Write out what a language lacks, as the YAML to fill in; the English stands above each text."""
    from bot.script.load import load_content  # noqa: PLC0415
    from bot.script.untranslated import written_out  # noqa: PLC0415

    folder = _settings().content_dir
    with _clear_faults():
        flows = load_content(folder).flows
    for line in written_out(folder, flows, locale, flow):
        click.echo(line)


@main.command()
def migrate() -> None:
    """Bring the database up to this version's tables. Safe to run again, and by several processes at once."""
    from bot.store.migrate import migrate as bring_up_to_date  # noqa: PLC0415

    settings = _settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _clear_faults():
        bring_up_to_date(settings.database_url, _progress)


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
