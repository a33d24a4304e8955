"""Outbox → Telegram: order, pace, retry, park.

A turn: settle what has come back, lease the heads of the chats that may be written to, and send
what is ready, each in its own task, as its place comes. A batch of updates takes its turn along, so
that its answers go out after one commit. Leased is only what the next moments have places for, so a
reply stands behind few others, and a kill leaves few to wait for their lease's end. A slow answer
holds up its own chat and nobody else's.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.running.clock import Clock
from bot.telegram.client import QuietBot, seconds_of
from bot.telegram.pace import Pace
from bot.telegram.render import Renderer
from bot.telegram.ways import Ways
from workflows.core.faultpoints import point
from workflows.desk import Desk, Letter, Toast, Update
from workflows.store import Sent
from workflows.store.engine.conflicts import is_unwritable
from workflows.store.outbox import LEASE, Outcome

_LONGEST_RETRY = 60.0  # seconds between tries while Telegram or the network is down
_DOUBLINGS = 6  # of the first second, until the longest; a day's tries would overflow
_LONGEST_SENDING = LEASE.total_seconds() - 15
_LONGEST_READY = timedelta(seconds=10)  # then its lease would end before its sending does
_NEXT_LOOK = timedelta(seconds=1)
_MANY = 16  # under way at once, which Telegram's limits hardly allow: then answers come in heaps,
_GATHER_SECONDS = 0.03  # and one transaction can settle a heap
# When the message that was to be drawn again is gone.
_WITHOUT_IT = {"edit": Outcome.GONE, "redraw": Outcome.GONE, "fade": Outcome.DROPPED}
_log = structlog.get_logger()


def _unheard(_: Sent) -> None:
    """Nobody counts."""


def _unseen() -> None:
    """Nobody looks."""


class Deliverer:
    """Sends what the outbox owes. `on_settled` hears how each sending ended, `on_turned` that a
    turn was committed.
    """

    def __init__(
        self, desk: Desk, bot: QuietBot, renderer: Renderer, pace: Pace, clock: Clock
    ) -> None:
        self.desk = desk
        self.bot = bot
        self.renderer = renderer
        self._ways = Ways(bot, renderer)
        self.pace = pace
        self.clock = clock
        self.wake = asyncio.Event()
        self.fatal: BaseException | None = None
        self.on_settled: Callable[[Sent], None] = _unheard
        self.on_turned: Callable[[], None] = _unseen
        self._ready: list[Letter] = []  # leased, the most urgent first
        self._flying: set[asyncio.Task[None]] = set()
        self._landed: list[Sent] = []  # to be settled
        self._turning = asyncio.Lock()

    async def run(self) -> None:
        """Send for ever. Raises InvalidToken when Telegram no longer knows the bot."""
        while True:
            looked_at = self.clock.now()
            await self._look()
            if self.fatal:
                raise self.fatal
            await self.clock.wait(self.wake, await self._next(looked_at))

    async def _look(self) -> None:
        """A turn without updates, unless one that begins meanwhile sees to all there is."""
        self.wake.set()
        if len(self._flying) > _MANY:
            await asyncio.sleep(_GATHER_SECONDS)
        async with self._turning:
            if self.wake.is_set():
                await self._turn()

    async def _next(self, looked_at: datetime) -> datetime | None:
        """When to look again; while something is under way the store need not be asked."""
        if self._flying:
            return min(self.pace.next_free or looked_at + _NEXT_LOOK, looked_at + _NEXT_LOOK)
        moments = (self.pace.next_free, await self.desk.store.next_owed(after=looked_at))
        return min((moment for moment in moments if moment), default=None)

    async def finish(self, seconds: float) -> None:
        """Before the end: write down what was sent, or it would be sent again, and give back the
        rest.
        """
        now, unsent, self._ready = self.clock.now(), self._ready, []
        if self._flying:
            await asyncio.wait(self._flying, timeout=seconds)
        self._landed += [self._retry(x, 0.0, "stopped before its place came") for x in unsent]
        if not self._landed:
            return
        try:
            await self.desk.turn(now, sent=self._landed)
        except Exception as error:
            if not is_unwritable(error):
                raise
            await self.desk.settle_one_by_one(self._landed, now)

    async def drain(self) -> int:
        """Send everything that may be sent now and wait for all of it. Returns how many."""
        count = await self._drain_some()
        while self._flying or self._landed:
            if self._flying:
                await asyncio.wait(self._flying)
            count += await self._drain_some()
        return count

    async def _drain_some(self) -> int:
        async with self._turning:
            came = len(self._landed)
            await self._turn()
        if self.fatal:
            raise self.fatal
        return came + len(self._flying)

    async def take(self, batch: Sequence[Update]) -> list[Toast]:
        """A turn with a batch of updates. Returns the answers to taps; raises what kept it from
        committing.
        """
        async with self._turning:
            toasts = await self._turn(batch)
        if self.pace.next_free or not self._flying:  # else what lands will wake
            self.wake.set()
        return toasts

    async def _turn(self, batch: Sequence[Update] = ()) -> list[Toast]:
        """Settle what has come back, handle a batch, and start what may be sent.

        What has come back and cannot be settled together is settled one by one; what cannot be
        settled at all comes again with the next turn, and keeps nobody else waiting.
        """
        self.wake.clear()
        now, landed = self.clock.now(), [*self._landed]
        try:
            return await self._exchange(now, batch, landed)
        except Exception as error:
            if batch or not (landed and is_unwritable(error)):
                raise
            if not await self.desk.settle_one_by_one(landed, now):
                await self._exchange(now, (), [])
                raise
        self._forget(landed)
        return await self._exchange(now, (), [])

    async def _exchange(
        self, now: datetime, batch: Sequence[Update], landed: list[Sent]
    ) -> list[Toast]:
        self.pace.begin()
        await self._tell_broken(now)
        turn = await self.desk.turn(
            now, batch, landed,
            lambda chat_id: self.pace.allows(chat_id, now), self.pace.ahead - len(self._ready),
        )  # fmt: skip
        self.on_turned()
        self._forget(landed)
        if turn.failed:
            self._landed += turn.failed
            self.wake.set()
        self._ready = sorted([*self._ready, *turn.letters], key=_urgency)
        self._start()
        return turn.toasts

    def _forget(self, landed: list[Sent]) -> None:
        """Only now: what was not written must not be forgotten."""
        del self._landed[: len(landed)]
        for one in landed:
            self.on_settled(one)

    async def _fly(self, letter: Letter) -> None:
        self._landed.append(await self._send(letter))
        self.wake.set()

    def _start(self) -> None:
        """Send what is ready as far as there are places."""
        now = self.clock.now()
        while self._ready and self.pace.has_place(self._ready[0].owed.chat_id, now):
            letter = self._ready.pop(0)
            if now - letter.now <= _LONGEST_READY:  # else somebody else may have it soon
                task = asyncio.create_task(self._fly(letter))
                self._flying.add(task)
                task.add_done_callback(self._flying.discard)

    async def _tell_broken(self, now: datetime) -> None:
        """The admins hear of each template of their own that could not be drawn."""
        if broken := self.renderer.take_broken():
            await self.desk.alert("alert_template", {"faults": [*broken.items()]}, now)

    async def _send(self, letter: Letter) -> Sent:
        """One message out, whatever comes of it as a value."""
        owed = letter.owed
        if owed.is_blocked:
            return Sent(owed=owed, outcome=Outcome.PARKED)
        try:
            message_id = await self._out(letter)
        except InvalidToken as error:
            self.fatal = error
            return self._retry(letter, 0.0, "the token was refused")
        except ChatMigrated as error:
            return await self._moved(letter, error.new_chat_id)
        except TelegramError as error:
            return self._classify(letter, error)
        except Exception as error:
            _log.error("draw_failed", outbox=owed.id, error=type(error).__name__)
            return Sent(owed=owed, outcome=Outcome.DEAD, error=repr(error))
        return Sent(owed=owed, outcome=Outcome.SENT, message_id=message_id)

    async def _out(self, letter: Letter) -> int | None:
        """The one call, ended before its lease does: what is sent twice was never given up."""
        try:
            async with asyncio.timeout(_LONGEST_SENDING):
                point("send.before")
                message_id = await self._ways.send(letter)
        except TimeoutError as error:
            raise TimedOut from error
        point("send.after")
        return message_id

    async def _moved(self, letter: Letter, new_chat_id: int) -> Sent:
        """Once more to the new id; if that cannot be written now, the old one tells it again."""
        try:
            await self.desk.rekey(letter.owed.chat_id, new_chat_id, self.clock.now())
        except Exception as error:
            _log.error("rekey_failed", error=type(error).__name__)
            return self._retry(letter, 1.0, "the group moved")
        return self._retry(letter, 0.0, "the group moved")

    def _classify(self, letter: Letter, error: TelegramError) -> Sent:
        """What a refusal means. BadRequest is a NetworkError to the library (TRAPS): first."""
        owed, text = letter.owed, str(error)
        if isinstance(error, RetryAfter):
            return self._retry(letter, seconds_of(error.retry_after), text)
        if isinstance(error, Forbidden) or "chat not found" in text.lower():
            return Sent(owed=owed, outcome=Outcome.PARKED, error=text)
        if isinstance(error, BadRequest):
            return self._refused(letter, text)
        backoff = min(2.0 ** min(owed.attempts, _DOUBLINGS), _LONGEST_RETRY)
        return self._retry(letter, backoff * random.uniform(0.5, 1.0), text)  # noqa: S311

    def _refused(self, letter: Letter, text: str) -> Sent:
        """A 400: success-like, a card that is gone, else once more as plain text, then dead."""
        owed = letter.owed
        if "not modified" in text:
            return Sent(owed=owed, outcome=Outcome.SENT, message_id=owed.card)
        if owed.kind == "delete" and "can't be deleted" in text:  # older than 48 hours
            return Sent(owed=owed, outcome=Outcome.GONE, error=text)
        if owed.kind in {"strip", "delete"}:
            return Sent(owed=owed, outcome=Outcome.DROPPED, error=text)
        if owed.kind in _WITHOUT_IT and ("not found" in text or "can't be edited" in text):
            return Sent(owed=owed, outcome=_WITHOUT_IT[owed.kind], error=text)
        outcome = Outcome.DEAD if owed.is_plain else Outcome.PLAIN
        return Sent(owed=owed, outcome=outcome, error=text)

    def _retry(self, letter: Letter, seconds: float, text: str) -> Sent:
        again_at = self.clock.now() + timedelta(seconds=seconds)
        return Sent(owed=letter.owed, outcome=Outcome.RETRY, again_at=again_at, error=text)


def _urgency(letter: Letter) -> tuple[int, int]:
    return letter.owed.priority, letter.owed.id
