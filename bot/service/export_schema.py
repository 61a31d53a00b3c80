"""The published shape of an export's JSON, made of the tables and of what each record may hold."""

from __future__ import annotations

from typing import Any, assert_never

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Table, Text

from bot.dialogue.effects import Record
from bot.dialogue.targets import TARGETS, EmailAddress, Holds, Line, OneOf, SeveralOf, WholeNumber, Words
from bot.service.export import FORMAT
from bot.store.columns import Id, Instant, Sealed
from bot.store.owners import exported
from bot.store.tables import conversations, personal_tables, records

_MOMENT = {"type": "string", "format": "date-time"}


def export_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12). Tables and fields may be added to it; none changes its meaning."""
    tables = [conversations, *sorted(personal_tables(), key=lambda table: table.name)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Everything Onward keeps of one person",
        "type": "object",
        "required": ["format", "made_at", "kept"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT},
            "made_at": _MOMENT,
            "kept": _closed({table.name: {"type": "array", "items": _row(table)} for table in tables}),
        },
    }


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    required = list(properties)
    return {
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": properties,
    }


def _row(table: Table) -> dict[str, Any]:
    return _closed({column.name: _column(table, column) for column in exported(table)})


def _column(table: Table, column: Column[Any]) -> dict[str, Any]:
    record = next((record for record, of in records.items() if of is table), None)
    if record is not None and column.name == "data":
        return _data(record)
    shape = _shape(column)
    return {**shape, "type": [shape["type"], "null"]} if column.nullable and "type" in shape else shape


def _shape(column: Column[Any]) -> dict[str, Any]:
    match column.type:
        case Sealed():
            return {"description": "stored encrypted; as the program holds it"}
        case Instant():
            return _MOMENT
        case Date():
            return {"type": "string", "format": "date"}
        case Boolean():
            return {"type": "boolean"}
        case Integer() | BigInteger():
            return {"type": "integer"}
        case Text():
            return {"type": "string"}
    if column.type is Id:
        return {"type": "integer"}
    raise TypeError(f"{column.table.name}.{column.name} has a type the export's schema doesn't know")


def _data(record: Record) -> dict[str, Any]:
    fields = {target.field: _holds(target.holds) for target in TARGETS.values() if target.record is record}
    # An older version may have kept a field that is gone: it is still theirs.
    return {"type": "object", "properties": fields}


def _holds(holds: Holds) -> dict[str, Any]:
    match holds:
        case Words() | Line() | EmailAddress():
            return {"type": "string"}
        case OneOf(values=values):
            return {"enum": sorted(values)}
        case SeveralOf(values=values):
            return {"type": "array", "items": {"enum": sorted(values)}}
        case WholeNumber(low=low, high=high):
            return {"type": "integer", "minimum": low, "maximum": high}
        case _:
            assert_never(holds)
