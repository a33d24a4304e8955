"""What time it is for the bot: the machine's own, or a playground's that can be turned.

Everything that waits for a moment waits here, so that time is a value for the rest.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from workflows.core.errors import HaitangError

_LONGEST_WAIT = 30.0  # seconds; a jump of the machine's clock is noticed after this


class NoClockError(HaitangError):
    """There is no playground's clock where the settings say."""


def machine_time() -> datetime:
    """The machine's own moment, aware UTC, which no playground turns."""
    return datetime.now(UTC)


class Clock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The moment, aware UTC."""
        return machine_time()

    async def wait(self, wake: asyncio.Event, until: datetime | None) -> None:
        """Return when `wake` is set or the moment has come; clears `wake`."""
        seconds = _LONGEST_WAIT
        if until is not None:
            seconds = min((until - self.now()).total_seconds() / self.rate(), seconds)
        with suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0.0)):  # 3.11's wait_for can lose a cancel
                await wake.wait()
        wake.clear()

    def rate(self) -> float:
        """How many of its seconds pass in one of the machine's."""
        return 1.0

    @property
    def version(self) -> int:
        """How often it had been turned when it was last read; nobody turns the machine's."""
        return 0

    async def follow(self, *wakes: asyncio.Event) -> None:
        """Run for ever; a clock that can be turned wakes who waits when it was."""
        await asyncio.Event().wait()


class FollowedClock(Clock):
    """A playground's clock, followed over HTTP by long polls of its `/playground/clock`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._shown = self._read_at = machine_time()
        self._rate = 1.0
        self._version = -1

    def now(self) -> datetime:
        """The playground's moment."""
        passed = (machine_time() - self._read_at).total_seconds()
        return self._shown + timedelta(seconds=passed * self._rate)

    def rate(self) -> float:
        """The playground's speed; a stopped clock is looked at again when it is turned."""
        return self._rate or 0.001

    @property
    def version(self) -> int:
        """As the playground counts."""
        return self._version

    async def read(self, client: httpx.AsyncClient, longest: float = 0.0) -> None:
        """Take over what the playground shows, waiting up to `longest` seconds for a turn."""
        params = {"after": self._version, "timeout": longest} if longest else {}
        answer = await client.get(self._url, params=params, timeout=longest + 10)
        self._take_over(answer.json())

    async def begin(self) -> None:
        """Read it for the first time. Raises NoClockError."""
        try:
            async with line() as client:
                await self.read(client)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
            raise NoClockError(self._url) from None

    def _take_over(self, shown: dict[str, Any]) -> None:
        self._shown = datetime.fromisoformat(shown["now"]).astimezone(UTC)
        self._rate = float(shown["rate"])
        self._version = int(shown["version"])
        self._read_at = machine_time()

    async def follow(self, *wakes: asyncio.Event) -> None:
        """Read on for ever; a playground that is gone is asked again every second."""
        async with line() as client:
            while True:
                try:
                    await self.read(client, longest=_LONGEST_WAIT if self._version >= 0 else 0.0)
                except (httpx.HTTPError, ValueError, KeyError):
                    await asyncio.sleep(1)
                for wake in wakes:
                    wake.set()


def line() -> httpx.AsyncClient:
    """To a playground: plain HTTP on this machine, for which reading every root certificate would
    take longer than all the rest of a start.
    """
    return httpx.AsyncClient(trust_env=False, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


async def moment(url: str) -> datetime:
    """What time it is for a command that ends at once, aware UTC; `url` as in the settings.

    Raises NoClockError.
    """
    clock = FollowedClock(url) if url else Clock()
    if isinstance(clock, FollowedClock):
        await clock.begin()
    return clock.now()
