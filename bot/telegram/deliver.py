"""Outbox → Telegram: the loop that looks what may go out, and sleeps until more may.

A slow answer holds up its own chat and nobody else's.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.telegram.exchange import Exchange
from bot.telegram.render import Renderer
from bot.telegram.sending import Sender

_NEXT_LOOK = timedelta(seconds=1)


class Deliverer:
    """Takes a turn whenever something may be sent or is to be written down."""

    def __init__(self, exchange: Exchange, sender: Sender, renderer: Renderer) -> None:
        self.exchange = exchange
        self._sender = sender
        self._renderer = renderer

    async def run(self) -> None:
        """Send for ever. Raises InvalidToken when Telegram no longer knows the bot."""
        clock, wake = self.exchange.clock, self.exchange.wake
        while True:
            looked_at = clock.now()
            await self._tell_broken()
            await self.exchange.look()
            self._check()
            await clock.wait(wake, await self._next(looked_at))

    async def drain(self) -> int:
        """Send everything that may be sent now and wait for all of it. Returns how many."""
        count = await self._drain_some()
        while self.exchange.under_way or self.exchange.landed:
            await self.exchange.arrive()
            count += await self._drain_some()
        return count

    async def _drain_some(self) -> int:
        await self._tell_broken()
        count = await self.exchange.settle_some()
        self._check()
        return count

    def _check(self) -> None:
        if self._sender.fatal:
            raise self._sender.fatal

    async def _next(self, looked_at: datetime) -> datetime | None:
        """When to look again; while something is under way the store need not be asked."""
        free, soon = self.exchange.pace.next_free, looked_at + _NEXT_LOOK
        if self.exchange.under_way:
            return min(free or soon, soon)
        moments = (free, await self.exchange.desk.store.next_owed(after=looked_at))
        return min((moment for moment in moments if moment), default=None)

    async def _tell_broken(self) -> None:
        """The admins hear of each template of their own that could not be drawn."""
        if broken := self._renderer.take_broken():
            exchange = self.exchange
            values = {"faults": [*broken.items()]}
            await exchange.desk.alert("alert_template", values, exchange.clock.now())
