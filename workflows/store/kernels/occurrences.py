"""What the rules of plans give: each day of a rule once, and what became of it.

How far a plan was written is kept beside: a rule can have nothing for weeks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import convert
from msgspec.structs import asdict
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.kernels import schedule
from workflows.core.kernels.schedule import BEHIND, Change, Fate, Occurrence, Plan
from workflows.core.timing.worktime import WorkingHours
from workflows.store.engine.upsert import insert_new, upsert
from workflows.store.tables import kernels as t

_C, _H = t.occurrences.c, t.horizons.c
_KEYS = ["subject_id", "slot"]
_AHEAD = _C.fate == Fate.AHEAD.value


async def refresh(
    conn: AsyncConnection, subject: int, plan: Plan, days: WorkingHours, now: datetime,
    until: datetime,
) -> Change:  # fmt: skip
    """Keep what the plan has until a moment, as it is now and as the calendar is now; what is kept
    already stays, and so does what has opened. Returns what is another. Raises RuleError.
    """
    written = await conn.scalar(select(_H.until).where(_H.subject_id == subject))
    since = min(written or now, now) - BEHIND
    fresh = schedule.expand(plan, subject, days, since, until)
    kept = await of_plan(conn, subject, schedule.slot_of(since, days.zone))
    horizon = schedule.slot_of(written, days.zone) if written else ""
    await upsert(conn, t.horizons, [{"subject_id": subject, "until": until}], ["subject_id"])
    return await _write(conn, schedule.compared(kept, fresh, now, horizon))


async def end(conn: AsyncConnection, subject: int, now: datetime) -> Change:
    """The plan gives nothing any more; what has opened stays. Taken up again it begins anew."""
    await conn.execute(delete(t.horizons).where(_H.subject_id == subject))
    kept = await _found(conn, _C.subject_id == subject, _C.opens > now)
    return await _write(conn, schedule.compared(kept, [], now))


async def _write(conn: AsyncConnection, change: Change) -> Change:
    for one in (*change.changed, *change.dropped):
        await conn.execute(delete(t.occurrences).where(*_is(one)))
    rows = [_row(one) for one in (*change.changed, *change.new)]
    await insert_new(conn, t.occurrences, rows, _KEYS)
    return change


async def settle(
    conn: AsyncConnection, occurrence: Occurrence, fate: Fate, by: int, now: datetime
) -> bool:
    """It ends so, for good; False where it has ended already."""
    values = {"fate": fate.value, "settled_at": now, "settled_by": by}
    ahead = update(t.occurrences).where(*_is(occurrence), _AHEAD)
    return (await conn.execute(ahead.values(values))).rowcount == 1


async def of_plan(conn: AsyncConnection, subject: int, since: str = "") -> list[Occurrence]:
    """A plan's, in order, from a slot on."""
    return await _found(conn, _C.subject_id == subject, _C.slot >= since)


async def opened(conn: AsyncConnection, now: datetime) -> list[Occurrence]:
    """Those of all plans that have opened and not ended."""
    return await _found(conn, _AHEAD, _C.opens <= now)


async def overdue(conn: AsyncConnection, now: datetime) -> list[Occurrence]:
    """Those of them that have closed: nobody did them in time."""
    return await _found(conn, _AHEAD, _C.opens <= now, _C.closes <= now)


async def counted(
    conn: AsyncConnection, subject: int, since: datetime, until: datetime
) -> dict[Fate, int]:
    """How many of a plan that opened in this time ended how."""
    those = (_C.subject_id == subject, _C.opens >= since, _C.opens < until)
    rows = await conn.execute(select(_C.fate, func.count()).where(*those).group_by(_C.fate))
    return {Fate(fate): number for fate, number in rows}


async def _found(conn: AsyncConnection, *those: ColumnElement[bool]) -> list[Occurrence]:
    asked = select(t.occurrences).where(*those).order_by(_C.opens, _C.subject_id, _C.slot)
    rows = (await conn.execute(asked)).mappings()
    return [_occurrence({str(name): value for name, value in row.items()}) for row in rows]


def _occurrence(row: dict[str, Any]) -> Occurrence:
    return convert(row | {"subject": row.pop("subject_id")}, Occurrence)


def _row(one: Occurrence) -> dict[str, Any]:
    row = asdict(one)
    return row | {
        "subject_id": row.pop("subject"), "decided": one.decided.value, "fate": one.fate.value,
    }  # fmt: skip


def _is(one: Occurrence) -> tuple[ColumnElement[bool], ...]:
    return (_C.subject_id == one.subject, _C.slot == one.slot)
