"""How long a bot's loop stood still, seen at its own door.

A path that does not exist, asked for without its body, costs it 0.2 ms of CPU, so one per cent of
the time; but only a loop that runs answers it. It is asked in long runs, not in those that compare.
"""

from __future__ import annotations

import asyncio
import time

_EVERY = 0.02
_QUESTION = b"HEAD /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class StallProbe:
    """Knocks every 20 ms; `longest` is the longest time until an answer, in seconds."""

    def __init__(self, port: int) -> None:
        self.longest = 0.0
        self._port = port

    async def run(self) -> None:
        """Probe until cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            while True:
                asked = time.perf_counter()
                writer.write(_QUESTION)
                await reader.readuntil(b"\r\n\r\n")
                self.longest = max(self.longest, time.perf_counter() - asked)
                await asyncio.sleep(_EVERY)
        finally:
            writer.close()
