"""Insert or update, spelled for the dialect at hand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def _insert(conn: AsyncConnection, table: Table) -> Any:
    return (sqlite if conn.dialect.name == "sqlite" else postgresql).insert(table)


async def upsert(
    conn: AsyncConnection, table: Table, rows: list[dict[str, Any]], keys: list[str]
) -> None:
    """Insert rows; where the key exists already, set the other given columns."""
    if not rows:
        return
    stmt = _insert(conn, table)
    changed = {name: stmt.excluded[name] for name in rows[0] if name not in keys}
    if changed:
        stmt = stmt.on_conflict_do_update(index_elements=keys, set_=changed)
    else:
        stmt = stmt.on_conflict_do_nothing(index_elements=keys)
    await conn.execute(stmt, rows)


async def insert_new(
    conn: AsyncConnection, table: Table, rows: list[dict[str, Any]], keys: list[str]
) -> None:
    """Insert rows; those whose key exists already are left as they are."""
    if rows:
        await conn.execute(_insert(conn, table).on_conflict_do_nothing(index_elements=keys), rows)
