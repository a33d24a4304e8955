"""How activities are kept: a row each, read together with what its kernels keep of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import convert
from msgspec.structs import asdict, replace
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.activities.model import Activity
from workflows.activities.store import tables as own
from workflows.activities.words import Action, ClockName, State
from workflows.store.engine.bound_arrays import among
from workflows.store.kept import Kept
from workflows.store.kernels import presences, slots

_ACTIVITIES = select(own.activities).where(among(own.activities.c.id))
_BESIDE = ("slots", "present")


def _row(activity: Activity) -> Mapping[str, Any]:
    return {name: value for name, value in asdict(activity).items() if name not in _BESIDE}


async def _read(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, Activity]:
    rows = (await conn.execute(_ACTIVITIES, {"ids": ids})).mappings()
    known = [{str(name): value for name, value in row.items()} for row in rows]
    seated, present = await slots.of_subjects(conn, ids), await presences.of_subjects(conn, ids)
    return {
        row["id"]: replace(
            convert(row, Activity), slots=seated.get(row["id"], ()),
            present=present.get(row["id"], ()),
        )
        for row in known
    }  # fmt: skip


async def write_beside(conn: AsyncConnection, before: Activity, after: Activity) -> None:
    """What has changed of who signed up and who was there. Raises ConflictError."""
    for slot in after.slots:
        was = before.slot(slot.name)
        if slot == was:
            continue
        if was.version == 0:
            was = replace(slot, version=0, claims=())
            await slots.begin(conn, was)
        await slots.put(conn, was, slot)
    for gone in (one for one in before.present if one not in after.present):
        await presences.undo(conn, after.id, gone.name, gone.person)
    for new in (one for one in after.present if one not in before.present):
        await presences.take_down(conn, new)


ACTIVITIES: Kept[Activity] = Kept(
    kind=Activity.kind, what="activity", table=own.activities, row=_row, read=_read,
    states=State, actions=Action, clocks=ClockName, indexes=own.INDEXES,
)  # fmt: skip
