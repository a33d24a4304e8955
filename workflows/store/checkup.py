"""How the database is, and what it shows of the bot: for whoever runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, case, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.model import HaitangError
from workflows.store import tables as t
from workflows.store.outbox import QUEUED
from workflows.store.upsert import upsert

_TOLD = 3  # faults that are named
_BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_SYNCHRONOUS = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}


class BrokenDatabaseError(HaitangError):
    """The database file is damaged: nothing may be written to it any more."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """What runs the database; `journal` and `synchronous` are SQLite's, else empty."""

    name: str
    version: str
    journal: str = ""
    synchronous: str = ""


@dataclass(frozen=True, kw_only=True)
class Queue:
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


async def faults(conn: AsyncConnection, pragma: str) -> list[str]:
    """What SQLite's `quick_check` or `integrity_check` finds; PostgreSQL looks after itself."""
    if conn.dialect.name != "sqlite":
        return []
    rows = await conn.stream(text(f"PRAGMA {pragma}({_TOLD})"))  # it reads the whole file
    return [str(told) for (told,) in await rows.all() if told != "ok"]


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
    """What stands in the outbox, the dead letters and the timers now."""
    o, d, r = t.outbox.c, t.dead_letters.c, t.timers.c
    since = case((o.attempts > 0, o.created_at), else_=o.not_before)
    due = (r.fired_at.is_(None), r.due_at <= now)
    sendable = (o.state == QUEUED,)
    stuck = select(o.state, func.count()).where(t.STUCK).group_by(o.state)
    counts = {row[0]: row[1] for row in await conn.execute(stuck)}
    return Queue(
        sendable=await _count(conn, t.outbox, *sendable),
        oldest=await conn.scalar(select(func.min(since, type_=t.Moment())).where(*sendable)),
        parked=counts.get("parked", 0),
        dead=counts.get("dead", 0),
        letters=await _count(conn, t.dead_letters, d.outcome.is_(None)),
        timers=await _count(conn, t.timers, *due),
        latest_timer=await conn.scalar(select(func.min(r.due_at)).where(*due)),
    )


async def _count(conn: AsyncConnection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return await conn.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


async def beat(conn: AsyncConnection, beats: Mapping[str, datetime]) -> None:
    """Write down when each of these was last done (aware UTC)."""
    rows = [{"name": name, "at": at} for name, at in sorted(beats.items())]
    await upsert(conn, t.heartbeats, rows, ["name"])


async def last_beat(conn: AsyncConnection, name: str) -> datetime | None:
    """When this was last done (aware UTC), or None if never."""
    c = t.heartbeats.c
    found: datetime | None = await conn.scalar(select(c.at).where(c.name == name))
    return found
