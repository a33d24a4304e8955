"""The books of the ledger. Whoever posts has the book to himself until the commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.kernels import ledger
from workflows.core.kernels.ledger import Account, Book, Cause, Cursor, Leg, Line, Posting
from workflows.store.engine.upsert import insert_new
from workflows.store.tables import kernels as t

_P, _L = t.ledger_postings.c, t.ledger_legs.c
_LINES = select(t.ledger_postings, t.ledger_legs).join(t.ledger_legs, _L.posting_id == _P.id)
_POSTED = (_P.key, _P.subject_id, _P.event, _P.by, _P.at, _P.month, _P.reverses)


class Page(Struct, frozen=True, kw_only=True):
    """Some lines of a statement, the newest first, and where it goes on."""

    lines: Sequence[Line]
    older: Cursor | None


async def post(conn: AsyncConnection, book: Book, posting: Posting) -> Posting:
    """Put it in the book; what stands there under its key, said again, is posted once. Returns what
    stands there. Raises LedgerError and writes nothing.
    """
    closed = await locked(conn, book)
    known = await find(conn, book, posting.key)
    if known is None:
        await _check(conn, book, posting, closed)
        await _write(conn, book, posting)
        return posting
    if not ledger.is_same(known, posting):
        raise ledger.TakenError(posting.key)
    return known


async def close(conn: AsyncConnection, book: Book, month: str) -> None:
    """Nothing is posted any more for this month, or one before it."""
    if month > await locked(conn, book):
        row = update(t.ledger_books).where(t.ledger_books.c.name == book.name)
        await conn.execute(row.values(closed=month))


async def locked(conn: AsyncConnection, book: Book) -> str:
    """Have it to oneself, as if one posted; the month through which it is closed."""
    await insert_new(conn, t.ledger_books, [{"name": book.name, "closed": ""}], ["name"])
    c = t.ledger_books.c
    row = select(c.closed).where(c.name == book.name).with_for_update()
    return str(await conn.scalar(row))


async def _check(conn: AsyncConnection, book: Book, posting: Posting, closed: str) -> None:
    wrong = await find(conn, book, posting.reverses) if posting.reverses else None
    if wrong and await _is_reversed(conn, book, wrong):
        raise ledger.TakenError(posting.reverses)
    paying = {leg.account for leg in posting.legs if leg.amount < 0}
    limited = [account for account in paying if account.sort not in book.issuing]
    balances = {account: await balance(conn, book, account) for account in limited}
    ledger.check(book, posting, balances, closed=closed, wrong=wrong)


async def _is_reversed(conn: AsyncConnection, book: Book, wrong: Posting) -> bool:
    same = select(_P.id).where(_P.book == book.name, _P.reverses == wrong.key)
    return await conn.scalar(same) is not None


async def _write(conn: AsyncConnection, book: Book, posting: Posting) -> None:
    row = {
        "book": book.name, "key": posting.key, "subject_id": posting.cause.subject,
        "event": posting.cause.event, "by": posting.by, "at": posting.at, "month": posting.month,
        "reverses": posting.reverses or None,
    }  # fmt: skip
    number = await conn.scalar(insert(t.ledger_postings).values(row).returning(_P.id))
    legs = [
        {"posting_id": number, "book": book.name, "sort": leg.account.sort,
         "number": leg.account.number, "amount": leg.amount}
        for leg in posting.legs
    ]  # fmt: skip
    await conn.execute(insert(t.ledger_legs), legs)


async def find(conn: AsyncConnection, book: Book, key: str) -> Posting | None:
    """What stands in the book under this key."""
    found = await _postings(conn, _LINES.where(_P.book == book.name, _P.key == key))
    return found[0] if found else None


async def caused_by(conn: AsyncConnection, book: Book, subject_id: int) -> list[Posting]:
    """What was posted because of a subject, in order."""
    return await _postings(conn, _LINES.where(_P.book == book.name, _P.subject_id == subject_id))


async def _postings(conn: AsyncConnection, lines: Select[Any]) -> list[Posting]:
    rows = (await conn.execute(lines.order_by(_L.posting_id, _L.id))).all()
    return [_posting(list(legs)) for _, legs in groupby(rows, key=lambda row: row.posting_id)]


def _posting(rows: list[Row[Any]]) -> Posting:
    first = rows[0]
    return Posting(
        key=first.key, cause=Cause(first.subject_id, first.event), by=first.by, at=first.at,
        month=first.month, reverses=first.reverses or "",
        legs=tuple(Leg(Account(row.sort, row.number), row.amount) for row in rows),
    )  # fmt: skip


def _of(book: Book, account: Account) -> tuple[ColumnElement[bool], ...]:
    return (_L.book == book.name, _L.sort == account.sort, _L.number == account.number)


async def balance(
    conn: AsyncConnection, book: Book, account: Account, through: str = ""
) -> int:  # fmt: skip
    """What lies there; or lay there at the end of a month."""
    found = select(func.coalesce(func.sum(_L.amount), 0)).where(*_of(book, account))
    if through:
        found = found.join(t.ledger_postings, _P.id == _L.posting_id).where(_P.month <= through)
    return int(await conn.scalar(found) or 0)


async def total(conn: AsyncConnection, book: Book, sorts: Iterable[str]) -> int:
    """What lies in all accounts of these sorts together; it reads all their lines."""
    mine = select(func.sum(_L.amount)).where(_L.book == book.name, _L.sort.in_(list(sorts)))
    return int(await conn.scalar(mine) or 0)


async def balances(
    conn: AsyncConnection, book: Book, sorts: Iterable[str]
) -> dict[Account, int]:  # fmt: skip
    """What lies in all accounts of these sorts; it reads all their lines."""
    all_of = select(_L.sort, _L.number, func.sum(_L.amount).label("amount"))
    mine = all_of.where(_L.book == book.name, _L.sort.in_(list(sorts)))
    rows = await conn.execute(mine.group_by(_L.sort, _L.number))
    return {Account(row.sort, row.number): int(row.amount) for row in rows}


async def statement(
    conn: AsyncConnection, book: Book, account: Account, limit: int, after: Cursor | None = None,
    through: str = "",
) -> Page:  # fmt: skip
    """A page of somebody's statement, or of what it was at the end of a month. Only the first one
    adds up what lies there; the others take that from the cursor.
    """
    left = after.balance if after else await balance(conn, book, account, through)
    page = select(_L.id, _L.amount, *_POSTED).join(t.ledger_postings, _P.id == _L.posting_id)
    page = page.where(*_of(book, account), *([_L.id < after.before] if after else []))
    page = page.where(_P.month <= through) if through else page
    rows = (await conn.execute(page.order_by(_L.id.desc()).limit(limit + 1))).all()
    lines = []
    for row in rows[:limit]:
        lines.append(_line(row, left))
        left -= row.amount
    older = Cursor(lines[-1].id, left) if len(rows) > limit else None
    return Page(lines=lines, older=older)


def _line(row: Any, balance: int) -> Line:
    return Line(
        id=row.id, amount=row.amount, balance=balance, key=row.key, at=row.at, month=row.month,
        cause=Cause(row.subject_id, row.event), reverses=row.reverses or "",
    )  # fmt: skip


async def unbalanced(conn: AsyncConnection) -> list[str]:
    """The keys of what does not come to nothing; there are none, unless somebody was at the file.
    It reads the whole ledger.
    """
    sums = select(_P.key).outerjoin(t.ledger_legs, _L.posting_id == _P.id).group_by(_P.id, _P.key)
    return list((await conn.scalars(sums.having(func.coalesce(func.sum(_L.amount), 1) != 0))).all())
