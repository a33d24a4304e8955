"""Questions about topics. Each costs what it returns."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.council.store import tables as own
from workflows.council.words import State
from workflows.store import tables as t
from workflows.store.place_ranges import within

_C, _M = own.topics.c, own.members.c


async def ids_of(conn: AsyncConnection, person_id: int) -> list[int]:
    """Every topic that somebody raised or takes part in, newest first."""
    raised = select(_C.id).where(_C.raiser == person_id)
    joined = select(_M.ticket_id).where(_M.person_id == person_id)
    return sorted((await conn.scalars(union(raised, joined))).all(), reverse=True)


async def ids_brought(conn: AsyncConnection, person_id: int, limit: int) -> list[int]:
    """What somebody raised, and what he takes part in while it is open: that first, then newest."""
    joined = select(_M.ticket_id).where(_M.person_id == person_id)
    his = (_C.raiser == person_id) | (_C.id.in_(joined) & _C.ended_at.is_(None))
    listed = select(_C.id).where(his).order_by(_C.ended_at.is_not(None), _C.id.desc())
    return list((await conn.scalars(listed.limit(limit))).all())


async def ids_open_at(conn: AsyncConnection, place: str, limit: int) -> list[int]:
    """What is open in a building, the newest first."""
    here = select(_C.id).where(_C.place == place, _C.ended_at.is_(None))
    return list((await conn.scalars(here.order_by(_C.id.desc()).limit(limit))).all())


async def people_at(conn: AsyncConnection, place: str) -> list[int]:
    """Who was last at home in a building."""
    found = select(t.people.c.id).where(t.people.c.last_place == place)
    return list((await conn.scalars(found.order_by(t.people.c.id))).all())


def _to_call(scope: Collection[str]) -> ColumnElement[bool]:
    return (_C.state == State.SECONDED.value) & within(_C.place, scope)


async def count_to_call(conn: AsyncConnection, scope: Collection[str]) -> int:
    """How many topics wait for their convener in these places."""
    return int(await conn.scalar(select(func.count()).where(_to_call(scope))) or 0)


async def ids_to_call(
    conn: AsyncConnection, scope: Collection[str], first: int, limit: int
) -> list[int]:
    """A page of them, the oldest first."""
    page = select(_C.id).where(_to_call(scope)).order_by(_C.id).offset(first).limit(limit)
    return list((await conn.scalars(page)).all())
