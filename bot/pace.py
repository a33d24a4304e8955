"""Telegram's three limits, kept from our side: overall a second, a private chat, a group.

Moments come in as values. The exact limits are unspecified, so they are settings, and a 429 is
obeyed besides.
"""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta

_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
_REMEMBERED = 10_000
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Pace:
    """May a chat be written to now? A yes is counted as a message."""

    def __init__(self, per_second: float, per_chat_second: float, per_group_minute: float) -> None:
        self._overall = _Window(int(per_second), _SECOND)
        self._private = (max(int(per_chat_second), 1), _SECOND / min(per_chat_second, 1.0))
        self._group = (int(per_group_minute), _MINUTE)
        self._chats: dict[int, _Window] = {}
        self.next_free: datetime | None = None

    def begin(self) -> None:
        """Forget earlier refusals; `next_free` then tells of this round's."""
        self.next_free = None

    def allows(self, chat_id: int, now: datetime) -> bool:
        """Take a place for one message to this chat now, if there is one."""
        window = self._window(chat_id, now)
        free_at = max(window.free_at(now), self._overall.free_at(now))
        if free_at > now:
            self.next_free = min(self.next_free or free_at, free_at)
            return False
        window.take(now)
        self._overall.take(now)
        return True

    def _forget(self, now: datetime) -> None:
        """Drop what no longer holds anything up."""
        self._chats = {c: w for c, w in self._chats.items() if w.last > now - _MINUTE}

    def _window(self, chat_id: int, now: datetime) -> _Window:
        if len(self._chats) > _REMEMBERED:
            self._forget(now)
        size, length = self._group if chat_id < 0 else self._private
        return self._chats.setdefault(chat_id, _Window(size, length))


class _Window:
    """At most `size` in any stretch of `length`."""

    def __init__(self, size: int, length: timedelta) -> None:
        self._length = length
        self._taken: deque[datetime] = deque(maxlen=max(size, 1))

    def free_at(self, now: datetime) -> datetime:
        """When there is a place: now, or once the oldest is out of the window."""
        is_full = len(self._taken) == self._taken.maxlen
        free = self._taken[0] + self._length if is_full else now
        # A clock that was set back must not close the window until it has caught up.
        return free if free - now <= self._length else now

    @property
    def last(self) -> datetime:
        """When the newest was counted; long ago for an empty window."""
        return self._taken[-1] if self._taken else _LONG_AGO

    def take(self, now: datetime) -> None:
        """Count one."""
        self._taken.append(now)
