"""A unit of work that hangs is given up, its connection thrown away, and the next one is well."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from folk import NOW, RULES
from silence import Line, asking, line, stopped
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.desk import Desk
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store, Tx
from workflows.store import tables as t

SECONDS = 0.5
on_postgres = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
async def wire(url: str) -> AsyncIterator[Line]:
    """The way to PostgreSQL; it leads nowhere for SQLite."""
    async with line(make_url(url).query.get("host")) as made:
        yield made


@pytest.fixture
async def hasty(url: str, wire: Line) -> AsyncIterator[Store]:
    """A store that does not wait for long."""
    store = Store.open(wire.url(url) if "postgresql" in url else url, KINDS, SECONDS)
    yield store
    await store.close()


async def write(store: Store, number: int) -> None:
    async with store.begin(NOW) as tx:
        await tx.prefetch([number], [], [])


async def seen(store: Store) -> set[int]:
    async with store.read(NOW) as tx:
        return set(await tx.ask(AsyncConnection.scalars, select(t.seen_updates.c.update_id)))


async def pid(tx: Tx) -> int:
    return int(
        (await tx.ask(AsyncConnection.exec_driver_sql, "SELECT pg_backend_pid()")).scalar_one()
    )


@on_postgres
async def test_a_line_that_fell_silent_is_given_up_once_for_all_connections(
    hasty: Store, wire: Line
):  # F64
    async with hasty.read(NOW) as one, hasty.read(NOW) as two, hasty.read(NOW) as three:
        known = {await pid(tx) for tx in (one, two, three)}
    wire.go_silent()
    async with asyncio.timeout(20):
        with pytest.raises(TimeoutError):
            await write(hasty, 1)
    await write(hasty, 1)
    async with hasty.read(NOW) as one, hasty.read(NOW) as two, hasty.read(NOW) as three:
        assert not known & {await pid(tx) for tx in (one, two, three)}
    assert await seen(hasty) == {1}


@on_postgres
async def test_what_a_lost_session_holds_is_let_go_of(hasty: Store, wire: Line, url: str):  # F64
    """The same update would wait for its row for ever, as the server has not noticed."""
    with pytest.raises(TimeoutError):
        async with hasty.begin(NOW) as tx:
            await tx.prefetch([1], [], [])
            lost = await pid(tx)
            wire.go_silent()
            await tx.ask(AsyncConnection.execute, text("SELECT 1"))
    async with asking(url) as other:
        alive = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
        await other.execute(text("SET lock_timeout = 5000"))
        await other.execute(text("INSERT INTO seen_updates VALUES (1, now())"))
        async with asyncio.timeout(5):  # its locks go a moment before its row does
            while await other.scalar(alive, {"pid": lost}):
                pass
    await write(hasty, 1)
    assert await seen(hasty) == {1}


@on_postgres
async def test_a_line_that_lets_nobody_through_is_given_up_too(hasty: Store, wire: Line):  # F64
    wire.is_dead = True
    with pytest.raises(TimeoutError):
        await write(hasty, 1)
    wire.is_dead = False
    await write(hasty, 1)


@on_postgres
async def test_a_backend_that_is_stopped(hasty: Store):  # F64
    async with hasty.read(NOW) as tx:
        backend = await pid(tx)
    async with stopped([backend]):
        with pytest.raises(TimeoutError):
            await write(hasty, 1)
        await write(hasty, 2)
    await write(hasty, 1)
    assert await seen(hasty) == {1, 2}


@on_postgres
async def test_a_table_that_somebody_has_locked(hasty: Store, url: str):  # F64
    async with asking(url) as other:
        await other.execute(text("LOCK TABLE seen_updates"))
        with pytest.raises(TimeoutError):
            await Desk(hasty, RULES, WORKFLOWS).turn(NOW)
            await write(hasty, 1)
    await write(hasty, 1)
    assert await seen(hasty) == {1}


@on_postgres
async def test_what_may_take_its_time_may(hasty: Store):  # F64
    """A migration, or a look through everything."""
    async with hasty.read_all(NOW) as tx:
        shown = [
            (await tx.ask(AsyncConnection.exec_driver_sql, f"SHOW {name}")).scalar()
            for name in ("statement_timeout", "idle_in_transaction_session_timeout")
        ]
    assert shown == ["0", "0"]
    async with hasty.read(NOW) as tx:
        assert (
            await tx.ask(AsyncConnection.exec_driver_sql, "SHOW statement_timeout")
        ).scalar() == "500ms"


@on_sqlite
async def test_a_file_that_another_process_has_locked(hasty: Store):  # F64, F23
    with closing(sqlite3.connect(str(hasty.file))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TimeoutError):
            await Desk(hasty, RULES, WORKFLOWS).appoint_admins(NOW)
        assert await seen(hasty) == set()
    await write(hasty, 1)
    assert await seen(hasty) == {1}


@on_sqlite
async def test_a_disk_that_does_not_answer(hasty: Store):  # F64
    """Its thread cannot be ended, so it is left behind with its connection."""
    answers, later = threading.Event(), asyncio.get_running_loop().call_later
    late = later(20, answers.set)
    with pytest.raises(TimeoutError):
        async with hasty.begin(NOW) as tx:
            raw = (await tx.ask(AsyncConnection.get_raw_connection)).driver_connection
            assert raw
            await raw.create_function("hang", 0, answers.wait)
            await tx.ask(AsyncConnection.stream, text("SELECT hang()"))
    assert not answers.is_set()
    late.cancel()
    answers.set()
    await write(hasty, 1)
    assert await seen(hasty) == {1}


def test_a_disk_that_answers_when_nobody_is_left_to_hear_it(tmp_path: Path):  # F64
    """The thread ends as quietly as it was left, and closes its connection."""
    answers = threading.Event()

    async def give_up() -> Any:
        store = Store.open(f"sqlite+aiosqlite:///{tmp_path}/haitang.db", KINDS, SECONDS)
        with pytest.raises(TimeoutError):
            async with store.begin(NOW) as tx:
                raw: Any = (await tx.ask(AsyncConnection.get_raw_connection)).driver_connection
                await raw.create_function("hang", 0, answers.wait)
                await tx.ask(AsyncConnection.stream, text("SELECT hang()"))
        await store.close()
        return raw

    raw = asyncio.run(give_up())
    assert raw._thread.is_alive()
    answers.set()
    raw._thread.join(20)
    assert not raw._thread.is_alive() and raw._connection is None


@on_sqlite
async def test_who_waits_for_one_that_hangs_waits_no_longer(hasty: Store):  # F64
    async with hasty._writer:
        with pytest.raises(TimeoutError):
            await write(hasty, 1)
    await write(hasty, 1)


async def test_what_failed_inside_is_told_as_it_was(hasty: Store):
    with pytest.raises(KeyError):
        async with hasty.begin(NOW):
            raise KeyError
    await write(hasty, 1)
