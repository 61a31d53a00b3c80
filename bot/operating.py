"""What an operator does with people's data: hand it out, erase it, count it, seal it anew.

Exit codes: 0 done, 1 nobody there or not everything done, 2 used wrongly, 3 can't run as set up.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from cryptography.fernet import Fernet

from bot.commands import FAULTS, SETUP, clear_faults, progress, settings
from bot.config import Settings

TAKEN_UP_WITHIN = timedelta(seconds=60)  # a bot looks at its key file every 30 s (`Pipeline`)
_PASSES = 5  # until a pass finds nothing more sealed with an older key


@click.group()
def person() -> None:
    """Everything kept of one person: written out, or erased. For when they ask you and not the bot.

    CHANNEL is telegram, or an exact one such as telegram:123456; ADDRESS is the chat's number.
    """


# A group's number is negative, and no option.
_NUMBERS = {"ignore_unknown_options": True}


@person.command("export", context_settings=_NUMBERS)
@click.argument("channel")
@click.argument("address")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="A file, instead of here."
)
@click.option("--page", is_flag=True, help="The page to read (HTML), instead of JSON.")
def export_person(*, channel: str, address: str, output: Path | None, page: bool) -> None:
    """Write everything kept of one person as JSON (docs/export.schema.json). Exits 1 when nobody is there."""
    with clear_faults():
        own = settings()
        made = asyncio.run(_export(own, _channel(own, channel), address, page=page))
        if made is None:
            click.echo(f"Nobody is known at {channel} {address}.", err=True)
            raise SystemExit(FAULTS)
        if output is None:
            click.echo(made)
            return
        _write_for_the_owner(output, made)
        click.echo(f"Written to {output}. It isn't encrypted: hand it over safely, then delete it.", err=True)


def _write_for_the_owner(output: Path, made: str) -> None:
    """It holds what people told nobody: a new file, for its owner alone; one that is there keeps its rights."""
    try:
        handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        click.echo(f"{output} exists already: name a new file, or remove that one.", err=True)
        raise SystemExit(2) from None
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(made + "\n")


@person.command("erase", context_settings=_NUMBERS)
@click.argument("channel")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Don't ask.")
def erase_person(*, channel: str, address: str, yes: bool) -> None:
    """Erase everything kept of one person, at once and for good. Exits 1 when nobody is there."""
    with clear_faults():
        own = settings()
        source = _channel(own, channel)
        if not yes:
            if not sys.stdin.isatty():
                click.echo("Erasing can't be undone: say --yes, or run it on a terminal.", err=True)
                raise SystemExit(2)
            click.confirm(f"Erase everything kept of {channel} {address}, for good?", abort=True, err=True)
        if not asyncio.run(_erase(own, source, address)):
            click.echo(f"Nobody is known at {channel} {address}.", err=True)
            raise SystemExit(FAULTS)
        click.echo(
            "Erased from the database. The chat itself is with Telegram, and copies are in your backups.",
            err=True,
        )


@person.command("schema")
def schema() -> None:
    """Print the JSON Schema of an export."""
    from bot.service.export_schema import export_schema  # noqa: PLC0415

    click.echo(json.dumps(export_schema(), indent=2))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def stats(*, as_json: bool) -> None:
    """Print counts of people and what they keep; none of fewer than five, and nobody's words."""
    with clear_faults():
        found = asyncio.run(_stats(settings()))
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    for title, group in found.items():
        click.echo(title.replace("_", " "))
        for name, count in group.items():
            click.echo(f"  {name.replace('_', ' '):<28}{'under 5' if count is None else count:>9}")
        if not group:
            click.echo("  none yet")


@click.command("rotate-keys")
@click.option("--new", is_flag=True, help="First make a new key, at the top of the key file.")
@click.option("--drop", is_flag=True, help="Afterwards leave only the newest key in the key file.")
def rotate_keys(*, new: bool, drop: bool) -> None:
    """Seal everything anew with the newest key, while the bot serves. Safe to repeat, and to break off.

    With keys in a file, a running bot takes up a new one by itself. Exits 1 when something could not be opened.
    """
    from bot import app  # noqa: PLC0415
    from bot.store.keys import keep_first, put_first  # noqa: PLC0415

    with clear_faults():
        own = settings()
        keys = app.keys_of(own)
        if (new or drop) and keys.file is None:
            click.echo(
                "The keys are in ONWARD_ENCRYPTION_KEYS: put the new one first there, or use a file.",
                err=True,
            )
            raise SystemExit(SETUP)
        asyncio.run(_opens(own))  # before a key is made for a database that isn't there
        if new and keys.file is not None:
            put_first(keys.file, Fernet.generate_key().decode())
            click.echo(
                f"A new key stands first in {keys.file}. Back it up apart from the database.", err=True
            )
        if drop and keys.file is not None:
            _wait_until_taken_up(keys.file)
        lost = asyncio.run(_rotate(own))
        if lost:
            click.echo(
                f"{lost} values open with none of the keys: they are left, and so are the keys.", err=True
            )
            raise SystemExit(FAULTS)
        if drop and keys.file is not None:
            click.echo(f"{keep_first(keys.file)} older keys dropped from {keys.file}.", err=True)


def _wait_until_taken_up(file: Path) -> None:
    """Wait until every running bot has read the newest key: what one seals with an old key must be sealed anew yet."""
    left = TAKEN_UP_WITHIN.total_seconds() - (time.time() - file.stat().st_mtime)
    if left > 0:
        progress(f"Waiting {left:.0f} s, until every running bot seals with the newest key")
        time.sleep(left)


COMMANDS = (person, stats, rotate_keys)


def _channel(own: Settings, name: str) -> str:
    """Return the source a channel's name means: `telegram` is the bot whose token is set."""
    if name != "telegram":
        return name
    if own.telegram_bot_token is None:
        click.echo("Without TELEGRAM_BOT_TOKEN, write the bot's number as well: telegram:123456.", err=True)
        raise SystemExit(2)
    return f"telegram:{own.telegram_bot_token.get_secret_value().partition(':')[0]}"


@asynccontextmanager
async def _store(own: Settings) -> AsyncIterator[Any]:
    from bot import app  # noqa: PLC0415
    from bot.store.database import open_store  # noqa: PLC0415

    keys = app.keys_of(own)
    async with open_store(own.database_url, keys.values, read_again=keys.read_again) as store:
        yield store


async def _opens(own: Settings) -> None:
    async with _store(own):
        pass


async def _export(own: Settings, source: str, address: str, *, page: bool) -> str | None:
    from bot.script.load import load_content  # noqa: PLC0415
    from bot.service.export import as_data, as_page  # noqa: PLC0415
    from bot.service.person import export  # noqa: PLC0415

    async with _store(own) as store:
        kept = await export(store, source, address)
    if kept is None:
        return None
    now = datetime.now(UTC)
    if not page:
        return as_data(kept, now).decode()
    labels = load_content(own.content_dir).script.flows["export"].labels
    words = {name: texts["en"][0].source for name, texts in labels.items()}
    return as_page(kept, words, now).decode()


async def _erase(own: Settings, source: str, address: str) -> bool:
    from bot.service.person import erase  # noqa: PLC0415

    async with _store(own) as store:
        return await erase(store, source, address)


async def _stats(own: Settings) -> dict[str, Any]:
    from bot.service.stats import stats  # noqa: PLC0415

    async with _store(own) as store:
        return await stats(store, datetime.now(UTC))


async def _rotate(own: Settings) -> int:
    """Return how many values no key opens."""
    from bot.store.rotation import seal_anew  # noqa: PLC0415

    async with _store(own) as store:
        lost = 0
        for _ in range(_PASSES):
            done, lost = await seal_anew(store)
            progress(f"{done} values sealed anew")
            if not done:
                break
        return lost
