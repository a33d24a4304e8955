"""The books, in the store: posted once, never changed, closed months closed, a page at a time."""

from typing import Any

import pytest
from effort import examples
from folk import CHEN, NOW, filed
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from shelf import keep, overheard, rows
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from workflows.core.kernels import ledger as pure
from workflows.core.kernels.ledger import Account, Book, Cause, Posting
from workflows.store import ConflictError, Store
from workflows.store.kernels import ledger
from workflows.store.tables import kernels as t

POINTS = Book(name="points", issuing=frozenset({"issued"}))
FUND = Book(name="fund", issuing=frozenset({"charity"}))
ISSUED, HIS, HERS = Account("issued"), Account("member", CHEN.id), Account("member", 2)
WHY = {"cause": Cause(1001, "verify"), "by": 3, "at": NOW, "month": "2026-03"}


def given_to(account: Account, amount: int, key: str) -> Posting:
    return Posting(key=key, legs=pure.moved(amount, ISSUED, account), **WHY)


async def post(store: Store, *postings: Posting, book: Book = POINTS) -> None:
    async with store.begin(NOW) as tx:
        for one in postings:
            await tx.do(ledger.post, book, one)


async def has(store: Store, account: Account, book: Book = POINTS) -> int:
    async with store.read(NOW) as tx:
        return await tx.ask(ledger.balance, book, account)


@pytest.fixture
async def books(store: Store) -> Store:
    await keep(store, filed())
    return store


async def test_what_is_posted_comes_back_as_it_was(books: Store):
    one = given_to(HIS, 5, "a")
    await post(books, one)
    async with books.read(NOW) as tx:
        assert await tx.ask(ledger.find, POINTS, "a") == one
        assert await tx.ask(ledger.find, FUND, "a") is None
        assert await tx.ask(ledger.caused_by, POINTS, 1001) == [one]
        assert await tx.ask(ledger.balances, POINTS, ["member", "issued"]) == {HIS: 5, ISSUED: -5}


async def test_the_same_key_posts_once_and_something_else_under_it_is_refused(books: Store):
    await post(books, given_to(HIS, 5, "a"), given_to(HIS, 5, "a"))
    assert await has(books, HIS) == 5
    with pytest.raises(pure.TakenError):
        await post(books, given_to(HIS, 6, "a"))
    await post(books, replace(given_to(HIS, 6, "a"), legs=pure.moved(6, Account("charity"), HIS)),
               book=FUND)  # fmt: skip
    assert (await has(books, HIS), await has(books, HIS, FUND)) == (5, 6)


async def test_nobody_gives_what_he_has_not_and_nothing_of_it_is_written(books: Store):
    await post(books, given_to(HIS, 5, "a"))
    with pytest.raises(pure.OverdrawnError):
        await post(books, Posting(key="b", legs=pure.moved(6, HIS, HERS), **WHY))
    assert len(await rows(books, t.ledger_postings)) == 1


async def test_what_was_wrong_is_reversed_once(books: Store):
    wrong = given_to(HIS, 5, "a")
    await post(books, wrong, pure.reversal(wrong, key="b", **WHY))
    assert await has(books, HIS) == 0
    await post(books, given_to(HIS, 9, "c"))
    with pytest.raises(pure.TakenError):
        await post(books, pure.reversal(wrong, key="d", **WHY))
    with pytest.raises(pure.UnbalancedError):
        await post(books, replace(pure.reversal(wrong, key="e", **WHY), reverses="nothing"))


async def test_a_closed_month_stays_closed(books: Store):
    async with books.begin(NOW) as tx:
        await tx.do(ledger.close, POINTS, "2026-03")
        await tx.do(ledger.close, POINTS, "2026-01")  # it is already
    with pytest.raises(pure.ClosedError):
        await post(books, given_to(HIS, 5, "a"))
    await post(books, replace(given_to(HIS, 5, "a"), month="2026-04"))
    assert await has(books, HIS) == 5


@pytest.mark.parametrize("table", [t.ledger_postings, t.ledger_legs])
async def test_nothing_in_it_is_changed_or_deleted(books: Store, table: Any):
    await post(books, given_to(HIS, 5, "a"))
    for change in (delete(table), update(table).values(book="fund")):
        with pytest.raises(DBAPIError, match="append-only"):
            async with books.engine.begin() as conn:
                await conn.execute(change)
    if books.engine.dialect.name == "postgresql":
        with pytest.raises(DBAPIError, match="append-only"):
            async with books.engine.begin() as conn:
                await conn.execute(text(f"TRUNCATE {table.name} CASCADE"))


async def test_without_a_subject_there_is_no_cause(books: Store):
    with pytest.raises((DBAPIError, ConflictError)):
        await post(books, replace(given_to(HIS, 5, "a"), cause=Cause(404, "verify")))
    assert await rows(books, t.ledger_postings) == []


async def test_a_statement_comes_a_page_at_a_time_with_the_balance_after_each_line(books: Store):
    await post(books, *(given_to(HIS, n, str(n)) for n in range(1, 8)), given_to(HERS, 9, "x"))
    async with books.read(NOW) as tx:
        page = await tx.ask(ledger.statement, POINTS, HIS, 3)
        seen = [*page.lines]
        while page.older:
            page = await tx.ask(ledger.statement, POINTS, HIS, 3, page.older)
            seen += page.lines
    assert [(line.key, line.balance) for line in seen[:2]] == [("7", 28), ("6", 21)]
    assert [line.balance for line in seen] == [28, 21, 15, 10, 6, 3, 1]


async def test_a_page_costs_what_it_shows_whatever_stands_in_the_book(books: Store):
    """Of 20,000 lines of others none is read: each statement goes by the account."""
    await post(books, given_to(HIS, 5, "a"))
    await _fill(books, 20_000)
    with overheard(books) as heard:
        async with books.read(NOW) as tx:
            await tx.ask(ledger.statement, POINTS, HIS, 3)
    for said, told in [(said, told) for said, told in heard if "ledger_legs" in said]:
        plan = await _plan(books, said, told)
        assert "ledger_legs_account" in plan
        assert not [word for word in ("SCAN", "Seq Scan", "TEMP B-TREE") if word in plan]


async def _fill(store: Store, count: int) -> None:
    """With what others have."""
    one = {"book": "points", "subject_id": 1001, "event": "verify", "by": 3, "at": NOW,
           "month": "2026-03"}  # fmt: skip
    leg = {"book": "points", "sort": "member", "amount": 1}
    many = range(9, 9 + count)
    async with store.engine.begin() as conn:
        await conn.execute(
            insert(t.ledger_postings), [one | {"id": n, "key": str(n)} for n in many]
        )
        await conn.execute(
            insert(t.ledger_legs), [leg | {"posting_id": n, "number": n} for n in many]
        )
        await conn.execute(text("ANALYZE"))


async def _plan(store: Store, said: str, told: Any) -> str:
    how = "EXPLAIN QUERY PLAN" if store.engine.dialect.name == "sqlite" else "EXPLAIN"
    async with store.engine.connect() as conn:
        return " ".join(str(row) for row in await conn.exec_driver_sql(f"{how} {said}", told))


async def test_of_two_who_spend_the_same_only_one_does(books: Store, twin: Store):
    await post(books, given_to(HIS, 5, "a"))
    for store, key in ((books, "b"), (twin, "c")):
        one = Posting(key=key, legs=pure.moved(5, HIS, HERS), **WHY)
        if store is twin:
            with pytest.raises(pure.OverdrawnError):
                await post(store, one)
        else:
            await post(store, one)
    assert await has(books, HERS) == 5


@given(amounts=st.lists(st.tuples(st.integers(-9, 9), st.booleans()), min_size=1, max_size=12))
@examples(change=6, night=40)
async def test_the_store_says_what_its_entries_say(books: Store, amounts: list):
    """Whatever is refused on the way."""
    async with books.begin(NOW) as tx:
        for n, (amount, is_his) in enumerate(amounts):
            known = len(await tx.ask(ledger.caused_by, POINTS, 1001))
            account = HIS if is_his else HERS
            ways = (ISSUED, account) if amount > 0 else (account, ISSUED)
            try:
                legs = pure.moved(abs(amount), *ways)
                await tx.do(ledger.post, POINTS, Posting(key=f"{known}.{n}", legs=legs, **WHY))
            except pure.LedgerError:
                continue
        stands = await tx.ask(ledger.caused_by, POINTS, 1001)
        shown = await tx.ask(ledger.balances, POINTS, ["member", "issued"])
        assert {a: n for a, n in pure.replayed(stands).items() if n} == {
            a: n for a, n in shown.items() if n
        }
        assert all(n >= 0 for a, n in shown.items() if a != ISSUED)
        assert await tx.ask(ledger.unbalanced) == []
