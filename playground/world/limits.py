"""How fast a bot may send: Telegram's three published limits, by the world's clock."""

import math
from collections import deque
from dataclasses import dataclass, field


@dataclass
class Limits:
    """The limits, each a setting; `enabled` switches them as a whole.

    Telegram publishes "about" 30 messages a second overall, one a second in a private chat
    ("short bursts" are allowed, here `burst` messages) and 20 a minute in a group. Messages
    count, not edits: what Telegram allows those is unpublished.
    """

    enabled: bool = True
    per_second: int = 30
    private_per_second: float = 1.0
    burst: int = 3
    group_per_minute: int = 20


@dataclass
class _Bucket:
    """Tokens that refill over time, for a steady rate with a burst."""

    level: float
    at: float


@dataclass
class Throttle:
    """What one bot has sent lately."""

    limits: Limits
    _lately: deque[float] = field(default_factory=deque)
    _groups: dict[int, deque[float]] = field(default_factory=dict)
    _buckets: dict[int, _Bucket] = field(default_factory=dict)

    def admit(self, chat_id: int, is_private: bool, now: float, count: int = 1) -> int:
        """Count `count` messages and return 0, or count none and return the seconds to wait.

        `now` is world time in Unix seconds.
        """
        if not self.limits.enabled:
            return 0
        if wait := max(self._overall(now, count), self._in_chat(chat_id, is_private, now, count)):
            return max(1, math.ceil(wait))
        self._count(chat_id, is_private, now, count)
        return 0

    def _overall(self, now: float, count: int) -> float:
        return _window_wait(self._lately, now, 1.0, self.limits.per_second, count)

    def _in_chat(self, chat_id: int, is_private: bool, now: float, count: int) -> float:
        if is_private:
            missing = min(count, self.limits.burst) - self._bucket(chat_id, now).level
            return max(0.0, missing / self.limits.private_per_second)
        sent = self._groups.setdefault(chat_id, deque())
        return _window_wait(sent, now, 60.0, self.limits.group_per_minute, count)

    def _bucket(self, chat_id: int, now: float) -> _Bucket:
        full = float(self.limits.burst)
        bucket = self._buckets.setdefault(chat_id, _Bucket(full, now))
        refill = max(0.0, now - bucket.at) * self.limits.private_per_second
        bucket.level, bucket.at = min(full, bucket.level + refill), now
        return bucket

    def _count(self, chat_id: int, is_private: bool, now: float, count: int) -> None:
        self._lately.extend([now] * count)
        if is_private:
            self._bucket(chat_id, now).level -= count
        else:
            self._groups[chat_id].extend([now] * count)


def _window_wait(sent: deque[float], now: float, window: float, limit: int, count: int) -> float:
    """Tell how long until `count` more fit into a sliding window; forget what left it."""
    while sent and not now - window < sent[0] <= now:
        sent.popleft()
    if len(sent) + min(count, limit) <= limit:
        return 0.0
    return sent[len(sent) + min(count, limit) - limit - 1] + window - now
