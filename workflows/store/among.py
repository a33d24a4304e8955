"""Which rows have one of some ids: all of them bound as one value, on SQLite and on PostgreSQL.

The statement's text is the same for any number of them, so SQLAlchemy and the database prepare it
once; an expanding IN is spelled, and on SQLite prepared, anew for each number.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from workflows.store.codec import dumps


class _Ids(TypeDecorator[Any]):
    """Whole numbers in one parameter: JSON for SQLite, an array for PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        is_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(Text() if is_sqlite else ARRAY(BigInteger()))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        ids = list(value or ())
        return dumps(ids) if dialect.name == "sqlite" else ids


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
