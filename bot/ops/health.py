"""The door for monitors: whether the bot lives, and its numbers. No personal data, no token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.ops.metrics import Metrics
from bot.ops.monitor import Monitor
from bot.running.heartbeats import DATABASE, OUTBOX, Heartbeats
from workflows.store import Store

_LOOK_SECONDS = 3.0


class Health:
    """Answers /healthz and /metrics."""

    def __init__(
        self, store: Store, monitor: Monitor, heartbeats: Heartbeats, metrics: Metrics
    ) -> None:
        self.store = store
        self.monitor = monitor
        self.clock = monitor.clock
        self.heartbeats = heartbeats
        self.metrics = metrics

    async def answer(self, _: Request) -> JSONResponse:
        """What stands out now, what comes next, and the turn of the clock that is written down.

        503 when a loop stands still or fails, or the database gives no answer; `late` names it,
        `why` has the error's kind. `owed` messages and `timers` are due now; `held` is when the
        next message is, which may wait for a lease, an album or the morning; `next` is when
        anything is.
        """
        told = await self._told()
        late, why = self.heartbeats.late(), self.heartbeats.failing()
        return JSONResponse(told | {"late": late, "why": why}, status_code=503 if late else 200)

    async def _told(self) -> dict[str, Any]:
        """What the database tells, all of it unknown when that gives no answer."""
        told = dict.fromkeys(("owed", "timers", "held", "next")) | {"clock": self.monitor.turn}
        async with self._asking():
            told |= await self._ask()
        return told

    async def _ask(self) -> dict[str, Any]:
        backlog = await self.store.backlog(self.clock.now())
        held, timer = await self.store.next_owed(), await self.store.next_timer()
        moments = {"held": held, "next": min((m for m in (held, timer) if m), default=None)}
        if not backlog.owed:
            self.heartbeats.beat(OUTBOX)  # nothing to send is as good as sent
        counts = {"owed": backlog.owed, "timers": backlog.timers}
        return counts | {name: m and m.isoformat() for name, m in moments.items()}

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        """A monitor hears within seconds that the database gives no answer."""
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                yield
        except Exception as error:
            self.heartbeats.fail(DATABASE, error)
        else:
            self.heartbeats.recover(DATABASE)

    async def show_metrics(self, _: Request) -> Response:
        """The numbers, in Prometheus' text format; 503 without the database's."""
        now, queue = self.clock.now(), None
        async with self._asking():
            queue = await self.store.queue(now)
        if queue is None:
            return Response(status_code=503)
        text = self.metrics.text(queue, self.heartbeats.ages(), now)
        return Response(text, media_type=CONTENT_TYPE_LATEST)
