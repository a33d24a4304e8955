"""SQLite's statements, those that were built once, run without SQLAlchemy's way through.

A statement takes SQLite five to ten microseconds, and SQLAlchemy forty to fifty more: a greenlet, a
context, a cursor and its result, made anew each time. What a statement means stays SQLAlchemy's: it
is compiled by it, once, and its types say how values are sent and read. Which those are shows by
itself: an object that is executed a second time was kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import CompoundSelect, CursorResult, Dialect, Executable, Select, UpdateBase
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

_Processor = Callable[[Any], Any] | None
_Values = Mapping[str, Any]


class _Result(IteratorResult[Any]):
    """Rows as SQLAlchemy gives them, and how many were changed."""

    rowcount: int


class _Prepared:
    """A statement as SQLite takes it, for values of the same names."""

    def __init__(self, statement: Any, dialect: Dialect, names: list[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names or None)
        columns = statement.exported_columns
        self.sql = compiled.string
        self.has_rows = bool(columns)
        self.is_whole = len(columns) == len(compiled._result_columns) and _is_fixed(compiled)
        # Of each value: by which name it is given, whether it must be or else what it is, and how
        # it is sent.
        binds = [compiled.binds[name] for name in compiled.positiontup]
        self._binds = [
            (b.key, b.required, b.effective_value, _sent(b.type, dialect)) for b in binds
        ]
        read: list[Any] = [_read(column.type, dialect) for column in columns]
        self._meta = SimpleResultMetaData(columns.keys(), _processors=read if any(read) else None)

    def bind(self, values: _Values) -> list[Any]:
        """The values in their order, as SQLite takes them. Raises KeyError for one missing."""
        return [
            given if processor is None else processor(given)
            for name, is_required, otherwise, processor in self._binds
            for given in (values[name] if is_required else values.get(name, otherwise),)
        ]

    def result(self, cursor: sqlite3.Cursor) -> _Result:
        """What came of it."""
        result = _Result(self._meta, iter(cursor.fetchall()))
        result.rowcount = cursor.rowcount
        return result


def _is_fixed(compiled: SQLCompiler) -> bool:
    """Whether its text is the same for all values, and none of them is made on the way."""
    made = [*compiled.insert_prefetch, *compiled.update_prefetch]
    return not made and not any(b.expanding or b.literal_execute for b in compiled.binds.values())


def _sent(kind: TypeEngine[Any], dialect: Dialect) -> _Processor:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _read(kind: TypeEngine[Any], dialect: Dialect) -> _Processor:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


_USUAL = (Select, CompoundSelect, UpdateBase)


def _prepare(statement: Executable, dialect: Dialect, names: list[str]) -> _Prepared | None:
    """None for what is not plain enough."""
    if not isinstance(statement, _USUAL) or statement.get_execution_options():
        return None
    prepared = _Prepared(statement, dialect, names)
    return prepared if prepared.is_whole else None


_Known = dict[tuple[str, ...], _Prepared | None]
_kept: WeakKeyDictionary[Executable, _Known] = WeakKeyDictionary()


class _Connection(AsyncConnection):
    """A connection that runs what it knows by itself, and all else through SQLAlchemy."""

    async def execute(
        self, statement: Executable, parameters: Any = None, *, execution_options: Any = None
    ) -> CursorResult[Any]:
        """The same as SQLAlchemy's for what the store asks, with the same errors."""
        parameters = parameters or {}
        prepared = None if execution_options else self._prepared(statement, parameters)
        if prepared is None:
            told = execution_options
            return await super().execute(statement, parameters, execution_options=told)
        try:
            return cast("CursorResult[Any]", self._run(prepared, parameters))
        except Exception as error:
            raise _as_known(error, prepared.sql, self.dialect) from error

    def _prepared(self, statement: Executable, parameters: Any) -> _Prepared | None:
        """What this statement is to SQLite; None for SQLAlchemy to run it: the first of a
        transaction begins it, and who listens to what is executed hears all of it.
        """
        on: Any = self.sync_connection
        if not on.in_transaction() or on.dispatch.before_cursor_execute:
            return None
        if (known := _kept.get(statement)) is None:
            _kept[statement] = {}
            return None
        is_many = isinstance(parameters, list)
        names = tuple(parameters[0] if is_many else parameters)
        if names not in known:
            known[names] = _prepare(statement, self.dialect, list(names))
        prepared = known[names]
        return None if prepared and prepared.has_rows and is_many else prepared

    def _run(self, prepared: _Prepared, parameters: Any) -> _Result:
        on: Any = self.sync_connection
        raw: sqlite3.Connection = on.connection.driver_connection._conn
        if isinstance(parameters, list):
            rows = [prepared.bind(values) for values in parameters]
            return prepared.result(raw.executemany(prepared.sql, rows))
        return prepared.result(raw.execute(prepared.sql, prepared.bind(parameters)))


class Engine(AsyncEngine):
    """An engine with such connections."""

    _connection_cls = _Connection


def _as_known(error: Exception, sql: str, dialect: Dialect) -> BaseException:
    """An error as SQLAlchemy raises it, without the values, which are people's words."""
    return cast(
        BaseException,
        DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True, dialect=dialect),
    )
