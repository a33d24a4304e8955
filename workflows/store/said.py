"""What was said about which ticket: the words of a petition, and the messages people reply to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.draft import Part
from workflows.store import tables as t


async def ticket_of_message(conn: AsyncConnection, chat_id: int, message_id: int) -> int | None:
    """The ticket that this message of ours was about, or None."""
    m = t.messages.c
    is_it = (m.chat_id == chat_id, m.message_id == message_id)
    found = await conn.scalar(select(m.ticket_id).where(*is_it))
    return int(found) if found else None


async def ticket_of_text(conn: AsyncConnection, person_id: int, message_id: int) -> int | None:
    """The ticket that this message of a resident became part of, or None."""
    c = t.ticket_texts.c
    is_it = (c.person_id == person_id, c.message_id == message_id)
    found = await conn.scalar(select(c.ticket_id).where(*is_it).limit(1))
    return int(found) if found else None


async def newest_of(conn: AsyncConnection, chat_id: int, what: str) -> Mapping[str, Any] | None:
    """The newest message owed to a chat of those that replace each other; None without."""
    o = t.outbox.c
    same = select(t.outbox).where(o.chat_id == chat_id, o.replaces == what)
    row = (await conn.execute(same.order_by(o.id.desc()).limit(1))).mappings().first()
    return dict(row) if row else None


async def versions(conn: AsyncConnection, ticket_id: int) -> list[Mapping[str, Any]]:
    """Every version of a petition's messages, in the order they came."""
    c = t.ticket_texts.c
    rows = await conn.execute(select(t.ticket_texts).where(c.ticket_id == ticket_id).order_by(c.id))
    return [dict(row) for row in rows.mappings()]


def current(rows: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """The newest version of each message, in the order they were first said."""
    return tuple(
        {
            r["message_id"]: Part(message_id=r["message_id"], text=r["text"], at=r["said_at"])
            for r in rows
        }.values()
    )
