"""What the bot does of itself: when what is next is due, and what it does again and again.

That is a row each; no restart forgets or repeats it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store import tables as t
from workflows.store.engine.upsert import upsert

_FIRST = select(func.min(t.timers.c.due_at)).where(t.timers.c.fired_at.is_(None))
_CHORES = select(t.chores.c.name, t.chores.c.due_at)


class Moments(Struct, frozen=True, kw_only=True):
    """What is ahead, or due already (aware UTC)."""

    timer: datetime | None
    chores: Mapping[str, datetime]

    @property
    def first(self) -> datetime | None:
        """The next of them all, or None."""
        return min((m for m in (self.timer, *self.chores.values()) if m), default=None)

    def is_ringing(self, now: datetime) -> bool:
        """Whether a timer is due."""
        return self.timer is not None and self.timer <= now

    def chores_due(self, now: datetime) -> frozenset[str]:
        """The names of the chores that are due."""
        return frozenset(name for name, moment in self.chores.items() if moment <= now)


async def ahead(conn: AsyncConnection) -> Moments:
    """What is pending now."""
    first = await conn.scalar(_FIRST)
    chores = {row.name: row.due_at for row in await conn.execute(_CHORES)}
    return Moments(timer=first, chores=chores)


async def plan(conn: AsyncConnection, name: str, due_at: datetime | None, now: datetime) -> None:
    """Set when a chore is due next; None for never. One that is overdue stays so: it is owed."""
    c = t.chores.c
    if due_at is None:
        await conn.execute(delete(t.chores).where(c.name == name))
        await _begin_anew(conn, name)
        return
    is_owed = await conn.scalar(select(c.name).where(c.name == name, c.due_at <= now))
    if not is_owed:
        await upsert(conn, t.chores, [{"name": name, "due_at": due_at}], ["name"])
        await _begin_anew(conn, name)


async def take(conn: AsyncConnection, name: str, now: datetime) -> datetime | None:
    """The moment of this chore if it has come; None also while another process is at it."""
    c = t.chores.c
    mine = select(c.due_at).where(c.name == name, c.due_at <= now)
    found: datetime | None = await conn.scalar(mine.with_for_update(skip_locked=True))
    return found


async def move(conn: AsyncConnection, name: str, due_at: datetime, on: datetime | None) -> bool:
    """From this moment on to the next one; False when another process has done it already."""
    c = t.chores.c
    same = (c.name == name, c.due_at == due_at)
    change = delete(t.chores) if on is None else update(t.chores).values(due_at=on)
    is_moved = (await conn.execute(change.where(*same))).rowcount == 1
    if is_moved:
        await _begin_anew(conn, name)
    return is_moved


async def reached(conn: AsyncConnection, name: str) -> int:
    """How far a chore that is done in steps has come since its moment; 0 at its beginning."""
    c = t.counters.c
    return await conn.scalar(select(c.value).where(c.name == name)) or 0


async def reach(conn: AsyncConnection, name: str, value: int) -> None:
    """It has come so far, in the transaction of the step that did it."""
    await upsert(conn, t.counters, [{"name": name, "value": value}], ["name"])


async def _begin_anew(conn: AsyncConnection, name: str) -> None:
    await conn.execute(delete(t.counters).where(t.counters.c.name == name))
