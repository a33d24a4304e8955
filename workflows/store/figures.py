"""What counts of the tickets filed in a place in some time; reads no others than of that time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.model import State
from workflows.scoring import Scored
from workflows.store import tables as t
from workflows.store.scope import in_streets, within


async def filed_in(
    conn: AsyncConnection, scope: Collection[str], since: datetime, until: datetime
) -> list[Scored]:
    """What counts of every ticket filed in the scope from `since` until before `until`."""
    c = t.tickets.c
    columns = (c.state, c.told_at, c.breached_at, c.rating, c.solved, c.checked, c.exclusion)
    then = (in_streets(scope), c.filed_at >= since, c.filed_at < until)
    rows = await conn.execute(select(*columns).where(*then, within(c.place, scope)))
    return [
        Scored(
            state=State(row["state"]), told_at=row["told_at"], breached_at=row["breached_at"],
            rating=row["rating"], solved=row["solved"], checked=row["checked"],
            is_excluded=bool(row["exclusion"] and row["exclusion"]["approved_by"]),
        )
        for row in rows.mappings()
    ]  # fmt: skip
