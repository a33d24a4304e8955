"""How a workflow keeps subjects that need no more than a row each, and asks for them.

What a subject has and its table has no column for stands in the column `body`. A table that has
a column `person`, too, can be asked for what is somebody's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import convert
from msgspec.structs import asdict
from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store.engine.bound_arrays import among
from workflows.store.kept import Kept
from workflows.store.place_ranges import within

_MOST = 1000


def kept(made: type[Any], table: Table, **more: Any) -> Kept[Any]:
    """How subjects of this Struct are kept in a row of a table."""
    row, read = partial(_row, table), partial(_read, table, made)
    return Kept(kind=made.kind, what=made.kind, table=table, row=row, read=read, **more)


def _row(table: Table, subject: Any) -> Mapping[str, Any]:
    told = asdict(subject)
    body = {name: told.pop(name) for name in [*told] if name not in table.c}
    return {**told, "body": body} if "body" in table.c else told


async def _read(
    table: Table, made: type[Any], conn: AsyncConnection, ids: Sequence[int]
) -> dict[int, Any]:
    rows = await conn.execute(select(table).where(among(table.c.id)), {"ids": ids})
    known = [{str(name): value for name, value in row.items()} for row in rows.mappings()]
    return {row["id"]: convert({**row, **row.pop("body", {})}, made) for row in known}


async def ids(
    conn: AsyncConnection, table: Table, *those: ColumnElement[bool], first: int = 0,
    limit: int = _MOST,
) -> list[int]:  # fmt: skip
    """What stands in a table with all of this, the oldest first."""
    page = select(table.c.id).where(*those).order_by(table.c.id).offset(first).limit(limit)
    return list((await conn.scalars(page)).all())


async def of_person(
    conn: AsyncConnection, table: Table, person: int, limit: int = _MOST, *, is_open: bool = False
) -> list[int]:  # fmt: skip
    """What is somebody's; only what is not over, where that is asked."""
    still = [table.c.ended_at.is_(None)] if is_open else []
    return await ids(conn, table, table.c.person == person, *still, limit=limit)


async def standing(
    conn: AsyncConnection, table: Table, states: Collection[str], scope: Collection[str],
    first: int = 0, limit: int = _MOST,
) -> list[int]:  # fmt: skip
    """What stands in one of these states in some places."""
    there = (table.c.state.in_(states), within(table.c.place, scope))
    return await ids(conn, table, *there, first=first, limit=limit)


async def count_standing(
    conn: AsyncConnection, table: Table, states: Collection[str], scope: Collection[str]
) -> int:
    """How many that are."""
    there = (table.c.state.in_(states), within(table.c.place, scope))
    return int(await conn.scalar(select(func.count()).where(*there)) or 0)
