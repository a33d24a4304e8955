"""What must not stand still, and what went wrong last, by a clock nobody can set."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

POLL, TICK, OUTBOX = "poll", "tick", "outbox"
RECEIVE, DELIVER, DATABASE = "receive", "deliver", "database"
_REMEMBERED = 180.0  # seconds; Telegram calls again before, so without a call there is no trouble


class Heartbeats:
    """Seconds since each loop's last beat, and whose last work failed, with the reason. `monotonic`
    is in seconds; a beat never goes back.
    """

    def __init__(
        self, limits: Mapping[str, float], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = dict(limits)
        self._monotonic = monotonic
        self._last = dict.fromkeys(limits, monotonic())
        self._failed: dict[str, tuple[float, str]] = {}

    def beat(self, name: str) -> None:
        """This one has just done its work."""
        self._last[name] = self._monotonic()

    def ages(self) -> dict[str, float]:
        """Seconds since the last beat of each that is watched."""
        now = self._monotonic()
        return {name: now - self._last[name] for name in self._limits}

    def fail(self, name: str, error: Exception) -> None:
        """The work of this one has just failed."""
        self._failed[name] = (self._monotonic(), type(error).__name__)

    def recover(self, name: str) -> None:
        """The work of this one has just been done."""
        self._failed.pop(name, None)

    def failing(self) -> dict[str, str]:
        """Whose last work failed, not long ago, with the kind of its error."""
        since = self._monotonic() - _REMEMBERED
        return {name: reason for name, (at, reason) in self._failed.items() if at > since}

    def late(self) -> list[str]:
        """Those that stand still, in order, and those that fail."""
        ages = self.ages()
        still = [name for name, limit in self._limits.items() if ages[name] > limit]
        return [*still, *(name for name in self.failing() if name not in still)]
