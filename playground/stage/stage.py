"""A stage for tests: the playground and the real bot in one process, HTTP between them.

The bot's loops are stepped by hand on a clock that stands still, so a scenario is exact and
never sleeps. (For the bot as its own process, see `playground.stage.process_stage`.)
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from bot.config.settings import Settings
from bot.running.clock import Clock as BotClock
from bot.service import Service
from playground.http.server import Server, serve
from playground.phones.client import Phones
from playground.stage.scene import SOON, Scene
from playground.world.clock import Clock
from playground.world.limits import Limits
from playground.world.world import World
from workflows.core.people import Membership, Role

TOKEN = f"100:playground{'-' * 25}"  # any token will do in a playground; this looks like Telegram's
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # a Tuesday, nine o'clock in Suzhou


class SharedClock(BotClock):
    """The playground's clock, read directly."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        """The playground's moment."""
        return self._clock.now()


class _Compiled(BytecodeCache):
    """Templates compiled once for every stage of a process; that takes longer than many a scene."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of just this source, if it is known."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a source's code."""
        if bucket.code:
            self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class Stage(Scene):
    """A playground, phones, and a bot that moves only when told to."""

    def __init__(self, server: Server, phones: Phones, settings: Settings) -> None:
        super().__init__(server, phones)
        self.settings = settings
        self.service = self._service()

    def _service(self) -> Service:
        service = Service(self.settings, SharedClock(self.clock))
        service.renderer.environment.bytecode_cache = _COMPILED
        return service

    async def settle(self) -> None:
        """Let the bot do all that is to be done by now, held-back messages included."""
        done = await self._round(is_first=True)
        while done or await self._skip_pause():
            done = await self._round()

    async def _round(self, *, is_first: bool = False) -> int:
        done = await self.service.poller.step(0) if is_first or self._is_called() else 0
        done += await self.service.desk.tick(self.now)
        done += await self.service.deliverer.drain()
        await self.service.receiver.rest()
        return done

    def _is_called(self) -> bool:
        """Whether there is something to fetch or to confirm, or a fault that waits for it."""
        world = self.server.world
        return bool(world.faults.waiting or world.faults.rates) or any(
            bot.mailbox.has_some for bot in world.bots.values()
        )

    async def _skip_pause(self) -> bool:
        """Move the clock over the short waits between messages."""
        owed = await self.service.store.next_owed()
        soon = [m for m in (owed, self.service.exchange.pace.next_free) if m and m > self.now]
        if not soon or min(soon) - self.now > SOON:
            return False
        self.clock.set(min(soon))
        return True

    async def invite(self, role: str, place: str) -> str:
        """The payload of a link to join the staff; the place as people say it."""
        path = self.service.desk.rules.places.resolve(place) if place else ""
        return await self.service.desk.invite(Membership(role=Role(role), place=path), self.now)

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
    settings: Settings,
    start: datetime = MORNING,
    *,
    limits: Limits | None = None,
    world: World | None = None,
) -> AsyncIterator[Stage]:
    """A stage that is set and torn down; `settings` get the playground's address and token.

    A `world` that there was before (see `playground.world.keeping`) goes on, with its clock and
    limits.
    """
    world = world or World(clock=Clock.manual(start), limits=limits)
    async with serve(world) as server, Phones(server.root, TOKEN) as phones:
        told = at_playground(settings, server.base_url)
        made = Stage(server, phones, told if world.limits.enabled else unpaced(told))
        await made.service.start()
        try:
            yield made
        finally:
            await made.service.close()


def unpaced(settings: Settings) -> Settings:
    """Without Telegram's limits no message need wait for its place."""
    paces = dict.fromkeys(("per_second", "per_chat_second", "per_group_minute"), 10_000.0)
    return settings.model_copy(update={"telegram": settings.telegram.model_copy(update=paces)})


def at_playground(settings: Settings, base_url: str) -> Settings:
    """The same settings, pointed at a playground."""
    told = {"token": TOKEN, "base_url": base_url}
    telegram = type(settings.telegram).model_validate(settings.telegram.model_dump() | told)
    return settings.model_copy(update={"telegram": telegram})
