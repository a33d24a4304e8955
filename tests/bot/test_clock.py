"""Waiting for a moment or a wake, and following a playground's clock over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.running import clock as module
from bot.running.clock import Clock, FollowedClock, moment
from playground.http.server import Server, serve
from playground.world.clock import Clock as WorldClock
from playground.world.world import World

START = datetime(2036, 3, 2, 8, 0, tzinfo=UTC)
SOON = 5.0  # seconds after which a test that waits for ever fails


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serve(World(clock=WorldClock.manual(START))) as running:
        yield running


@pytest.fixture
async def followed(server: Server) -> FollowedClock:
    clock = FollowedClock(f"{server.root}/playground/clock")
    async with httpx.AsyncClient(trust_env=False) as client:
        await clock.read(client)
    return clock


async def waits(clock: Clock, wake: asyncio.Event, until: datetime | None) -> None:
    await asyncio.wait_for(clock.wait(wake, until), SOON)


async def test_a_wait_ends_at_its_moment():
    clock = Clock()
    until = clock.now() + timedelta(milliseconds=5)
    await waits(clock, asyncio.Event(), until)
    assert until <= clock.now() < until + timedelta(seconds=SOON)


async def test_a_moment_that_has_passed_is_not_waited_for():
    await waits(Clock(), asyncio.Event(), START - timedelta(days=5000))


async def test_a_wake_ends_the_wait_and_is_used_up():
    wake = asyncio.Event()
    wake.set()
    await waits(Clock(), wake, None)
    assert not wake.is_set()


async def test_without_a_moment_it_looks_up_all_the_same(monkeypatch: pytest.MonkeyPatch):
    """A jump of the machine's clock is noticed."""
    monkeypatch.setattr(module, "_LONGEST_WAIT", 0.005)
    await waits(Clock(), asyncio.Event(), None)


async def test_it_shows_what_the_playground_shows(followed: FollowedClock):
    assert followed.now() == START and followed.version == 1


async def test_a_running_playground_passes_at_its_rate(server: Server, followed: FollowedClock):
    server.world.clock.run(1000.0)
    async with httpx.AsyncClient(trust_env=False) as client:
        await followed.read(client)
    assert followed.rate() == 1000.0
    until = followed.now() + timedelta(seconds=5)
    await waits(followed, asyncio.Event(), until)
    assert followed.now() >= until


async def test_a_turn_of_the_clock_wakes_who_waits(server: Server, followed: FollowedClock):
    wake = asyncio.Event()
    following = asyncio.create_task(followed.follow(wake))
    await asyncio.sleep(0.01)
    server.world.clock.set(START + timedelta(days=1))
    await waits(followed, wake, followed.now() + timedelta(days=9))
    assert followed.now() == START + timedelta(days=1)
    following.cancel()


async def test_a_playground_that_is_gone_is_asked_again(monkeypatch: pytest.MonkeyPatch):
    wake = asyncio.Event()
    slept: list[float] = []
    real = asyncio.sleep

    async def no_sleep(seconds: float) -> None:
        slept.append(seconds)
        await real(0)

    monkeypatch.setattr(module.asyncio, "sleep", no_sleep)
    following = asyncio.create_task(FollowedClock("http://127.0.0.1:9/clock").follow(wake))
    await asyncio.wait_for(wake.wait(), SOON)
    assert slept[0] == 1
    following.cancel()


async def test_a_command_that_ends_at_once_asks_for_the_moment(server: Server):
    assert await moment(f"{server.root}/playground/clock") == START
    assert abs(await moment("") - datetime.now(UTC)) < timedelta(minutes=1)
