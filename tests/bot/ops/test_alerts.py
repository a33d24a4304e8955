"""The admins hear what is wrong with the bot itself, and are not flooded."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from casting import Cast
from post import full_disk, heard, jammed, listener, rows

from bot.telegram import receive
from playground.phones.phone import Phone
from playground.stage.stage import Stage
from workflows.desk.context import Context
from workflows.registry import WORKFLOWS

ADMIN = 9001


@pytest.fixture
async def guarded(on_stage: Stage) -> AsyncIterator[Stage]:
    """A stage whose config names an admin, who has started the bot."""
    on_stage.settings = on_stage.settings.model_copy(update={"admins": (ADMIN,)})
    await on_stage.restart()
    await listener(on_stage, "管理员", ADMIN)
    yield on_stage


def phone_of(stage: Stage) -> Phone:
    return Phone(stage.phones, ADMIN, "管理员")


async def alert(stage: Stage, error: str = "KeyError", template: str = "alert_failed") -> None:
    values = {"update_id": 7, "error": error, "outbox": 8}
    await stage.service.desk.alert(template, values, stage.now)
    await stage.settle()


async def alerts(stage: Stage) -> list[str]:
    return [text for text in await heard(phone_of(stage)) if "⚠️" in text]


async def test_the_same_within_an_hour_is_one_message_with_a_count(guarded: Stage):
    for error in ("KeyError", "ValueError", "TypeError"):
        await alert(guarded, error)
        guarded.clock.advance(600)
    [told] = await alerts(guarded)
    assert "一共 3 次" in told and "TypeError" in told


async def test_after_an_hour_it_is_told_anew(guarded: Stage):
    await alert(guarded)
    guarded.clock.advance(3599)
    await alert(guarded)
    guarded.clock.advance(1)
    await alert(guarded)
    first, second = await alerts(guarded)
    assert "一共 2 次" in first and "一共" not in second


async def test_another_kind_is_a_message_of_its_own(guarded: Stage):
    await alert(guarded)
    await alert(guarded, template="alert_dead")
    assert len(await alerts(guarded)) == 2


async def test_what_could_not_be_sent_yet_is_counted_into_the_one_that_waits(guarded: Stage):
    """Through an outage of hours there is one message, not one an hour."""
    await guarded.phones.fault("502", "sendMessage", count=0)
    for _ in range(5):
        await guarded.service.desk.alert(
            "alert_failed", {"update_id": 7, "error": "x"}, guarded.now
        )
        await guarded.service.deliverer.drain()
        guarded.clock.advance(3601)
    await guarded.phones.clear_faults()
    await guarded.settle()
    [told] = await alerts(guarded)
    assert "一共 5 次" in told


async def test_many_in_one_batch_are_one(guarded: Stage):
    async with guarded.service.store.begin(guarded.now) as tx:
        context = Context(
            tx=tx,
            rules=guarded.service.desk.rules,
            workflows=WORKFLOWS,
            now=guarded.now,
            key="many",
        )
        for _ in range(50):
            await context.alert("alert_dead", outbox=1, error="x")
    await guarded.settle()
    [told] = await alerts(guarded)
    assert "一共 50 次" in told


async def test_one_that_the_admin_deleted_is_written_again(guarded: Stage):
    await alert(guarded)
    [row] = [r for r in await rows(guarded) if r["template"] == "alert_failed"]
    await guarded.service.bot.delete_message(ADMIN, row["message_id"])
    await alert(guarded)
    [told] = await alerts(guarded)
    assert "一共 2 次" in told


async def test_residents_whose_petitions_fail_are_one_alert(cast: Cast):
    """And each of them hears of it at once."""
    await cast.stage.hire("管理员", "admin", user_id=ADMIN)
    async with jammed(cast.stage):
        for resident in (cast.chen, cast.zhou):
            await resident.start("st_nanhuan-east")
            await resident.send("3号楼下充电桩坏了")
            await cast.stage.settle()
            await resident.tap("提交")
            await cast.stage.settle()
            assert "没有记下来" in (await heard(resident))[-1]
    [told] = await alerts(cast.stage)
    assert "一共 2 次" in told and not re.search("充电|陈|周阿姨", told)


async def test_a_second_poller_is_alerted_once(guarded: Stage):
    """# F12"""
    for _ in range(4):
        await guarded.service.receiver.alert("alert_conflict")
        await guarded.settle()
        guarded.clock.advance(9)
    [told] = await alerts(guarded)
    assert "另一个程序" in told and "一共 4 次" in told


async def test_a_real_second_poller_is_alerted(guarded: Stage, monkeypatch: pytest.MonkeyPatch):
    """# F12"""
    monkeypatch.setattr(receive, "_PAUSE", 0.001)
    loop = asyncio.create_task(guarded.service.poller.run())
    async with asyncio.timeout(10), httpx.AsyncClient(trust_env=False) as other:
        while "alert_conflict" not in [r["template"] for r in await rows(guarded)]:
            await other.get(f"{guarded.service.bot.base_url}/getUpdates")
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop


async def test_a_full_disk_is_cried_out_past_the_database_once_an_hour(guarded: Stage):
    """# F24: nothing can be written, so the outbox cannot carry it."""
    chen = await listener(guarded, "陈师傅", 1001)
    async with full_disk(guarded, "heartbeats"):
        for _ in range(3):
            await guarded.service.monitor.look(guarded.now)
            guarded.clock.advance(30)
    told = await alerts(guarded)
    assert len(told) == 1 and "磁盘" in told[0] and await heard(chen) == []
    await guarded.service.monitor.look(guarded.now)  # it heals by itself
    assert await guarded.service.store.last_beat("watch") == guarded.now
