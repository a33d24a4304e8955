"""Places that are few, and who has them: read whole, and written by what has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from msgspec.structs import asdict, replace
from sqlalchemy import ColumnElement, Row, Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.kernels.slots import Claim, Slot, Standing, changes, release
from workflows.store.engine.bound_arrays import among
from workflows.store.engine.conflicts import ConflictError
from workflows.store.engine.upsert import upsert
from workflows.store.tables import kernels as t

_KEYS = ["subject_id", "name", "person"]
_CLAIM = [column for column in t.slot_claims.c if column.name not in _KEYS[:2]]
_SLOTS_OF = select(t.slots).where(among(t.slots.c.subject_id)).order_by(t.slots.c.name)
_CLAIMS_OF = (
    select(t.slot_claims).where(among(t.slot_claims.c.subject_id)).order_by(t.slot_claims.c.rank)
)


async def load(conn: AsyncConnection, subject: int, name: str = "") -> Slot | None:
    """One with all its claims."""
    row = (await conn.execute(select(t.slots).where(*_is(t.slots, subject, name)))).one_or_none()
    if row is None:
        return None
    own = select(*_CLAIM).where(*_is(t.slot_claims, subject, name)).order_by(t.slot_claims.c.rank)
    claims = tuple(_claim(found) for found in await conn.execute(own))
    return _slot(row, claims)


async def of_subjects(
    conn: AsyncConnection, subjects: Collection[int]
) -> dict[int, tuple[Slot, ...]]:  # fmt: skip
    """All slots of these, each with all its claims, by the subject."""
    told = {"ids": list(subjects)}
    claims = defaultdict[tuple[int, str], list[Claim]](list)
    for one in await conn.execute(_CLAIMS_OF, told):
        claims[one.subject_id, one.name].append(_claim(one))
    found = defaultdict[int, tuple[Slot, ...]](tuple)
    for row in await conn.execute(_SLOTS_OF, told):
        found[row.subject_id] += (_slot(row, tuple(claims[row.subject_id, row.name])),)
    return found


async def begin(conn: AsyncConnection, slot: Slot) -> None:
    """A new one, as yet without claims."""
    await conn.execute(insert(t.slots).values(_row(slot)))


async def put(conn: AsyncConnection, before: Slot, after: Slot) -> Slot:
    """What became of it. Returns it as it is kept. Raises ConflictError where it is not any more
    as it was `before`: another was faster, and the turn begins anew.
    """
    kept = _row(after) | {"version": before.version + 1}
    same = (*_is(t.slots, before.subject, before.name), t.slots.c.version == before.version)
    if (await conn.execute(update(t.slots).where(*same).values(kept))).rowcount != 1:
        raise ConflictError
    key = {"subject_id": after.subject, "name": after.name}
    pairs = list(changes(before, after))
    gone = [was.person for was, now in pairs if was and not now]
    if gone:
        mine = _is(t.slot_claims, after.subject, after.name)
        await conn.execute(delete(t.slot_claims).where(*mine, t.slot_claims.c.person.in_(gone)))
    rows = [key | asdict(now) | {"standing": now.standing.value} for _, now in pairs if now]
    await upsert(conn, t.slot_claims, rows, _KEYS)
    return replace(after, version=before.version + 1)


async def write(
    conn: AsyncConnection, before: Collection[Slot], after: Collection[Slot]
) -> None:  # fmt: skip
    """What became of a subject's slots, `settled`; those that are new are begun. Raises
    ConflictError.
    """
    known = {one.name: one for one in before}
    for slot in (one for one in after if known.get(one.name) != one):
        if slot.name in known:
            await put(conn, known[slot.name], slot)
        else:
            await begin(conn, slot)


async def of_person(conn: AsyncConnection, person: int) -> list[tuple[int, str, Claim]]:
    """All that somebody is in, or in line for: the subject, the slot's name, and how."""
    mine = select(t.slot_claims).where(t.slot_claims.c.person == person)
    rows = await conn.execute(mine.order_by(*t.slot_claims.primary_key))
    return [(row.subject_id, row.name, _claim(row)) for row in rows]


async def forget(conn: AsyncConnection, person: int, now: datetime) -> None:
    """He is in none any more; where the line is not held it moves on."""
    for subject, name, _ in await of_person(conn, person):
        slot = await load(conn, subject, name)
        assert slot
        await put(conn, slot, release(slot, person, now))


async def erase(conn: AsyncConnection, subjects: Collection[int]) -> None:
    """Who was in these subjects' slots, for good."""
    mine = delete(t.slot_claims).where(among(t.slot_claims.c.subject_id))
    await conn.execute(mine, {"ids": list(subjects)})


def _row(slot: Slot) -> dict[str, Any]:
    return {
        "subject_id": slot.subject, "name": slot.name, "capacity": slot.capacity,
        "is_held": slot.is_held, "last": slot.last, "version": slot.version,
    }  # fmt: skip


def _slot(row: Row[Any], claims: tuple[Claim, ...]) -> Slot:
    return Slot(
        subject=row.subject_id, name=row.name, capacity=row.capacity, is_held=row.is_held,
        last=row.last, version=row.version, claims=claims,
    )  # fmt: skip


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        person=row.person, size=row.size, rank=row.rank, standing=Standing(row.standing),
        since=row.since, until=row.until,
    )  # fmt: skip


def _is(table: Table, subject: int, name: str) -> tuple[ColumnElement[bool], ...]:
    return (table.c.subject_id == subject, table.c.name == name)
