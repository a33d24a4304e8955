"""A statement that was built once runs without SQLAlchemy's way through, and gives the same."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
from folk import CHEN, NOW, WANG, filed
from shelf import hire, keep, overheard, owe
from sqlalchemy import bindparam, event, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.petition.store.kept import TICKETS
from workflows.store import Store, outbox, people
from workflows.store import tables as t
from workflows.store.engine import sqlite_fast_path
from workflows.store.kept import load

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)

_BY_NAME = select(t.people).where(t.people.c.name == bindparam("named"))
_ALL = select(t.people.c.id, t.people.c.name.label("called")).order_by(t.people.c.id)
_SOME = select(t.people.c.id).where(t.people.c.id.in_(bindparam("ids", expanding=True)))
_COUNT = select(func.count()).select_from(t.people)
_RENAME = update(t.people).where(t.people.c.id == bindparam("its_id")).values(name="改")
_NEW = insert(t.chats)
_SEEN = insert(t.seen_updates)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that ran directly."""
    ran: list[str] = []
    run = sqlite_fast_path._Connection._run

    def note(
        self: sqlite_fast_path._Connection, prepared: sqlite_fast_path._Prepared, given: object
    ) -> object:
        ran.append(prepared.sql)
        return run(self, prepared, given)

    monkeypatch.setattr(sqlite_fast_path._Connection, "_run", note)
    return ran


async def twice(store: Store, ask: Callable[[AsyncConnection], Awaitable[object]]) -> list[object]:
    """What SQLAlchemy says, which somebody listening sees to, and what comes directly."""
    with overheard(store):
        async with store.begin(NOW) as tx:
            said = await tx.ask(ask)
    async with store.begin(NOW) as tx:
        await tx.ask(ask)
        return [said, await tx.ask(ask)]


async def _rows(conn: AsyncConnection) -> object:
    return [dict(row) for row in (await conn.execute(_BY_NAME, {"named": WANG.name})).mappings()]


async def _tuples(conn: AsyncConnection) -> object:
    return [(row.id, row.called, row[0]) for row in await conn.execute(_ALL)]


async def _scalars(conn: AsyncConnection) -> object:
    return (await conn.scalars(_ALL)).all(), await conn.scalar(_COUNT)


async def _nothing(conn: AsyncConnection) -> object:
    return (await conn.execute(_BY_NAME, {"named": "nobody"})).mappings().first()


async def _changed(conn: AsyncConnection) -> object:
    result = await conn.execute(_RENAME, {"its_id": CHEN.id})
    return result.rowcount, await conn.scalar(_COUNT)


async def _many(conn: AsyncConnection) -> object:
    result = await conn.execute(_RENAME, [{"its_id": CHEN.id}, {"its_id": WANG.id}, {"its_id": 0}])
    return result.rowcount


async def _heads(conn: AsyncConnection) -> object:
    return (await conn.execute(outbox._heads(), {"now": NOW})).all()


async def _people(conn: AsyncConnection) -> object:
    return await people.load(conn, [CHEN.id, WANG.id, 5], NOW)


async def _tickets(conn: AsyncConnection) -> object:
    return await load(conn, TICKETS, [1001, 1002])


@pytest.mark.parametrize(
    "ask",
    [_rows, _tuples, _scalars, _nothing, _changed, _many, _heads, _people, _tickets],
)
async def test_what_comes_directly_is_what_sqlalchemy_says(
    store: Store, runs: list[str], ask: Callable[[AsyncConnection], Awaitable[object]]
):
    await hire(store, CHEN, WANG)
    await keep(store, filed(1001))
    await owe(store, CHEN.id, "a")
    runs.clear()
    said, found = await twice(store, ask)
    assert found == said
    assert runs, "it went SQLAlchemy's way"


async def test_a_statement_of_one_occasion_goes_the_usual_way(store: Store, runs: list[str]):
    async with store.begin(NOW) as tx:
        for name in ("a", "b"):
            await tx.ask(AsyncConnection.execute, select(t.people).where(t.people.c.name == name))
    assert not [sql for sql in runs if "people.name = ?" in sql]


async def test_a_text_that_is_another_for_each_number_of_values_goes_the_usual_way(
    store: Store, runs: list[str]
):
    await hire(store, CHEN, WANG)
    runs.clear()
    async with store.begin(NOW) as tx:
        for ids in ([CHEN.id], [CHEN.id, WANG.id], [CHEN.id, WANG.id]):
            assert (await tx.ask(AsyncConnection.scalars, _SOME, {"ids": ids})).all() == sorted(ids)
    assert runs == []


@pytest.mark.parametrize(
    "statement",
    [
        text("SELECT place FROM chats WHERE chat_id = 1"),
        select(text("place"), t.chats.c.chat_id),
        select(t.chats.c.place).execution_options(told=True),
        func.abs(-1),
    ],
)
async def test_what_is_no_plain_statement_goes_the_usual_way(
    store: Store, runs: list[str], statement: Any
):
    async with store.begin(NOW) as tx:
        await tx.ask(AsyncConnection.execute, _NEW, [{"chat_id": 1, "place": "a"}])
        said = [(await tx.ask(AsyncConnection.execute, statement)).all() for _ in range(3)]
    assert said[0] == said[1] == said[2] and said[0]
    assert not [sql for sql in runs if sql.startswith("SELECT")]


async def test_rows_that_come_back_from_many_go_the_usual_way(store: Store):
    new = _NEW.returning(t.chats.c.chat_id)
    async with store.begin(NOW) as tx:
        for n in (1, 3, 5):
            rows = [{"chat_id": i, "place": ""} for i in (n, n + 1)]
            assert (await tx.ask(AsyncConnection.scalars, new, rows)).all() == [n, n + 1]


async def test_the_first_question_of_a_reading_begins_it(store: Store, runs: list[str]):
    """All that one reading sees is of one moment."""
    await hire(store, CHEN)
    async with store.read(NOW) as tx:
        before = await tx.ask(AsyncConnection.scalar, _COUNT)
        await hire(store, WANG)
        assert await tx.ask(AsyncConnection.scalar, _COUNT) == before == 1


@pytest.mark.parametrize("is_known", [False, True])
async def test_a_row_that_is_there_already_is_refused_alike(store: Store, is_known: bool):
    row = {"chat_id": 1, "place": ""}
    for said in (row, [row]) if is_known else (row,):
        with pytest.raises(IntegrityError, match="UNIQUE") as refused:
            async with store.engine.begin() as conn:
                await conn.execute(_NEW, [{"chat_id": n, "place": ""} for n in (1, 2)])
                await conn.execute(_NEW, said)
        assert isinstance(refused.value.orig, Exception)
    async with store.read(NOW) as tx:
        assert await tx.ask(AsyncConnection.scalar, select(func.count()).select_from(t.chats)) == 0


async def test_an_error_keeps_the_words_to_itself(store: Store):
    secret = {"chat_id": 1, "place": "王阿姨家"}
    for _ in range(3):
        with pytest.raises(IntegrityError) as refused:
            async with store.engine.begin() as conn:
                await conn.execute(_NEW, [secret, secret])
        assert "王阿姨" not in str(refused.value)


async def test_a_naive_moment_is_refused_alike(store: Store):
    for _ in range(3):
        with pytest.raises(StatementError, match="a moment without a zone"):
            async with store.begin(NOW) as tx:
                await tx.ask(
                    AsyncConnection.execute, _SEEN, [{"update_id": 1, "at": datetime(2026, 3, 2)}]
                )


async def test_a_value_that_is_missing_is_an_error(store: Store):
    for _ in range(3):
        with pytest.raises(StatementError, match="its_id"):
            async with store.begin(NOW) as tx:
                await tx.ask(AsyncConnection.execute, _RENAME, {})


async def test_what_the_database_cannot_do_is_said_alike(store: Store):
    """The store tells what is wrong by the library's own error."""
    broken = select(func.no_such_function(t.people.c.id))
    for _ in range(3):
        with pytest.raises(OperationalError, match="no such function"):
            async with store.begin(NOW) as tx:
                await tx.ask(AsyncConnection.execute, broken)


async def test_who_listens_hears_every_statement(store: Store, runs: list[str]):
    heard: list[str] = []

    def hear(_: object, __: object, statement: str, *___: object) -> None:
        heard.append(statement)

    event.listen(store.engine.sync_engine, "before_cursor_execute", hear)
    async with store.begin(NOW) as tx:
        for _ in range(3):
            await tx.ask(AsyncConnection.scalar, _COUNT)
    event.remove(store.engine.sync_engine, "before_cursor_execute", hear)
    assert len([sql for sql in heard if "count" in sql]) == 3 and runs == []
