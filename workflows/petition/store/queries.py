"""Questions about tickets. Each costs what it returns, not what exists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    Select,
    bindparam,
    literal,
    select,
    union,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.petition.stages import ENDED
from workflows.petition.store import tables as own
from workflows.petition.words import Action, State
from workflows.store import tables as t
from workflows.store.engine.bound_arrays import among
from workflows.store.place_ranges import within

_OPEN = [state.value for state in State if state not in ENDED]


class Merged(Struct, frozen=True, kw_only=True):
    """A ticket that was merged into another one, in its own words."""

    id: int
    text: str


# Asked by every batch, so built once.
_E = t.events.c
_SHARED = select(_E.seq).where(
    among(_E.ticket_id),
    _E.action.in_([literal(a.value) for a in (Action.SHARE, Action.CORRECT, Action.TAKE_OVER)]),
).limit(1)  # fmt: skip


async def id_of_draft(conn: AsyncConnection, draft_id: str) -> int | None:
    """The id of the ticket a draft became."""
    found = await conn.scalar(select(own.tickets.c.id).where(own.tickets.c.draft_id == draft_id))
    return int(found) if found else None


async def ids_held_by(conn: AsyncConnection, person_ids: Collection[int]) -> dict[int, list[int]]:
    """Open tickets in each handler's hand, on offer to him, or in which he helps, oldest first."""
    held: dict[int, list[int]] = {i: [] for i in person_ids}
    for person_id, ticket_id in await conn.execute(_held_by(), {"ids": list(held)}):
        held[person_id].append(ticket_id)
    return held


@cache
def _held_by() -> Select[Any]:
    """Each way of having a ticket by its own index, past all that they had and that is over."""
    c, h, still_open = own.tickets.c, own.helpers.c, own.tickets.c.state.in_(_OPEN)
    his = (select(who.label("person"), c.id).where(among(who), still_open)
           for who in (c.handler, c.offered_to))  # fmt: skip
    # No join: that would be read from the side of all that is open.
    is_open = select(c.id).where(c.id == h.ticket_id, still_open).exists()
    helped = select(h.person_id, h.ticket_id).where(among(h.person_id), is_open)
    found = union(*his, helped).subquery().c
    return select(found.person, found.id).order_by(found.id)


async def ids_brought_by(conn: AsyncConnection, person_id: int, limit: int) -> list[int]:
    """Tickets a resident filed or follows, newest first."""
    his = select(own.tickets.c.id).where(own.tickets.c.resident == person_id)
    followed = select(own.followers.c.ticket_id).where(own.followers.c.person_id == person_id)
    ids = {*(await conn.scalars(his.order_by(own.tickets.c.id.desc()).limit(limit))).all()}
    ids |= {*(await conn.scalars(followed)).all()}
    return sorted(ids, reverse=True)[:limit]


async def ids_lately_by(
    conn: AsyncConnection, person_id: int, since: datetime, limit: int
) -> list[int]:
    """Tickets a resident filed that are open, or ended since, newest first."""
    asked = {"person": person_id, "since": since, "most": limit}
    return [number for (number,) in await conn.execute(_lately_by(), asked)]


@cache
def _lately_by() -> Select[Any]:
    """Asked at every message of whoever filed one, so built once."""
    c = own.tickets.c
    his = c.resident == bindparam("person")
    lately = c.ended_at.is_(None) | (c.ended_at >= bindparam("since"))
    return select(c.id).where(his, lately).order_by(c.id.desc()).limit(bindparam("most"))


async def ids_open_at(conn: AsyncConnection, place: str, limit: int) -> list[int]:
    """Open tickets at a place and inside it, oldest first."""
    c = own.tickets.c
    stmt = select(c.id).where(c.ended_at.is_(None), within(c.place, [place]))
    return list((await conn.scalars(stmt.order_by(c.id).limit(limit))).all())


async def was_shared(conn: AsyncConnection, ids: list[int]) -> bool:
    """Whether one of these tickets ever said how somebody is found, though it may no more."""
    return await conn.scalar(_SHARED, {"ids": ids}) is not None


async def children_of(conn: AsyncConnection, ids: Iterable[int]) -> dict[int, list[int]]:
    """The ids of what was split off from each of these tickets: a seek a ticket."""
    found = defaultdict[int, list[int]](list)
    for parent, child in await conn.execute(_children(), {"ids": ids}):
        found[parent].append(child)
    return found


@cache
def _children() -> Select[Any]:
    c = own.tickets.c
    return select(c.parent, c.id).where(among(c.parent)).order_by(c.id)


async def merged_into(conn: AsyncConnection, ids: Iterable[int]) -> dict[int, list[Merged]]:
    """What was merged into each of these tickets, the first first: a seek a ticket."""
    found = defaultdict[int, list[Merged]](list)
    for into, number, text in await conn.execute(_merged(), {"ids": ids}):
        found[into].append(Merged(id=number, text=text))
    return found


@cache
def _merged() -> Select[Any]:
    c = own.tickets.c
    return select(c.merged_into, c.id, c.text).where(among(c.merged_into)).order_by(c.id)
