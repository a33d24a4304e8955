"""The box for the ballots: counts alone. No row says whose a ballot is, or when it was cast."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.council.store import tables as own
from workflows.council.words import Choice
from workflows.store.engine.upsert import insert_for


async def put(conn: AsyncConnection, topic_id: int, choice: Choice) -> None:
    """One more says this."""
    row = {"ticket_id": topic_id, "choice": choice.value, "count": 1}
    new = insert_for(conn.dialect.name, own.ballots).values(row)
    more = {"count": own.ballots.c.count + 1}
    await conn.execute(new.on_conflict_do_update(index_elements=["ticket_id", "choice"], set_=more))


async def opened(conn: AsyncConnection, topic_id: int) -> dict[str, int]:
    """How many say what; nobody looks before the vote is closed."""
    b = own.ballots.c
    found = await conn.execute(select(b.choice, b.count).where(b.ticket_id == topic_id))
    return {choice: number for choice, number in found.all()}  # noqa: C416 - rows
