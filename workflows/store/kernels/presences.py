"""Who was there, and the keys that codes are made with."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from msgspec import convert
from msgspec.structs import asdict
from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.kernels import presence
from workflows.core.kernels.presence import Presence
from workflows.store.engine.bound_arrays import among
from workflows.store.engine.upsert import insert_new
from workflows.store.tables import kernels as t

_C = t.presences.c
_LENGTH = 32  # bytes of a key
_ORDER = (_C.at, _C.subject_id, _C.name, _C.person)
_OF_SUBJECTS = select(t.presences).where(among(_C.subject_id)).order_by(*_ORDER)


async def key_of(conn: AsyncConnection, subject: int) -> bytes:
    """The key of a subject's codes; made by whoever asks first."""
    known = select(t.presence_keys.c.key).where(t.presence_keys.c.subject_id == subject)
    found: bytes | None = await conn.scalar(known)
    if found is None:
        row = {"subject_id": subject, "key": secrets.token_bytes(_LENGTH)}
        await insert_new(conn, t.presence_keys, [row], ["subject_id"])
        found = await conn.scalar(known)
        assert found
    return found


async def take_down(conn: AsyncConnection, new: Presence) -> None:
    """He was there. Raises UsedCodeError or ThereAlreadyError and writes nothing; of two at once
    the second begins his turn anew, and reads that.
    """
    known = await _found(conn, _C.subject_id == new.subject, _C.person == new.person)
    presence.admit(known, new)
    row = asdict(new)
    row |= {"subject_id": row.pop("subject"), "way": new.way.value}
    await conn.execute(insert(t.presences).values(row))


async def undo(conn: AsyncConnection, subject: int, name: str, person: int) -> bool:
    """It was a mistake: he was not. Returns whether he was taken down."""
    mistaken = (_C.subject_id == subject, _C.name == name, _C.person == person)
    return (await conn.execute(delete(t.presences).where(*mistaken))).rowcount == 1


async def write(
    conn: AsyncConnection, before: Collection[Presence], after: Collection[Presence]
) -> None:  # fmt: skip
    """What became of a subject's list: who is new is taken down, who is gone is not any more."""
    for gone in (one for one in before if one not in after):
        await undo(conn, gone.subject, gone.name, gone.person)
    for new in (one for one in after if one not in before):
        await take_down(conn, new)


async def of_subject(conn: AsyncConnection, subject: int) -> list[Presence]:
    """Everybody who was at a subject, in the order in which they came."""
    return await _found(conn, _C.subject_id == subject)


async def of_subjects(
    conn: AsyncConnection, subjects: Collection[int]
) -> dict[int, tuple[Presence, ...]]:  # fmt: skip
    """The same of several, by the subject."""
    found = defaultdict[int, tuple[Presence, ...]](tuple)
    for row in (await conn.execute(_OF_SUBJECTS, {"ids": list(subjects)})).mappings():
        one = _presence({str(name): value for name, value in row.items()})
        found[one.subject] += (one,)
    return found


async def of_person(conn: AsyncConnection, person: int) -> list[Presence]:
    """Wherever somebody was."""
    return await _found(conn, _C.person == person)


async def forget(conn: AsyncConnection, person: int) -> None:
    """Nobody can tell any more where he was; as a witness his number stays."""
    await conn.execute(delete(t.presences).where(_C.person == person))


async def erase(conn: AsyncConnection, subjects: Collection[int]) -> None:
    """Who was at these subjects, for good."""
    there = delete(t.presences).where(among(_C.subject_id))
    await conn.execute(there, {"ids": list(subjects)})


async def _found(conn: AsyncConnection, *those: ColumnElement[bool]) -> list[Presence]:
    asked = select(t.presences).where(*those).order_by(*_ORDER)
    rows = (await conn.execute(asked)).mappings()
    return [_presence({str(name): value for name, value in row.items()}) for row in rows]


def _presence(row: dict[str, Any]) -> Presence:
    return convert(row | {"subject": row.pop("subject_id")}, Presence)
