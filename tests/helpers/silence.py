"""Ways in which a database falls silent: a line that carries nothing, a backend that is stopped."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

SOCKET = ".s.PGSQL.5432"


class Line:
    """A proxy before PostgreSQL. Silent, what is open stays open and carries nothing for ever, as
    behind a firewall that forgot it; `is_dead` lets no new connection through either. With a
    `last_word`, it falls silent after having carried that.
    """

    def __init__(self, folder: str | None) -> None:
        self.port = 0
        self.is_dead = False
        self.last_word = b""
        self._folder = folder
        self._epoch = 0
        self._writers: list[asyncio.StreamWriter] = []

    def url(self, url: str) -> str:
        """The same database by way of here."""
        name = make_url(url).database
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{name}?ssl=disable"

    def go_silent(self) -> None:
        """All that is open now carries nothing any more."""
        self._epoch += 1

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection, both ways."""
        far = await asyncio.open_unix_connection(f"{self._folder}/{SOCKET}")
        self._writers += [writer, far[1]]
        epoch = -1 if self.is_dead else self._epoch
        ways = (self._carry(reader, far[1], epoch), self._carry(far[0], writer, epoch))
        await asyncio.gather(*ways, return_exceptions=True)

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, epoch: int
    ) -> None:
        while data := await reader.read(65536):
            if epoch == self._epoch:
                writer.write(data)
            if self.last_word and self.last_word in data:
                self.last_word = b""
                self.go_silent()
        if epoch == self._epoch:
            writer.close()

    def hang_up(self) -> None:
        """Let go of everything."""
        for writer in self._writers:
            writer.transport.abort()


@asynccontextmanager
async def line(folder: str | None) -> AsyncIterator[Line]:
    """A line to the server of this folder, open while inside."""
    made = Line(folder)
    server = await asyncio.start_server(made.accept, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.hang_up()


@asynccontextmanager
async def asking(url: str) -> AsyncIterator[Any]:
    """A session of somebody else's, in a transaction."""
    engine = create_async_engine(url)
    async with engine.connect() as conn:
        yield conn
        await conn.rollback()
    await engine.dispose()


@asynccontextmanager
async def stopped(pids: list[int]) -> AsyncIterator[None]:
    """These processes stand still while inside."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
