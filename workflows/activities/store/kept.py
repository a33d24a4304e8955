"""How activities are kept: a row each, read together with what its kernels keep of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import convert, to_builtins
from msgspec.structs import asdict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.activities.model import Activity
from workflows.activities.store import tables as own
from workflows.activities.words import Action, ClockName, State
from workflows.store.engine.bound_arrays import among
from workflows.store.kept import Kept
from workflows.store.kernels import presences, slots

_ACTIVITIES = select(own.activities).where(among(own.activities.c.id))
_BESIDE = {"slots", "present"}  # what the kernels keep
_COLUMNS = {column.name for column in own.activities.c} & {*Activity.__struct_fields__}


def _row(activity: Activity) -> Mapping[str, Any]:
    told = {name: value for name, value in asdict(activity).items() if name not in _BESIDE}
    body = {name: to_builtins(value) for name, value in told.items() if name not in _COLUMNS}
    return {name: told[name] for name in _COLUMNS} | {"body": body}


async def _read(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, Activity]:
    seated, present = await slots.of_subjects(conn, ids), await presences.of_subjects(conn, ids)
    found = (await conn.execute(_ACTIVITIES, {"ids": ids})).mappings()
    rows = ({str(name): value for name, value in row.items()} for row in found)
    beside = {i: {"slots": seated[i], "present": present[i]} for i in ids}
    return {row["id"]: convert(row | row["body"] | beside[row["id"]], Activity) for row in rows}


async def write_beside(conn: AsyncConnection, before: Activity, after: Activity) -> None:
    """What has become of who signed up and who was there. Raises ConflictError."""
    await slots.write(conn, before.slots, after.slots)
    await presences.write(conn, before.present, after.present)


ACTIVITIES: Kept[Activity] = Kept(
    kind=Activity.kind, what="activity", table=own.activities, row=_row, read=_read,
    states=State, actions=Action, clocks=ClockName, indexes=own.INDEXES,
)  # fmt: skip
