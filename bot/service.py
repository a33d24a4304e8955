"""The bot as it runs: three loops around one store, a clock, and a door for health and webhook."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from functools import partial

import structlog
from starlette.applications import Starlette
from starlette.routing import Route
from telegram import BotCommandScopeAllGroupChats, MenuButtonCommands
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.config.settings import Settings
from bot.config.telling.doubts import doubts
from bot.ops import standing
from bot.ops.backup import own_files
from bot.ops.health import Health
from bot.ops.introduction import introduction
from bot.ops.metrics import Metrics
from bot.ops.monitor import Monitor
from bot.running.clock import Clock, FollowedClock
from bot.running.doors import Limits, served
from bot.running.heartbeats import DELIVER, OUTBOX, TICK, Heartbeats
from bot.telegram.client import make_bot
from bot.telegram.deliver import Deliverer
from bot.telegram.exchange import Exchange
from bot.telegram.hook import Hook
from bot.telegram.own_templates import check_own
from bot.telegram.pace import Pace
from bot.telegram.receive import ALLOWED, Poller, Receiver
from bot.telegram.render import Renderer
from bot.telegram.sending import Sender
from workflows.core.permissions import GROUP_COMMANDS, commands_of
from workflows.desk import Desk
from workflows.desk.outbound import outage
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Sent, Store, Work
from workflows.store.engine.owner import close_to_others
from workflows.store.outbox import Outcome

# A stop takes some ten seconds at most: the doors, the loops, twice the last answers, the database.
_STOP_SECONDS = 3.0
_LAST_ANSWERS = 2.0
_AGAIN_SECONDS = 3.0
_CALLED = Limits(connections=256)  # Telegram opens a hundred at most
_WATCHED = Limits(connections=64)
_log = structlog.get_logger()


class Service:
    """Everything wired. `start` before use; `run` until stopped."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or _clock_of(settings)
        self.store = Store.open(settings.database.url, KINDS, settings.database.timeout_seconds)
        rules = settings.rules(settings.choices())
        self.desk = Desk(self.store, rules, WORKFLOWS, settings.admins)
        told = settings.telegram
        self.bot, polling = make_bot(told)
        self.renderer = Renderer(settings.locale, rules, own=settings.own_templates)
        self.tick_wake = asyncio.Event()
        self._ticks_at: datetime | None = None  # None: not known, so it is asked anew
        self.sender = Sender(self.desk, self.bot, self.renderer, self.clock)
        self.exchange = Exchange(self.desk, self.sender, self._pace(), self.clock)
        self.deliverer = Deliverer(self.exchange, self.sender, self.renderer)
        self.heartbeats = Heartbeats(settings.health.limits(polls=told.mode == "polling"))
        self.receiver = Receiver(self.exchange, self.bot, self.renderer, self.heartbeats)
        self.metrics = Metrics()
        self.poller = Poller(self.receiver, polling, told.poll_timeout, self.heartbeats)
        self.hook = Hook(self.receiver, told.webhook.secret.get_secret_value())
        self.monitor = Monitor(
            settings, self.desk, self.bot, self.renderer, self.clock, self.heartbeats, self.poller
        )
        self.health = Health(self.store, self.monitor, self.heartbeats, self.metrics)
        self.store.on_commit = self._committed
        self.exchange.on_settled = self._settled
        self.exchange.on_turned = partial(self.heartbeats.recover, DELIVER)

    def _pace(self) -> Pace:
        t = self.settings.telegram
        return Pace(t.per_second, t.per_chat_second, t.per_group_minute)

    def _committed(self, work: Work, seconds: float) -> None:
        """Count it, and leave a line for every update: what became of it, and which tickets."""
        due = min((x.due_at for some in work.timers.values() for x in some), default=None)
        if due and (self._ticks_at is None or due < self._ticks_at):
            self.tick_wake.set()
        self.metrics.committed(work, seconds)
        log = _log.bind()  # once for all of them: each line would do it again
        for one in work.handled:
            log.info("handled", update_id=one.update_id, kind=one.kind, result=one.result,
                     tickets=one.tickets, actions=one.actions)  # fmt: skip

    def _settled(self, one: Sent) -> None:
        self.metrics.sent(one)
        if one.outcome is not Outcome.RETRY:
            self.heartbeats.beat(OUTBOX)

    async def start(self) -> None:
        """Check, migrate, appoint the admins, and greet Telegram.

        Raises InvalidToken; before anything is written BrokenDatabaseError, NewerSchemaError, or
        LostDatabaseError.
        """
        self._close_files()
        self.monitor.is_checked = await self.store.check()
        await self.store.migrate()
        self.poller.remembered = await self.store.last_beat("poll")
        await self.desk.appoint_admins(self.clock.now())
        await self.desk.plan_chores(self.clock.now())
        await self.desk.look_over(self.clock.now())
        await self._insist(self.bot.initialize)
        self.renderer.bot_name = self.bot.username
        await self._introduce()
        self._check_holidays()
        await self._check_templates()
        told = introduction(self.settings, self.bot.username)
        _log.info("started", mode=self.settings.telegram.mode, **told)
        await self._tell_missing()

    async def _tell_missing(self) -> None:
        """A line for whatever is most likely not meant, or keeps people from being served."""
        for doubt in doubts(self.settings):
            _log.warning("doubtful_setting", at=doubt.key, what=doubt.problem)
        async with self.store.read(self.clock.now()) as tx:
            found = await standing.look(tx, self.settings)
        for what in standing.missing(found):
            _log.warning("missing", what=what)
        for what in standing.gone_in_words(found, self.desk.rules):
            _log.warning("gone", what=what)

    def _close_files(self) -> None:
        """What an older haitang left readable for others is theirs no more."""
        if closed := close_to_others(own_files(self.settings)):
            _log.warning("closed_to_others", paths=[str(path) for path in closed])

    def _check_holidays(self) -> None:
        """Say once which year's holidays are unknown; its weekdays count as working days."""
        today = self.clock.now().astimezone(self.desk.rules.zone).date()
        if year := self.settings.unknown_holidays(today):
            _log.warning("holidays_unknown", year=year)

    async def _check_templates(self) -> None:
        """Tell the admins once what is wrong with the community's own; the built-in texts hold."""
        mistakes = check_own(self.settings, self.renderer)
        for mistake in mistakes:
            _log.warning("template_broken", at=mistake.key)
        if mistakes:
            faults = [(m.key, m.problem) for m in mistakes]
            await self.desk.alert("alert_template", {"faults": faults}, self.clock.now())

    async def _insist(self, call: Callable[[], Awaitable[object]]) -> None:
        """Call Telegram for as long as it takes: a street's line can be down.

        Raises InvalidToken and BadRequest, which another try would not mend.
        """
        while True:
            try:
                await call()
                return
            except (InvalidToken, BadRequest):
                raise
            except TelegramError as error:
                _log.warning("telegram_unreachable", error=type(error).__name__)
                await asyncio.sleep(_AGAIN_SECONDS)

    async def _introduce(self) -> None:
        """The commands everybody has, and the way updates come in."""
        everybodys = commands_of(None, WORKFLOWS.offered(None, self.desk.rules).menu)
        commands = [(name, self.renderer.word(name, "commands")) for name in everybodys]
        in_groups = [(name, self.renderer.word(name, "commands")) for name in GROUP_COMMANDS]
        try:
            await self.bot.set_my_commands(commands)
            await self.bot.set_my_commands(in_groups, scope=BotCommandScopeAllGroupChats())
            await self.bot.set_chat_menu_button(menu_button=MenuButtonCommands())
        except TelegramError as error:
            _log.warning("introduction_failed", error=type(error).__name__)
        hook = self.settings.telegram.webhook
        if self.settings.telegram.mode == "webhook":
            secret = hook.secret.get_secret_value()
            await self._insist(partial(
                self.bot.set_webhook, hook.url, secret_token=secret, allowed_updates=ALLOWED
            ))  # fmt: skip
            await self._recover()
        else:
            await self._insist(self.bot.delete_webhook)

    async def _recover(self) -> None:
        """A webhook is never asked: how long the bot was away is known at its start alone."""
        now, since = self.clock.now(), self.poller.heard_at
        if since and now - since >= outage.NOTICED:
            await self.desk.recover(since, now)

    async def close(self) -> None:
        """Let go of the network and the database."""
        await self.receiver.rest(_LAST_ANSWERS)
        with suppress(Exception):  # a database that fails to the last: sent twice, not lost
            async with asyncio.timeout(_LAST_ANSWERS * 2):
                await self.exchange.finish(_LAST_ANSWERS)
        await self.bot.shutdown()
        await self.store.close()

    async def tick_forever(self) -> None:
        """Ring due timers; sleep to the next one."""
        while True:
            try:
                self._ticks_at = None
                self._ticks_at = await self._ring()
                self.heartbeats.recover(TICK)
            except Exception as error:
                self.heartbeats.fail(TICK, error)
                _log.error("tick_failed", error=type(error).__name__)
                await asyncio.sleep(1)
            await self.clock.wait(self.tick_wake, self._ticks_at)

    async def _ring(self) -> datetime | None:
        """Ring what is due; returns when the next is. With nothing due, nothing is written."""
        now, ahead = self.clock.now(), await self.store.ahead()
        self.heartbeats.beat(TICK)
        if ahead.first is None or ahead.first > now:
            return ahead.first
        if await self.desk.tick(now, ahead):
            self.exchange.wake.set()
        return await self.store.next_timer()

    async def deliver_forever(self) -> None:
        """Send; after a fault of the database go on with what it still owes."""
        while True:
            try:
                await self.deliverer.run()
            except InvalidToken:
                raise
            except Exception as error:
                self.heartbeats.fail(DELIVER, error)
                _log.error("deliver_failed", error=type(error).__name__)
                await asyncio.sleep(1)

    def web(self) -> Starlette:
        """What a monitor asks for."""
        health = Route("/healthz", self.health.answer)
        return Starlette(routes=[health, Route("/metrics", self.health.show_metrics)])

    def hook_web(self) -> Starlette:
        """What Telegram calls, and nothing beside it."""
        path = self.settings.telegram.webhook.path
        return Starlette(routes=[Route(path, self.hook.answer, methods=["POST"])])

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT, or until Telegram refuses the token (InvalidToken)."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        if isinstance(self.clock, FollowedClock):
            await self.clock.begin()
        try:
            if await self._has_started(stop):
                await self._run_until(stop)
        finally:
            await self.close()

    async def _has_started(self, stop: asyncio.Event) -> bool:
        """Start, unless told to stop before Telegram could be reached."""
        starting, stopped = asyncio.create_task(self.start()), asyncio.create_task(stop.wait())
        await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if starting.done():
            starting.result()
            return True
        starting.cancel()
        await asyncio.wait({starting})
        return False

    async def _run_until(self, stop: asyncio.Event) -> None:
        receiving = (
            self.poller.run() if self.settings.telegram.mode == "polling" else self.hook.run()
        )
        loops = [
            asyncio.ensure_future(loop)
            for loop in (
                receiving,
                self.tick_forever(),
                self.deliver_forever(),
                self.clock.follow(self.tick_wake, self.exchange.wake, self.monitor.wake),
                self.monitor.run(),
                self.monitor.run_backups(),
                self.monitor.run_check(),
                stop.wait(),
            )
        ]
        async with self._doors():
            done, running = await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=_STOP_SECONDS)
        for task in done:
            task.result()  # raises what ended the service, if anything did

    @asynccontextmanager
    async def _doors(self) -> AsyncIterator[None]:
        """Serve health and webhook while inside, each at its own address."""
        hook, health = self.settings.telegram.webhook, self.settings.health
        async with AsyncExitStack() as stack:
            if health.port:
                watched = served(self.web(), health.host, health.port, _WATCHED)
                await stack.enter_async_context(watched)
            if self.settings.telegram.mode == "webhook":
                called = served(self.hook_web(), hook.host, hook.port, _CALLED)
                await stack.enter_async_context(called)
            yield


def _clock_of(settings: Settings) -> Clock:
    return FollowedClock(settings.clock.url) if settings.clock.url else Clock()
