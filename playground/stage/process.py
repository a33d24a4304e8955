"""The bot as a process of its own: started, asked for its health, killed or stopped.

It knows the bot only by its command, `python -m bot`, and by its `/healthz`.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, Protocol, TypeVar

import httpx

_LOOPBACK = "127.0.0.1"
_START_SECONDS = 30.0  # real ones, on a busy machine
_STOP_SECONDS = 20.0
_GLANCE = 0.01  # real seconds between two looks at its health, longer each time
_LONGEST_GLANCE = 0.05

Holds = Callable[[], Awaitable[bool]]
T = TypeVar("T")


class BotError(RuntimeError):
    """The bot ended or did not do in time what was waited for; with its last words."""


class Running(Protocol):
    """A process that was started; asyncio's own, or one a `zygote` forked."""

    @property
    def returncode(self) -> int | None:
        """The exit code, None while it runs."""

    async def wait(self) -> int:
        """The exit code, once it ended."""

    def kill(self) -> None:
        """SIGKILL."""

    def terminate(self) -> None:
        """SIGTERM."""


class BotProcess:
    """`python -m bot` with a config and an environment; one `run` of it at a time.

    HAITANG_ variables around this program do not reach it. Its stderr is appended to `log`.
    """

    def __init__(self, config: Path, environment: Mapping[str, str], log: Path) -> None:
        self.health_port = _free_port()
        self._config = config
        self._log = log
        around = {k: v for k, v in os.environ.items() if not k.startswith("HAITANG_")}
        door = {"HAITANG_HEALTH__HOST": _LOOPBACK, "HAITANG_HEALTH__PORT": str(self.health_port)}
        # The playground is on this machine, whatever proxy is set up for the others.
        self._environment = {**around, "NO_PROXY": _LOOPBACK, **door, **environment}
        self._http = httpx.AsyncClient(
            base_url=f"http://{_LOOPBACK}:{self.health_port}", timeout=10.0, trust_env=False,
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # plain HTTP: no certificates to read
        )  # fmt: skip
        self._process: Running | None = None

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def ended_with(self) -> int | None:
        """Its exit code, None before it ended."""
        return self._process.returncode if self._process else None

    async def start(self) -> None:
        """Start it and wait until it is up. Raises BotError if it does not come up."""
        if self.is_running:
            raise BotError("the bot runs already")
        self._process = await self._run()
        await self.wait_for(self._is_up, "the bot did not come up", _START_SECONDS)

    async def _run(self) -> Running:
        with self._log.open("ab") as log:
            return await self._spawn("run", stdout=DEVNULL, stderr=log)

    async def _spawn(self, command: str, *arguments: str, **streams: Any) -> Process:
        line = (sys.executable, "-m", "bot", command, "--config", str(self._config), *arguments)
        return await asyncio.create_subprocess_exec(*line, env=self._environment, **streams)

    async def _is_up(self) -> bool:
        with suppress(httpx.TransportError):
            return bool(await self.health())
        return False

    async def health(self) -> dict[str, Any]:
        """What its `/healthz` says."""
        answer = await self._http.get("/healthz")
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:  # red, and saying why
            answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    async def wait_for(self, holds: Holds, otherwise: str, seconds: float) -> None:
        """Look at `holds()` again and again. Raises BotError when the bot ends or time is up."""
        until, glance = monotonic() + seconds, _GLANCE
        while not await self._attempt(holds):
            if not self.is_running or monotonic() > until:
                raise BotError(f"{otherwise}\n{self.last_words()}")
            await asyncio.sleep(glance)
            glance = min(glance * 1.5, _LONGEST_GLANCE)

    async def _attempt(self, holds: Holds) -> bool:
        if not self.is_running:
            return False
        try:
            return await holds()
        except httpx.TransportError:  # it is ending, or too busy to answer: look again
            return False

    async def command(self, name: str, *arguments: str) -> str:
        """Run another of its commands to the end; returns what it printed."""
        process = await self._spawn(name, *arguments, stdout=PIPE, stderr=PIPE)
        printed, complained = await process.communicate()
        if process.returncode:
            raise BotError(f"{name} ended with {process.returncode}: {complained.decode()}")
        return printed.decode().strip()

    async def during(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` returns. Raises BotError, and cancels it, when the bot ends before."""
        if self._process is None:
            raise BotError("the bot was never started")
        working, ending = asyncio.create_task(work), asyncio.create_task(self._process.wait())
        await asyncio.wait((working, ending), return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not working.done():
            working.cancel()
            raise BotError(f"the bot ended\n{self.last_words()}")
        return working.result()

    async def end(self) -> int | None:
        """Its exit code, once it ended; None if it does not end within a second."""
        with suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                return await self._process.wait() if self._process else None
        return None

    async def kill(self) -> None:
        """SIGKILL: no goodbye."""
        if self._process and self.is_running:
            self._process.kill()
            await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM; returns its exit code. Raises BotError if it does not end."""
        if self._process is None:
            raise BotError("the bot was never started")
        if self.is_running:
            self._process.terminate()
        try:
            return await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)
        except TimeoutError:
            raise BotError(f"the bot did not stop\n{self.last_words()}") from None

    async def close(self) -> None:
        """Leave nothing behind."""
        await self.kill()
        await self._http.aclose()

    def last_words(self, characters: int = 4000) -> str:
        """The end of what it wrote to stderr."""
        return self._log.read_text("utf-8", "replace")[-characters:] if self._log.exists() else ""


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((_LOOPBACK, 0))
        port: int = listener.getsockname()[1]
        return port
