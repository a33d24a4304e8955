"""Timers: which are due, and a ticket's pending ones as they change."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Delete, Select, Update, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.model import ClockName, Timer
from workflows.store import tables as t
from workflows.store.among import among

_C = t.timers.c
_PENDING = _C.fired_at.is_(None)
_COLUMNS = (_C.id, _C.ticket_id, _C.clock, _C.mark, _C.due_at)


async def due(conn: AsyncConnection, now: datetime, limit: int) -> list[Timer]:
    """Pending timers whose moment has come, in order."""
    ripe = select(*_COLUMNS).where(_PENDING, _C.due_at <= now)
    return list(await _read(conn, ripe.order_by(_C.due_at, _C.id).limit(limit), {}))


async def write(
    conn: AsyncConnection, fired: Iterable[tuple[Timer, datetime]], wanted: Collection[Timer],
    known: list[int],
) -> None:  # fmt: skip
    """Mark what rang; then the tickets' pending timers become exactly the wanted ones.

    `known` are those of the tickets that may have some. What stays the same is not written: most
    changes move one timer of several.
    """
    rang = [{"ticket": x.ticket_id, "of": x.clock.value, "at_mark": x.mark, "at": at}
            for x, at in fired]  # fmt: skip
    if rang:
        await conn.execute(_rung(), rang)
    pending = await _read(conn, _pending(), {"ids": known}) if known else {}
    if gone := pending.keys() - set(wanted):
        await conn.execute(_stale(), {"ids": [pending[timer] for timer in gone]})
    if new := [_row(timer) for timer in wanted if timer not in pending]:
        await conn.execute(_new(), new)


async def _read(
    conn: AsyncConnection, which: Select[Any], given: dict[str, Any]
) -> dict[Timer, int]:
    """Timers, each with its row's id."""
    rows = await conn.execute(which, given)
    return {
        Timer(ticket_id=ticket_id, clock=ClockName(clock), mark=mark, due_at=due_at): row_id
        for row_id, ticket_id, clock, mark, due_at in rows
    }


def _row(timer: Timer) -> dict[str, Any]:
    return {"ticket_id": timer.ticket_id, "clock": timer.clock.value, "mark": timer.mark,
            "due_at": timer.due_at}  # fmt: skip


@cache
def _rung() -> Update:
    named = {_C.ticket_id: "ticket", _C.clock: "of", _C.mark: "at_mark"}
    its = [column == bindparam(name) for column, name in named.items()]
    return update(t.timers).where(*its, _PENDING).values(fired_at=bindparam("at"))


@cache
def _pending() -> Select[Any]:
    return select(*_COLUMNS).where(among(_C.ticket_id), _PENDING)


@cache
def _stale() -> Delete:
    return delete(t.timers).where(among(_C.id))


@cache
def _new() -> Any:
    return insert(t.timers)
