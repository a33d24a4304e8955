"""Changing what the roster holds of somebody: a role ends, another one begins; both stay on record.

Roles that the config gives have SYSTEM's id as who granted them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.people import SYSTEM, Membership, Person, Role
from workflows.store import people
from workflows.store import tables as t
from workflows.store.unit import flush

if TYPE_CHECKING:
    from workflows.store.unit.tx import Tx

_BY_CONFIG = SYSTEM.id
_ADMIN = Membership(role=Role.ADMIN, place="")


async def change(
    tx: Tx, person: Person, old: Membership, new: Membership | None, by: int
) -> Person | None:
    """End one role and begin another in its place, or none; None if it had ended already."""
    await tx.do(flush.write_persons, [person])  # a role's row needs its person's
    if not await tx.do(_end, person, old, tx.now):
        return None
    left = (await tx.ask(people.load, [person.id], tx.now))[person.id] or person
    tx.put_person(await tx.do(people.grant, left, new, by, tx.now) if new else left)
    return await tx.person(person.id)


async def _end(conn: AsyncConnection, person: Person, old: Membership, now: datetime) -> bool:
    m = t.memberships
    held = (m.c.person_id == person.id, m.c.role == old.role.value, m.c.place == old.place)
    ended = update(m).where(*held, m.c.until.is_(None)).values(until=now)
    return bool((await conn.execute(ended)).rowcount)


async def appointed(conn: AsyncConnection) -> set[int]:
    """Who is an admin because the config says so."""
    m = t.memberships.c
    theirs = (m.role == Role.ADMIN.value, m.granted_by == _BY_CONFIG, m.until.is_(None))
    return set((await conn.scalars(select(m.person_id).where(*theirs))).all())


async def appoint(tx: Tx, person: Person) -> Person:
    """Make somebody an admin of every place because the config says so; once."""
    await tx.grant(person, _ADMIN, _BY_CONFIG)
    await tx.do(_name_the_config, person)
    return await tx.person(person.id) or person


async def _name_the_config(conn: AsyncConnection, person: Person) -> None:
    m = t.memberships.c
    unnamed = (m.person_id == person.id, m.role == Role.ADMIN.value, m.place == "")
    given = update(t.memberships).where(*unnamed, m.granted_by.is_(None))
    await conn.execute(given.values(granted_by=_BY_CONFIG))


async def dismiss(tx: Tx, person: Person) -> Person:
    """The config names this admin no more; what others gave him stays."""
    return await change(tx, person, _ADMIN, None, _BY_CONFIG) or person


async def history(conn: AsyncConnection, person_id: int) -> list[dict[str, Any]]:
    """Every role this person has or had."""
    m = t.memberships.c
    rows = select(m.role, m.place, m.since, m.until).where(m.person_id == person_id)
    return [dict(row) for row in (await conn.execute(rows.order_by(m.id))).mappings()]
