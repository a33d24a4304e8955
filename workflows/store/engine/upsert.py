"""Insert or update, spelled for the dialect at hand."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_for(dialect: str, table: Table) -> Any:
    """An insert that knows what to do when the key exists."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 2 MB, only where it is asked

    return postgresql.insert(table)


@cache
def _insert(dialect: str, table: Table, changed: tuple[str, ...], keys: tuple[str, ...]) -> Any:
    """Built once for the same columns: that costs as much as sending a row."""
    stmt = insert_for(dialect, table)
    if not changed:
        return stmt.on_conflict_do_nothing(index_elements=keys)
    values = {name: stmt.excluded[name] for name in changed}
    return stmt.on_conflict_do_update(index_elements=keys, set_=values)


async def upsert(
    conn: AsyncConnection, table: Table, rows: list[dict[str, Any]], keys: list[str]
) -> None:
    """Insert rows; where the key exists already, set the other given columns."""
    if rows:
        changed = tuple(name for name in rows[0] if name not in keys)
        await conn.execute(_insert(conn.dialect.name, table, changed, tuple(keys)), rows)


async def insert_new(
    conn: AsyncConnection, table: Table, rows: list[dict[str, Any]], keys: list[str]
) -> None:
    """Insert rows; those whose key exists already are left as they are."""
    if rows:
        await conn.execute(_insert(conn.dialect.name, table, (), tuple(keys)), rows)
