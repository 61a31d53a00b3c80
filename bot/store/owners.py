"""Whose the rows of a table are: every table says so, and erasing, exporting and their tests go by it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, Table

_OWNER: Final = "owner"
_KEPT_OUT: Final = "kept out of the export"

# One person's, by `conversation_id`: handed out in their export, gone when they are erased.
THEIRS: Final[dict[Any, Any]] = {_OWNER: "theirs"}
# Rows that name no person and hold nobody's words.
NOBODYS: Final[dict[Any, Any]] = {_OWNER: "nobody's"}


def kept_out(because: str) -> dict[Any, Any]:
    """Mark a column of a person's table that tells them nothing, and say why it is left out of their export."""
    return {_KEPT_OUT: because}


def is_theirs(table: Table) -> bool:
    """Tell whether the rows are a person's. Raises LookupError for a table that doesn't say."""
    owner = table.info.get(_OWNER)
    if owner is None:
        message = f"The table {table.name} doesn't say whose its rows are: `info=THEIRS` or `info=NOBODYS`."
        raise LookupError(message)
    return bool(owner == THEIRS[_OWNER])


def exported(table: Table) -> list[Column[Any]]:
    """Return the columns that are in a person's export."""
    return [column for column in table.c if _KEPT_OUT not in column.info]
