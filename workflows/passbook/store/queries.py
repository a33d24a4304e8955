"""Questions about passbooks, and about what stands in them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.passbook.model import Account, Lot
from workflows.passbook.store.tables import GIFTS, SERVICES, accounts, lots
from workflows.passbook.words import State
from workflows.store import listing
from workflows.store.place_ranges import within
from workflows.store.tables import kernels as k

_A, _S, _G = accounts.c, SERVICES.table.c, GIFTS.table.c
EVER = timedelta(days=365 * 50)


async def books(conn: AsyncConnection, /, **known: Any) -> list[Account]:
    """The passbooks with these: of a person, by a number, by a code."""
    those = (_A[name] == value for name, value in known.items())
    rows = await conn.execute(select(accounts).where(*those).order_by(_A.number.desc()))
    return [Account(**row) for row in rows.mappings()]


async def open_book(conn: AsyncConnection, new: Account) -> int:
    """Its number."""
    row = {name: value for name, value in asdict(new).items() if name != "number"}
    added = await conn.execute(insert(accounts).values(row).returning(_A.number))
    return int(added.scalar_one())


async def forget(conn: AsyncConnection, person: int) -> None:
    """No passbook says any more that it was his; its number stays, for what it has given out."""
    row = update(accounts).where(_A.person == person)
    await conn.execute(row.values(person=0, name="", code=""))


async def served(
    conn: AsyncConnection, since: date, until: date, *, account: int = 0,
    scope: Collection[str] = (),
) -> list[int]:  # fmt: skip
    """The services of some days, of a passbook or in some places."""
    whose = _S.account == account if account else within(_S.place, scope)
    return await listing.ids(conn, SERVICES.table, whose, _S.day.between(since, until))


async def of_person(
    conn: AsyncConnection, person: int, limit: int | None = None, *, table: Table,
    is_open: bool = False,
) -> list[int]:  # fmt: skip
    """Somebody's services or gifts; only what is not over, where that is asked."""
    still = [listing.is_open(table)] if is_open else []
    return await listing.ids(conn, table, table.c.person == person, *still, limit=limit)


async def with_code(conn: AsyncConnection, code: str) -> list[int]:
    """The gifts that this code opens, the oldest first."""
    return await listing.ids(conn, GIFTS.table, _G.code == code)


async def taken(
    conn: AsyncConnection, what: str, accounts: Collection[int] = (), since: datetime | None = None
) -> int:  # fmt: skip
    """How many of a gift are held for somebody or handed out; since then, of these passbooks."""
    gone = [_G.what == what, _G.state != State.DROPPED]
    gone += [_G.account.in_(accounts), _G.opened_at >= since] if since else []
    return await listing.count(conn, GIFTS.table, *gone)


async def add_lot(conn: AsyncConnection, lot: Lot) -> None:
    """Write down what came in."""
    await conn.execute(insert(lots).values(asdict(lot)))


async def newest_lots(conn: AsyncConnection, limit: int) -> list[Lot]:
    """What came in lately, the newest first."""
    told = select(*(lots.c[name] for name in Lot.__struct_fields__))
    rows = await conn.execute(told.order_by(lots.c.id.desc()).limit(limit))
    return [Lot(**row) for row in rows.mappings()]


async def came_in(conn: AsyncConnection) -> dict[str, int]:
    """How many of each gift, by its name."""
    sums = select(lots.c.what, func.sum(lots.c.amount)).group_by(lots.c.what)
    return {what: int(amount) for what, amount in await conn.execute(sums)}


async def uncaused(conn: AsyncConnection) -> list[int]:
    """What points were moved for though it stands nowhere: there is none."""
    p = k.ledger_postings.c
    moved = select(p.subject_id).where(
        p.book == "points", p.subject_id.not_in(select(_S.id)), p.subject_id.not_in(select(_G.id))
    )
    return list((await conn.scalars(moved)).all())
