"""Who has what in hand in a place: how much, since when, and how much of it is late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.expression import Executable

from workflows.petition.store import tables as own
from workflows.petition.store.lists import AT_MOST
from workflows.petition.store.loads import UNDONE
from workflows.petition.store.streets import lies_in
from workflows.store.place_ranges import apart

_C = own.tickets.c
_HOLDER = func.coalesce(_C.handler, _C.offered_to)


class Holding(Struct, frozen=True, kw_only=True):
    """What somebody has in hand or on offer: how much, the oldest, how much of it is late."""

    person: int
    count: int
    oldest: datetime
    late: int


async def count(conn: AsyncConnection, scope: Iterable[str]) -> int:
    """How much of a scope is in somebody's hands, counted to one above AT_MOST."""
    found = 0
    for place in apart(scope):
        some = select(literal(1)).where(*_is_held(place)).limit(AT_MOST + 1).subquery()
        found += await conn.scalar(select(func.count()).select_from(some)) or 0
    return found


async def holdings(conn: AsyncConnection, scope: Iterable[str], now: datetime) -> list[Holding]:
    """What everybody has of a scope: first who is late with the most, then who has the most."""
    found: dict[int, Holding] = {}
    for place in apart(scope):
        for row in await conn.execute(_by_holder(place, now)):
            found[row.person] = _with(found.get(row.person), row)
    return sorted(found.values(), key=lambda x: (-x.late, -x.count, x.oldest, x.person))


async def ids_of(conn: AsyncConnection, scope: Iterable[str], person_id: int) -> list[int]:
    """The tickets of a scope that this person has: danger first, then the oldest."""
    places = [lies_in(place) for place in apart(scope)]
    offered = and_(_C.handler.is_(None), _C.offered_to == person_id)
    his = or_(_C.handler == person_id, offered)
    rows = select(_C.id).where(his, _is_undone(), or_(*places))
    ordered = rows.order_by(_C.urgent.desc(), _C.id).limit(AT_MOST)
    return list((await conn.scalars(ordered)).all()) if places else []


def _by_holder(place: str, now: datetime) -> Executable:
    late = func.sum(case((_C.overdue_at <= now, 1), else_=0))
    rows = select(
        _HOLDER.label("person"), func.count().label("many"),
        func.min(_C.filed_at).label("oldest"), cast(late, Integer).label("late"),
    )  # fmt: skip
    return rows.where(*_is_held(place)).group_by(_HOLDER)


def _is_held(place: str) -> tuple[ColumnElement[bool], ...]:
    return (_C.ended_at.is_(None), _is_undone(), _HOLDER.is_not(None), lies_in(place))


def _is_undone() -> ColumnElement[bool]:
    return _C.state.in_([literal(state) for state in UNDONE])


def _with(known: Holding | None, row: Any) -> Holding:
    if known is None:
        return Holding(person=row.person, count=row.many, oldest=row.oldest, late=row.late)
    return Holding(
        person=known.person, count=known.count + row.many, oldest=min(known.oldest, row.oldest),
        late=known.late + row.late,
    )  # fmt: skip
