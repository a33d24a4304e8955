"""What aiogram's peer files: counted in memory, or on disk before the number is known."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite

TABLE = "CREATE TABLE tickets (id INTEGER PRIMARY KEY, user_id INTEGER, text TEXT, category TEXT)"
INSERT = "INSERT INTO tickets (user_id, text, category) VALUES (?, ?, ?)"


class Tickets:
    """Counts what was filed."""

    count = 0

    async def file(self, user_id: int, draft: dict[str, str]) -> int:
        """The new ticket's number."""
        self.count += 1
        return self.count


class StoredTickets(Tickets):
    """Keeps what was filed."""

    def __init__(self, db: aiosqlite.Connection) -> None:
        self._db = db

    async def file(self, user_id: int, draft: dict[str, str]) -> int:
        """The new ticket's number, once it is committed."""
        cursor = await self._db.execute(INSERT, (user_id, draft["text"], draft["category"]))
        await self._db.commit()
        return cursor.lastrowid


@asynccontextmanager
async def stored_tickets(folder: Path) -> AsyncIterator[Tickets]:
    """Tickets in a new database in a folder, as durable as SQLite makes them."""
    async with aiosqlite.connect(folder / "tickets.db") as db:
        await db.execute("PRAGMA journal_mode = WAL")
        await db.execute("PRAGMA synchronous = FULL")
        await db.execute(TABLE)
        yield StoredTickets(db)
