"""Counting no further than anybody would read: a count costs that much at most."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, TextClause, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

AT_MOST = 5000


async def bounded_count(
    conn: AsyncConnection, table: Table, *conditions: ColumnElement[bool] | TextClause
) -> int:
    """How many rows there are, counted to AT_MOST."""
    rows = select(literal(1).label("one")).select_from(table).where(*conditions)
    some = rows.limit(AT_MOST).subquery()
    return await conn.scalar(select(func.count()).select_from(some)) or 0
