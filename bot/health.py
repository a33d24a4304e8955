"""The door for monitors: whether the bot lives, and its numbers. No personal data, no token."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.clock import Clock, FollowedClock
from bot.metrics import Metrics
from bot.pulse import OUTBOX, Pulse
from workflows.store import Store


class Health:
    """Answers /healthz and /metrics."""

    def __init__(self, store: Store, clock: Clock, pulse: Pulse, metrics: Metrics) -> None:
        self.store = store
        self.clock = clock
        self.pulse = pulse
        self.metrics = metrics

    async def answer(self, _: Request) -> JSONResponse:
        """What stands out now, what comes next, and which turn of the clock that is seen by.

        503 when a loop stands still; `late` names it. `owed` messages and `timers` are due now;
        `held` is when the next message is, which may wait for a lease, an album or the morning;
        `next` is when anything is.
        """
        turn = self.clock.version if isinstance(self.clock, FollowedClock) else 0
        backlog = await self.store.backlog(self.clock.now())
        held, timer = await self.store.next_owed(), await self.store.next_timer()
        moments = {"held": held, "next": min((m for m in (held, timer) if m), default=None)}
        if not backlog.owed:
            self.pulse.beat(OUTBOX)  # nothing to send is as good as sent
        late = self.pulse.late()
        body = {"owed": backlog.owed, "timers": backlog.timers, "clock": turn, "late": late}
        told = body | {name: m and m.isoformat() for name, m in moments.items()}
        return JSONResponse(told, status_code=503 if late else 200)

    async def show_metrics(self, _: Request) -> Response:
        """The numbers, in Prometheus' text format."""
        now = self.clock.now()
        text = self.metrics.text(await self.store.queue(now), self.pulse.ages(), now)
        return Response(text, media_type=CONTENT_TYPE_LATEST)
