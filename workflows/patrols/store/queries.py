"""Questions about rounds and findings. Each costs what it returns."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.patrols.findings import Action, State
from workflows.patrols.store import tables as own
from workflows.store import listing
from workflows.store import tables as t
from workflows.store.place_ranges import within

_R, _F = own.rounds.c, own.findings.c


async def key_round(conn: AsyncConnection, community: str) -> int | None:
    """By which round's key the codes of a community are made: its first one's for ever, so that
    what hangs on the walls stays good.
    """
    found: int | None = await conn.scalar(
        select(func.min(_R.id)).where(within(_R.place, [community]))
    )
    return found


async def latest(conn: AsyncConnection, names: Collection[str]) -> list[int]:
    """The last round of each of these plans."""
    last = select(func.max(_R.id)).where(_R.name.in_(names)).group_by(_R.name)
    return list((await conn.scalars(last)).all())


async def begun(conn: AsyncConnection, name: str, slots: Collection[str]) -> set[str]:
    """Which times of a plan have a round."""
    there = select(_R.slot).where(_R.name == name, _R.slot.in_(slots))
    return set((await conn.scalars(there)).all())


async def held(conn: AsyncConnection, person: int, *, is_open: bool = False) -> list[int]:
    """The rounds that somebody has or had, or has now, the newest first."""
    still = [_R.ended_at.is_(None)] if is_open else []
    return await listing.ids(conn, own.rounds, _R.holder == person, *still, by=(_R.id.desc(),))


async def of_thing(conn: AsyncConnection, point: str, since: datetime) -> list[int]:
    """The findings of a thing that are open, or were gone only lately; the newest first."""
    gone = (_F.ended_at >= since) & (_F.state == State.CLEARED.value)
    asked = (_F.point == point, _F.ended_at.is_(None) | gone)
    by = (_F.ended_at.is_not(None), _F.id.desc())
    return await listing.ids(conn, own.findings, *asked, by=by)


async def cleared(conn: AsyncConnection, round_id: int) -> tuple[int, int]:
    """How many findings of a round are gone, of how many."""
    is_gone = _F.state == State.CLEARED.value
    rows = await conn.execute(select(is_gone).where(_F.round == round_id))
    found = [bool(gone) for (gone,) in rows]
    return sum(found), len(found)


async def most(
    conn: AsyncConnection, by: str, scope: Collection[str], since: datetime, limit: int
) -> list[tuple[str, int]]:
    """Which things (`name`) or places have most findings."""
    count = func.count()
    lately = (within(_F.place, scope), _F.opened_at >= since)
    asked = select(_F[by], count).where(*lately).group_by(_F[by]).order_by(count.desc(), _F[by])
    return [(name, number) for name, number in await conn.execute(asked.limit(limit))]


async def ledger(
    conn: AsyncConnection, scope: Collection[str], since: datetime, limit: int
) -> list[int]:
    """What was found since then and what is open, the oldest first."""
    here = within(_F.place, scope)
    both = (_F.opened_at >= since, _F.ended_at.is_(None))
    # Each by an index of its own: asked in order, and at once, SQLite reads all there ever was.
    found = [await listing.ids(conn, own.findings, here, one) for one in both]
    return sorted({number for some in found for number in some})[:limit]


async def reported(conn: AsyncConnection, person: int) -> list[int]:
    """What somebody found, the newest first."""
    his = _F.id.in_(select(own.finders.c.ticket_id).where(own.finders.c.person_id == person))
    return await listing.ids(conn, own.findings, his, by=(_F.id.desc(),))


async def checked(conn: AsyncConnection) -> list[tuple[int, int, list[int]]]:
    """What is gone: who said so last, and who had mended it."""
    e = t.events.c
    asked = select(_F.id, e.actor, _F.fixers).join(t.events, e.ticket_id == _F.id)
    said = (_F.state == State.CLEARED.value, e.action == Action.CLEAR.value)
    rows = await conn.execute(asked.where(*said).order_by(e.seq))
    last = {number: (number, actor, fixers) for number, actor, fixers in rows}
    return list(last.values())
