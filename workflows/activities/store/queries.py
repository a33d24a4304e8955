"""Questions about activities. Each costs what it returns."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.activities.model import CAME, GUESTS
from workflows.activities.store import tables as own
from workflows.activities.words import State
from workflows.core.kernels.slots import Standing
from workflows.store import listing
from workflows.store.place_ranges import within
from workflows.store.tables import kernels as k

_C, _CLAIM, _SEEN = own.activities.c, k.slot_claims.c, k.presences.c
_HAPPENED = (State.ENDED.value, State.SUMMED.value)


async def ids_signed(conn: AsyncConnection, person: int, limit: int | None = None) -> list[int]:
    """Where somebody is in or in line, what is open first, then the newest."""
    his = _C.id.in_(select(_CLAIM.subject_id).where(_CLAIM.person == person))
    by = (_C.ended_at.is_not(None), _C.id.desc())
    return await listing.ids(conn, own.activities, his, by=by, limit=limit)


async def ids_his(conn: AsyncConnection, person: int) -> list[int]:
    """Where somebody is in or in line, and what he leads or led."""
    signed = select(_CLAIM.subject_id).where(_CLAIM.person == person)
    his = or_(_C.leader == person, _C.id.in_(signed))
    return await listing.ids(conn, own.activities, his, by=(_C.id.desc(),))


async def ids_led(conn: AsyncConnection, person: int) -> list[int]:
    """What somebody leads and is not over."""
    his = (_C.leader == person, _C.ended_at.is_(None))
    return await listing.ids(conn, own.activities, *his, by=(_C.starts_at, _C.id))


async def ids_in(conn: AsyncConnection, *states: State) -> list[int]:
    """What stands in one of these, anywhere."""
    return await listing.ids(conn, own.activities, _C.state.in_(states))


async def ids_running(conn: AsyncConnection) -> list[int]:
    """What is on just now, anywhere."""
    return await ids_in(conn, State.RUNNING)


async def ids_between(
    conn: AsyncConnection, scope: Collection[str], since: datetime, until: datetime
) -> list[int]:
    """What was or is planned from one moment to another, in order."""
    its = (within(_C.place, scope), _C.starts_at >= since, _C.starts_at < until)
    return await listing.ids(conn, own.activities, *its, by=(_C.starts_at,))


async def no_shows(conn: AsyncConnection, person: int, since: datetime) -> int:
    """How often somebody was in and did not come."""
    there = select(_SEEN.subject_id).where(_SEEN.person == person, _SEEN.name == CAME)
    missed = select(func.count()).where(
        _CLAIM.person == person, _CLAIM.name == GUESTS, _CLAIM.standing == Standing.IN.value,
        _CLAIM.subject_id == _C.id, _C.state.in_(_HAPPENED), _C.starts_at >= since,
        _C.id.not_in(there),
    )  # fmt: skip
    return int(await conn.scalar(missed) or 0)
