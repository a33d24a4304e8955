"""Who asked to help, and what came of it; of two who decide at once, one does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.people import Membership, Role
from workflows.store import tables as t


class Application(Struct, frozen=True, kw_only=True):
    """Somebody's wish for a role at a place; `decided_by` is himself if he took it back."""

    id: int
    person_id: int
    wanted: Membership
    decided_by: int | None
    decided_at: datetime | None
    is_granted: bool | None


def _from(row: RowMapping) -> Application:
    known = {name: row[name] for name in ("id", "person_id", "decided_by", "decided_at")}
    wanted = Membership(role=Role(row["role"]), place=row["place"])
    return Application(**known, wanted=wanted, is_granted=row["is_granted"])


async def ask(conn: AsyncConnection, person_id: int, wanted: Membership, now: datetime) -> int:
    """Keep the wish; its id. One that waits already is a ConflictError: ask `waiting` first."""
    row = {"person_id": person_id, "role": wanted.role.value, "place": wanted.place}
    made = insert(t.applications).values(**row, asked_at=now)
    return int(await conn.scalar(made.returning(t.applications.c.id)))


async def waiting(conn: AsyncConnection, person_id: int) -> Application | None:
    """What this person asked for and nobody has decided."""
    a = t.applications
    undecided = select(a).where(a.c.person_id == person_id, a.c.decided_at.is_(None))
    row = (await conn.execute(undecided)).mappings().first()
    return _from(row) if row else None


async def get(conn: AsyncConnection, application_id: int) -> Application | None:
    """One by its id."""
    found = select(t.applications).where(t.applications.c.id == application_id)
    row = (await conn.execute(found)).mappings().first()
    return _from(row) if row else None


async def decide(
    conn: AsyncConnection, application_id: int, by: int, now: datetime, *, is_granted: bool
) -> bool:
    """Write who decided what, if nobody did before, in one statement."""
    a = t.applications
    undecided = update(a).where(a.c.id == application_id, a.c.decided_at.is_(None))
    said = {"decided_by": by, "decided_at": now, "is_granted": is_granted}
    return (await conn.execute(undecided.values(**said))).rowcount == 1


async def history(conn: AsyncConnection, person_id: int) -> list[dict[str, Any]]:
    """All that this person ever asked for, without who decided."""
    a = t.applications.c
    columns = (a.role, a.place, a.asked_at, a.decided_at, a.is_granted)
    rows = select(*columns).where(a.person_id == person_id).order_by(a.id)
    return [dict(row) for row in (await conn.execute(rows)).mappings()]
