"""What is held about one person, and erasing his words; events stay, their words can go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store import tables as t

_UNSAID: dict[str, Any] = {"values": {}, "buttons": [], "attachments": []}


async def ids_filed_by(conn: AsyncConnection, person_id: int) -> list[int]:
    """Every ticket this person filed, oldest first."""
    c = t.tickets.c
    return list((await conn.scalars(select(c.id).where(c.resident == person_id))).all())


async def roles_of(conn: AsyncConnection, person_id: int) -> list[dict[str, Any]]:
    """Every role this person has or had."""
    m = t.memberships.c
    rows = select(m.role, m.place, m.since, m.until).where(m.person_id == person_id)
    return [dict(row) for row in (await conn.execute(rows.order_by(m.id))).mappings()]


async def erase(conn: AsyncConnection, person_id: int, ticket_ids: Iterable[int]) -> None:
    """Erase this person's words beyond the tickets' own rows: what he said and sent with these
    tickets, what the bot said of them, and what he had in hand. Counts and steps stay.
    """
    ids = list(ticket_ids)
    e, o, k, a = t.events.c, t.outbox.c, t.cards.c, t.attachments.c
    his = (e.actor == person_id, e.data.is_not(None))
    await conn.execute(update(t.events).where(e.ticket_id.in_(ids), *his).values(data=None))
    about_him = or_(o.chat_id == person_id, o.ticket_id.in_(ids))
    await conn.execute(update(t.outbox).where(about_him, o.state != "queued").values(body=_UNSAID))
    plain = {"template": "card", "values": {}}
    await conn.execute(update(t.cards).where(k.ticket_id.in_(ids)).values(plain))
    await conn.execute(delete(t.attachments).where(a.ticket_id.in_(ids), a.person_id == person_id))
    texts = t.ticket_texts.c
    await conn.execute(delete(t.ticket_texts).where(texts.ticket_id.in_(ids)))
    letters = update(t.dead_letters).where(t.dead_letters.c.person_id == person_id)
    await conn.execute(letters.values(raw={}))
