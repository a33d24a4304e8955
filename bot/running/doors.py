"""A door: an HTTP server that nobody can hold open.

uvicorn waits for the rest of a request for ever, and every connection takes one of the process's
files (docs/decisions/0015). Here a request must be whole within seconds, and a full door lets go of
who has hesitated longest, so that whoever knows what they want still get in.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from socket import socket
from typing import Any

import h11
import uvicorn
from msgspec import Struct
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.running.holding import listener

_CLOSING_SECONDS = 2  # for what is being answered when the bot stops
_KNOCKING = 2048
_UNREAD = 65_536  # bytes that are still thrown away for who was answered before he had ended
_UNFINISHED = {h11.IDLE, h11.SEND_BODY}  # the other end's states before its request is whole


class Limits(Struct, frozen=True, kw_only=True):
    """What a door bears: so many `connections`, and so many `seconds` until a request is whole."""

    connections: int
    seconds: float = 5.0


class _Caller(H11Protocol):
    """A connection whose every request is whole in time. `queue` has those that hesitate, the
    longest first; it is the door's, and all its connections share it.
    """

    def __init__(self, *args: Any, limits: Limits, queue: dict[_Caller, None], **told: Any) -> None:
        super().__init__(*args, **told)
        self._limits = limits
        self._queue = queue
        self._patience: asyncio.TimerHandle | None = None
        self._unread = _UNREAD

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._look()
        if len(self.connections) > self._limits.connections:
            next(iter(self._queue), self)._leave()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._queue.pop(self, None)
        self._relax()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()
        if self._is_answered_early():
            self._unread -= len(data)
            if self._unread < 0:
                self._leave()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_answered_early():
            self._queue[self] = None  # its next request may come, until uvicorn no longer waits

    def _look(self) -> None:
        """A request that is whole may take its time to be answered, any other may not."""
        if self.conn.their_state not in _UNFINISHED:
            self._queue.pop(self, None)
            self._relax()
        elif self._patience is None:
            self._queue[self] = None
            self._patience = self.loop.call_later(self._limits.seconds, self._leave)

    def _is_answered_early(self) -> bool:
        """Whether what it goes on to send is of no use to anybody."""
        is_answered = self.cycle is not None and self.cycle.response_complete
        return is_answered and self.conn.their_state is h11.SEND_BODY

    def _relax(self) -> None:
        if self._patience:
            self._patience.cancel()
            self._patience = None

    def _leave(self) -> None:
        self._queue.pop(self, None)
        self.transport.abort()


class _Server(uvicorn.Server):
    """A server that lets many knock at once, and takes them in by handfuls: the process may have a
    thousand files open, and asyncio takes in as many as may knock.
    """

    def install_signal_handlers(self) -> None:
        """The service has its own."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen, and widen what asyncio has made of it."""
        await super().startup(sockets)
        for one in sockets or []:
            one.listen(_KNOCKING)


@asynccontextmanager
async def served(app: Starlette, host: str, port: int, limits: Limits) -> AsyncIterator[None]:
    """Serve it while inside. Raises HeldError."""
    caller: Any = partial(_Caller, limits=limits, queue={})
    config = uvicorn.Config(
        app, host=host, port=port, http=caller, ws="none", lifespan="off",
        log_level="warning", access_log=False, backlog=limits.connections,
        timeout_graceful_shutdown=_CLOSING_SECONDS,
    )  # fmt: skip
    server = _Server(config)
    task = asyncio.create_task(server._serve([listener(host, port)]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
