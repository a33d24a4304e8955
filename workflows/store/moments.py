"""When something is to be done next of itself: the first timer's moment, and every chore's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store import tables as t

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
