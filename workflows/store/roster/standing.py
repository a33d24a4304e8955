"""The bound groups, where something is open, who was never heard of: for whoever runs the bot."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store import tables as t
from workflows.store.kept import Kinds


class Group(Struct, frozen=True, kw_only=True):
    """A bound group: `audience` is "grid" for the staff, or "residents"."""

    chat_id: int
    place: str
    audience: str
    is_reachable: bool


async def groups(conn: AsyncConnection) -> list[Group]:
    """Every group that is bound to a place, by the place."""
    c = t.chats.c
    found = select(c.chat_id, c.place, c.audience, c.blocked_at).where(c.place != "")
    rows = await conn.execute(found.order_by(c.place, c.chat_id))
    return [
        Group(chat_id=row[0], place=row[1], audience=row[2], is_reachable=row[3] is None)
        for row in rows
    ]


async def open_at(conn: AsyncConnection, kinds: Kinds) -> dict[str, int]:
    """How many subjects are open at each place where any is."""
    found: Counter[str] = Counter()
    for c in (kept.table.c for kept in kinds.all):
        asked = select(c.place, func.count()).where(c.ended_at.is_(None)).group_by(c.place)
        found.update({row[0]: row[1] for row in await conn.execute(asked)})
    return dict(found)


async def unheard(conn: AsyncConnection, ids: list[int]) -> list[int]:
    """Which of these people have never written to the bot, so that it cannot write to them."""
    known = await conn.execute(select(t.people.c.id, t.people.c.name).where(t.people.c.id.in_(ids)))
    heard = {row[0] for row in known if row[1]}
    return [one for one in ids if one not in heard]
