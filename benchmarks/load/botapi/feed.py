"""The updates a bot has not confirmed yet, and its long poll."""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice
from typing import Protocol

from benchmarks.load.botapi.wire import Request

_FIRST_ID = 500_000_001
_AT_MOST = 100  # as the Bot API does
_EMPTY = b'{"ok":true,"result":[]}'


class Sender(Protocol):
    """Who sent an update, and wants to know when a bot has it."""

    def handed_out(self) -> None:
        """The update is on its way to the bot; called again if the bot asks for it again."""


class Feed:
    """One bot's queue. An answer to a poll leaves `latency` seconds after it at the earliest."""

    def __init__(self, latency: float) -> None:
        self.polls = 0
        self.is_polled = asyncio.Event()
        self._latency = latency
        self._pending: deque[tuple[int, bytes, Sender]] = deque()
        self._next_id = _FIRST_ID
        self._waiting: Request | None = None
        self._limit = _AT_MOST

    @property
    def depth(self) -> int:
        """How many updates are not confirmed."""
        return len(self._pending)

    def put(self, kind_and_payload: bytes, sender: Sender) -> None:
        """Queue an update; `"message":{…}` or the like, without its braces and its id."""
        written = b'{"update_id":%d,%b}' % (self._next_id, kind_and_payload)
        self._pending.append((self._next_id, written, sender))
        self._next_id += 1
        if self._waiting and len(self._pending) == 1:
            asyncio.get_running_loop().call_soon(self._serve)

    def poll(self, request: Request, offset: int, limit: int, seconds: float) -> None:
        """Confirm everything before `offset`, and answer once there is something or time is up."""
        self.polls += 1
        self.is_polled.set()
        self._confirm(offset)
        loop = asyncio.get_running_loop()
        loop.call_later(self._latency, self._begin, request, min(limit, _AT_MOST), seconds)

    def _confirm(self, offset: int) -> None:
        while self._pending and self._pending[0][0] < offset:
            self._pending.popleft()

    def _begin(self, request: Request, limit: int, seconds: float) -> None:
        self._give_up(self._waiting)  # Telegram knows one poll at a time, the newest
        self._waiting, self._limit = request, limit
        if self._pending or not seconds:
            self._serve()
        else:
            asyncio.get_running_loop().call_later(seconds, self._give_up, request)

    def _serve(self) -> None:
        """Hand out what there is, if anybody waits for it."""
        request, self._waiting = self._waiting, None
        if request is None or request.is_answered or request.is_lost:
            return
        batch = list(islice(self._pending, self._limit))
        for _, _, sender in batch:
            sender.handed_out()
        request.answer(b'{"ok":true,"result":[' + b",".join(w for _, w, _ in batch) + b"]}")

    def _give_up(self, request: Request | None) -> None:
        if request and not request.is_answered:
            request.answer(_EMPTY)
        if request is self._waiting:
            self._waiting = None
