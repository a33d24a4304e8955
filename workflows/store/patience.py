"""How long the database may take: what hangs is given up, and the connection thrown away.

asyncpg waits for ever, and the pool does not ask before use (TRAPS). So the time of a unit of work
is limited here, and PostgreSQL is told to limit what it keeps of one that nobody waits for any
more: its locks would keep out the same work on a fresh connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine

SECONDS = 10.0  # as in the settings, for who has none
AT_LEISURE = "at_leisure"  # the option of a connection whose work may take as long as it takes
_OF_LOCKS = 0.8  # of the time, for SQLite to wait for its lock: it then says so itself


def lock_milliseconds(seconds: float) -> int:
    """How long SQLite may wait for a lock when a unit of work has so many seconds."""
    return int(seconds * 1000 * _OF_LOCKS)


class Patience:
    """So many `seconds` for a unit of work; what takes longer raises TimeoutError."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._silent_at = 0.0  # connections that are older than this are not trusted

    def guard(self, engine: AsyncEngine) -> None:
        """Limit PostgreSQL's own part in this, and who is given a connection of its."""
        event.listen(engine.sync_engine, "begin", self._limit)
        event.listen(engine.sync_engine, "connect", self._note)
        event.listen(engine.sync_engine, "checkout", self._inspect)
        event.listen(engine.sync_engine, "invalidate", _cut)

    @asynccontextmanager
    async def limit(self) -> AsyncIterator[None]:
        """Raise TimeoutError when what is done inside takes too long.

        It is cancelled, upon which SQLAlchemy throws its connection away; the others are taken for
        silent as well, so that the next unit of work does not wait for each of them in turn.
        """
        try:
            async with asyncio.timeout(self.seconds):
                yield
        except TimeoutError:
            self._silent_at = monotonic()
            raise

    def _limit(self, connection: Connection) -> None:
        """For this transaction alone, since a pooler may lend its session to somebody else."""
        if connection.get_execution_options().get(AT_LEISURE):
            return
        most = int(self.seconds * 1000)
        names = ("statement_timeout", "idle_in_transaction_session_timeout")
        told = ", ".join(f"set_config('{name}', '{most}', true)" for name in names)
        connection.exec_driver_sql(f"SELECT {told}")

    def _note(self, _: Any, record: Any) -> None:
        record.info["since"] = monotonic()

    def _inspect(self, _: Any, record: Any, __: Any) -> None:
        if record.info["since"] < self._silent_at:
            raise DisconnectionError


def _cut(connection: Any, _: Any, __: Any) -> None:
    """Without a goodbye, which would wait for an answer."""
    connection.driver_connection.terminate()
