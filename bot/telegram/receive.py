"""Telegram → desk: fetch a batch, hand it over, and only then confirm it.

The stock Updater confirms what it has only queued (TRAPS: 90 of 100 updates lost by a kill), so
both ways in are our own: a long poll, and a webhook (`bot.telegram.hook`) that answers 200 after
the commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram.constants import ChatAction
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.running.clock import machine_time
from bot.running.heartbeats import POLL, RECEIVE, Heartbeats
from bot.telegram.client import QuietBot, seconds_of
from bot.telegram.exchange import Exchange
from bot.telegram.render import Renderer
from bot.telegram.translate import translate
from workflows.core.faultpoints import point
from workflows.core.talk.messages import Incoming
from workflows.desk import Toast, Update
from workflows.desk.outbound import outage
from workflows.store.engine.conflicts import is_unwritable

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
BATCH = 100
_PAUSE = 3.0  # seconds before the next try after Telegram or the database refused
_TURNS = 2  # that a batch may take before it is given up: another's that it waits for, its own
_GRACE = 15.0  # seconds beyond the poll's own time before it counts as hung
_log = structlog.get_logger()


class Receiver:
    """Hands batches of raw updates over, with what is owed, and answers taps."""

    def __init__(
        self, exchange: Exchange, bot: QuietBot, renderer: Renderer, heartbeats: Heartbeats
    ) -> None:
        self.heartbeats = heartbeats
        self.desk = exchange.desk
        self.bot = bot
        self.renderer = renderer
        self.clock = exchange.clock
        self._exchange = exchange
        self._toasting: set[asyncio.Task[None]] = set()

    async def take(self, batch: Sequence[Any]) -> None:
        """Commit what a batch of raw updates means. Raises what kept it from committing.

        TimeoutError says that it took too long; whether it was committed shows when it comes again.
        """
        try:
            async with asyncio.timeout(self.patience):
                await self._take(batch)
        except Exception as error:
            self.heartbeats.fail(RECEIVE, error)
            raise
        self.heartbeats.recover(RECEIVE)

    @property
    def patience(self) -> float:
        """How many seconds a batch may take."""
        return self.desk.store.seconds * _TURNS

    async def _take(self, batch: Sequence[Any]) -> None:
        now = self.clock.now()
        read = [translate(raw, self.bot, now) for raw in batch]
        toasts = await self._hand_over(read, now)
        for toast in toasts:
            self._beside(self._answer(toast))
        came = [one for one in read if isinstance(one, Incoming)]
        for chat_id in {one.chat_id for one in came if one.is_private and one.may_go_on}:
            self._beside(self._type(chat_id))

    async def _hand_over(self, read: list[Update], now: datetime) -> list[Toast]:
        """With a turn of the outbox, so that the answers go out after this one commit.

        A full batch goes alone: more is waiting, and while it is fetched the outbox has its turn.
        So does one whose turn failed: nothing that is owed may keep a petition out. A database that
        gives no answer is not asked again at once.
        """
        if len(read) < BATCH:
            try:
                return await self._exchange.take(read)
            except TimeoutError:
                raise
            except Exception as error:
                _log.warning("turn_failed", error=type(error).__name__)
        try:
            toasts = (await self.desk.turn(now, read)).toasts
        except Exception as error:
            if not is_unwritable(error):
                raise
            _log.error("batch_failed", error=type(error).__name__)
            toasts = await self._one_by_one(read, now)
        self.wake()
        return toasts

    async def _one_by_one(self, read: list[Update], now: datetime) -> list[Toast]:
        """So that an update whose work cannot be written keeps nobody else's out."""
        toasts: list[Toast] = []
        for one in read:
            try:
                toasts += (await self.desk.turn(now, [one])).toasts
            except Exception as error:
                if not (isinstance(one, Incoming) and is_unwritable(error)):
                    raise
                toasts += await self.desk.bury(one, error, now)
        return toasts

    def wake(self) -> None:
        """Something was committed: there may be something to send."""
        self._exchange.wake.set()

    async def alert(self, template: str) -> None:
        """Tell the admins, if the database can be written to."""
        with suppress(Exception):
            await self.desk.alert(template, {}, self.clock.now())
            self.wake()

    def _beside(self, answer: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(answer)
        self._toasting.add(task)
        task.add_done_callback(self._toasting.discard)

    async def _type(self, chat_id: int) -> None:
        """Show that the answer waits for the rest of an album or a split text."""
        with suppress(TelegramError):
            await self.bot.call("sendChatAction", chat_id=chat_id, action=ChatAction.TYPING)

    async def rest(self, seconds: float | None = None) -> None:
        """Wait until every tap has its answer, or so many seconds."""
        if self._toasting:
            await asyncio.wait(self._toasting, timeout=seconds)

    async def _answer(self, toast: Toast) -> None:
        """Best effort: a tap too old to be answered was acted on all the same."""
        with suppress(TelegramError):
            text = self.renderer.toast(toast)
            point("answer.before")
            await self.bot.call(
                "answerCallbackQuery", callback_query_id=toast.callback_id, text=text or None
            )
            point("answer.after")


class Poller:
    """The long poll. `offset` confirms what was committed and nothing else.

    `remembered` (aware UTC) is when Telegram was last heard, as an earlier run or a break left it.
    """

    def __init__(
        self, receiver: Receiver, request: BaseRequest, timeout: int, heartbeats: Heartbeats
    ) -> None:
        self.receiver = receiver
        self.timeout = timeout
        self.heartbeats = heartbeats
        self.remembered: datetime | None = None
        self._answered_at = machine_time()
        self._was_away = True
        self._request = request
        self._offset: int | None = None

    @property
    def heard_at(self) -> datetime | None:
        """When Telegram was last heard, aware UTC. While the line holds, the machine says how long
        ago: a clock that was turned meanwhile, or that flies, makes nobody absent.
        """
        if self._was_away:
            return self.remembered
        return self.receiver.clock.now() - (machine_time() - self._answered_at)

    async def run(self) -> None:
        """Poll for ever. Raises InvalidToken when Telegram does not know the bot.

        After a break the first poll waits for nothing: what was lost is made good at once.
        """
        while True:
            try:
                await self.step(0 if self._was_away else self.timeout)
            except InvalidToken:
                raise
            except RetryAfter as error:
                await self._rest(error, seconds_of(error.retry_after))
            except Conflict as error:
                await self.receiver.alert("alert_conflict")
                await self._rest(error, _PAUSE * 3)
            except Exception as error:
                await self._rest(error, _PAUSE)

    async def step(self, seconds: int) -> int:
        """One poll, committed, to be confirmed by the next. Returns how many updates it brought.

        An empty answer means that everything was confirmed; the next poll then names no offset,
        since after a quiet week Telegram may start again at any update_id (TRAPS).
        """
        batch = await self._heard(seconds)
        await self._take(batch)
        await self._note()
        return len(batch)

    async def _heard(self, seconds: int) -> list[Any]:
        try:
            async with asyncio.timeout(seconds + _GRACE):  # wait_for can lose a cancel in 3.11
                return await self._fetch(seconds)
        except Exception:
            self.remembered, self._was_away = self.heard_at, True
            raise

    async def _take(self, batch: list[Any]) -> None:
        if batch:
            await self.receiver.take(batch)
            self._offset = _next_offset(batch)
            if self._offset is None:
                raise ValueError("a batch without a single update_id cannot be confirmed")
        else:
            self._offset = None

    async def _note(self) -> None:
        """Telegram was heard; after a while without it, what was lost is made good once."""
        now = self.receiver.clock.now()
        if self._was_away and self.heard_at and now - self.heard_at >= outage.NOTICED:
            await self.receiver.desk.recover(self.heard_at, now)
            self.receiver.wake()
        self._answered_at, self._was_away = machine_time(), False
        self.heartbeats.beat(POLL)

    async def _fetch(self, seconds: int) -> list[Any]:
        """Raw updates: one that the library cannot parse must not take its batch down (TRAPS)."""
        allowed = '["' + '","'.join(ALLOWED) + '"]'
        asked: dict[str, Any] = {"timeout": seconds, "limit": BATCH, "allowed_updates": allowed}
        if self._offset is not None:
            asked["offset"] = self._offset
            point("confirm.before")
        url = f"{self.receiver.bot.base_url}/getUpdates?{urlencode(asked)}"
        found = await self._request.post(url, read_timeout=seconds + _GRACE)
        if self._offset is not None:
            point("confirm.after")
        return found if isinstance(found, list) else []

    async def _rest(self, error: Exception, seconds: float) -> None:
        _log.warning("poll_failed", error=type(error).__name__)
        await asyncio.sleep(seconds)


def _next_offset(batch: Sequence[Any]) -> int | None:
    ids = [raw.get("update_id") for raw in batch if isinstance(raw, dict)]
    known = [i for i in ids if isinstance(i, int)]
    return known[-1] + 1 if known else None
