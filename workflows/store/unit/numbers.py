"""The one series of numbers, for subjects of every kind."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store import tables as t

_NAME = t.counters.c.name == "ticket"
_LAST = select(t.counters.c.value).where(_NAME).with_for_update()


async def last(conn: AsyncConnection) -> int:
    """The newest subject's number; the counter's row is locked until the commit."""
    return int((await conn.execute(_LAST)).scalar_one())


async def count(conn: AsyncConnection, number: int) -> None:
    """This is the newest one from now on."""
    await conn.execute(_counted(), {"last": number})


@cache
def _counted() -> Update:
    return update(t.counters).where(_NAME).values(value=bindparam("last"))
