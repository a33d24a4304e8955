"""A process stage: the playground, and the real bot as its own process, HTTP between them.

The interface is the stage's (`playground.stage.stage`), but what plays is what will really run: its
own loops, its own database connection, a process that can be stopped, killed and started again.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playground.http.server import Server, serve
from playground.phones.client import Phones
from playground.stage.process import BotProcess
from playground.stage.scene import SOON, Scene
from playground.stage.stage import MORNING, TOKEN
from playground.world.clock import Clock
from playground.world.limits import Limits
from playground.world.world import World

# On a clock that stands still the bot would wait for ever for the next second its pace allows,
# so time passes while the bot settles: fast enough not to be waited for, slow enough that an
# act of a tenth of a second takes two seconds of the story.
_SETTLING_RATE = 20.0
_PATIENCE = 30.0  # real seconds for the bot to settle

# For a playground without Telegram's limits: the bot's own pace would only measure itself.
UNPACED = {
    f"HAITANG_TELEGRAM__{name}": "10000"
    for name in ("PER_SECOND", "PER_CHAT_SECOND", "PER_GROUP_MINUTE")
} | {"HAITANG_MOST_PER_MINUTE": "0"}


class ProcessStage(Scene):
    """A playground, phones, and the bot as a process. `database` is its URL."""

    def __init__(self, server: Server, phones: Phones, bot: BotProcess, database: str) -> None:
        super().__init__(server, phones)
        self.bot = bot
        self.database = database
        self._is_real = self.clock.rate == 1.0

    async def settle(self, patience: float = _PATIENCE) -> None:
        """Wait until the bot has done all that is to be done by now, held-back messages included.

        Time passes meanwhile. Raises BotError with the bot's stderr after `patience` seconds.
        """
        if self.clock.rate:  # it passes already
            await self._rest(patience)
            return
        is_idle = False
        while not is_idle:
            self.clock.run(_SETTLING_RATE)
            await self._rest(patience)
            self.clock.run(0.0)
            await self.bot.wait_for(self._is_in_time, "the bot did not see the clock", patience)
            is_idle = await self._is_idle()

    async def _rest(self, patience: float) -> None:
        await self.bot.wait_for(self._is_idle, "the bot did not settle", patience)

    async def _is_in_time(self) -> bool:
        return self._sees_clock(await self.bot.health())

    def _sees_clock(self, health: Mapping[str, Any]) -> bool:
        return self._is_real or health["clock"] == self.clock.version

    async def _is_idle(self) -> bool:
        """Nothing unconfirmed, nothing owed, no timer due, and all that by the newest clock."""
        if await self.phones.pending():
            return False
        health = await self.bot.health()
        is_busy = health["owed"] or health["timers"] or self._is_soon(health["held"])
        return not is_busy and self._sees_clock(health)

    def _is_soon(self, held: str | None) -> bool:
        return held is not None and datetime.fromisoformat(held) - self.now <= SOON

    async def next_moment(self) -> datetime | None:
        """When something is due next: a timer, or a message that waits for the morning."""
        told = (await self.bot.health())["next"]
        return datetime.fromisoformat(told) if told else None

    async def invite(self, role: str, place: str) -> str:
        """The payload of the link that the bot's own command prints."""
        printed = await self.bot.command("invite", "--role", role, "--place", place)
        return re.split(r"start[= ]", printed)[-1]

    async def start_bot(self) -> None:
        """Start the bot, again, on the same database."""
        await self.bot.start()

    async def kill(self) -> None:
        """Kill the bot at once (SIGKILL)."""
        await self.bot.kill()

    async def stop(self) -> int:
        """Ask the bot to stop (SIGTERM); returns its exit code."""
        return await self.bot.stop()


@asynccontextmanager
async def process_stage(
    config: Path,
    start: datetime | None = MORNING,
    *,
    database: str | None = None,
    limits: Limits | None = None,
    environment: Mapping[str, str] | None = None,
    world: World | None = None,
    process: Callable[[Path, Mapping[str, str], Path], BotProcess] = BotProcess,
) -> AsyncIterator[ProcessStage]:
    """A process stage with its bot running. `start` None takes the real time.

    Without a `database` (a URL) it has one of its own for as long as it lasts; `environment`
    holds further HAITANG_ variables. A `world` that there was before goes on, with its clock and
    limits; `process` makes the bot's process
    (see `playground.stage.zygote` for one that starts fast).
    """
    clock = Clock.manual(start) if start else Clock.real()
    with TemporaryDirectory(prefix="theatre-") as folder:
        url = database or f"sqlite+aiosqlite:///{folder}/haitang.db"
        async with (
            serve(world or World(clock=clock, limits=limits)) as server,
            Phones(server.root, TOKEN) as phones,
        ):
            told = bot_environment(server, url, has_own_clock=start is not None)
            bot = process(config, told | dict(environment or {}), Path(folder) / "stderr")
            try:
                await bot.start()
                yield ProcessStage(server, phones, bot, url)
            finally:
                await bot.close()


def bot_environment(server: Server, database: str, *, has_own_clock: bool) -> dict[str, str]:
    """The settings that bind a bot to a playground; `has_own_clock`: the world's, not real time."""
    told = {
        "HAITANG_TELEGRAM__TOKEN": TOKEN,
        "HAITANG_TELEGRAM__BASE_URL": server.base_url,
        "HAITANG_DATABASE__URL": database,
    }
    clock = {"HAITANG_CLOCK__URL": f"{server.root}/playground/clock"} if has_own_clock else {}
    return told | clock
