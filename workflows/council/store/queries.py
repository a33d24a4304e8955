"""Questions about topics. Each costs what it returns."""

from __future__ import annotations

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.council.store import tables as own
from workflows.store import listing
from workflows.store import tables as t

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
    by = (_C.ended_at.is_not(None), _C.id.desc())
    return await listing.ids(conn, own.topics, his, by=by, limit=limit)


async def ids_open_at(conn: AsyncConnection, place: str, limit: int) -> list[int]:
    """What is open in a building, the newest first."""
    here = (_C.place == place, _C.ended_at.is_(None))
    return await listing.ids(conn, own.topics, *here, by=(_C.id.desc(),), limit=limit)


async def people_at(conn: AsyncConnection, place: str) -> list[int]:
    """Who was last at home in a building."""
    found = select(t.people.c.id).where(t.people.c.last_place == place)
    return list((await conn.scalars(found.order_by(t.people.c.id))).all())
