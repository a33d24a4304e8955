"""Who looked at what of a subject, and in which role people stood at that moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.people import Role
from workflows.store import tables as t
from workflows.store.reading import readable


class Look(Struct, frozen=True, kw_only=True):
    """A member of staff read `what` of a ticket: "card", "steps", "files", "text", "found"."""

    person_id: int
    what: str
    at: datetime


class Term(Struct, frozen=True, kw_only=True):
    """A role somebody had at a place, from `since` until `until` (aware UTC; None: still)."""

    person_id: int
    role: Role
    place: str
    since: datetime
    until: datetime | None


async def at(conn: AsyncConnection, ticket_id: int) -> list[Look]:
    """Every look at a ticket, in order."""
    k = t.looks.c
    stmt = select(k.person_id, k.what, k.at).where(k.ticket_id == ticket_id).order_by(k.id)
    return [Look(**row) for row in (await conn.execute(stmt)).mappings()]


async def terms(conn: AsyncConnection, ids: Iterable[int]) -> list[Term]:
    """Every role these people have or had."""
    m = t.memberships.c
    columns = (m.person_id, m.role, m.place, m.since, m.until)
    stmt = select(*columns).where(m.person_id.in_(list(ids))).order_by(m.id)
    return await readable(conn, "role", stmt, m.id, _term)


def _term(row: Row[Any]) -> Term:
    return Term(
        person_id=row.person_id, role=Role(row.role), place=row.place, since=row.since,
        until=row.until,
    )  # fmt: skip
