"""What every command of `onward` does first, and when something is wrong."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot.config import ConfigError, Settings, load_settings

FAULTS, SETUP = 1, 3


def settings() -> Settings:
    try:
        return load_settings()
    except ConfigError as error:
        for line in error.lines:
            click.echo(line, err=True)
        raise SystemExit(SETUP) from None


@contextmanager
def clear_faults() -> Iterator[None]:
    """Turn what the operator can mend into its own words and an exit code; a bug shows itself."""
    from bot.channels.telegram.errors import ChannelError  # noqa: PLC0415
    from bot.script.diagnostics import BrokenContent  # noqa: PLC0415
    from bot.store.errors import StoreError  # noqa: PLC0415

    try:
        yield
    except BrokenContent as error:
        click.echo(f"The content can't be used:\n{error}", err=True)
        raise SystemExit(SETUP) from None
    except (StoreError, ChannelError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(SETUP) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            who = "End what listens there (perhaps another Onward), or set ONWARD_HTTP_PORT to a free port."
            click.echo(f"Cannot listen: {error.strerror}. {who}", err=True)
            raise SystemExit(SETUP) from None
        # Only one that names a file is about a file.
        remedy = f"{error.filename}: {error.strerror}. Check that it exists and may be written."
        click.echo(remedy if error.filename else f"The system refuses: {error}.", err=True)
        raise SystemExit(SETUP) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def progress(line: str) -> None:
    click.echo(line, err=True)
