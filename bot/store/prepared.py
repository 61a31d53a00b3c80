"""Statements put into words once. What SQLAlchemy does at every execution costs several times what the driver does;
here it is done at the first, and remembered."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ClauseElement, Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from bot.store.prompt import PromptConnection

Given = Mapping[str, Any]
_Process = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A value in a statement: the parameter's `name`, its `place` in a list, if it is one, what makes it a value of the
    driver's, and what it is where the statement itself says so."""

    name: str
    place: int | None
    process: _Process
    constant: Any

    def of(self, given: Given) -> Any:
        if self.name not in given:
            value = self.constant
        elif self.place is None:
            value = given[self.name]
        else:
            several = given[self.name]
            value = several[min(self.place, len(several) - 1)]
        return value if self.process is None else self.process(value)


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement in the words of one engine. `wanted` by the names it has there; `named`: the driver goes
    by those, and not by their order."""

    sql: str
    wanted: tuple[tuple[str, _Wanted], ...]
    named: bool
    row: Callable[[Sequence[Any]], Any] | None
    processes: tuple[tuple[int, Callable[[Any], Any]], ...]

    def values(self, given: Given) -> Any:
        if self.named:
            return {name: each.of(given) for name, each in self.wanted}
        return [each.of(given) for _, each in self.wanted]

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
        several = (given,) if isinstance(given, Mapping) else given
        own = connection.sync_connection
        assert own is not None
        if not own.in_transaction():
            await connection.begin()
        dialect = own.dialect
        form = self._form(dialect, several[0])
        driver = own.connection.driver_connection
        try:
            if isinstance(driver, PromptConnection):
                return await _run_at_once(driver, form, several)
            assert isinstance(driver, psycopg.AsyncConnection)
            return await _run(driver, form, several)
        except dialect.loaded_dbapi.Error as fault:
            known = dialect.loaded_dbapi.Error
            raise DBAPIError.instance(form.sql, None, fault, known, hide_parameters=True) from fault

    def _form(self, dialect: Dialect, given: Given) -> _Form:
        forms: dict[Any, _Form] = dialect.onward_forms  # type: ignore[attr-defined]
        # A list is filled up to the next power of two with its last: few forms, each asked for often.
        key = (self, *given, *[_room(each) for each in given.values() if isinstance(each, list)])
        if (form := forms.get(key)) is None:
            form = forms[key] = _put_into_words(self.statement, dialect, given)
        return form


def give_forms(dialect: Dialect) -> None:
    """Let statements of one engine be remembered. A dialect belongs to one engine, as do the keys they seal with."""
    dialect.onward_forms = {}  # type: ignore[attr-defined]


async def _run_at_once(connection: PromptConnection, form: _Form, several: Sequence[Given]) -> Sequence[Any]:
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


async def _run(
    connection: psycopg.AsyncConnection[Any], form: _Form, several: Sequence[Given]
) -> Sequence[Any]:
    cursor, sql = connection.cursor(), form.sql.encode()
    if len(several) == 1:
        await cursor.execute(sql, form.values(several[0]))
        return () if form.row is None else form.rows(await cursor.fetchall())
    await cursor.executemany(sql, [form.values(each) for each in several], returning=form.row is not None)
    if form.row is None:
        return ()
    found = list(await cursor.fetchall())
    while cursor.nextset():
        found += await cursor.fetchall()
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
    named = state.positiontup is None

    def wanted(name: str) -> _Wanted:
        of, place = places.get(name, (name, None))
        return _Wanted(of, place, inwards.get(name), state.parameters.get(name))

    return _Form(
        sql=state.statement,
        # A name may be asked for in several places.
        wanted=tuple(
            (name, wanted(name)) for name in (state.parameters if named else state.positiontup or ())
        ),
        named=named,
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
