"""What the residents' groups are told of a week: what is counted of a place.

A week costs what was filed in it in the place's street.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.petition.lists.weekly_report import Matter
from workflows.petition.store import tables as own
from workflows.petition.store.streets import in_streets
from workflows.petition.words import State
from workflows.store import tables as t
from workflows.store.place_ranges import within
from workflows.store.reading import readable


async def filed(
    conn: AsyncConnection, places: Collection[str], since: datetime, until: datetime
) -> list[Matter]:  # fmt: skip
    """What was filed at or inside these places from `since` to before `until`."""
    c = own.tickets.c
    then = (c.filed_at >= since, c.filed_at < until)
    return await _matters(conn, *then, *_lie_in(places))


async def closed(
    conn: AsyncConnection, places: Collection[str], since: datetime, until: datetime
) -> list[Matter]:  # fmt: skip
    """What was done and closed at or inside these places from `since` to before `until`."""
    c = own.tickets.c
    ended = (c.ended_at >= since, c.ended_at < until, c.state == State.CLOSED.value)
    return await _matters(conn, *ended, *_lie_in(places))


async def waiting(conn: AsyncConnection, places: Collection[str]) -> int:
    """How many petitions at or inside these places are not over yet."""
    c = own.tickets.c
    still_open = select(func.count()).where(c.ended_at.is_(None), within(c.place, places))
    return await conn.scalar(still_open) or 0


def _lie_in(places: Collection[str]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return in_streets(places), within(own.tickets.c.place, places)


async def _matters(conn: AsyncConnection, *conditions: ColumnElement[bool]) -> list[Matter]:
    """Nothing that anybody wrote is read."""
    c, p = own.tickets.c, t.people.c
    counted = (c.category, c.place, c.told_at, c.breached_at, c.exclusion, c.solved, c.checked)
    stmt = select(*counted, p.is_unlisted).outerjoin(t.people, p.id == c.resident)
    return await readable(conn, "ticket", stmt.where(*conditions), c.id, _matter)


def _matter(row: Any) -> Matter:
    return Matter(
        category=row.category, place=row.place, is_told=row.told_at is not None,
        is_breached=row.breached_at is not None, is_listed=not row.is_unlisted,
        is_scored=not (row.exclusion or {}).get("approved_by"),
        is_solved=row.solved == "yes" and row.checked != "no",
    )  # fmt: skip
