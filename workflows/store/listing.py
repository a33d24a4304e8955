"""Questions about the subjects of any kind; each costs what it returns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store.place_ranges import within

_MOST = 1000
Clause = ColumnElement[bool]


async def ids(
    conn: AsyncConnection, table: Table, *those: Clause, by: Iterable[Any] = (), first: int = 0,
    limit: int | None = None,
) -> list[int]:  # fmt: skip
    """What stands in a table with all of this, by these columns; else the oldest first."""
    page = select(table.c.id).where(*those).order_by(*(tuple(by) or (table.c.id,)))
    page = page.offset(first) if first else page
    return list((await conn.scalars(page if limit is None else page.limit(limit))).all())


async def count(conn: AsyncConnection, table: Table, *those: Clause) -> int:
    """How many that are."""
    return int(await conn.scalar(select(func.count()).select_from(table).where(*those)) or 0)


def is_open(table: Table, states: Collection[str] = ()) -> Clause:
    """What is not over; of some states, what stands there."""
    return table.c.state.in_(states) if states else table.c.ended_at.is_(None)


async def ids_open(
    conn: AsyncConnection, table: Table, scope: Collection[str], states: Collection[str] = (),
    by: str = "id", first: int = 0, limit: int = _MOST,
) -> list[int]:  # fmt: skip
    """A page of what is open in these places, by a column."""
    those = (is_open(table, states), within(table.c.place, scope))
    order = (table.c[name] for name in dict.fromkeys((by, "id")))
    return await ids(conn, table, *those, by=order, first=first, limit=limit)


async def count_open(
    conn: AsyncConnection, table: Table, scope: Collection[str], states: Collection[str] = ()
) -> int:
    """How many are open in these places."""
    return await count(conn, table, is_open(table, states), within(table.c.place, scope))


async def ids_open_around(
    conn: AsyncConnection, table: Table, place: str, limit: int | None = None
) -> list[int]:
    """What is open at a place, or at one that it lies in."""
    names = place.split("/")
    scopes = ["/".join(names[:size]) for size in range(1, len(names) + 1)]
    return await ids(conn, table, is_open(table), table.c.place.in_(scopes), limit=limit)


async def ids_named(
    conn: AsyncConnection, table: Table, scope: Collection[str], names: Collection[str],
    words: Iterable[str], limit: int,
) -> list[int]:  # fmt: skip
    """What has all these words in some columns together, the newest first."""
    columns: list[Any] = [table.c[name] for name in names]
    said = reduce(lambda one, other: one + " " + other, columns)
    has = (said.contains(word, autoescape=True) for word in words)
    there = within(table.c.place, scope)
    return await ids(conn, table, there, *has, by=(table.c.id.desc(),), limit=limit)
