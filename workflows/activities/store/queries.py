"""Questions about activities. Each costs what it returns."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.activities.model import CAME, GUESTS
from workflows.activities.store import tables as own
from workflows.activities.words import State
from workflows.core.kernels.slots import Standing
from workflows.store.place_ranges import within
from workflows.store.tables import kernels as k

_C, _CLAIM, _SEEN = own.activities.c, k.slot_claims.c, k.presences.c
_HAPPENED = (State.ENDED.value, State.SUMMED.value)


async def _ids(conn: AsyncConnection, asked: Select[Any]) -> list[int]:
    return list((await conn.scalars(asked)).all())


async def ids_signed(conn: AsyncConnection, person: int, limit: int | None = None) -> list[int]:
    """Where somebody is in or in line, what is open first, then the newest."""
    his = select(_CLAIM.subject_id).where(_CLAIM.person == person)
    listed = select(_C.id).where(_C.id.in_(his)).order_by(_C.ended_at.is_not(None), _C.id.desc())
    return await _ids(conn, listed.limit(limit))


async def ids_led(conn: AsyncConnection, person: int) -> list[int]:
    """What somebody leads and is not over."""
    his = select(_C.id).where(_C.leader == person, _C.ended_at.is_(None))
    return await _ids(conn, his.order_by(_C.starts_at, _C.id))


async def ids_announced(conn: AsyncConnection) -> list[int]:
    """What people can sign up for, anywhere."""
    return await _ids(conn, select(_C.id).where(_C.state == State.ANNOUNCED.value))


async def ids_on(conn: AsyncConnection, places: Collection[str], limit: int) -> list[int]:
    """What is on or ahead in these places, the next first."""
    near = _C.state.in_((State.ANNOUNCED.value, State.RUNNING.value)) & within(_C.place, places)
    return await _ids(conn, select(_C.id).where(near).order_by(_C.starts_at).limit(limit))


async def ids_running(conn: AsyncConnection) -> list[int]:
    """What is on just now, anywhere."""
    return await _ids(conn, select(_C.id).where(_C.state == State.RUNNING.value))


def _to_review(scope: Collection[str]) -> ColumnElement[bool]:
    return (_C.state == State.REVIEW.value) & within(_C.place, scope)


async def count_to_review(conn: AsyncConnection, scope: Collection[str]) -> int:
    """How many wait for the committee."""
    return int(await conn.scalar(select(func.count()).where(_to_review(scope))) or 0)


async def ids_to_review(
    conn: AsyncConnection, scope: Collection[str], first: int, limit: int
) -> list[int]:
    """A page of them, the one that begins first in front."""
    page = select(_C.id).where(_to_review(scope)).order_by(_C.starts_at, _C.id)
    return await _ids(conn, page.offset(first).limit(limit))


async def ids_between(
    conn: AsyncConnection, scope: Collection[str], since: datetime, until: datetime
) -> list[int]:
    """What was or is planned from one moment to another, in order."""
    its = (within(_C.place, scope), _C.starts_at >= since, _C.starts_at < until)
    return await _ids(conn, select(_C.id).where(*its).order_by(_C.starts_at))


async def ids_titled(
    conn: AsyncConnection, scope: Collection[str], words: Collection[str], limit: int
) -> list[int]:
    """What has all these words in its title, the newest first."""
    said = (_C.title.contains(word, autoescape=True) for word in words)
    found = select(_C.id).where(within(_C.place, scope), *said).order_by(_C.id.desc())
    return await _ids(conn, found.limit(limit))


async def no_shows(conn: AsyncConnection, person: int, since: datetime) -> int:
    """How often somebody was in and did not come."""
    there = select(_SEEN.subject_id).where(_SEEN.person == person, _SEEN.name == CAME)
    missed = select(func.count()).where(
        _CLAIM.person == person, _CLAIM.name == GUESTS, _CLAIM.standing == Standing.IN.value,
        _CLAIM.subject_id == _C.id, _C.state.in_(_HAPPENED), _C.starts_at >= since,
        _C.id.not_in(there),
    )  # fmt: skip
    return int(await conn.scalar(missed) or 0)
