"""Questions about plans, rounds and findings. Each costs what it returns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.patrols.findings.model import State as Found
from workflows.patrols.plans.model import State as Planned
from workflows.patrols.store import tables as own
from workflows.store.erasure import erase_words
from workflows.store.place_ranges import within

_P, _R, _F = own.patrols.c, own.rounds.c, own.findings.c
_GONE = _F.state == Found.CLEARED.value
_FOUND = 20  # that a search shows
_OPEN = {
    table.name: table.c.ended_at.is_(None) for table in (own.patrols, own.rounds, own.findings)
}


# plans


async def running(conn: AsyncConnection) -> list[int]:
    """The plans that run, the oldest first."""
    going = select(_P.id).where(_P.state == Planned.RUNNING.value, _P.ended_at.is_(None))
    return list((await conn.scalars(going.order_by(_P.id))).all())


async def stopped(conn: AsyncConnection) -> set[str]:
    """The names of plans that somebody stopped: they do not begin anew by themselves."""
    return set((await conn.scalars(select(_P.name).where(_P.state == Planned.STOPPED.value))).all())


async def key_plan(conn: AsyncConnection, community: str) -> int | None:
    """By which plan's key the codes of a community are made: its first for ever, whatever became of
    that, so that what hangs on the walls stays good.
    """
    first = select(func.min(_P.id)).where(within(_P.place, [community]))
    found: int | None = await conn.scalar(first)
    return found


# rounds


async def begun(conn: AsyncConnection, plan: int, slots: Collection[str]) -> set[str]:
    """Which of a plan's slots have a round."""
    there = select(_R.slot).where(_R.plan == plan, _R.slot.in_(list(slots)))
    return set((await conn.scalars(there)).all())


async def ids_open(conn: AsyncConnection, table: str, scope: Collection[str]) -> list[int]:
    """What is open in these places or around them, the oldest first."""
    c = _TABLES[table].c
    inside = within(c.place, scope)
    around = c.place.in_(
        {one.rsplit("/", i)[0] for one in scope for i in range(1, one.count("/") + 1)}
    )
    return list(
        (await conn.scalars(select(c.id).where(_OPEN[table], inside | around).order_by(c.id))).all()
    )


async def ids_held(conn: AsyncConnection, person: int) -> list[int]:
    """The rounds that somebody has in hand."""
    his = select(_R.id).where(_R.holder == person, _R.ended_at.is_(None))
    return list((await conn.scalars(his.order_by(_R.id))).all())


async def tally(conn: AsyncConnection, plan: int) -> dict[str, int]:
    """How many rounds of a plan stand where."""
    rows = await conn.execute(
        select(_R.state, func.count()).where(_R.plan == plan).group_by(_R.state)
    )
    return {state: number for state, number in rows.all()}  # noqa: C416 - rows


# findings


async def ids_at(conn: AsyncConnection, point: str, since: datetime) -> list[int]:
    """The findings of a thing that are open, or were until lately; what is open first."""
    lately = _F.ended_at.is_(None) | ((_F.ended_at >= since) & _GONE)
    asked = select(_F.id).where(
        _F.point == point, lately, _F.replaced_at.is_(None) | _F.ended_at.is_(None)
    )
    return list((await conn.scalars(asked.order_by(_F.ended_at.is_not(None), _F.id.desc()))).all())


async def ids_of_thing(conn: AsyncConnection, point: str, since: datetime) -> list[int]:
    """All findings of a thing that can have failed since then."""
    lately = _F.ended_at.is_(None) | ((_F.ended_at >= since) & _GONE)
    asked = select(_F.id).where(_F.point == point, lately)
    return list((await conn.scalars(asked)).all())


async def to_check_at(conn: AsyncConnection, point: str) -> list[int]:
    """What was mended there and nobody has checked."""
    asked = select(_F.id).where(_F.point == point, _F.state == Found.TO_CHECK.value)
    return list((await conn.scalars(asked)).all())


async def cleared(conn: AsyncConnection, plan: int) -> tuple[int, int]:
    """How many findings of a plan are gone, of how many."""
    rows = await conn.execute(
        select(_F.state == Found.CLEARED.value, func.count()).where(_F.patrol == plan)
        .group_by(_F.state == Found.CLEARED.value)
    )  # fmt: skip
    found = {bool(is_gone): number for is_gone, number in rows.all()}
    return found.get(True, 0), sum(found.values())


async def most(
    conn: AsyncConnection, by: str, scope: Collection[str], since: datetime, limit: int
) -> list[tuple[str, int]]:
    """Which things (`name`) or places have most findings."""
    c = _F[by]
    lately = (within(_F.place, scope), _F.found_at >= since)
    asked = select(c, func.count()).where(*lately).group_by(c).order_by(func.count().desc(), c)
    return [(name, number) for name, number in (await conn.execute(asked.limit(limit))).all()]


async def found_since(
    conn: AsyncConnection, scope: Collection[str], since: datetime, limit: int
) -> list[int]:
    """For the export, the oldest first: what was found since then, and what is still open."""
    asked = select(_F.id).where(
        within(_F.place, scope), (_F.found_at >= since) | _F.ended_at.is_(None)
    )
    return list((await conn.scalars(asked.order_by(_F.id).limit(limit))).all())


async def ids_reported(conn: AsyncConnection, person: int) -> list[int]:
    """What somebody found."""
    asked = select(own.finders.c.ticket_id).where(own.finders.c.person_id == person)
    return sorted((await conn.scalars(asked)).all(), reverse=True)


# the board, and retention, for each of the three alike

_TABLES: dict[str, Table] = {t.name: t for t in (own.patrols, own.rounds, own.findings)}


def counting(table: str) -> Callable[..., Any]:
    """How many are open in a scope."""

    async def count(conn: AsyncConnection, scope: Collection[str]) -> int:
        return int(await conn.scalar(select(func.count()).where(*_in(table, scope))) or 0)

    return count


def paging(table: str) -> Callable[..., Any]:
    """A page of them, the oldest first."""

    async def ids(
        conn: AsyncConnection, scope: Collection[str], first: int, limit: int
    ) -> list[int]:
        c = _TABLES[table].c
        page = select(c.id).where(*_in(table, scope)).order_by(c.id).offset(first).limit(limit)
        return list((await conn.scalars(page)).all())

    return ids


def _in(table: str, scope: Collection[str]) -> Iterable[ColumnElement[bool]]:
    return (_OPEN[table], within(_TABLES[table].c.place, scope))


async def ids_named(
    conn: AsyncConnection, scope: Collection[str], words: Collection[str]
) -> list[int]:
    """Findings whose thing, line or place has every one of these words, the newest first."""
    said = _F.name + " " + _F.item + " " + _F.place
    has = (said.contains(word, autoescape=True) for word in words)
    asked = select(_F.id).where(within(_F.place, scope), *has).order_by(_F.id.desc())
    return list((await conn.scalars(asked.limit(_FOUND))).all())


async def ids_walked(conn: AsyncConnection, person: int) -> list[int]:
    """The rounds that somebody has or had, the newest first."""
    his = select(_R.id).where(_R.holder == person)
    return list((await conn.scalars(his.order_by(_R.id.desc()))).all())


async def ids_to_erase(
    conn: AsyncConnection, table: str, before: datetime, limit: int
) -> list[int]:
    """What ended before that moment (aware UTC) and still has its words."""
    c = _TABLES[table].c
    worded = select(c.id).where(c.erased_at.is_(None), c.ended_at < before)
    return list((await conn.scalars(worded.order_by(c.ended_at).limit(limit))).all())


# The words of a row, and what is there without: also of one that cannot be read.
_BARE: dict[str, dict[str, Any]] = {
    "patrols": {"text": ""},
    "rounds": {"reason": ""},
    "findings": {"text": "", "plan": None},
}


async def erase(conn: AsyncConnection, table: str, ids: Collection[int], now: datetime) -> None:
    """Erase everybody's words of these for good."""
    await erase_words(conn, ids, "erase", now)
    bare = update(_TABLES[table]).where(_TABLES[table].c.id.in_(ids))
    await conn.execute(bare.values(erased_at=now, **_BARE[table]))
