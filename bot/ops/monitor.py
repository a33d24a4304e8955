"""Watching over the bot while it runs: heartbeats that outlive it, backups, and a cry for help.

What it writes down is how the next start, and `haitang doctor`, know since when the
bot was away.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from threading import Thread
from typing import TypeVar

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.config.settings import Settings
from bot.ops import backup
from bot.running.clock import Clock
from bot.running.heartbeats import OUTBOX, Heartbeats
from bot.telegram.receive import Poller
from bot.telegram.render import Renderer
from workflows.desk import Desk, Toast
from workflows.store import BrokenDatabaseError

_EVERY = timedelta(seconds=30)
_AGAIN = timedelta(hours=1)  # before a cry or a failed backup is repeated
T = TypeVar("T")
_log = structlog.get_logger()


class Monitor:
    """Looks twice a minute, and when the clock was turned: `turn` is the last that it looked by.

    `last_cry` is when the admins were last told past the database.
    """

    def __init__(
        self, settings: Settings, desk: Desk, bot: Bot, renderer: Renderer, clock: Clock,
        heartbeats: Heartbeats, poller: Poller,
    ) -> None:  # fmt: skip
        self.settings = settings
        self.desk = desk
        self.bot = bot
        self.renderer = renderer
        self.clock = clock
        self.heartbeats = heartbeats
        self.poller = poller
        self.wake = asyncio.Event()
        self.turn = clock.version
        self.last_cry: datetime | None = None
        self.is_checked = False  # whether all of the database was looked at by now
        self._last_late: list[str] = []
        self._failed_at: datetime | None = None  # when no backup could be made

    async def run(self) -> None:
        """Look for ever."""
        while True:
            turn, now = self.clock.version, self.clock.now()
            await self.look(now)
            self.turn = turn
            await self.clock.wait(self.wake, now + _EVERY)

    async def run_backups(self) -> None:
        """Back up for ever; a long copy holds up nothing else."""
        while True:
            now = self.clock.now()
            await self.back_up(now)
            await self.clock.wait(asyncio.Event(), now + _EVERY)

    async def run_check(self) -> None:
        """Read the whole database once, where the start only glanced at it; then rest for ever.

        Raises BrokenDatabaseError, once the admins know: nothing may be written any more.
        """
        if not self.is_checked:
            await self._check()
        await asyncio.Event().wait()

    async def _check(self) -> None:
        try:
            await beside(self.desk.store.look_through)
            _log.info("looked_through")
        except BrokenDatabaseError:
            self.last_cry = None
            await self._cry(self.clock.now(), template="alert_damage")
            raise
        except Exception as error:
            _log.error("check_failed", error=type(error).__name__)

    async def look(self, now: datetime) -> None:
        """Write the heartbeats down, and say what stands still."""
        try:
            await self._note(now)
        except Exception as error:
            _log.error("heartbeat_failed", error=type(error).__name__)
            await self._cry(now)
        late = self.heartbeats.late()
        if late != self._last_late:
            _log.log(logging.ERROR if late else logging.INFO, "standing_still", loops=late)
        self._last_late = late

    async def _note(self, now: datetime) -> None:
        is_webhook = self.settings.telegram.mode == "webhook"
        heard = now if is_webhook else self.poller.heard_at
        beats = {"watch": now} | ({"poll": heard} if heard else {})
        await self.desk.store.beat(beats, now)
        if not (await self.desk.store.backlog(now)).owed:
            self.heartbeats.beat(OUTBOX)

    async def _cry(self, now: datetime, template: str = "alert_storage") -> None:
        """Tell the config's admins at once and past the outbox, which cannot be written to."""
        if self.last_cry and now - self.last_cry < _AGAIN:
            return
        self.last_cry = now
        text = self.renderer.toast(Toast(callback_id="", template=template))
        for admin in self.settings.admins:
            with suppress(TelegramError):
                await self.bot.send_message(admin, text)

    async def back_up(self, now: datetime) -> None:
        """If it is time. One that fails is said every hour until one succeeds; the bot goes on."""
        part = self.settings.backup
        rested = self._failed_at is None or now - self._failed_at >= _AGAIN
        if not (part.folder and rested and backup.is_due(part, now)):
            return
        try:
            path = await beside(partial(backup.make, self.settings.database.url, part, now))
            _log.info("backed_up", file=path.name)
        except Exception as error:
            self._failed_at = now
            _log.error("backup_failed", error=type(error).__name__)
            with suppress(Exception):
                await self.desk.alert("alert_backup", {"error": str(error)[:100]}, now)


async def beside(work: Callable[[], T]) -> T:
    """What `work` returns or raises, from a thread that no end of the process waits for."""
    made: Future[T] = Future()

    def run() -> None:
        made.set_running_or_notify_cancel()
        try:
            made.set_result(work())
        except Exception as error:
            made.set_exception(error)

    Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(made)
