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
_LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")
AT_LEISURE = "at_leisure"  # the option of a connection whose work may take as long as it takes


def lock_milliseconds(seconds: float) -> int:
    """How long SQLite waits for a lock in a unit of work of so many seconds."""
    return int(seconds * 1000)


class Patience:
    """So many `seconds` for a unit of work; what takes longer raises TimeoutError."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._silent_at = 0.0  # connections that are older than this are not trusted

    def guard(self, engine: AsyncEngine) -> None:
        """Limit PostgreSQL's own part in this, and who is given a connection of its."""
        event.listen(engine.sync_engine, "connect", self._limit)
        event.listen(engine.sync_engine, "begin", _free)
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

    def _limit(self, connection: Any, record: Any) -> None:
        record.info["since"] = monotonic()
        most = int(self.seconds * 1000)
        told = "; ".join(f"SET {name} = {most}" for name in _LIMITS)
        connection.run_async(lambda driver: driver.execute(told))

    def _inspect(self, _: Any, record: Any, __: Any) -> None:
        if record.info["since"] < self._silent_at:
            raise DisconnectionError


def _free(connection: Connection) -> None:
    """What may take its time may do so there as well."""
    if connection.get_execution_options().get(AT_LEISURE):
        for name in _LIMITS:
            connection.exec_driver_sql(f"SET LOCAL {name} = 0")


def _cut(connection: Any, _: Any, __: Any) -> None:
    """Without a goodbye, which would wait for an answer."""
    connection.driver_connection.terminate()
