"""The bot while its database hangs: it gives up, says so, is red, and loses and doubles nothing."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, closing
from typing import Any

import httpx
import pytest
from hooking import hearing, hook_stage, opened, post, update
from post import heard, listener, rows
from silence import Line, asking, line
from sqlalchemy import text
from sqlalchemy.engine import make_url

from bot.config.settings import Settings
from bot.ops import health
from bot.running.heartbeats import DATABASE, DELIVER, RECEIVE, TICK
from playground.stage.stage import Stage, stage
from playground.world.limits import Limits
from workflows.store import tables as t

SECONDS = 2.0  # a loaded machine is no hanging database
on_postgres = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
ALL = "seen_updates, dialogs, outbox, timers"


@pytest.fixture
async def wire(url: str) -> AsyncIterator[Line]:
    async with line(make_url(url).query.get("host")) as made:
        yield made


@pytest.fixture
def hasty(settings: Settings, url: str, wire: Line, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with little patience, on a database by way of a line that can fall silent."""
    monkeypatch.setattr(health, "_LOOK_SECONDS", 1.5)
    far = wire.url(url) if "postgresql" in url else url
    told = {"url": far, "timeout_seconds": SECONDS}
    return settings.model_copy(update={"database": settings.database.model_copy(update=told)})


@asynccontextmanager
async def held(url: str) -> AsyncIterator[None]:
    """Somebody else has locked what every turn writes to."""
    if "postgresql" in url:
        async with asking(url) as other:
            await other.execute(text(f"LOCK TABLE {ALL} IN SHARE ROW EXCLUSIVE MODE"))
            yield
    else:
        with closing(sqlite3.connect(str(make_url(url).database))) as other:
            other.execute("BEGIN IMMEDIATE")
            yield


async def seen(on: Stage) -> list[int]:
    return [row["update_id"] for row in await rows(on, t.seen_updates)]


async def posted(hook: httpx.AsyncClient, first: int, last: int) -> Counter[int]:
    """How so many calls at once, from as many people, were answered."""
    calls = (post(hook, update(n, 2000 + n, "/start")) for n in range(first, last))
    return Counter(await asyncio.gather(*calls))


async def told(watch: httpx.AsyncClient) -> tuple[int, list[str]]:
    answer = await watch.get("/healthz")
    return answer.status_code, answer.json()["late"]


@on_postgres
async def test_a_hook_on_a_line_that_fell_silent(
    hasty: Settings, wire: Line, capfd: pytest.CaptureFixture[str]
):  # F64
    async with hook_stage(hasty) as on, opened(on) as (hook, watch), hearing(on):
        assert await posted(hook, 1, 5) == {200: 4} and await told(watch) == (200, [])
        wire.go_silent()
        wire.is_dead = True
        assert await posted(hook, 5, 37) == {500: 32}
        assert await told(watch) == (503, [RECEIVE, DATABASE])
        assert (await watch.get("/metrics")).status_code == 503
        wire.is_dead = False
        assert await posted(hook, 5, 37) == {200: 32}
        assert await told(watch) == (200, []) and (await watch.get("/metrics")).status_code == 200
        assert await seen(on) == [*range(1, 37)] and len(await rows(on)) == 36
    said = capfd.readouterr().out
    assert "hook_failed" in said and "TimeoutError" in said and "36" in said


async def test_a_hook_whose_database_somebody_has_locked(hasty: Settings, url: str):  # F64
    async with hook_stage(hasty) as on, opened(on) as (hook, watch), hearing(on):
        async with held(url):
            assert await posted(hook, 1, 9) == {500: 8}
            assert await told(watch) == (503, [RECEIVE])
        assert await posted(hook, 1, 9) == {200: 8}
        assert await told(watch) == (200, [])
        assert await seen(on) == [*range(1, 9)] and len(await rows(on)) == 8


@on_postgres
async def test_a_commit_whose_answer_was_lost_has_one_effect(hasty: Settings, wire: Line):  # F64
    async with hook_stage(hasty) as on, opened(on) as (hook, _), hearing(on):
        wire.last_word = b"COMMIT"
        assert await post(hook, update(1, 2001, "/start")) == 500
        assert await seen(on) == [1]
        assert await post(hook, update(1, 2001, "/start")) == 200
        assert len(await rows(on)) == 1


async def test_a_poll_confirms_nothing_meanwhile(hasty: Settings, url: str):  # F64, F16
    async with stage(hasty, limits=Limits(enabled=False)) as on:
        chen = await listener(on, "陈师傅", 1001)
        await chen.send_sticker()
        async with held(url):
            with pytest.raises(TimeoutError):
                await on.service.poller.step(0)
            assert on.service.heartbeats.failing() == {RECEIVE: "TimeoutError"}
            assert await on.phones.pending() == 1
        await on.settle()
        assert len(await heard(chen)) == 1 and on.service.heartbeats.failing() == {}


@asynccontextmanager
async def running(*loops: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(loop()) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.005)


async def test_the_other_loops_give_up_and_go_on_as_well(hasty: Settings, url: str):  # F64
    async with stage(hasty, limits=Limits(enabled=False)) as on:
        service, failing = on.service, on.service.heartbeats.failing
        on.clock.advance(24 * 3600)
        async with held(url), running(service.tick_forever, service.deliver_forever):
            await until(lambda: set(failing()) == {TICK, DELIVER})
        async with running(service.tick_forever, service.deliver_forever):
            await until(lambda: not failing())


@on_postgres
async def test_a_stop_does_not_wait_for_it(
    hasty: Settings, wire: Line, monkeypatch: pytest.MonkeyPatch
):  # F64, F22
    """However patient it is otherwise."""
    monkeypatch.setattr("bot.service._LAST_ANSWERS", 0.1)
    patient = hasty.database.model_copy(update={"timeout_seconds": 30.0})
    settings = hasty.model_copy(update={"database": patient})
    async with stage(settings, limits=Limits(enabled=False)) as on:
        await (await listener(on, "陈师傅", 1001)).send_sticker()
        await on.service.poller.step(0)
        wire.go_silent()
        async with asyncio.timeout(15):
            await on.service.close()
