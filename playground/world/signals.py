"""Waking waiters: the one primitive behind long polls, clock watchers and inbox waits."""

import asyncio


class Signal:
    """Something several tasks may wait for; each `fire` wakes all who wait at that moment."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()

    def fire(self) -> None:
        """Wake everybody who waits now. Later waiters wait for the next firing."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - a long poll's own limit
        """Wait at most `timeout` real seconds; tell whether the signal fired."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter, timeout)
        except TimeoutError:
            return False
        finally:
            self._waiters.discard(waiter)
        return True
