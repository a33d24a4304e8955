"""What was said about which ticket: the words of a petition, and the messages people reply to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Select, Text, bindparam, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.draft import Part
from workflows.likeness import Said
from workflows.store import tables as t

_PLACES = 16  # that one statement has room for


async def newest_at(
    conn: AsyncConnection, places: list[str], limit: int
) -> dict[str, list[Said]]:  # fmt: skip
    """What open tickets at exactly these places are about, so many of each, newest first."""
    found: dict[str, list[Said]] = {place: [] for place in places}
    for first in range(0, len(places), _PLACES):
        asked = {f"place{i}": place for i, place in enumerate(places[first:][:_PLACES])}
        room = {f"place{i}": None for i in range(_PLACES)} | asked
        for row in await conn.execute(_newest_at(), {**room, "most": limit}):
            said = Said._make(row)
            found[said.place].append(said)
    return found


@cache
def _newest_at() -> Select[Any]:
    """Each place's stretch of an index is read from its end, no further than to the limit."""
    c, f = t.tickets.c, t.followers.c
    arms = [
        select(c.id)
        .where(c.ended_at.is_(None), c.place == bindparam(f"place{i}", type_=Text))
        .order_by(c.id.desc())
        .limit(bindparam("most"))
        for i in range(_PLACES)
    ]
    newest = union_all(*(select(arm.subquery()) for arm in arms)).subquery()
    followers = select(func.count()).where(f.ticket_id == c.id).scalar_subquery()
    said = select(c.id, c.place, c.category, c.text, followers.label("followers"))
    return said.join(newest, newest.c.id == c.id).order_by(c.id.desc())


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
