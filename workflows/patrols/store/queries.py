"""Questions about rounds and findings. Each costs what it returns."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.patrols.findings import Action, State
from workflows.patrols.store import tables as own
from workflows.store import tables as t
from workflows.store.place_ranges import within

_R, _F = own.rounds.c, own.findings.c
_FOUND = 20  # that a search shows


async def _ids(conn: AsyncConnection, asked: Select[Any]) -> list[int]:
    return list((await conn.scalars(asked)).all())


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
    return await _ids(conn, select(func.max(_R.id)).where(_R.name.in_(names)).group_by(_R.name))


async def begun(conn: AsyncConnection, name: str, slots: Collection[str]) -> set[str]:
    """Which times of a plan have a round."""
    there = select(_R.slot).where(_R.name == name, _R.slot.in_(slots))
    return set((await conn.scalars(there)).all())


async def held(conn: AsyncConnection, person: int, *, is_open: bool = False) -> list[int]:
    """The rounds that somebody has or had, or has now, the newest first."""
    his = select(_R.id).where(_R.holder == person).order_by(_R.id.desc())
    return await _ids(conn, his.where(_R.ended_at.is_(None)) if is_open else his)


async def of_thing(conn: AsyncConnection, point: str, since: datetime) -> list[int]:
    """The findings of a thing that are open, or were gone only lately; the newest first."""
    gone = (_F.ended_at >= since) & (_F.state == State.CLEARED.value)
    asked = select(_F.id).where(_F.point == point, _F.ended_at.is_(None) | gone)
    return await _ids(conn, asked.order_by(_F.ended_at.is_not(None), _F.id.desc()))


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
    both = (_F.opened_at >= since, _F.ended_at.is_(None))
    # Each by an index of its own: asked in order, and at once, SQLite reads all there ever was.
    here = select(_F.id).where(within(_F.place, scope))
    found = [await _ids(conn, here.where(one)) for one in both]
    return sorted({number for some in found for number in some})[:limit]


async def reported(conn: AsyncConnection, person: int) -> list[int]:
    """What somebody found, the newest first."""
    c = own.finders.c
    return await _ids(
        conn, select(c.ticket_id).where(c.person_id == person).order_by(c.ticket_id.desc())
    )


async def checked(conn: AsyncConnection) -> list[tuple[int, int, list[int]]]:
    """What is gone: who said so last, and who had mended it."""
    e = t.events.c
    asked = select(_F.id, e.actor, _F.fixers).join(t.events, e.ticket_id == _F.id)
    said = (_F.state == State.CLEARED.value, e.action == Action.CLEAR.value)
    rows = await conn.execute(asked.where(*said).order_by(e.seq))
    last = {number: (number, actor, fixers) for number, actor, fixers in rows}
    return list(last.values())


async def named(conn: AsyncConnection, scope: Collection[str], words: Collection[str]) -> list[int]:
    """Findings whose thing, line and place have every one of these words, the newest first."""
    said = _F.name + " " + _F.item + " " + _F.place
    has: list[ColumnElement[bool]] = [said.contains(word, autoescape=True) for word in words]
    asked = select(_F.id).where(within(_F.place, scope), *has)
    return await _ids(conn, asked.order_by(_F.id.desc()).limit(_FOUND))
