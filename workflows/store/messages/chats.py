"""Chats: whose a group is and which place's, who refuses us, what becomes of one that moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store import tables as t
from workflows.store.engine.bound_arrays import among, paths_of
from workflows.store.engine.upsert import upsert

RESIDENTS = "residents"

_BLOCKED = select(t.chats.c.chat_id).where(
    among(t.chats.c.chat_id), t.chats.c.blocked_at.is_not(None)
)


async def blocked(conn: AsyncConnection, chat_ids: Iterable[int]) -> set[int]:
    """Which of these chats refused us and have not been heard from since."""
    return set((await conn.scalars(_BLOCKED, {"ids": list(chat_ids)})).all())


async def groups_of(conn: AsyncConnection, places: Collection[str]) -> dict[str, int | None]:
    """The staff's group that is bound to exactly each of these grids, or None."""
    rows = await conn.execute(_groups(), {"places": list(places)})
    return dict.fromkeys(places) | {row.place: row.chat_id for row in rows}


@cache
def _groups() -> Select[Any]:
    c, wanted = t.chats.c, paths_of("places").c.value
    return select(c.place, c.chat_id).where(c.place == wanted, c.audience == "grid")


async def place_of(conn: AsyncConnection, chat_id: int) -> str:
    """The grid (or a residents' group's community) that a group is bound to, or ""."""
    return await conn.scalar(select(t.chats.c.place).where(t.chats.c.chat_id == chat_id)) or ""


async def audience_of(conn: AsyncConnection, chat_id: int) -> str:
    """Whose a group is: "grid" for the staff, "residents"; "" for a chat that is not known."""
    c = t.chats.c
    return await conn.scalar(select(c.audience).where(c.chat_id == chat_id)) or ""


async def residents_groups(conn: AsyncConnection) -> list[tuple[int, str]]:
    """The residents' groups that let us in, each with its place."""
    c = t.chats.c
    bound = (c.place != "", c.audience == RESIDENTS, c.blocked_at.is_(None))
    found = await conn.execute(select(c.chat_id, c.place).where(*bound).order_by(c.chat_id))
    return [(chat_id, place) for chat_id, place in found]


async def bind_group(
    conn: AsyncConnection, chat_id: int, place: str, audience: str = "grid",
    topic: int | None = None,
) -> None:  # fmt: skip
    """One place a group; one group of each audience ("grid", "residents") a place. Where it has
    topics, all that is for it goes to one.
    """
    c = t.chats.c
    if place:
        same = (c.place == place, c.audience == audience)
        await conn.execute(update(t.chats).where(*same).values(place=""))
    heard = {"blocked_at": None} if place else {}  # somebody let us in again
    row = {"chat_id": chat_id, "place": place, "audience": audience, "topic": topic} | heard
    await upsert(conn, t.chats, [row], ["chat_id"])


async def unblock(conn: AsyncConnection, chat_id: int, now: datetime) -> int:
    """What was parked for a chat is owed again from now."""
    await conn.execute(update(t.chats).where(t.chats.c.chat_id == chat_id).values(blocked_at=None))
    parked = (t.outbox.c.chat_id == chat_id, t.outbox.c.state == "parked")
    again = update(t.outbox).where(*parked).values(state="queued", not_before=now, token=None)
    return (await conn.execute(again)).rowcount


async def block(conn: AsyncConnection, chat_id: int, now: datetime) -> None:
    """The person left: what is owed waits for him."""
    row = {"chat_id": chat_id, "blocked_at": now, "place": ""}
    await upsert(conn, t.chats, [row], ["chat_id"])


async def rekey_chat(conn: AsyncConnection, old: int, new: int) -> None:
    """Move a chat's binding, cards and owed messages to its new id; a second time, what is left."""
    c = t.chats.c
    bound = select(c.place, c.audience).where(c.chat_id == old, c.place != "")
    row = (await conn.execute(bound)).mappings().first()
    await conn.execute(delete(t.chats).where(c.chat_id == old))
    if row:
        await upsert(conn, t.chats, [{"chat_id": new, **row}], ["chat_id"])
    newer = select(t.cards.c.ticket_id).where(t.cards.c.chat_id == new)
    stale = (t.cards.c.chat_id == old, t.cards.c.ticket_id.in_(newer))
    await conn.execute(delete(t.cards).where(*stale))
    for table in (t.cards, t.outbox):
        await conn.execute(update(table).where(table.c.chat_id == old).values(chat_id=new))
