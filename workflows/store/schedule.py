"""What the bot does of itself again and again: a row each; no restart forgets or repeats it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store import tables as t
from workflows.store.engine.upsert import upsert


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
