"""One process serves one SQLite file: an operating-system lock, which a crash releases."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.store.errors import StoreError


@contextmanager
def only_one(database: Path) -> Iterator[None]:
    """Hold `<database>.lock` while in use. Raises StoreError when another process holds it."""
    path = database.with_name(database.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as fault:
        message = (
            f"The lock file {path} can't be made ({fault.strerror}): make its folder writable for this user."
        )
        raise StoreError(message) from None
    try:
        if not _lock(handle):
            raise StoreError(
                f"Another process is using {database}: stop it first, or use PostgreSQL for several."
            )
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
