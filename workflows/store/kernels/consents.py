"""Who agreed to what, and who withdrew it: a row each, kept for good but for the names."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.kernels import consent
from workflows.core.kernels.consent import Event, Given, How, Who, Withdrawn
from workflows.store.engine.bound_arrays import among
from workflows.store.tables import kernels as t

_C = t.consents.c


async def record(conn: AsyncConnection, event: Event) -> None:
    """It was said. Raises ConsentError and writes nothing."""
    consent.check(event)
    row = {
        "person": event.who.person, "name": event.who.name, "purpose": event.purpose,
        "at": event.at, "until": event.until if isinstance(event, Given) else None,
        "how": event.how.value, "by": event.by, "subject_id": event.subject or None,
    }  # fmt: skip
    await conn.execute(insert(t.consents).values(row))


async def of(conn: AsyncConnection, who: Who) -> list[Event]:
    """All that somebody said, in order."""
    return await _found(conn, _C.person == who.person, _C.name == who.name)


async def of_subject(conn: AsyncConnection, subject: int) -> list[Event]:
    """All that was said at a visit, a petition, an activity."""
    return await _found(conn, _C.subject_id == subject)


async def standing(
    conn: AsyncConnection, who: Who, purpose: str, now: datetime, subject: int = 0
) -> Given | None:  # fmt: skip
    """By what somebody agrees now; None where he does not."""
    return consent.standing(await of(conn, who), who, purpose, now, subject)


async def ending(conn: AsyncConnection, since: datetime, until: datetime) -> list[Given]:
    """What was given and ends in this time, the first first: some of it may be withdrawn."""
    found = await _found(conn, _C.until >= since, _C.until < until)
    return sorted((one for one in found if isinstance(one, Given)), key=lambda one: one.until)


async def forget(conn: AsyncConnection, person: int, now: datetime) -> None:
    """He withdraws all; that he had agreed stays, by his number."""
    for given in consent.in_force(await of(conn, Who(person)), now):
        said = consent.withdrawal(given, at=now, how=How.TAP, by=person)
        await record(conn, said)


async def erase(conn: AsyncConnection, subjects: Collection[int]) -> None:
    """The names of those without an account, at these subjects, for good."""
    named = update(t.consents).where(among(_C.subject_id), _C.name != "")
    await conn.execute(named.values(name=""), {"ids": list(subjects)})


async def _found(conn: AsyncConnection, *those: ColumnElement[bool]) -> list[Event]:
    rows = await conn.execute(select(t.consents).where(*those).order_by(_C.id))
    return [_event(row) for row in rows]


def _event(row: Row[Any]) -> Event:
    shared: dict[str, Any] = {
        "who": Who(row.person, row.name), "purpose": row.purpose, "at": row.at,
        "how": How(row.how), "by": row.by, "subject": row.subject_id or 0,
    }  # fmt: skip
    return Withdrawn(**shared) if row.until is None else Given(**shared, until=row.until)
