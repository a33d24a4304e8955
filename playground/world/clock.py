"""The world's clock: every date, limit and age in the playground is read from it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playground.world.signals import Signal


class Clock:
    """A settable clock. `rate` is world seconds per real second: 0 stands still, 1 is real.

    Every change raises `version`, so that a watcher can wait for the next one, and calls
    `watchers`.
    Moments are aware UTC datetimes; naive ones are refused.
    """

    def __init__(self, start: datetime, rate: float) -> None:
        self.version = 1
        self.changed = Signal()
        self.watchers: list[Callable[[], None]] = []
        self._base = _aware(start)
        self._anchor = time.monotonic()
        self._rate = rate

    @classmethod
    def real(cls) -> "Clock":
        """Start now and run at the speed of real time."""
        return cls(datetime.now(UTC), 1.0)

    @classmethod
    def manual(cls, start: datetime) -> "Clock":
        """Stand still at `start` until somebody sets or advances it."""
        return cls(start, 0.0)

    @property
    def rate(self) -> float:
        """World seconds that pass in one real second."""
        return self._rate

    def now(self) -> datetime:
        """Tell the world's time, in UTC."""
        passed = (time.monotonic() - self._anchor) * self._rate
        return self._base + timedelta(seconds=passed)

    def timestamp(self) -> int:
        """Tell the world's time as Telegram writes dates: whole Unix seconds."""
        return int(self.now().timestamp())

    def set(self, moment: datetime) -> None:
        """Jump to `moment`, forwards or backwards."""
        self._restart(_aware(moment), self._rate)

    def advance(self, seconds: float) -> None:
        """Jump by `seconds` of world time."""
        self._restart(self.now() + timedelta(seconds=seconds), self._rate)

    def run(self, rate: float) -> None:
        """Let time pass at `rate` from now on."""
        if rate < 0:
            raise ValueError("time does not run backwards: rate must be 0 or more")
        self._restart(self.now(), rate)

    async def wait(self, version: int, timeout: float) -> int:  # noqa: ASYNC109
        """Wait until the version differs from `version`, at most `timeout` real seconds."""
        if self.version == version:
            await self.changed.wait(timeout)
        return self.version

    def _restart(self, base: datetime, rate: float) -> None:
        self._base, self._rate, self._anchor = base, rate, time.monotonic()
        self.version += 1
        self.changed.fire()
        for tell in self.watchers:
            tell()


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no place on the world's clock")
    return moment.astimezone(UTC)
