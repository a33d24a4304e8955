"""How the database is, and what it shows of the bot: for whoever runs it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from sqlalchemy import case, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.errors import HaitangError
from workflows.store import tables as t
from workflows.store.engine.bounded_count import AT_MOST, bounded_count
from workflows.store.engine.upsert import upsert
from workflows.store.outbox import QUEUED

_TOLD = 3  # faults that are named
_SOON_READ = 256 * 1024**2  # bytes: a second or two
_BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_SYNCHRONOUS = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}


class BrokenDatabaseError(HaitangError):
    """The database file is damaged: nothing may be written to it any more."""


class Engine(Struct, frozen=True, kw_only=True):
    """What runs the database; `journal` and `synchronous` are SQLite's, else empty."""

    name: str
    version: str
    journal: str = ""
    synchronous: str = ""


class Queue(Struct, frozen=True, kw_only=True):
    """What is owed. `oldest` (aware UTC) is since when the first of the sendable waits."""

    sendable: int
    oldest: datetime | None
    parked: int
    dead: int
    letters: int
    timers: int
    latest_timer: datetime | None


def is_broken(error: Exception) -> bool:
    """Whether an error says that the file itself is damaged, and not just busy or full."""
    found = error.orig if isinstance(error, DBAPIError) else error
    return getattr(found, "sqlite_errorname", "").startswith(_BROKEN)


def is_soon_read(file: Path) -> bool:
    """Whether a SQLite file is small enough to be read whole before the bot starts."""
    return not file.exists() or file.stat().st_size <= _SOON_READ


def was_killed(file: Path) -> bool:
    """Whether whoever had a SQLite file open last was killed: a proper end leaves no log."""
    log = file.with_name(f"{file.name}-wal")
    return log.exists() and log.stat().st_size > 0


async def glance(conn: AsyncConnection) -> None:
    """Read the schema and every table's newest row, which are the ways to what is written next.

    What is damaged there raises DatabaseError.
    """
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
    for (name,) in (await conn.exec_driver_sql(tables)).all():
        await conn.exec_driver_sql(f'SELECT * FROM "{name}" ORDER BY rowid DESC LIMIT 1')  # noqa: S608


def look_through(file: Path) -> list[str]:
    """What a quick check of a whole SQLite file finds, on a connection of its own.

    It takes some ten seconds a gigabyte. Raises sqlite3.Error.
    """
    address = f"{file.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as db:
        return [told for (told,) in db.execute(f"PRAGMA quick_check({_TOLD})") if told != "ok"]


async def faults(conn: AsyncConnection, pragma: str) -> list[str]:
    """What SQLite's `quick_check` or `integrity_check` finds; PostgreSQL looks after itself."""
    if conn.dialect.name != "sqlite":
        return []
    rows = await conn.stream(text(f"PRAGMA {pragma}({_TOLD})"))  # it reads the whole file
    return [str(told) for (told,) in await rows.all() if told != "ok"]


async def loose(conn: AsyncConnection) -> str:
    """A table with rows that refer to nothing, or ""; only SQLite lets anybody make such."""
    if conn.dialect.name != "sqlite":
        return ""
    rows = await conn.stream(text("PRAGMA foreign_key_check"))  # it reads every reference
    found = await rows.first()
    return str(found[0]) if found else ""


async def engine(conn: AsyncConnection) -> Engine:
    """Name, version and how durable a commit on this very connection is."""
    if conn.dialect.name != "sqlite":
        return Engine(name="PostgreSQL", version=await _ask(conn, "SHOW server_version"))
    return Engine(
        name="SQLite",
        version=await _ask(conn, "SELECT sqlite_version()"),
        journal=await _ask(conn, "PRAGMA journal_mode"),
        synchronous=_SYNCHRONOUS[int(await _ask(conn, "PRAGMA synchronous"))],
    )


async def _ask(conn: AsyncConnection, statement: str) -> str:
    return str((await conn.exec_driver_sql(statement)).scalar())


async def queue(conn: AsyncConnection, now: datetime) -> Queue:
    """What stands in the outbox, the dead letters and the timers now, each counted to AT_MOST."""
    o, d, r = t.outbox.c, t.dead_letters.c, t.timers.c
    since = case((o.attempts > 0, o.created_at), else_=o.not_before)
    due = (r.fired_at.is_(None), r.due_at <= now)
    sendable = o.state == QUEUED
    ages = select(since.label("since")).where(sendable).order_by(o.not_before).limit(AT_MOST)
    first = func.min(ages.subquery().c.since, type_=t.Moment())
    parked, dead = ((t.STUCK, o.state == state) for state in ("parked", "dead"))
    return Queue(
        sendable=await bounded_count(conn, t.outbox, sendable),
        oldest=await conn.scalar(select(first)),
        parked=await bounded_count(conn, t.outbox, *parked),
        dead=await bounded_count(conn, t.outbox, *dead),
        letters=await bounded_count(conn, t.dead_letters, d.outcome.is_(None)),
        timers=await bounded_count(conn, t.timers, *due),
        latest_timer=await conn.scalar(select(func.min(r.due_at)).where(*due)),
    )


async def beat(conn: AsyncConnection, beats: Mapping[str, datetime]) -> None:
    """Write down when each of these was last done (aware UTC)."""
    rows = [{"name": name, "at": at} for name, at in sorted(beats.items())]
    await upsert(conn, t.heartbeats, rows, ["name"])


async def last_beat(conn: AsyncConnection, name: str) -> datetime | None:
    """When this was last done (aware UTC), or None if never."""
    c = t.heartbeats.c
    found: datetime | None = await conn.scalar(select(c.at).where(c.name == name))
    return found
