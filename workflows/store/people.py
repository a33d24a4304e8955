"""Questions about people: who somebody is, what roles hold now, what they are in the middle of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    insert,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.people import Membership, Person, Role
from workflows.core.places import covers
from workflows.core.talk.dialogs import Dialog
from workflows.store import tables as t
from workflows.store.engine.bound_arrays import among, paths_of
from workflows.store.messages import chats
from workflows.store.place_ranges import stretch, stretch_of, within
from workflows.store.reading import UnreadableError, at_once, by_key, note, readable
from workflows.store.unit.codec import dialog_from, person_from

T = TypeVar("T")
_ROLE_NAMES = frozenset(Role)
_ABOVE = 4  # all there is, a street, a community, a grid
# Asked by every batch, so built once.
_PEOPLE, _ROLES, _D = t.people.c, t.memberships.c, t.dialogs.c
_ABSENT = t.people.alias("absent")
_KNOWN = (
    select(*_PEOPLE, _ROLES.id.label("held"), _ROLES.role, _ROLES.place, _ROLES.categories,
           _ABSENT.c.id.label("absent"), t.chats.c.blocked_at)
    .outerjoin(t.memberships, (_ROLES.person_id == _PEOPLE.id) & _ROLES.until.is_(None))
    .outerjoin(
        _ABSENT,
        (_ABSENT.c.stand_in == _PEOPLE.id) & (_ABSENT.c.away_until > bindparam("now")),
    )
    .outerjoin(t.chats, t.chats.c.chat_id == _PEOPLE.id)
    .order_by(_ROLES.id)
)  # fmt: skip
_BY_ID = _KNOWN.where(among(_PEOPLE.id))
_OWN, _HELD = len(_PEOPLE), len(_PEOPLE) + 4  # where a row's columns of the person end, of a role
_BLOCKED = _HELD + 1
# Locked on PostgreSQL: two transactions must not each add to the dialog they both read.
_DIALOGS = select(t.dialogs).where(among(_D.person_id)).order_by(_D.person_id).with_for_update()
_BODIES = select(_D.person_id, _D.body).where(among(_D.person_id))


async def load(
    conn: AsyncConnection, ids: Iterable[int], now: datetime
) -> dict[int, Person | None]:
    """People by id with the memberships and stand-ins that hold now; None for the unknown and the
    unreadable.
    """
    wanted = list(ids)
    if not wanted:
        return {}
    found = await by_key(conn, "person", wanted, partial(_load, conn, now))
    return {i: found.get(i) for i in wanted}


async def _load(conn: AsyncConnection, now: datetime, ids: Sequence[int]) -> dict[int, Person]:
    return _persons(conn, await conn.execute(_BY_ID, {"ids": ids, "now": now}))


async def blocked_among(conn: AsyncConnection, found: Mapping[int, Person | None]) -> set[int]:
    """Whose chats refused us and have not been heard from since; a stranger's may have, too."""
    strangers = [i for i, person in found.items() if person is None]
    known = {i for i, person in found.items() if person and not person.is_reachable}
    return known | (await chats.blocked(conn, strangers) if strangers else set())


def _persons(conn: AsyncConnection, rows: Iterable[Sequence[Any]]) -> dict[int, Person]:
    """The persons of a row for each role that holds now and each absent one he stands in for."""
    rows_of: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in rows:
        rows_of[row[0]].append(row)
    return {person_id: _person(conn, found) for person_id, found in rows_of.items()}


def _person(conn: AsyncConnection, rows: list[Sequence[Any]]) -> Person:
    """Without the roles that only another version knows: who has one keeps his others."""
    held = {row[_OWN]: row[_OWN + 1 : _HELD] for row in rows if row[_OWN]}
    own, absent = rows[0][:_OWN], {row[_HELD] for row in rows} - {None}
    made = partial(person_from, own, stands_for=absent, is_reachable=rows[0][_BLOCKED] is None)
    try:
        return made(held.values())
    except ValueError:
        note(conn, UnreadableError("person", own[0], "a role that is not known"))
        return made([one for one in held.values() if one[0] in _ROLE_NAMES])


async def load_dialogs(conn: AsyncConnection, ids: Iterable[int]) -> dict[int, Dialog]:
    """Dialogs by person, of those who have one that can be read."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {**await by_key(conn, "dialog", wanted, partial(_load_dialogs, conn))}


async def _load_dialogs(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, Dialog]:
    rows = await conn.execute(_DIALOGS, {"ids": ids})
    return {row["person_id"]: dialog_from(row["body"]) for row in rows.mappings()}


async def peek(conn: AsyncConnection, ids: list[int]) -> dict[int, Dialog]:
    """What these people are in the middle of; not locked."""
    return dict(await readable(conn, "dialog", _BODIES, _D.person_id, _body, {"ids": ids}))


def _body(row: Sequence[Any]) -> tuple[int, Dialog]:
    return row[0], dialog_from(row[1])


async def writing_about(
    conn: AsyncConnection, subject_id: int, since: datetime
) -> dict[int, Dialog]:
    """The dialogs of everybody who has a form open on a subject, changed since then; not locked."""
    d = t.dialogs.c
    stmt = select(d.person_id, d.body).where(d.ticket_id == subject_id, d.at >= since)
    return dict(await readable(conn, "dialog", stmt, d.person_id, _body))


async def talking_since(conn: AsyncConnection, moment: datetime) -> list[int]:
    """Whose dialog has changed since that moment (aware UTC)."""
    d = t.dialogs.c
    return list((await conn.scalars(select(d.person_id).where(d.at >= moment))).all())


async def load_staff(
    conn: AsyncConnection, places: Collection[str], now: datetime
) -> dict[str, list[Person]]:
    """Everybody whose role covers one of these grids (or larger places), or lies in it, by id."""
    together = partial(_load_staff, conn, places, now)
    staff = await at_once(together, partial(_load_staff_apart, conn, places, now))
    found = sorted(staff, key=lambda p: p.id)
    return {place: [p for p in found if _is_staff_of(p, place)] for place in places}


async def _load_staff(
    conn: AsyncConnection, places: Collection[str], now: datetime
) -> Collection[Person]:
    return _persons(conn, await conn.execute(_staff(), _around(places, now))).values()


async def _load_staff_apart(
    conn: AsyncConnection, places: Collection[str], now: datetime
) -> Collection[Person]:
    ids = _staff().with_only_columns(_PEOPLE.id).order_by(None).distinct()
    found = await load(conn, (await conn.scalars(ids, _around(places, now))).all(), now)
    return [person for person in found.values() if person]


def _around(places: Collection[str], now: datetime) -> Mapping[str, Any]:
    above = {"/".join(place.split("/")[:n]) for place in places for n in range(_ABOVE)}
    return {"above": sorted(above), "places": sorted(places), "now": now}


def _is_staff_of(person: Person, place: str) -> bool:
    after, _ = stretch(place)
    held = [m.place for m in person.memberships]
    return any(covers(other, place) or other.startswith(after) for other in held)


@cache
def _staff() -> Select[Any]:
    """Each place's roles by one stretch of the index; those above are looked up."""
    m, above, inside = t.memberships.alias("held").c, paths_of("above"), paths_of("places")
    after, before = stretch_of(inside.c.value)
    covering = select(m.person_id).where(m.place == above.c.value, m.until.is_(None))
    lying = select(m.person_id).where(m.place > after, m.place < before, m.until.is_(None))
    return _KNOWN.where(_PEOPLE.id.in_(union_all(covering, lying)))


async def ids_of_staff_inside(conn: AsyncConnection, place: str) -> list[int]:
    """Everybody whose role is at `place` or inside it."""
    return await _holders(conn, within(t.memberships.c.place, [place]))


async def ids_of_staff_after(conn: AsyncConnection, person_id: int, limit: int) -> list[int]:
    """The next of everybody who has a role, by id."""
    m = t.memberships.c
    found = select(m.person_id).distinct().where(m.until.is_(None), m.person_id > person_id)
    return list((await conn.scalars(found.order_by(m.person_id).limit(limit))).all())


async def _holders(conn: AsyncConnection, scope: ColumnElement[bool]) -> list[int]:
    m = t.memberships.c
    found = select(m.person_id).distinct().where(m.until.is_(None), scope)
    return list((await conn.scalars(found.order_by(m.person_id))).all())


async def grant(
    conn: AsyncConnection, person: Person, membership: Membership, by: int | None, now: datetime
) -> Person:
    """Write a membership and return the person with it; one already held is not doubled."""
    if membership not in person.memberships:
        await conn.execute(
            insert(t.memberships).values(
                person_id=person.id, role=membership.role.value, place=membership.place,
                categories=list(membership.categories), since=now, granted_by=by,
            )
        )  # fmt: skip
    found = await load(conn, [person.id], now)
    return found[person.id] or person


async def end_roles(
    conn: AsyncConnection, person: Person, scope: str, role: Role | None, now: datetime
) -> Person:
    """End the memberships inside `scope` (of one role, if named); return the person without."""
    ended = [m.place for m in person.memberships if covers(scope, m.place)]
    roles = [role.value] if role else [r.value for r in Role]
    m = t.memberships
    named = (m.c.person_id == person.id, m.c.place.in_(ended), m.c.role.in_(roles))
    condition = (*named, m.c.until.is_(None))
    await conn.execute(update(m).where(*condition).values(until=now))
    found = await load(conn, [person.id], now)
    return found[person.id] or person


async def invite(
    conn: AsyncConnection, token_hash: str, membership: Membership, by: int | None, until: datetime
) -> None:
    """Write an invitation."""
    await conn.execute(
        insert(t.invitations).values(
            token_hash=token_hash, role=membership.role.value, place=membership.place,
            categories=list(membership.categories), created_by=by, expires_at=until,
        )
    )  # fmt: skip


async def redeem(
    conn: AsyncConnection, token_hash: str, person_id: int, now: datetime
) -> tuple[Membership, int | None] | None:
    """Mark an invitation used if nobody did before, in one statement: two taps, one winner."""
    i = t.invitations
    valid = (i.c.token_hash == token_hash, i.c.used_by.is_(None), i.c.expires_at > now)
    used = update(i).where(*valid).values(used_by=person_id, used_at=now).returning(i)
    row = (await conn.execute(used)).mappings().first()
    if row is None:
        return None
    role, categories = Role(row["role"]), tuple(row["categories"])
    return Membership(role=role, place=row["place"], categories=categories), row["created_by"]
