"""Any number of ids, paths or pairs bound as one value, on SQLite and on PostgreSQL.

The statement's text is the same for any number of them, so SQLAlchemy and the database prepare it
once; an expanding IN is spelled, and on SQLite prepared, anew for each number.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Dialect,
    TableValuedAlias,
    Text,
    bindparam,
    column,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from workflows.store.unit.codec import encode


class _Ids(TypeDecorator[Any]):
    """Whole numbers in one parameter: JSON for SQLite, an array for PostgreSQL."""

    impl = Text
    cache_ok = True
    _one: TypeEngine[Any] = BigInteger()

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        is_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(Text() if is_sqlite else ARRAY(self._one))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        ids = list(value or ())
        return encode(ids) if dialect.name == "sqlite" else ids


class _Paths(_Ids):
    """Texts in one parameter."""

    cache_ok = True
    _one = Text()


class _Pairs(TypeDecorator[Any]):
    """A whole number and a text, any number of times: JSON for both."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return encode(list(value or ()))


class _Among(FunctionElement[Any]):
    """One of the ids in a parameter; see `among`."""

    type = NullType()  # a boolean one would be compared with 1
    inherit_cache = True


def among(column: ColumnElement[Any], name: str = "ids") -> ColumnElement[bool]:
    """Whether a column of whole numbers has one of those bound to the parameter `name`."""
    return cast(ColumnElement[bool], _Among(column, bindparam(name, type_=_Ids())))


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - no value of anybody


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} = ANY ({ids})"


class _Listed(FunctionElement[Any]):
    """The values in a parameter as a table of one column; see `ids_of` and `paths_of`."""

    inherit_cache = True


def ids_of(name: str) -> TableValuedAlias:
    """The whole numbers bound to the parameter `name` as a table: its column is `value`."""
    return _Listed(bindparam(name, type_=_Ids())).table_valued(column("value", BigInteger))


def paths_of(name: str) -> TableValuedAlias:
    """The texts bound to the parameter `name` as a table: its column is `value`."""
    return _Listed(bindparam(name, type_=_Paths())).table_valued(column("value", Text))


@compiles(_Listed, "sqlite")
def _of_json(element: _Listed, compiler: SQLCompiler, **kw: Any) -> str:
    (values,) = (compiler.process(part, **kw) for part in element.clauses)
    return f"json_each({values})"


@compiles(_Listed, "postgresql")
def _of_array(element: _Listed, compiler: SQLCompiler, **kw: Any) -> str:
    (values,) = (compiler.process(part, **kw) for part in element.clauses)
    return f"(SELECT unnest({values}) AS value)"


class _Paired(FunctionElement[Any]):
    """The pairs in a parameter as a table; see `pairs_of`."""

    inherit_cache = True


def pairs_of(name: str) -> TableValuedAlias:
    """The pairs bound to the parameter `name` as a table with the columns `number` and `text`."""
    columns = column("number", BigInteger), column("text", Text)
    return _Paired(bindparam(name, type_=_Pairs())).table_valued(*columns)


@compiles(_Paired, "sqlite")
def _pairs_of_json(element: _Paired, compiler: SQLCompiler, **kw: Any) -> str:
    (pairs,) = (compiler.process(part, **kw) for part in element.clauses)
    columns = "json_extract(value, '$[0]') AS number, json_extract(value, '$[1]') AS text"
    return f"(SELECT {columns} FROM json_each({pairs}))"  # noqa: S608 - no value of anybody


@compiles(_Paired, "postgresql")
def _pairs_of_jsonb(element: _Paired, compiler: SQLCompiler, **kw: Any) -> str:
    (pairs,) = (compiler.process(part, **kw) for part in element.clauses)
    columns = "(pair->>0)::bigint AS number, pair->>1 AS text"
    source = f"jsonb_array_elements(CAST({pairs} AS jsonb)) AS pair"
    return f"(SELECT {columns} FROM {source})"  # noqa: S608 - no value of anybody
