"""Questions about passbooks and what stands in them, and taking words out of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import ColumnElement, Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.passbook.model import Account
from workflows.passbook.store import tables as own
from workflows.passbook.words import Action, State
from workflows.store.erasure import erase_words
from workflows.store.place_ranges import within

_MOST = 1000
_A, _S, _G = own.accounts.c, own.services.c, own.gifts.c


async def accounts(conn: AsyncConnection, **known: Any) -> list[Account]:
    """The passbooks with these: of a person, by a number, by a code."""
    those = (_A[name] == value for name, value in known.items())
    rows = await conn.execute(select(own.accounts).where(*those).order_by(_A.number.desc()))
    return [Account(**row) for row in rows.mappings()]


async def open_account(conn: AsyncConnection, new: Account) -> int:
    """Its number."""
    row = {name: value for name, value in asdict(new).items() if name != "number"}
    added = await conn.execute(insert(own.accounts).values(row).returning(_A.number))
    return int(added.scalar_one())


async def forget(conn: AsyncConnection, person: int) -> None:
    """No passbook says any more that it was his; its number stays, for what it has given out."""
    row = update(own.accounts).where(_A.person == person)
    await conn.execute(row.values(person=0, name="", code=""))


async def ids(
    conn: AsyncConnection, table: Table, *those: ColumnElement[bool], first: int = 0,
    limit: int = _MOST,
) -> list[int]:  # fmt: skip
    """What stands in a table with all of this, the oldest first."""
    page = select(table.c.id).where(*those).order_by(table.c.id).offset(first).limit(limit)
    return list((await conn.scalars(page)).all())


async def served(
    conn: AsyncConnection, since: date, until: date, *, account: int = 0,
    scope: Collection[str] = (),
) -> list[int]:  # fmt: skip
    """The services of some days, of a passbook or in some places."""
    whose = _S.account == account if account else within(_S.place, scope)
    return await ids(conn, own.services, whose, _S.day.between(since, until))


def standing(table: Table, *states: State) -> tuple[Any, Any]:
    """Two questions about what stands so in some places: how many, and a page."""

    def there(scope: Collection[str]) -> tuple[ColumnElement[bool], ...]:
        return table.c.state.in_(states), within(table.c.place, scope)

    async def count(conn: AsyncConnection, scope: Collection[str]) -> int:
        return int(await conn.scalar(select(func.count()).where(*there(scope))) or 0)

    async def page(
        conn: AsyncConnection, scope: Collection[str], first: int = 0, limit: int = _MOST
    ) -> list[int]:  # fmt: skip
        return await ids(conn, table, *there(scope), first=first, limit=limit)

    return count, page


async def taken(
    conn: AsyncConnection, what: str, accounts: Collection[int] = (), since: datetime | None = None
) -> int:  # fmt: skip
    """How many of a gift are held for somebody or handed out; since then, of these passbooks."""
    gone = [_G.what == what, _G.state != State.DROPPED]
    gone += [_G.account.in_(accounts), _G.opened_at >= since] if since else []
    return int(await conn.scalar(select(func.count()).where(*gone)) or 0)


async def erase(conn: AsyncConnection, table: Table, some: Collection[int], now: datetime) -> None:
    """Erase everybody's words of these for good, also of what no step can reach."""
    await erase_words(conn, some, Action.ERASE, now)
    bare = {"person": 0, "code": "", "text": "", "reason": "", "erased_at": now}
    await conn.execute(update(table).where(table.c.id.in_(some)).values(**bare))
