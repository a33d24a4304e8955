"""The record of what happens: Bot API calls, and a live feed of changes for a viewer."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from playground.text.refusals import Json

_CALLS_KEPT = 100_000
_BACKLOG = 10_000


@dataclass
class Feed:
    """World changes for whoever listens; without listeners an event costs next to nothing."""

    listeners: set[asyncio.Queue[Json | None]] = field(default_factory=set)

    def listen(self) -> asyncio.Queue[Json | None]:
        """Open a queue of events; None in it means the end."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue(_BACKLOG)
        self.listeners.add(queue)
        return queue

    def emit(self, kind: str, **data: Any) -> None:
        """Tell every listener; one who lags 10,000 events behind misses the newest."""
        for queue in self.listeners:
            if not queue.full():
                queue.put_nowait({"event": kind, **data})

    def close(self) -> None:
        """End every listener's stream."""
        for queue in self.listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)
        self.listeners.clear()


@dataclass
class CallLog:
    """The Bot API calls as they happened, the latest 100,000 of them."""

    entries: deque[Json] = field(default_factory=lambda: deque(maxlen=_CALLS_KEPT))
    count: int = 0

    def add(self, entry: Json) -> Json:
        """Number an entry and keep it."""
        self.count += 1
        numbered = {"n": self.count, **entry}
        self.entries.append(numbered)
        return numbered

    def after(self, number: int) -> list[Json]:
        """List the calls later than number, oldest first."""
        return list(takewhile(lambda entry: entry["n"] > number, reversed(self.entries)))[::-1]
