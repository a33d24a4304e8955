"""HTTP/1.1 with as little as a bot's client needs: keep-alive, pipelining, bodies of any length."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_TYPE = re.compile(rb"\r\ncontent-type: *([^\r]*)", re.IGNORECASE)
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
_NOT_OK = b"HTTP/1.1 %d No\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"

Answer = tuple[int, bytes]  # the status and the body


class Request:
    """One request, and the place its answer has in the order of its connection."""

    __slots__ = ("_answer", "_connection", "body", "content_type", "target")

    def __init__(self, connection: Connection, target: bytes, content_type: bytes, body: bytes):
        self.target = target
        self.content_type = content_type
        self.body = body
        self._connection = connection
        self._answer: Answer | None = None

    @property
    def is_answered(self) -> bool:
        """Whether `answer` was called."""
        return self._answer is not None

    @property
    def is_lost(self) -> bool:
        """Whether the client has gone, so that no answer would reach it."""
        return self._connection.is_closed

    def answer(self, body: bytes, status: int = 200) -> None:
        """Send this once every earlier request of the connection has its answer."""
        self._answer = (status, body)
        self._connection.flush()

    def written(self) -> bytes | None:
        """The answer as it goes over the wire, None while there is none."""
        if self._answer is None:
            return None
        status, body = self._answer
        return _OK % (len(body), body) if status == 200 else _NOT_OK % (status, len(body), body)


class Connection(asyncio.Protocol):
    """A client's connection: `handle` gets every request and answers it now or later."""

    def __init__(self, handle: Callable[[Request], None]) -> None:
        self.is_closed = False
        self._handle = handle
        self._transport: asyncio.Transport | None = None
        self._unread = b""
        self._waiting: deque[Request] = deque()
        self._is_last = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass

    def connection_lost(self, _: Exception | None) -> None:
        """Nobody is there any more."""
        self.is_closed = True
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Hand on every request that is complete by now."""
        self._unread += data
        while self._unread and not self._is_last:
            request = self._next()
            if request is None:
                return
            self._waiting.append(request)
            self._handle(request)

    def _next(self) -> Request | None:
        """The first request in what is unread, taken out of it; None while it is not complete."""
        end = self._unread.find(b"\r\n\r\n")
        if end < 0:
            return None
        head, start = self._unread[:end], end + 4
        found = _LENGTH.search(head)
        if found:
            stop = start + int(found[1])
            if len(self._unread) < stop:
                return None
            body = self._unread[start:stop]
        elif _CHUNKED.search(head):
            joined = _joined(self._unread, start)
            if joined is None:
                return None
            body, stop = joined
        else:
            body, stop = b"", start
        self._unread = self._unread[stop:]
        self._is_last = _CLOSES.search(head) is not None
        kind = _TYPE.search(head)
        return Request(self, head.split(b" ", 2)[1], kind[1] if kind else b"", body)

    def flush(self) -> None:
        """Write the answers whose turn it is."""
        while self._waiting and (written := self._waiting[0].written()) is not None:
            self._waiting.popleft()
            if self._transport:
                self._transport.write(written)
        if self._is_last and not self._waiting and self._transport:
            self._transport.close()


def _joined(data: bytes, at: int) -> tuple[bytes, int] | None:
    """A body that came in chunks, and where it ends; None while the last chunk is missing."""
    parts: list[bytes] = []
    while (end := data.find(b"\r\n", at)) >= 0:
        size = int(data[at:end].split(b";")[0], 16)
        at = end + 2 + size + 2
        if len(data) < at:
            return None
        if not size:
            return b"".join(parts), at
        parts.append(data[end + 2 : at - 2])
    return None
