"""A stage for tests: the playground and the real bot in one process, HTTP between them.

The bot's loops are stepped by hand on a clock that stands still, so a scenario is exact and
never sleeps. (For the bot as its own process, see `playground.theatre`.)
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from bot.clock import Clock as BotClock
from bot.config import Settings
from bot.service import Service
from playground.clock import Clock
from playground.limits import Limits
from playground.phone import Phone
from playground.phones import Phones
from playground.server import Server, serve
from playground.world import World
from workflows.model import Membership, Role

TOKEN = "100:playground"  # noqa: S105 - any token will do in a playground
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # a Tuesday, nine o'clock in Suzhou
_SOON = timedelta(seconds=70)  # what the pace or an album holds back counts as now


class SharedClock(BotClock):
    """The playground's clock, read directly."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        """The playground's moment."""
        return self._clock.now()


class Stage:
    """A playground, phones, and a bot that moves only when told to."""

    def __init__(self, server: Server, phones: Phones, settings: Settings) -> None:
        self.server = server
        self.phones = phones
        self.settings = settings
        self.clock = server.world.clock
        self.service = self._service()

    def _service(self) -> Service:
        return Service(self.settings, SharedClock(self.clock))

    @property
    def now(self) -> datetime:
        """The moment on stage, aware UTC."""
        return self.clock.now()

    async def settle(self) -> None:
        """Let the bot do all that is to be done by now, held-back messages included."""
        while await self._round() or await self._skip_pause():
            pass

    async def _round(self) -> int:
        done = await self.service.poller.step(0)
        done += await self.service.desk.tick(self.now)
        done += await self.service.deliverer.drain()
        await self.service.receiver.rest()
        return done

    async def _skip_pause(self) -> bool:
        """Move the clock over the short waits between messages."""
        owed = await self.service.store.next_owed()
        soon = [m for m in (owed, self.service.deliverer.pace.next_free) if m and m > self.now]
        if not soon or min(soon) - self.now > _SOON:
            return False
        self.clock.set(min(soon))
        return True

    async def hire(self, name: str, role: Role, place: str, user_id: int | None = None) -> Phone:
        """Somebody who joins the staff as in life: by an invitation's link."""
        path = self.service.desk.rules.places.resolve(place) if place else ""
        payload = await self.service.desk.invite(Membership(role=role, place=path), self.now)
        phone = await self.phones.add_user(name, user_id)
        await phone.start(payload)
        await self.settle()
        return phone

    async def forward(self, **span: float) -> None:
        """Let time pass (timedelta's arguments) through every due moment in order."""
        until = self.now + timedelta(**span)
        while (moment := await self.next_moment()) and moment <= until:
            self.clock.set(max(moment, self.now))
            await self.settle()
        self.clock.set(max(until, self.now))
        await self.settle()

    async def next_moment(self) -> datetime | None:
        """When something is due next: a timer, or a message that waits for the morning."""
        store = self.service.store
        known = [m for m in (await store.next_timer(), await store.next_owed()) if m]
        return min(known, default=None)

    async def restart(self) -> None:
        """Stop the bot and start another one on the same database."""
        await self.service.close()
        self.service = self._service()
        await self.service.start()


@asynccontextmanager
async def stage(
    settings: Settings, start: datetime = MORNING, *, limits: Limits | None = None
) -> AsyncIterator[Stage]:
    """A stage that is set and torn down; `settings` get the playground's address and token."""
    world = World(clock=Clock.manual(start), limits=limits)
    async with serve(world) as server, Phones(server.root, TOKEN) as phones:
        made = Stage(server, phones, at_playground(settings, server.base_url))
        await made.service.start()
        try:
            yield made
        finally:
            await made.service.close()


def at_playground(settings: Settings, base_url: str) -> Settings:
    """The same settings, pointed at a playground."""
    told = {"token": TOKEN, "base_url": base_url}
    telegram = type(settings.telegram).model_validate(settings.telegram.model_dump() | told)
    return settings.model_copy(update={"telegram": telegram})
