"""Changing what the roster holds of somebody: a role ends, another one begins; both stay on record.

Roles that the config gives have SYSTEM's id as who granted them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

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
    await tx.now_writing()
    await flush.write_persons(tx.conn, [person])  # a role's row needs its person's
    m = t.memberships
    held = (m.c.person_id == person.id, m.c.role == old.role.value, m.c.place == old.place)
    ended = update(m).where(*held, m.c.until.is_(None)).values(until=tx.now)
    if not (await tx.conn.execute(ended)).rowcount:
        return None
    left = (await people.load(tx.conn, [person.id], tx.now))[person.id] or person
    tx.put_person(await people.grant(tx.conn, left, new, by, tx.now) if new else left)
    return await tx.person(person.id)


async def appointed(tx: Tx) -> set[int]:
    """Who is an admin because the config says so."""
    m = t.memberships.c
    theirs = (m.role == Role.ADMIN.value, m.granted_by == _BY_CONFIG, m.until.is_(None))
    return set((await tx.conn.scalars(select(m.person_id).where(*theirs))).all())


async def appoint(tx: Tx, person: Person) -> Person:
    """Make somebody an admin of every place because the config says so; once."""
    await tx.grant(person, _ADMIN, _BY_CONFIG)
    m = t.memberships.c
    unnamed = (m.person_id == person.id, m.role == Role.ADMIN.value, m.place == "")
    given = update(t.memberships).where(*unnamed, m.granted_by.is_(None))
    await tx.conn.execute(given.values(granted_by=_BY_CONFIG))
    return await tx.person(person.id) or person


async def dismiss(tx: Tx, person: Person) -> Person:
    """The config names this admin no more; what others gave him stays."""
    return await change(tx, person, _ADMIN, None, _BY_CONFIG) or person
