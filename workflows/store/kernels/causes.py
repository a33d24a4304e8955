"""Which subject is the cause of which: a row a link, read from both ends."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import convert
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.kernels import causes
from workflows.core.kernels.causes import LONGEST, Link
from workflows.store.engine.bound_arrays import among
from workflows.store.engine.upsert import insert_new
from workflows.store.tables import kernels as t

_C = t.causes.c
_ABOVE = select(t.causes).where(among(_C.effect))
_BELOW = select(t.causes).where(among(_C.cause))


async def link(conn: AsyncConnection, new: Link) -> None:
    """From now on one is the cause of the other; said again it stays as it is. Raises ChainError
    and writes nothing.
    """
    await check(conn, new.cause, new.effect)
    row = {"cause": new.cause, "effect": new.effect, "at": new.at, "by": new.by}
    await insert_new(conn, t.causes, [row], ["cause", "effect"])


async def check(conn: AsyncConnection, cause: int, effect: int = 0) -> None:
    """Whether one may be the cause of the other, or of one more. Raises ChainError."""
    links = [*await _walk(conn, cause, up=True), *await _walk(conn, effect, up=False)]
    causes.check(links, cause, effect)


async def _walk(conn: AsyncConnection, start: int, *, up: bool) -> list[Link]:
    """All links above one, or below."""
    found, here = list[Link](), {start}
    for _ in range(LONGEST):
        links = await _links(conn, here, up=up) if here else []
        here = {one.cause if up else one.effect for one in links}
        found += links
    return found


async def above(conn: AsyncConnection, subject_id: int) -> set[int]:
    """All causes of a subject, and itself: none of them can come of it."""
    return {subject_id} | {one.cause for one in await _walk(conn, subject_id, up=True)}


async def causes_of(conn: AsyncConnection, subject_id: int) -> list[Link]:
    """Why a subject is there, the first cause first."""
    return await _links(conn, [subject_id], up=True)


async def effects_of(conn: AsyncConnection, subject_id: int) -> list[Link]:
    """What a subject is the cause of, in order."""
    return await _links(conn, [subject_id], up=False)


async def _links(conn: AsyncConnection, ids: Collection[int], *, up: bool) -> list[Link]:
    asked = (_ABOVE if up else _BELOW).order_by(_C.at, _C.cause, _C.effect)
    rows = (await conn.execute(asked, {"ids": list(ids)})).mappings()
    return [convert({str(name): value for name, value in row.items()}, Link) for row in rows]
