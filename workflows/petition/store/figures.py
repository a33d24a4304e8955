"""What counts of the tickets filed in a place in some time; reads no others than of that time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.petition.lists.scoring import Scored
from workflows.petition.store import tables as own
from workflows.petition.store.streets import in_streets
from workflows.petition.words import State
from workflows.store.place_ranges import within
from workflows.store.reading import readable


async def filed_in(
    conn: AsyncConnection, scope: Collection[str], since: datetime, until: datetime
) -> list[Scored]:
    """What counts of every ticket filed in the scope from `since` until before `until`; of what
    cannot be read nothing does.
    """
    c = own.tickets.c
    columns = (c.state, c.told_at, c.breached_at, c.rating, c.solved, c.checked, c.exclusion,
               c.pauses)  # fmt: skip
    then = (in_streets(scope), c.filed_at >= since, c.filed_at < until)
    stmt = select(*columns).where(*then, within(c.place, scope))
    return await readable(conn, "ticket", stmt, c.id, _scored)


def _scored(row: Row[Any]) -> Scored:
    return Scored(
        state=State(row.state), told_at=row.told_at, breached_at=row.breached_at,
        rating=row.rating, solved=row.solved, checked=row.checked, pauses=row.pauses,
        is_excluded=bool(row.exclusion and row.exclusion["approved_by"]),
    )  # fmt: skip
