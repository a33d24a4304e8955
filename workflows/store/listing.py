"""Questions about the subjects of any kind, by their places; each costs what it returns."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store.place_ranges import within


def _open(table: Table, scope: Collection[str]) -> ColumnElement[bool]:
    return table.c.ended_at.is_(None) & within(table.c.place, scope)


async def count_open(conn: AsyncConnection, table: Table, scope: Collection[str]) -> int:
    """How many of a kind are open in these places."""
    return int(await conn.scalar(select(func.count()).where(_open(table, scope))) or 0)


async def ids_open(
    conn: AsyncConnection, table: Table, scope: Collection[str], first: int = 0, limit: int = 1000
) -> list[int]:
    """A page of them, the oldest first."""
    page = select(table.c.id).where(_open(table, scope)).order_by(table.c.id)
    return list((await conn.scalars(page.offset(first).limit(limit))).all())


async def ids_open_around(conn: AsyncConnection, table: Table, place: str) -> list[int]:
    """What is open at a place, or at one that it lies in."""
    names = place.split("/")
    scopes = ["/".join(names[:size]) for size in range(1, len(names) + 1)]
    here = (table.c.ended_at.is_(None), table.c.place.in_(scopes))
    return list((await conn.scalars(select(table.c.id).where(*here).order_by(table.c.id))).all())
