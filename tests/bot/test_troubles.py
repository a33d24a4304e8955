"""The disk full, the database locked, Telegram down: nothing untrue is said, and it all heals."""

import resource
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from casting import Cast
from folk import EXAMPLE
from post import heard

from playground.phones.phone import Phone
from playground.stage.process_stage import UNPACED, ProcessStage, process_stage
from playground.stage.stage import MORNING, Stage
from playground.torture.invariants import examine
from playground.world.clock import Clock
from playground.world.limits import Limits
from playground.world.world import World
from workflows.core.people import Role
from workflows.petition.store import lookups
from workflows.store.engine import patience
from workflows.store.engine.snapshot import file_of

CHARGER, LAMP = "3号楼下充电桩坏了", "3号楼楼道灯不亮"
FILED = "收到了，您的事记下了"
ADMIN = 9001
_RATE = 30.0  # the bot looks at its heartbeats every 30 seconds


def database(url: str) -> Path:
    path = file_of(url)
    assert path
    return path


async def said(phone: Phone) -> int:
    """How often somebody was told that his petition is filed."""
    return sum(FILED in text for text in await heard(phone))


async def draft(scene: Stage | ProcessStage, phone: Phone, text: str) -> None:
    """A petition that only waits for its 提交."""
    await phone.start("st_nanhuan-east")
    await phone.send(text)
    await scene.settle()


# the database locked, Telegram down


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Milliseconds where the bot waits for a lock for ten seconds."""
    monkeypatch.setattr(patience, "lock_milliseconds", lambda _: 5)


@asynccontextmanager
async def locked(stage: Stage) -> AsyncIterator[None]:
    """Another process has the write lock and does not let go."""
    other = sqlite3.connect(database(stage.settings.database.url))
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


@asynccontextmanager
async def cut_off(stage: Stage) -> AsyncIterator[None]:
    """Telegram answers every call with a 502."""
    await stage.phones.fault("502", count=0)
    yield
    await stage.phones.clear_faults()


async def half_an_hour(stage: Stage) -> None:
    """Each of the bot's loops tries and tries again."""
    service = stage.service
    for _ in range(30):
        for work in (service.poller.step(0), service.desk.tick(stage.now),
                     service.deliverer.drain()):  # fmt: skip
            with suppress(Exception):
                await work
        stage.clock.advance(60)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("trouble", [locked, cut_off])
async def test_half_an_hour_of_it_says_nothing_untrue_and_loses_nothing(
    trouble: Callable[[Stage], AbstractAsyncContextManager[None]], cast: Cast
):
    """# F2, F23: what was committed before it is told after it, what came meanwhile is filed."""
    stage = cast.stage
    await draft(stage, cast.chen, CHARGER)
    await draft(stage, cast.zhou, LAMP)
    await cast.zhou.tap("提交")
    await stage.phones.fault("502", "sendMessage", chat_id=cast.zhou.user_id)  # not told at once
    await stage.service.poller.step(0)
    async with trouble(stage):
        await cast.chen.tap("提交")
        await half_an_hour(stage)
        assert await said(cast.chen) == await said(cast.zhou) == 0
    await stage.settle()
    assert await said(cast.chen) == await said(cast.zhou) == 1
    async with stage.service.store.read(stage.now) as tx:
        texts = [
            (await lookups.brought_by(tx, p.user_id, 9))[0].text for p in (cast.chen, cast.zhou)
        ]
    assert texts == [CHARGER, LAMP]
    assert examine(stage.server.world, database(stage.settings.database.url)).broken == ()


# the disk full, for a process of its own


@contextmanager
def no_more_than(house: ProcessStage, size: int) -> Iterator[None]:
    """No file of the bot's grows beyond so many bytes, as on a disk that is full."""
    process = house.bot._process
    assert process
    before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, before[1]))
    yield
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)


async def hears(phone: Phone, words: str) -> bool:
    return any(words in text for text in await heard(phone))


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits another process")
@pytest.mark.parametrize("size", [0, 65_536], ids=["also for its log", "for the database"])
async def test_a_full_disk_says_nothing_untrue_and_loses_nothing(size: int):
    """# F24: a bot that may write again goes on by itself, and the admins were told."""
    told = UNPACED | {"HAITANG_ADMINS": f"[{ADMIN}]"}
    world = World(clock=Clock.manual(MORNING), limits=Limits(enabled=False))
    world.clock.run(_RATE)
    async with process_stage(EXAMPLE, world=world, environment=told) as house:
        await house.hire("王琴", Role.PIONEER, "南环一/1网格/3幢", 2001)
        chen = await house.phones.add_user("陈师傅", 1001)
        admin = await house.phones.add_user("管理员", ADMIN)
        await admin.start()
        await draft(house, chen, CHARGER)
        with no_more_than(house, size):
            await chen.tap("提交")
            cried = partial(hears, admin, "磁盘")
            await house.bot.wait_for(cried, "nobody was told", 20)
            assert await said(chen) == 0 and await house.phones.pending() == 1
        await house.settle()
        assert await said(chen) == 1
        found = examine(house.server.world, database(house.database))
        assert found.broken == ()
