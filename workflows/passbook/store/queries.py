"""Questions about passbooks, and about what stands in them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.passbook.model import Account
from workflows.passbook.store.tables import GIFTS, SERVICES, accounts
from workflows.passbook.words import State
from workflows.store import plain
from workflows.store.place_ranges import within
from workflows.store.tables import kernels as k

_ALL = 100_000  # services: as many as there are
_A, _S, _G = accounts.c, SERVICES.table.c, GIFTS.table.c


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
    days = _S.day.between(since, until)
    return await plain.ids(conn, SERVICES.table, whose, days, limit=_ALL)


async def with_code(conn: AsyncConnection, code: str) -> list[int]:
    """The gifts that this code opens, the oldest first."""
    return await plain.ids(conn, GIFTS.table, _G.code == code)


async def taken(
    conn: AsyncConnection, what: str, accounts: Collection[int] = (), since: datetime | None = None
) -> int:  # fmt: skip
    """How many of a gift are held for somebody or handed out; since then, of these passbooks."""
    gone = [_G.what == what, _G.state != State.DROPPED]
    gone += [_G.account.in_(accounts), _G.opened_at >= since] if since else []
    return int(await conn.scalar(select(func.count()).where(*gone)) or 0)


async def uncaused(conn: AsyncConnection) -> list[int]:
    """What points were moved for though it stands nowhere: there is none."""
    p = k.ledger_postings.c
    moved = select(p.subject_id).where(
        p.book == "points", p.subject_id.not_in(select(_S.id)), p.subject_id.not_in(select(_G.id))
    )
    return list((await conn.scalars(moved)).all())
