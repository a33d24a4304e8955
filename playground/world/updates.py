"""A bot's queue of updates: offsets, confirmation, long polls and what is dropped."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from playground.text.refusals import OTHER_POLLER, Json, Refusal
from playground.world.signals import Signal

KEPT_FOR = 24 * 60 * 60  # seconds that Telegram keeps an update nobody fetched
FIRST_UPDATE_ID = 500_000_001
# Telegram sends these only to bots that ask for them by name.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL = 50


@dataclass(frozen=True, slots=True)
class Update:
    """One update on its way to a bot. `at` is its moment in world Unix seconds."""

    id: int
    at: int
    kind: str
    payload: Json

    def as_json(self) -> Json:
        """Write the update as the Bot API does."""
        return {"update_id": self.id, self.kind: self.payload}


@dataclass
class Mailbox:
    """The updates a bot has not confirmed, oldest first."""

    allowed: frozenset[str] | None = None
    pending: deque[Update] = field(default_factory=deque)
    next_id: int = FIRST_UPDATE_ID
    dropped: int = 0
    arrived: Signal = field(default_factory=Signal)
    _repeats_owed: int = 0
    _repeats: list[Update] = field(default_factory=list)
    _conflict: asyncio.Future[str] | None = None

    def put(self, kind: str, payload: Json, now: int) -> None:
        """Queue an update unless the bot did not ask for its kind."""
        if not self._wants(kind):
            return
        self.pending.append(Update(self.next_id, now, kind, payload))
        self.next_id += 1
        self.arrived.fire()

    def _wants(self, kind: str) -> bool:
        return kind not in ON_REQUEST if self.allowed is None else kind in self.allowed

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remember which kinds the bot wants from now on; None changes nothing, [] resets."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def expire(self, now: int) -> None:
        """Drop what has waited for more than 24 hours of world time."""
        while self.pending and self.pending[0].at < now - KEPT_FOR:
            self.pending.popleft()
            self.dropped += 1

    def confirm(self, offset: int) -> None:
        """Forget all updates before `offset`; a negative one keeps the last -offset."""
        if offset < 0:
            offset = self.next_id + max(offset, -len(self.pending))
        while self.pending and self.pending[0].id < offset:
            self._forget(self.pending.popleft())

    def _forget(self, update: Update) -> None:
        if self._repeats_owed:
            self._repeats_owed -= 1
            self._repeats.append(update)

    def repeat(self, count: int) -> None:
        """Hand the next `count` confirmed updates out once more: Telegram may do so."""
        self._repeats_owed += count

    def clear(self) -> None:
        """Forget everything, as drop_pending_updates asks."""
        self.pending.clear()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Update]:  # noqa: ASYNC109
        """Confirm, then return what is there or the first to come in `timeout` real seconds.

        Raises a 409 `Refusal` when another poll or a webhook takes over meanwhile.
        """
        self.interrupt(OTHER_POLLER)
        if offset:
            self.confirm(offset)
        if not self.has_some and timeout > 0:
            await self._wait_alone(min(timeout, LONGEST_POLL))
        return self._batch(limit)

    @property
    def has_some(self) -> bool:
        """Whether an update waits to be fetched, or to be confirmed."""
        return bool(self.pending or self._repeats)

    def interrupt(self, conflict: str) -> None:
        """End the poll that waits now, if any, with a 409 that says why."""
        if self._conflict is not None and not self._conflict.done():
            self._conflict.set_result(conflict)
        self.arrived.fire()

    async def _wait_alone(self, timeout: float) -> None:  # noqa: ASYNC109
        conflict: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._conflict = conflict
        await self.arrived.wait(timeout)
        if conflict.done():
            raise Refusal(409, conflict.result())
        self._conflict = None

    async def peek(self) -> Update | None:
        """Wait for the oldest update and return it without confirming it."""
        if not self.has_some:
            await self.arrived.wait(LONGEST_POLL)
        if self._repeats:
            return self._repeats.pop(0)
        return self.pending[0] if self.pending else None

    def _batch(self, limit: int) -> list[Update]:
        repeats, self._repeats = self._repeats, []
        pending = (self.pending[index] for index in range(min(limit, len(self.pending))))
        return [*repeats, *pending]
