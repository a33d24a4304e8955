"""SQLite through aiosqlite, with only what can wait left to its thread.

A statement that finds its rows by an index takes some ten microseconds, the way to another thread
and back five times that, and SQLAlchemy goes it four times for each statement. So a statement runs
where it is asked, and what waits for the disk or for another process, the lock and the commit, runs
in the connection's thread; so does what may read much, asked with `AsyncConnection.stream`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, cast

import aiosqlite
from aiosqlite.core import _connection_worker_thread
from sqlalchemy.connectors.asyncio import AsyncIODBAPICursor
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)

LOCK = "BEGIN IMMEDIATE"
_ENDING_SECONDS = 1.0


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor of the connection itself; only the lock is waited for in the thread."""

    __slots__ = ()
    _awaitable_cursor_close = False

    def _make_new_cursor(self, connection: Any) -> AsyncIODBAPICursor:
        return cast(AsyncIODBAPICursor, connection._conn.cursor())

    def _aenter_cursor(self, cursor: AsyncIODBAPICursor) -> AsyncIODBAPICursor:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        if operation == LOCK:
            await self._connection.execute(operation)
            return
        cursor: Any = self._cursor
        cursor.execute(operation, parameters or ())
        if cursor.description:
            self._rows = deque(cursor.fetchall())

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        cast(Any, self._cursor).executemany(operation, seq_of_parameters)


class _Connection(AsyncAdapt_aiosqlite_connection):
    """A connection whose commits alone are made in the thread."""

    __slots__ = ()
    _cursor_cls = _Cursor

    def rollback(self) -> None:
        if raw := self._connection._connection:
            raw.rollback()

    async def _terminate_graceful_close(self) -> None:
        """As soon as its thread is done with what it is at, which is not waited for."""
        await asyncio.wait({asyncio.create_task(self._end())}, timeout=_ENDING_SECONDS)

    async def _end(self) -> None:
        """Its lock is let go of first: a statement that is still referred to keeps a closed one."""
        try:
            with suppress(sqlite3.Error):
                await self._connection.rollback()
        except asyncio.CancelledError:
            self._connection.stop()  # once it comes back, which the loop does not wait for
            raise
        await self._connection.close()


def _work(tasks: SimpleQueue[Any]) -> None:
    """A connection's thread; one that comes back after its loop is closed ends what is left."""
    try:
        _connection_worker_thread(tasks)
    except RuntimeError:  # the loop is closed: nobody waits for an answer, or asks for more
        while not tasks.empty():
            _, task = tasks.get()
            with suppress(sqlite3.Error):
                task()


def _open(*arg: Any, **kw: Any) -> aiosqlite.Connection:
    made = aiosqlite.connect(*arg, **kw)
    made._thread = Thread(target=_work, args=(made._tx,), daemon=True)
    return made


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """aiosqlite as the engine's DBAPI: create_async_engine(…, module=Driver())."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> _Connection:
        """Open a connection that may be used beside its thread."""
        told = kw | {"check_same_thread": False, "async_creator_fn": _open}
        made = super().connect(*arg, **told)
        return _Connection(self, made._connection)
