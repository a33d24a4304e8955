"""Updates in: nothing is confirmed before it is committed, and nothing has two effects."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from random import Random
from typing import Any

import httpx
import pytest
from casting import CHARGER, Cast
from post import full_disk, heard, listener, refusing, rows
from sqlalchemy.exc import DatabaseError
from telegram.error import InvalidToken
from walking import Walker

from bot.config.settings import Settings
from bot.telegram import receive
from bot.telegram.receive import Poller
from playground.phones.phone import Phone
from playground.stage.stage import Stage, stage
from playground.world.limits import Limits
from workflows.petition.store import tables as own
from workflows.store import ConflictError
from workflows.store import tables as t
from workflows.store.engine import patience


async def pending_updates(on_stage: Stage) -> list[dict[str, Any]]:
    """What Telegram has for the bot, not confirmed by looking."""
    return await on_stage.service.poller._fetch(0)


@asynccontextmanager
async def polling(on_stage: Stage, seconds: int = 1) -> AsyncIterator[asyncio.Task[None]]:
    """The loop as it runs, delivering too."""
    on_stage.service.poller.timeout = seconds
    loops = [
        asyncio.create_task(on_stage.service.poller.run()),
        asyncio.create_task(on_stage.service.deliverer.run()),
    ]
    try:
        yield loops[0]
    finally:
        for loop in loops:
            loop.cancel()
            with suppress(asyncio.CancelledError, InvalidToken):
                await loop


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Milliseconds where the bot waits for seconds."""
    monkeypatch.setattr(receive, "_PAUSE", 0.001)
    monkeypatch.setattr(receive, "_GRACE", 0.2)


async def answered(phone: Phone) -> bool:
    """Whether the bot answers a sticker now."""
    [sent] = await phone.send_sticker()
    return "看不懂" in (await phone.inbox(after=sent, wait=5))[0].text


# confirming


async def test_a_batch_is_confirmed_by_the_poll_after_its_commit(on_stage: Stage):
    """# F18"""
    chen = await listener(on_stage, "陈师傅", 1001)
    await chen.send_sticker()
    assert await on_stage.service.poller.step(0) == 1
    assert await on_stage.phones.pending() == 1
    assert await on_stage.service.poller.step(0) == 0
    assert await on_stage.phones.pending() == 0


async def test_a_commit_that_fails_confirms_nothing_and_says_nothing(on_stage: Stage):
    """# F17, F24"""
    chen = await listener(on_stage, "陈师傅", 1001)
    await chen.send_sticker()
    async with full_disk(on_stage):
        for _ in range(2):
            with pytest.raises(DatabaseError):
                await on_stage.service.poller.step(0)
            await on_stage.service.deliverer.drain()
    assert await heard(chen) == [] and await on_stage.phones.pending() == 1
    await on_stage.settle()
    assert len(await heard(chen)) == 1 and await on_stage.phones.pending() == 0


async def test_an_outbox_at_fault_keeps_no_petition_out(cast: Cast):
    """# F24: what was said is in the store, and is answered when the outbox is well again."""
    stage = cast.stage
    await cast.chen.send(CHARGER)
    async with refusing(stage, "UPDATE OF token ON outbox"):
        assert await stage.service.poller.step(0) == 1
        assert await stage.service.poller.step(0) == 0  # confirmed
        assert not any(CHARGER in said for said in await heard(cast.chen))
    await stage.settle()
    assert any("充电桩" in said for said in await heard(cast.chen))


async def test_a_full_batch_leaves_its_answers_to_the_outbox(
    on_stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    """More is waiting at Telegram: that is fetched while the answers go out."""
    monkeypatch.setattr(receive, "BATCH", 2)
    chen = await listener(on_stage, "陈师傅", 1001)
    for expected in (0, 1):  # a full one, and one that is not
        for _ in range(2 - expected):
            await chen.send_sticker()
        await on_stage.service.poller.step(0)
        assert sum(1 for row in await rows(on_stage) if row["token"]) == expected
        await on_stage.settle()
    assert len(await heard(chen)) == 2


async def test_a_locked_database_confirms_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """# F23"""
    monkeypatch.setattr(patience, "lock_milliseconds", lambda _: 20)
    async with stage(settings, limits=Limits(enabled=False)) as made:
        chen = await listener(made, "陈师傅", 1001)
        await chen.send_sticker()
        other = sqlite3.connect(settings.database.url.removeprefix("sqlite+aiosqlite:///"))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConflictError):
            await made.service.poller.step(0)
        assert await made.phones.pending() == 1
        other.close()
        await made.settle()
        assert len(await heard(chen)) == 1


async def test_a_batch_without_any_number_is_kept_and_not_confirmed(on_stage: Stage):
    """# F37: there is nothing by which to confirm it; the poll rests and asks again."""
    with pytest.raises(ValueError, match="cannot be confirmed"):
        await on_stage.service.poller._take([{"message": "x"}, "nonsense"])
    assert len(await rows(on_stage, t.dead_letters)) == 2


async def test_killed_after_the_commit_and_before_confirming(cast: Cast):
    """# F18: the same updates come again to another bot, without a second effect."""
    await cast.chen.start("st_nanhuan-east")
    await cast.chen.send(CHARGER)
    await cast.stage.settle()
    await cast.chen.tap("提交")
    await cast.stage.service.receiver.take(await pending_updates(cast.stage))
    await cast.stage.restart()
    assert await cast.stage.phones.pending() == 1
    await cast.stage.settle()
    assert len(await rows(cast.stage, own.tickets)) == 1
    assert await cast.stage.phones.pending() == 0


# once


async def test_a_petition_delivered_three_times_in_any_order_is_one(cast: Cast):
    """# F14"""
    random, take = Random(14), cast.stage.service.receiver.take
    await cast.chen.start("st_nanhuan-east")
    await cast.chen.send(CHARGER)
    told = await pending_updates(cast.stage)
    await cast.stage.settle()
    await cast.chen.tap("提交")
    told += await pending_updates(cast.stage)
    await cast.stage.settle()
    before = [m.text for m in await cast.chen.inbox()]
    for _ in range(3):
        await take(random.sample(told * 3, len(told) * 3))
        await cast.stage.settle()
    assert [m.text for m in await cast.chen.inbox()] == before
    assert [row["text"] for row in await rows(cast.stage, own.tickets)] == [CHARGER]


async def test_many_people_delivered_shuffled_are_each_answered_once(on_stage: Stage):
    """# F14: nothing counts as older than the last, since ids may start anew (TRAPS)."""
    crowd = [await listener(on_stage, f"人{n}", 2000 + n) for n in range(20)]
    for phone in crowd:
        await phone.send_sticker()
    told = await pending_updates(on_stage)
    random = Random(14)
    for _ in range(3):
        await on_stage.service.receiver.take(random.sample(told, len(told)))
    await on_stage.settle()
    assert [len(await heard(phone)) for phone in crowd] == [1] * 20


async def test_what_telegram_hands_out_twice_is_done_once(on_stage: Stage):
    """# F14"""
    chen = await listener(on_stage, "陈师傅", 1001)
    await on_stage.phones.fault("duplicate", "getUpdates", count=3)
    for _ in range(3):
        await chen.send_sticker()
        await on_stage.settle()
    assert len(await heard(chen)) == 3


async def test_a_tap_is_answered_once_its_effect_is_committed(cast: Cast):
    await Walker.file(cast, CHARGER)
    await cast.wang.tap("接单")
    async with full_disk(cast.stage):
        with pytest.raises(DatabaseError):
            await cast.stage.service.poller.step(0)
    await cast.stage.service.receiver.rest()
    assert await cast.wang.toasts() == []
    await cast.stage.settle()
    assert len(await cast.wang.toasts()) == 1


# what goes wrong while polling


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("kind", ["502", "html", "json", "stop", "drop"])
async def test_the_poll_goes_on_after_whatever_comes_back(kind: str, on_stage: Stage):
    """# F2"""
    chen = await listener(on_stage, "陈师傅", 1001)
    await on_stage.phones.fault(kind, "getUpdates", count=3)
    async with polling(on_stage):
        assert await answered(chen)
    assert len([c for c in await on_stage.phones.calls() if c["fault"] == kind]) == 3


@pytest.mark.usefixtures("impatient")
async def test_a_second_poller_is_backed_off_from_and_outlived(on_stage: Stage):
    """# F12"""
    chen = await listener(on_stage, "陈师傅", 1001)
    async with polling(on_stage), httpx.AsyncClient(trust_env=False) as other:
        await asyncio.sleep(0.05)
        await other.get(f"{on_stage.service.bot.base_url}/getUpdates")
        assert await answered(chen)
    assert [c["status"] for c in await on_stage.phones.calls()].count(409) == 1


async def rests(on_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> float:
    """How long the loop wants to wait after its first failure."""
    asked: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def rest(_: Poller, __: Exception, seconds: float) -> None:
        asked.set_result(seconds)
        await asyncio.Event().wait()

    monkeypatch.setattr(Poller, "_rest", rest)
    async with polling(on_stage, 0):
        return await asyncio.wait_for(asked, 5)


async def test_a_429_of_the_poll_is_obeyed(on_stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """# F1"""
    await on_stage.phones.fault("429", "getUpdates", retry_after=17)
    assert await rests(on_stage, monkeypatch) == 17


@pytest.mark.usefixtures("impatient")
async def test_a_poll_that_hangs_is_given_up(on_stage: Stage):
    """# F16"""
    chen = await listener(on_stage, "陈师傅", 1001)
    await on_stage.phones.fault("hang", "getUpdates")
    async with polling(on_stage, 0):
        assert await answered(chen)


async def test_a_hung_poll_is_given_up_within_90_seconds(settings: Settings):
    """# F16: by the values it really runs with."""
    assert settings.telegram.poll_timeout + receive._GRACE + receive._PAUSE < 90


async def test_a_revoked_token_ends_the_loop_with_nothing_confirmed(on_stage: Stage):
    """# F13"""
    chen = await listener(on_stage, "陈师傅", 1001)
    await chen.send_sticker()
    mailbox = on_stage.server.world.bots[100].mailbox
    await on_stage.phones.revoke()
    async with polling(on_stage) as loop:
        with pytest.raises(InvalidToken):
            await asyncio.wait_for(asyncio.shield(loop), 5)
    assert len(mailbox.pending) == 1


@pytest.mark.usefixtures("impatient")
async def test_a_database_that_heals_is_enough_to_go_on(on_stage: Stage):
    """# F24"""
    chen = await listener(on_stage, "陈师傅", 1001)
    async with polling(on_stage):
        async with full_disk(on_stage):
            [sent] = await chen.send_sticker()
            await asyncio.sleep(0.05)
        assert len(await chen.inbox(after=sent, wait=5)) == 1
