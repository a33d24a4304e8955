"""All SQL lives here: the engine, the unit of work, and the questions asked of the tables."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from msgspec import Struct
from sqlalchemy import event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from workflows.core.faultpoints import point
from workflows.store import integrity, outbox, schedule
from workflows.store import tables as t
from workflows.store.engine import conflicts, founding, memory, patience, sqlite, sqlite_fast_path
from workflows.store.engine.bounded_count import bounded_count
from workflows.store.engine.conflicts import ConflictError
from workflows.store.engine.founding import LostDatabaseError
from workflows.store.engine.owner import make_folder
from workflows.store.integrity import BrokenDatabaseError, Queue
from workflows.store.kept import Kept, Kinds
from workflows.store.messages.owed import Owed, Sent
from workflows.store.migrations import upgrade
from workflows.store.outbox import Outbox
from workflows.store.schedule import Moments
from workflows.store.unit.codec import decode, encode
from workflows.store.unit.pending import Work
from workflows.store.unit.tx import Tx

__all__ = [
    "BrokenDatabaseError",
    "ConflictError",
    "Kept",
    "Kinds",
    "LostDatabaseError",
    "Moments",
    "Outbox",
    "Owed",
    "Queue",
    "Sent",
    "Store",
    "Tx",
    "Work",
]

_CACHE_KIB = 512  # of pages, a connection; the system keeps the file itself in memory
_PREPARED = 48  # statements SQLite keeps ready on each connection, at some 30 kB each
_GOODBYE_SECONDS = 2.0
_ANY_MOMENT = datetime.min.replace(tzinfo=UTC)
_T = TypeVar("_T")


class Backlog(Struct, frozen=True, kw_only=True):
    """How many messages are owed and timers due."""

    owed: int
    timers: int


def _unheard(_: Work, __: float) -> None:
    """Nobody counts."""


class Store:
    """The database: SQLite by default, PostgreSQL by its URL, one set of tables for both.

    `on_commit` hears of every unit of work that was committed, and how many seconds that took.
    `seconds` is how long one may take: TimeoutError is raised by what takes longer.
    """

    def __init__(
        self, engine: AsyncEngine, kinds: Kinds, seconds: float = patience.SECONDS
    ) -> None:
        self.engine = engine
        self.kinds = kinds
        self.seconds = seconds
        self._patience = patience.Patience(seconds)
        self.on_commit: Callable[[Work, float], None] = _unheard
        # One writer on SQLite: queueing here is cheaper than in its busy handler.
        self._writer = asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @classmethod
    def open(cls, url: str, kinds: Kinds, seconds: float = patience.SECONDS) -> Store:
        """A store of these kinds of subjects on `url` ("sqlite+aiosqlite:///data/haitang.db",
        "postgresql+asyncpg://…").
        """
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            make_folder(Path(parsed.database).parent)
        # What people wrote is in the parameters: errors, and so the log, must not repeat it.
        # The connection used last is used next: another's page cache and statements stay small.
        told: dict[str, Any] = {
            "json_serializer": encode, "json_deserializer": decode, "hide_parameters": True,
            "pool_use_lifo": True,
        }  # fmt: skip
        if parsed.get_backend_name() == "sqlite":
            told["module"] = sqlite.Driver()
            told["connect_args"] = {"cached_statements": _PREPARED}
        engine = create_async_engine(parsed, **told)
        if engine.dialect.name == "sqlite":
            engine = sqlite_fast_path.Engine(engine.sync_engine)
            event.listen(engine.sync_engine, "connect", partial(_prepare_sqlite, seconds))
            event.listen(engine.sync_engine, "begin", _begin_sqlite)
        event.listen(engine.sync_engine, "rollback", memory.forget)
        store = cls(engine, kinds, seconds)
        if engine.dialect.name == "postgresql":
            store._patience.guard(engine)
        return store

    async def close(self) -> None:
        """Give back every connection; one that does not answer to that is left."""
        with suppress(TimeoutError):
            async with asyncio.timeout(min(self.seconds, _GOODBYE_SECONDS)):
                await self.engine.dispose()

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database; None on PostgreSQL, which looks after itself."""
        is_file = self.engine.dialect.name == "sqlite" and self.engine.url.database
        return Path(str(self.engine.url.database)) if is_file else None

    async def check(self) -> bool:
        """Look at the database before anything is written. Returns whether that was all of it.

        A large file that was closed properly is only glanced at: `look_through` is for afterwards
        (docs/decisions/0009). Raises BrokenDatabaseError when SQLite finds the file damaged.
        """
        file = self.file
        if file and not file.exists():
            return True  # nothing is; to look would make an empty one
        is_whole = file is None or integrity.is_soon_read(file) or integrity.was_killed(file)
        with _refusing_damage():
            async with self.read_all(_ANY_MOMENT) as tx:
                if not is_whole:
                    await tx.ask(integrity.glance)
                elif found := await tx.ask(integrity.faults, "quick_check"):
                    raise BrokenDatabaseError("; ".join(found))
        return is_whole

    def look_through(self) -> None:
        """Read the whole file, beside whatever else is done with it; for a thread of its own.

        Raises BrokenDatabaseError.
        """
        with _refusing_damage():
            if self.file and (found := integrity.look_through(self.file)):
                raise BrokenDatabaseError("; ".join(found))

    async def migrate(self) -> None:
        """Bring the schema to this version's; a database that never was is made.

        Raises NewerSchemaError for a later one's, LostDatabaseError for one that was emptied.
        """
        if self.file and (how := founding.lost(self.file)):
            raise LostDatabaseError(how)
        if self.file and not self.file.exists():
            await self._found(self.file)
        async with self._at_leisure() as conn:
            await conn.run_sync(upgrade)

    async def _found(self, file: Path) -> None:
        """Make a new database whole before it has its name."""
        part = founding.begin(file)
        making = Store.open(str(self.engine.url.set(database=str(part))), self.kinds)
        async with making.engine.connect() as conn:
            await conn.run_sync(upgrade)
        await making.close()
        founding.settle(part, file)

    @asynccontextmanager
    async def begin(self, now: datetime) -> AsyncIterator[Tx]:
        """A unit of work: everything put into it commits together at the end, or nothing does.

        Raises ConflictError when another process changed the same meanwhile: do it again; and
        TimeoutError when it took too long: whether it was committed is then unknown.
        """
        try:
            async with self._patience.limit(), self._writer, self.engine.begin() as conn:
                tx = Tx(conn, now, self.kinds)
                yield tx
                began = perf_counter()
                await tx.flush()
                point("commit.before")
            self.on_commit(tx.work, perf_counter() - began)
        except DBAPIError as error:
            if conflicts.is_race(error) or conflicts.is_busy(error):
                raise ConflictError from error
            raise

    async def retried(self, work: Callable[[], Awaitable[_T]]) -> _T:
        """What a unit of work returns, begun anew after a conflict; see `conflicts.retried`."""
        return await conflicts.retried(work, self.seconds)

    @asynccontextmanager
    async def read(self, now: datetime) -> AsyncIterator[Tx]:
        """The same questions without writing; what is put into it is dropped."""
        async with self._patience.limit(), self.engine.connect() as conn:
            yield Tx(await conn.execution_options(read_only=True), now, self.kinds)

    @asynccontextmanager
    async def read_all(self, now: datetime) -> AsyncIterator[Tx]:
        """The same for what reads the whole database, which takes as long as it takes."""
        async with self._at_leisure() as conn:
            yield Tx(await conn.execution_options(read_only=True), now, self.kinds)

    @asynccontextmanager
    async def _at_leisure(self) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as conn:
            yield await conn.execution_options(**{patience.AT_LEISURE: True})

    async def ahead(self) -> Moments:
        """When the next pending timer and every chore are due."""
        async with self.read(_ANY_MOMENT) as tx:
            return await tx.ask(schedule.ahead)

    async def next_timer(self) -> datetime | None:
        """The moment (aware UTC) of the next pending timer or chore, or None."""
        return (await self.ahead()).first

    async def next_owed(self, after: datetime = _ANY_MOMENT) -> datetime | None:
        """The moment (aware UTC), if later than `after`, at which a chat's next message may go.

        That is when it is due, nothing of its chat is in flight, and the chat is not halted.
        """
        async with self.read(_ANY_MOMENT) as tx:
            return await tx.ask(outbox.next_moment, after)

    async def queue(self, now: datetime) -> Queue:
        """What stands in the outbox, the dead letters and the timers."""
        async with self.read(now) as tx:
            return await tx.ask(integrity.queue, now)

    async def beat(self, beats: Mapping[str, datetime], now: datetime) -> None:
        """Write down when each of these was last done (aware UTC)."""
        async with self.begin(now) as tx:
            await tx.do(integrity.beat, beats)

    async def last_beat(self, name: str) -> datetime | None:
        """When this was last done (aware UTC), or None if never."""
        async with self.read(_ANY_MOMENT) as tx:
            return await tx.ask(integrity.last_beat, name)

    async def backlog(self, now: datetime) -> Backlog:
        """What should have happened by now and has not yet; see `tally` for how far it counts."""
        due = (t.timers.c.fired_at.is_(None), t.timers.c.due_at <= now)
        async with self.read(now) as tx:
            owed = await tx.ask(outbox.count_due, now)
            return Backlog(owed=owed, timers=await tx.ask(bounded_count, t.timers, *due))


@contextmanager
def _refusing_damage() -> Iterator[None]:
    """What the driver says of a damaged file, as BrokenDatabaseError."""
    try:
        yield
    except Exception as error:
        if integrity.is_broken(error):
            raise BrokenDatabaseError(str(getattr(error, "orig", error))) from None
        raise


def _prepare_sqlite(seconds: float, connection: Any, _: Any) -> None:
    """WAL and a full sync at every commit: a power cut loses nothing that was confirmed."""
    connection.isolation_level = None  # the driver must not begin on its own, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"cache_size=-{_CACHE_KIB}",
        f"busy_timeout={patience.lock_milliseconds(seconds)}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock first: a read that turns into a write fails at once (TRAPS)."""
    read_only = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if read_only else sqlite.LOCK)
