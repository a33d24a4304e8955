"""What must not stand still: when each loop last did its work, by a clock nobody can set."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

POLL, TICK, OUTBOX = "poll", "tick", "outbox"


class Pulse:
    """Seconds since each loop's last beat. `monotonic` is in seconds; a beat never goes back."""

    def __init__(
        self, limits: Mapping[str, float], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = dict(limits)
        self._monotonic = monotonic
        self._last = dict.fromkeys(limits, monotonic())

    def beat(self, name: str) -> None:
        """This one has just done its work."""
        self._last[name] = self._monotonic()

    def ages(self) -> dict[str, float]:
        """Seconds since the last beat of each that is watched."""
        now = self._monotonic()
        return {name: now - self._last[name] for name in self._limits}

    def late(self) -> list[str]:
        """Those that stand still, in order."""
        ages = self.ages()
        return [name for name, limit in self._limits.items() if ages[name] > limit]
