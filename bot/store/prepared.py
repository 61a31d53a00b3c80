"""Statements put into words once. On SQLite what SQLAlchemy does at every execution costs several times what the
statement itself does; here it is done at the first, and remembered. Elsewhere SQLAlchemy executes them as ever."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ClauseElement, Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from bot.store.prompt import PromptConnection, prompt

Given = Mapping[str, Any]
_Process = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement in the words of one engine. `wanted`: for each `?` the parameter's name, its place in a list, if it
    is one, what makes it a value of the driver's, and the value itself where it stands in the statement."""

    sql: str
    wanted: tuple[tuple[str, int | None, _Process, Any], ...]
    row: Callable[[Sequence[Any]], Any] | None
    processes: tuple[tuple[int, Callable[[Any], Any]], ...]

    def values(self, given: Given) -> list[Any]:
        values = []
        for name, place, process, constant in self.wanted:
            if name not in given:
                value = constant
            elif place is None:
                value = given[name]
            else:
                of = given[name]
                value = of[min(place, len(of) - 1)]
            values.append(value if process is None else process(value))
        return values

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        assert self.row is not None
        rows = []
        for each in found:
            values = list(each)
            for place, process in self.processes:
                values[place] = process(values[place])
            rows.append(self.row(values))
        return rows


class Prepared:
    """One statement that many turns execute. A list among its parameters is what an `IN` asks for."""

    def __init__(self, statement: Executable) -> None:
        self.statement = statement

    async def run(self, connection: AsyncConnection, given: Given | Sequence[Given]) -> Sequence[Any]:
        """Execute it for the parameters, or for each of several; return the rows, which have names."""
        at_once = prompt(connection)
        if at_once is None:
            result = await connection.execute(self.statement, given)
            return result.all() if result.returns_rows else ()
        several = (given,) if isinstance(given, Mapping) else given
        if not connection.in_transaction():
            await connection.begin()
        form = self._form(connection.dialect, at_once.driver.forms, several[0])
        try:
            return await _run(at_once.connection, form, several)
        except sqlite3.Error as fault:
            raise DBAPIError.instance(form.sql, None, fault, sqlite3.Error, hide_parameters=True) from fault

    def _form(self, dialect: Dialect, forms: dict[Any, Any], given: Given) -> _Form:
        # A list is filled up to the next power of two with its last: few forms, each asked for often.
        key = (self, *given, *[_room(each) for each in given.values() if isinstance(each, list)])
        form: _Form | None = forms.get(key)
        if form is None:
            form = forms[key] = _put_into_words(self.statement, dialect, given)
        return form


async def _run(connection: PromptConnection, form: _Form, several: Sequence[Given]) -> Sequence[Any]:
    cursor = connection.cursor_at_once()
    if form.row is None:
        if len(several) == 1:
            await connection.run(partial(cursor.execute, form.sql, form.values(several[0])))
        else:
            values = [form.values(each) for each in several]
            await connection.run(partial(cursor.executemany, form.sql, values))
        return ()
    found: list[Any] = []
    for each in several:
        await connection.run(partial(cursor.execute, form.sql, form.values(each)))
        found += await connection.run(cursor.fetchall)
    return form.rows(found)


def _room(values: Sequence[Any]) -> int:
    """Return the power of two that holds them; 0 for none."""
    return 1 << (len(values) - 1).bit_length() if values else 0


def _put_into_words(statement: Executable, dialect: Dialect, given: Given) -> _Form:
    assert isinstance(statement, ClauseElement)
    compiled = statement.compile(dialect=dialect, column_keys=sorted(given))
    assert isinstance(compiled, SQLCompiler)
    filled = {name: _filled(value) if isinstance(value, list) else value for name, value in given.items()}
    state = compiled.construct_expanded_state(filled)
    places = {
        expanded: (name, place)
        for name, several in state.parameter_expansion.items()
        for place, expanded in enumerate(several)
    }
    inwards = {name: _processor(bind.type, dialect) for name, bind in compiled.binds.items()}
    inwards |= state.processors  # those of a list's values
    columns = list(getattr(statement, "exported_columns", ()))
    outwards = [each.type.dialect_impl(dialect).result_processor(dialect, None) for each in columns]
    return _Form(
        sql=state.statement,
        wanted=tuple(
            (*places.get(name, (name, None)), inwards.get(name), state.parameters.get(name))
            for name in state.positiontup or ()
        ),
        row=_row(columns) if columns else None,
        processes=tuple((place, each) for place, each in enumerate(outwards) if each is not None),
    )


def _row(columns: Sequence[Any]) -> Callable[[Sequence[Any]], Any]:
    names = [each.name for each in columns]
    made: Any = namedtuple("Row", names)  # type: ignore[misc]  # noqa: PYI024 - its fields are a statement's
    make: Callable[[Sequence[Any]], Any] = made._make
    return make


def _processor(type_: TypeEngine[Any], dialect: Dialect) -> _Process:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _filled(values: list[Any]) -> list[Any]:
    return values + values[-1:] * (_room(values) - len(values))
