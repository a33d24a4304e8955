"""The doors of buildings, and who lives behind them: a row each, with what became of it."""

from __future__ import annotations

from typing import Any

from msgspec import convert
from msgspec.structs import asdict, replace
from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.kernels import households as pure
from workflows.core.kernels.households import Household, Residence
from workflows.store.engine.conflicts import ConflictError
from workflows.store.engine.upsert import insert_new
from workflows.store.tables import kernels as t

_H, _R = t.households.c, t.residences.c


async def at(conn: AsyncConnection, place: str) -> list[Household]:
    """The households of a building that are known, by door."""
    return await _households(conn, _H.place == place)


async def behind(conn: AsyncConnection, place: str, door: str) -> Household:
    """The household behind a door; one that was not known is from now on. Raises
    UnclearDoorError.
    """
    known = pure.found(await at(conn, place), door)
    if known is None:
        row = {"place": place, "door": door}
        await insert_new(conn, t.households, [row], ["place", "door"])
        [known] = await _households(conn, _H.place == place, _H.door == door)
    new = pure.named(known, door)
    if new != known:
        await conn.execute(update(t.households).where(_H.id == new.id).values(door=new.door))
    return new


async def load(conn: AsyncConnection, household: int) -> Household | None:
    """One by its number."""
    return next(iter(await _households(conn, _H.id == household)), None)


async def _households(conn: AsyncConnection, *those: ColumnElement[bool]) -> list[Household]:
    rows = await conn.execute(select(t.households).where(*those).order_by(_H.door))
    return [Household(id=row.id, place=row.place, door=row.door) for row in rows]


async def members(conn: AsyncConnection, household: int) -> list[Residence]:
    """Everybody who lives or lived there, or says so."""
    return await _residences(conn, _R.household == household)


async def of_person(conn: AsyncConnection, person: int) -> list[Residence]:
    """Wherever somebody lives or lived, or says so."""
    return await _residences(conn, _R.person == person)


async def of_place(conn: AsyncConnection, place: str) -> list[Residence]:
    """Everybody who lives in a building now, or says so."""
    there = _R.household.in_(select(_H.id).where(_H.place == place))
    return await _residences(conn, there, _R.ended_at.is_(None))


async def are_together(conn: AsyncConnection, one: int, other: int) -> bool:
    """Whether two people live behind one door, by what anybody says."""
    return pure.are_together(await _residences(conn, _R.person.in_((one, other))), one, other)


async def add(conn: AsyncConnection, new: Residence) -> Residence:
    """What he says. Returns it with its number; of two at once the second begins his turn anew."""
    row = {name: value for name, value in _row(new).items() if name != "id"}
    added = await conn.execute(insert(t.residences).values(row).returning(_R.id))
    return replace(new, id=added.scalar_one())


async def put(conn: AsyncConnection, before: Residence, after: Residence) -> None:
    """What became of it. Raises ConflictError where it is not any more as it was `before`."""
    same = [column.is_not_distinct_from(getattr(before, column.name)) for column in t.residences.c]
    changed = update(t.residences).where(*same).values(_row(after))
    if (await conn.execute(changed)).rowcount != 1:
        raise ConflictError


async def forget(conn: AsyncConnection, person: int) -> None:
    """Nobody can tell any more where he lived; the doors stay, and what he verified, by number."""
    await conn.execute(delete(t.residences).where(_R.person == person))


async def _residences(conn: AsyncConnection, *those: ColumnElement[bool]) -> list[Residence]:
    rows = await conn.execute(select(t.residences).where(*those).order_by(_R.id))
    return [_residence(row) for row in rows.mappings()]


def _residence(row: Any) -> Residence:
    return convert({str(name): value for name, value in row.items()}, Residence)


def _row(one: Residence) -> dict[str, Any]:
    return asdict(one) | {"tie": one.tie.value}
