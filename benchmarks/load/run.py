"""One bot under one load: started, warmed up, measured in a window, stopped."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.load import crowds, process
from benchmarks.load.botapi.api import BotApi
from benchmarks.load.botapi.tls import make_ca
from benchmarks.load.bots import Bot, Place
from benchmarks.load.figures import percentile
from benchmarks.load.residents import Town
from benchmarks.load.script import INTAKE, Step
from benchmarks.load.stall import StallProbe
from playground.world.limits import Limits

_START_SECONDS = 60.0


class RunError(RuntimeError):
    """The bot did not do what was waited for; with its last words."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a run is. Times are in seconds; `rate` is in updates a second, 0 for a closed loop."""

    seconds: float = 15.0
    warmup: float = 5.0
    latency: float = 0.0
    residents: int = 200
    rate: float = 0.0
    think: float = 0.0
    has_tls: bool = False
    has_limits: bool = False
    pushes: int = 0
    at_least: int = 0  # residents to be through before the window ends
    script: tuple[Step, ...] = INTAKE
    profile: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a run."""

    updates_per_second: float
    p50: float
    p99: float
    worst: float
    waited_p99: float
    cpu_per_1000: float
    megabytes_at_start: float
    megabytes: float
    finished: int
    silence: float
    stall: float | None
    stuck: int
    refused: int
    lost: int
    calls: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


@dataclass(kw_only=True)
class Scene:
    """What is there while a bot runs."""

    api: BotApi
    town: Town
    bot: Process
    probe: StallProbe | None
    log: Path

    def check(self) -> None:
        """Raises RunError when the bot has ended."""
        if self.bot.returncode is not None:
            raise RunError(f"the bot ended with {self.bot.returncode}\n{_last_words(self.log)}")


def _last_words(log: Path) -> str:
    """The end of what the bot printed."""
    return log.read_text("utf-8", "replace")[-2000:]


@asynccontextmanager
async def on_scene(bot: Bot, plan: Plan) -> AsyncIterator[Scene]:
    """The server up and the bot polling; both are gone afterwards."""
    with TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        api = BotApi(plan.latency, Limits() if plan.has_limits else None)
        context, ca = make_ca(folder) if plan.has_tls else (None, None)
        async with served(api, context) as base_url:
            place = _place(bot, plan, folder, base_url, ca)
            running = await _started(bot, place, plan, folder / "log")
            try:
                probe = StallProbe(place.health_port) if _is_probed(bot, plan) else None
                scene = Scene(api=api, town=Town(api, plan.script, plan.think), bot=running,
                              probe=probe, log=folder / "log")  # fmt: skip
                await _ready(scene)
                yield scene
            finally:
                await process.stop(running)


def _is_probed(bot: Bot, plan: Plan) -> bool:
    """Not while bots are compared: the others have no door to be asked at."""
    return bot.has_health and bool(plan.at_least or plan.pushes)


def _place(bot: Bot, plan: Plan, folder: Path, base_url: str, ca: Path | None) -> Place:
    data = folder / "data"
    data.mkdir()
    return Place(
        base_url=base_url, folder=data, ca=ca, has_limits=plan.has_limits,
        health_port=_free_port() if bot.has_health else 0,
        profile=plan.profile.resolve() if plan.profile else None,
    )  # fmt: skip


@asynccontextmanager
async def served(api: BotApi, context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """The Bot API on a free port of this machine; its address, without /bot."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(api.connection, "127.0.0.1", 0, ssl=context, backlog=4096)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{port}"
    finally:
        server.close()


async def _started(bot: Bot, place: Place, plan: Plan, log: Path) -> Process:
    environment = bot.environment(place)
    preparing = bot.prepare(place, plan.pushes)
    if preparing:
        preparation = await process.start(preparing, environment, log)
        if await preparation.wait():
            raise RunError(_last_words(log))
    return await process.start(bot.command(place), environment, log)


async def _ready(scene: Scene) -> None:
    """Wait for the first poll."""
    until = time.monotonic() + _START_SECONDS
    while not scene.api.feed.is_polled.is_set():
        scene.check()
        if time.monotonic() > until:
            raise RunError(f"the bot did not poll\n{_last_words(scene.log)}")
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)


async def measure(bot: Bot, plan: Plan) -> Result:
    """Run it once."""
    async with on_scene(bot, plan) as scene:
        at_start = process.resident_megabytes(scene.bot.pid)
        coming = asyncio.create_task(_come(scene.town, plan))
        try:
            await asyncio.sleep(plan.warmup)
            return await _window(scene, plan, at_start)
        finally:
            coming.cancel()
            scene.town.on_finish = lambda: None


async def _come(town: Town, plan: Plan) -> None:
    if plan.rate:
        await crowds.arrive(town, plan.rate)
    else:
        await crowds.keep(town, plan.residents)


async def _window(scene: Scene, plan: Plan, at_start: float) -> Result:
    scene.api.reset()
    scene.town.reset()
    began, cpu = time.perf_counter(), process.cpu_seconds(scene.bot.pid)
    probing = asyncio.create_task(scene.probe.run()) if scene.probe else None
    await _pass(scene, plan)
    if probing:
        probing.cancel()
    lasted = time.perf_counter() - began
    scene.check()
    spent = process.cpu_seconds(scene.bot.pid) - cpu
    return _result(scene, lasted, spent, at_start)


async def _pass(scene: Scene, plan: Plan) -> None:
    await asyncio.sleep(plan.seconds)
    while scene.town.finished < plan.at_least:
        scene.check()
        await asyncio.sleep(0.1)


def _result(scene: Scene, lasted: float, cpu: float, at_start: float) -> Result:
    town, api = scene.town, scene.api
    taken = sorted(town.latencies)
    return Result(
        updates_per_second=len(taken) / lasted,
        p50=percentile(taken, 50), p99=percentile(taken, 99), worst=taken[-1] if taken else 0.0,
        waited_p99=percentile(sorted(town.waits), 99),
        cpu_per_1000=cpu / max(len(taken), 1) * 1000,
        megabytes_at_start=at_start, megabytes=process.resident_megabytes(scene.bot.pid),
        finished=town.finished, silence=api.longest_silence,
        stall=scene.probe.longest if scene.probe else None,
        stuck=town.stuck(), refused=api.refused, lost=town.lost, calls=dict(api.calls),
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
