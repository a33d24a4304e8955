"""Telegram's three limits, kept from our side: overall a second, a private chat, a group.

Overall, messages leave one by one, evenly: so a reply waits for one place behind a broadcast and
not for the next second, and a kill finds one message in flight, not thirty. Moments come in as
values. The exact limits are unspecified, so they are settings, and a 429 is obeyed besides.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
_SLACK = timedelta(milliseconds=30)  # what one call may take longer to arrive than another
_AHEAD = timedelta(milliseconds=250)  # a message may wait so long for its place
_AT_MOST = 500
_CATCH_UP = timedelta(milliseconds=10)  # a place is still its own if taken so much later
_REMEMBERED = 1_000  # chats, before the first look for what can be forgotten
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Pace:
    """When may be written, and to which chat? A yes is counted as a message."""

    def __init__(self, per_second: float, per_chat_second: float, per_group_minute: float) -> None:
        self._overall = _Spacing((_SECOND + _SLACK) / per_second)
        self.ahead = min(1 + int(per_second * _AHEAD.total_seconds()), _AT_MOST)
        self._private = (max(int(per_chat_second), 1), _SECOND / min(per_chat_second, 1.0))
        self._group = (int(per_group_minute), _MINUTE + _SLACK)
        self._chats: dict[int, _Window] = {}
        self._room = _REMEMBERED
        self.next_free: datetime | None = None

    def begin(self) -> None:
        """Forget earlier refusals; `next_free` then tells of this round's."""
        self.next_free = None

    def allows(self, chat_id: int, now: datetime) -> bool:
        """Take one of the chat's own places now, if there is one."""
        return self._take(self._window(chat_id, now), now)

    def has_place(self, chat_id: int, now: datetime) -> bool:
        """Take a place among all messages now, if there is one; the chat's counts from now."""
        if not self._take(self._overall, now):
            return False
        self._window(chat_id, now).move(now)
        return True

    def _take(self, limit: _Window | _Spacing, now: datetime) -> bool:
        free_at = limit.free_at(now)
        if free_at > now:
            self.next_free = min(self.next_free or free_at, free_at)
            return False
        limit.take(now)
        return True

    def _forget(self, now: datetime) -> None:
        """Drop what no longer holds anything up, and look again at twice what is left."""
        self._chats = {c: w for c, w in self._chats.items() if w.holds(now)}
        self._room = max(2 * len(self._chats), _REMEMBERED)

    def _window(self, chat_id: int, now: datetime) -> _Window:
        if found := self._chats.get(chat_id):
            return found
        if len(self._chats) >= self._room:
            self._forget(now)
        size, length = self._group if chat_id < 0 else self._private
        made = self._chats[chat_id] = _Window(size, length)
        return made


class _Spacing:
    """One in every `interval`; who comes late does not make the others later."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval
        self._next = _LONG_AGO

    def free_at(self, now: datetime) -> datetime:
        """When there is a place; at once after a clock was set back."""
        is_sane = self._next - now <= self._interval
        return max(self._next, now) if is_sane else now

    def take(self, now: datetime) -> None:
        """Count one."""
        self._next = min(max(self._next, now - _CATCH_UP), now) + self._interval


class _Window:
    """At most `size` in any stretch of `length`."""

    __slots__ = ("_length", "_size", "_taken")

    def __init__(self, size: int, length: timedelta) -> None:
        self._length = length
        self._size = max(size, 1)
        self._taken: list[datetime] = []  # a deque has room for 64, and a chat is one of thousands

    def free_at(self, now: datetime) -> datetime:
        """When there is a place: now, or once the oldest is out of the window."""
        is_full = len(self._taken) == self._size
        free = self._taken[0] + self._length if is_full else now
        # A clock that was set back must not close the window until it has caught up.
        return free if free - now <= self._length else now

    def holds(self, now: datetime) -> bool:
        """Whether any that was counted still counts."""
        return bool(self._taken) and self._taken[-1] > now - self._length

    def take(self, now: datetime) -> None:
        """Count one."""
        if len(self._taken) == self._size:
            del self._taken[0]
        self._taken.append(now)

    def move(self, now: datetime) -> None:
        """The newest one is later than it was taken, even where it was forgotten meanwhile."""
        if self._taken:
            self._taken.pop()
        self._taken.append(now)
