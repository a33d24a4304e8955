"""Timers: which are due, and a subject's pending ones as they change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.engine.subject import Timer
from workflows.store import tables as t
from workflows.store.engine.bound_arrays import among
from workflows.store.kept import Kinds

_C = t.timers.c
_KIND = t.subjects.c.kind
_PENDING = _C.fired_at.is_(None)
_OWN = (_C.ticket_id, _C.clock, _C.mark, _C.due_at)
_RIPE = (_PENDING, _C.due_at <= bindparam("now"))
_KNOWN = select(_C.id, *_OWN).where(_PENDING, among(_C.ticket_id))
_GONE = delete(t.timers).where(among(_C.id), _PENDING)  # one that rings meanwhile stays on record
_ITS = {_C.ticket_id: "ticket", _C.clock: "of", _C.mark: "at_mark"}
_RUNG = (
    update(t.timers)
    .where(_PENDING, *(column == bindparam(name) for column, name in _ITS.items()))
    .values(fired_at=bindparam("at"))
)
_NEW = insert(t.timers)


async def due(conn: AsyncConnection, kinds: Kinds, now: datetime, limit: int) -> list[Timer]:
    """Pending timers whose moment has come, in order; without those of a kind or a clock that only
    another version knows.
    """
    return [
        Timer(ticket_id=ticket_id, clock=clock, mark=mark, due_at=due_at)
        for ticket_id, clock, mark, due_at in await conn.execute(
            _due(kinds), {"now": now, "most": limit}
        )
    ]


async def put_away_strange(conn: AsyncConnection, kinds: Kinds, now: datetime) -> int:
    """Those due of a clock that only another version knows never ring. Returns how many."""
    return (await conn.execute(_strange(kinds), {"now": now, "at": now})).rowcount


@cache
def _due(kinds: Kinds) -> Select[Any]:
    ripe = select(*_OWN).where(*_RIPE, _ours(kinds))
    return ripe.order_by(_C.due_at, _C.id).limit(bindparam("most"))


@cache
def _strange(kinds: Kinds) -> Update:
    return update(t.timers).where(*_RIPE, ~_ours(kinds)).values(fired_at=bindparam("at"))


def _ours(kinds: Kinds) -> ColumnElement[bool]:
    """Those of a kind and a clock that there are; the kind is looked up of what is due alone."""
    known = [
        and_(literal(kept.kind) == _KIND, _C.clock.in_([literal(c.value) for c in kept.clocks]))
        for kept in kinds.all
    ]
    of = select(t.subjects.c.id).where(t.subjects.c.id == _C.ticket_id, or_(*known))
    return of.correlate(t.timers).exists()


async def write(
    conn: AsyncConnection, fired: Iterable[tuple[Timer, datetime]], wanted: Iterable[Timer],
    known: list[int],
) -> None:  # fmt: skip
    """Mark what rang; then the subjects' pending timers become exactly the wanted ones.

    `known` are those of the subjects that may have some. What stays the same is not written: most
    changes move one timer of several. Rows are compared as they are: that of a clock which only
    another version knows is not tripped over.
    """
    rang = [{"ticket": x.ticket_id, "of": str(x.clock), "at_mark": x.mark, "at": at}
            for x, at in fired]  # fmt: skip
    if rang:
        await conn.execute(_RUNG, rang)
    pending: dict[tuple[Any, ...], int] = {}
    if known:
        pending = {tuple(row[1:]): row.id for row in await conn.execute(_KNOWN, {"ids": known})}
    rows = {(x.ticket_id, str(x.clock), x.mark, x.due_at): _row(x) for x in wanted}
    if gone := [row_id for key, row_id in pending.items() if key not in rows]:
        await conn.execute(_GONE, {"ids": gone})
    if new := [row for key, row in rows.items() if key not in pending]:
        await conn.execute(_NEW, new)


def _row(timer: Timer) -> dict[str, Any]:
    return {"ticket_id": timer.ticket_id, "clock": str(timer.clock), "mark": timer.mark,
            "due_at": timer.due_at}  # fmt: skip
