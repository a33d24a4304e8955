"""What counts of the tickets filed in a place in some time; costs what lies there, not all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import CTE, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.model import State
from workflows.scoring import Scored
from workflows.store import tables as t
from workflows.store.scope import within


async def filed_in(
    conn: AsyncConnection, scope: Iterable[str], since: datetime, until: datetime
) -> list[Scored]:
    """What counts of every ticket filed in the scope from `since` until before `until`."""
    c = t.tickets.c
    here = c.place.in_(select(_places(tuple(scope)).c.place))
    columns = (c.state, c.told_at, c.breached_at, c.rating, c.solved, c.checked, c.exclusion)
    rows = await conn.execute(select(*columns).where(here, c.filed_at >= since, c.filed_at < until))
    return [
        Scored(
            state=State(row["state"]), told_at=row["told_at"], breached_at=row["breached_at"],
            rating=row["rating"], solved=row["solved"], checked=row["checked"],
            is_excluded=bool(row["exclusion"] and row["exclusion"]["approved_by"]),
        )
        for row in rows.mappings()
    ]  # fmt: skip


def _places(scope: tuple[str, ...]) -> CTE:
    """The places of a scope that have tickets, found by skipping from one to the next."""
    c, other = t.tickets.c, t.tickets.alias()
    first = select(func.min(c.place).label("place")).where(within(c.place, scope))
    places = first.cte("places", recursive=True)
    later = (within(other.c.place, scope), other.c.place > places.c.place)
    following = select(func.min(other.c.place)).where(*later).scalar_subquery()
    return places.union_all(select(following).where(places.c.place.is_not(None)))
