"""Who asked to help, and what came of it; of two who decide at once, one does."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import RowMapping, insert, select, update

from workflows.core.people import Membership, Role
from workflows.store import tables as t

if TYPE_CHECKING:
    from workflows.store.unit.tx import Tx


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


async def ask(tx: Tx, person_id: int, wanted: Membership) -> int:
    """Keep the wish; its id. One that waits already is a ConflictError: ask `waiting` first."""
    await tx.now_writing()
    row = {"person_id": person_id, "role": wanted.role.value, "place": wanted.place}
    made = insert(t.applications).values(**row, asked_at=tx.now)
    return int(await tx.conn.scalar(made.returning(t.applications.c.id)))


async def waiting(tx: Tx, person_id: int) -> Application | None:
    """What this person asked for and nobody has decided."""
    a = t.applications
    undecided = select(a).where(a.c.person_id == person_id, a.c.decided_at.is_(None))
    row = (await tx.conn.execute(undecided)).mappings().first()
    return _from(row) if row else None


async def get(tx: Tx, application_id: int) -> Application | None:
    """One by its id."""
    found = select(t.applications).where(t.applications.c.id == application_id)
    row = (await tx.conn.execute(found)).mappings().first()
    return _from(row) if row else None


async def decide(tx: Tx, application_id: int, by: int, *, is_granted: bool) -> bool:
    """Write who decided what, if nobody did before, in one statement."""
    await tx.now_writing()
    a = t.applications
    undecided = update(a).where(a.c.id == application_id, a.c.decided_at.is_(None))
    said = {"decided_by": by, "decided_at": tx.now, "is_granted": is_granted}
    return (await tx.conn.execute(undecided.values(**said))).rowcount == 1


async def history(tx: Tx, person_id: int) -> list[dict[str, Any]]:
    """All that this person ever asked for, without who decided."""
    a = t.applications.c
    columns = (a.role, a.place, a.asked_at, a.decided_at, a.is_granted)
    rows = select(*columns).where(a.person_id == person_id).order_by(a.id)
    return [dict(row) for row in (await tx.conn.execute(rows)).mappings()]
