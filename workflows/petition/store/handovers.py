"""Links by which somebody takes a ticket over that was filed for him; each is used once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.petition.store import tables as own


async def offer(conn: AsyncConnection, token_hash: str, ticket_id: int, until: datetime) -> None:
    """Write a link by which a ticket is taken over."""
    row = {"token_hash": token_hash, "ticket_id": ticket_id, "expires_at": until}
    await conn.execute(insert(own.handovers).values(row))


async def redeem(
    conn: AsyncConnection, token_hash: str, person_id: int, now: datetime
) -> int | None:
    """Mark such a link used if nobody did before; the ticket's id."""
    h = own.handovers
    valid = (h.c.token_hash == token_hash, h.c.used_by.is_(None), h.c.expires_at > now)
    used = update(h).where(*valid).values(used_by=person_id, used_at=now)
    found = await conn.scalar(used.returning(h.c.ticket_id))
    return int(found) if found else None
