"""What can be wrong with the store, said to whoever can act on it. No message holds a person's text or a key."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class StoreError(Exception):
    """The store can't be used as things are: the message says what is wrong, where, and what to do."""


class Unopenable(StoreError):
    """A sealed value was sealed with a key that isn't among those in use, or is damaged."""


class SessionUnreadable(StoreError):
    """A stored session is in no format this version reads. It stays where it is."""


_SQLITE_SAYS = {
    "database is locked": ("is locked by another program", "close whatever has it open"),
    "readonly": ("can't be written to", "make the file and its folder writable for this user"),
    "disk is full": ("can't grow: the disk is full", "free some space"),
    "disk i/o": ("can't be read or written", "look at the disk"),
    "unable to open": ("can't be opened", "check that the folder exists and this user may write there"),
    "malformed": ("is damaged", "restore a backup"),
    "not a database": ("is not a database, or is damaged", "check the path, or restore a backup"),
}


def outage(fault: BaseException, where: str) -> StoreError | None:
    """Return the fault as a StoreError when the database, rather than a row, is at fault; else None.

    An outage is waited out: nothing is given up or parked because of it. `where` names the database.
    """
    if isinstance(fault, StoreError):
        return None
    if isinstance(fault, DBAPIError):
        if not (_is_outage(fault) or fault.connection_invalidated):
            return None
        said = str(fault.orig).splitlines()[0] if str(fault.orig) else type(fault.orig).__name__
        return StoreError(explain(said, where))
    if isinstance(fault, (PoolTimeout, OSError, sqlite3.OperationalError)):
        return StoreError(explain(str(fault) or type(fault).__name__, where))
    return None


def _is_outage(fault: DBAPIError) -> bool:
    # A damaged or foreign file is a plain DatabaseError in sqlite3; integrity and data errors are not outages.
    whole = type(fault.orig) is sqlite3.DatabaseError
    return whole or isinstance(fault, (OperationalError, InterfaceError))


def explain(said: str, where: str) -> str:
    """Return what a driver said as what is wrong, where, and what to do."""
    for words, (what, remedy) in _SQLITE_SAYS.items():
        if words in said.lower():
            return f"The database {where} {what}: {remedy}."
    return f"The database {where} can't be used ({said}): check that it is running and reachable."
