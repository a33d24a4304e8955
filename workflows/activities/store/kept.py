"""How activities are kept: a row each, read together with what its kernels keep of it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.activities.model import Activity
from workflows.activities.store import tables as own
from workflows.activities.words import Action, ClockName, State
from workflows.store.kept import Kept, keeping
from workflows.store.kernels import presences, slots


async def write_beside(conn: AsyncConnection, before: Activity, after: Activity) -> None:
    """What has become of who signed up and who was there. Raises ConflictError."""
    await slots.write(conn, before.slots, after.slots)
    await presences.write(conn, before.present, after.present)


ACTIVITIES: Kept[Activity] = keeping(
    Activity, own.activities, "activity", states=State, actions=Action, clocks=ClockName,
    indexes=own.INDEXES,
    beside={"slots": slots.of_subjects, "present": presences.of_subjects},
)  # fmt: skip
