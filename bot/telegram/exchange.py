"""The turn: one at a time, for what came in, what came back and what may go out.

It settles what has come back from Telegram, handles a batch of updates, and leases the heads of the
chats that may be written to, all in one transaction; then what is ready starts, each in its own
task, as its place comes. So the answers to a batch go out after its one commit. Leased is only what
the next moments have places for: a reply stands behind few others, and a kill leaves few to wait
for their lease's end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.running.clock import Clock
from bot.telegram.pace import Pace
from bot.telegram.sending import Sender
from workflows.desk import Desk, Letter, Toast, Update
from workflows.store import Sent
from workflows.store.engine.conflicts import is_unwritable

_LONGEST_READY = timedelta(seconds=10)  # then its lease would end before its sending does
_MANY = 16  # under way at once, which Telegram's limits hardly allow: then answers come in heaps,
_GATHER_SECONDS = 0.03  # and one transaction can settle a heap


def _unheard(_: Sent) -> None:
    """Nobody counts."""


def _unseen() -> None:
    """Nobody looks."""


class Exchange:
    """Where the turns are taken. `on_settled` hears how each sending ended, `on_turned` that a
    turn was committed; `wake` is set when there may be something to send.
    """

    def __init__(self, desk: Desk, sender: Sender, pace: Pace, clock: Clock) -> None:
        self.desk = desk
        self.pace = pace
        self.clock = clock
        self.wake = asyncio.Event()
        self.on_settled: Callable[[Sent], None] = _unheard
        self.on_turned: Callable[[], None] = _unseen
        self._sender = sender
        self._ready: list[Letter] = []  # leased, the most urgent first
        self._flying: set[asyncio.Task[None]] = set()
        self._landed: list[Sent] = []  # to be settled
        self._turning = asyncio.Lock()

    @property
    def under_way(self) -> int:
        """How many messages are being sent."""
        return len(self._flying)

    @property
    def landed(self) -> int:
        """How many sendings have come to an end that is not written down."""
        return len(self._landed)

    async def take(self, batch: Sequence[Update]) -> list[Toast]:
        """A turn with a batch of updates. Returns the answers to taps; raises what kept it from
        committing.
        """
        async with self._turning:
            toasts = await self._turn(batch)
        if self.pace.next_free or not self._flying:  # else what lands will wake
            self.wake.set()
        return toasts

    async def look(self) -> None:
        """A turn without updates, unless one that begins meanwhile sees to all there is."""
        self.wake.set()
        if len(self._flying) > _MANY:
            await asyncio.sleep(_GATHER_SECONDS)
        async with self._turning:
            if self.wake.is_set():
                await self._turn()

    async def settle_some(self) -> int:
        """A turn without updates, in any case. Returns how many had landed or are under way."""
        async with self._turning:
            came = len(self._landed)
            await self._turn()
        return came + len(self._flying)

    async def arrive(self, seconds: float | None = None) -> None:
        """Wait until all that is under way has landed, or so many seconds."""
        if self._flying:
            await asyncio.wait(self._flying, timeout=seconds)

    async def finish(self, seconds: float) -> None:
        """Before the end: write down what was sent, or it would be sent again, and give back the
        rest.
        """
        now, unsent, self._ready = self.clock.now(), self._ready, []
        await self.arrive(seconds)
        self._landed += [
            self._sender.retry(x, 0.0, "stopped before its place came") for x in unsent
        ]
        if not self._landed:
            return
        try:
            await self.desk.turn(now, sent=self._landed)
        except Exception as error:
            if not is_unwritable(error):
                raise
            await self.desk.settle_one_by_one(self._landed, now)

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

    def _start(self) -> None:
        """Send what is ready as far as there are places."""
        now = self.clock.now()
        while self._ready and self.pace.has_place(self._ready[0].owed.chat_id, now):
            letter = self._ready.pop(0)
            if now - letter.now <= _LONGEST_READY:  # else somebody else may have it soon
                task = asyncio.create_task(self._fly(letter))
                self._flying.add(task)
                task.add_done_callback(self._flying.discard)

    async def _fly(self, letter: Letter) -> None:
        self._landed.append(await self._sender.send(letter))
        self.wake.set()


def _urgency(letter: Letter) -> tuple[int, int]:
    return letter.owed.priority, letter.owed.id
