"""From the outbox to Telegram: everything owed goes out in order and in time, over a stop too."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from casting import CHARGER, GRID, Cast
from post import all_under_way, deliver_for, delivering, heard, owe, owe_card, sends, states
from sqlalchemy import text as sql
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection
from telegram.error import InvalidToken
from walking import Walker

from bot.config.settings import Settings
from bot.telegram.deliver import Deliverer
from playground.phones.phone import Phone
from playground.stage.stage import Stage, stage
from playground.world.limits import Limits
from workflows.core.people import Role
from workflows.core.talk.messages import Priority

# order and pace


async def test_a_reply_goes_before_a_push_and_a_push_before_a_broadcast(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F35"""
    a, _ = two
    for priority in (Priority.BROADCAST, Priority.PUSH, Priority.REPLY):
        await owe(on_stage, a.user_id, f"{priority.name}1", f"{priority.name}2", priority=priority)
    await on_stage.settle()
    assert await heard(a) == [f"{p}{n}" for p in ("REPLY", "PUSH", "BROADCAST") for n in (1, 2)]


async def test_a_hundred_chats_in_a_burst_and_a_busy_group_are_never_refused(settings: Settings):
    """# F1, F35: Telegram's own three limits are on."""
    async with stage(settings, limits=Limits()) as made:
        crowd = [await made.phones.add_user(f"人{n}", 2000 + n) for n in range(60)]
        group = await made.phones.add_group("群", crowd[:1])
        for phone in crowd:
            await phone.start()
        await made.settle()
        began = made.now
        for phone in crowd:
            await owe(made, phone.user_id, "1", "2", "3")
        await owe(made, group.chat_id, *(f"g{n:02}" for n in range(45)))
        await deliver_for(made, minutes=3)
        assert await sends(made, status=429) == []
        assert [await heard(p) for p in crowd] == [["1", "2", "3"]] * 60
        assert await heard(crowd[0], group) == [f"g{n:02}" for n in range(45)]
        last = datetime.fromisoformat((await sends(made, 2059))[-1]["at"])
        assert timedelta(seconds=6) <= last - began <= timedelta(seconds=9)  # no slower either


async def test_a_send_that_hangs_holds_up_only_its_own_chat(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F35: also what becomes due meanwhile, without anybody waking the loop."""
    a, b = two
    await on_stage.phones.fault("hang", "sendMessage", chat_id=a.user_id)
    await owe(on_stage, a.user_id, "a1", "a2")
    await owe(on_stage, b.user_id, "b1", due=on_stage.now + timedelta(milliseconds=30))
    before = (await b.last()).id
    async with delivering(on_stage):
        assert [m.text for m in await b.inbox(after=before, wait=3)] == ["b1"]
        assert await heard(a) == []
        await on_stage.phones.clear_faults()
        assert await a.inbox(after=(await a.last()).id, wait=3)


async def test_an_answer_is_written_down_at_once(on_stage: Stage, two: tuple[Phone, Phone]):
    """# F20: also when something that owes nothing came in while it was on its way."""
    a, _ = two
    await on_stage.phones.fault("hang", "sendMessage")
    await owe(on_stage, a.user_id, "a1")
    async with delivering(on_stage):
        await all_under_way(on_stage)
        on_stage.service.exchange.wake.set()
        await asyncio.sleep(0.05)
        await on_stage.phones.clear_faults()
        async with asyncio.timeout(3):
            while (await states(on_stage))["queued"]:
                await asyncio.sleep(0.005)


# the database and the end


async def test_what_cannot_be_written_down_is_remembered_and_not_sent_again(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F24, F20: the disk is full just after Telegram took the message."""
    a, _ = two
    await owe(on_stage, a.user_id, "a1")
    full = "CREATE TRIGGER full BEFORE UPDATE ON outbox WHEN NEW.state = 'sent' BEGIN "
    async with on_stage.service.store.begin(on_stage.now) as tx:
        await tx.ask(AsyncConnection.execute, sql(full + "SELECT RAISE(ABORT, 'disk full'); END"))
    with pytest.raises(DatabaseError):
        await on_stage.service.deliverer.drain()
    async with on_stage.service.store.begin(on_stage.now) as tx:
        await tx.ask(AsyncConnection.execute, sql("DROP TRIGGER full"))
    await deliver_for(on_stage, minutes=5)
    assert await heard(a) == ["a1"] and not (await states(on_stage))["queued"]


async def test_a_graceful_stop_writes_down_what_was_on_its_way(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F22"""
    a, _ = two
    await on_stage.phones.fault("hang", "sendMessage")
    await owe(on_stage, a.user_id, "a1")
    async with delivering(on_stage):
        await all_under_way(on_stage)
    stopping = asyncio.create_task(on_stage.restart())
    await asyncio.sleep(0.01)
    await on_stage.phones.clear_faults()
    await stopping
    assert not (await states(on_stage))["queued"]
    await deliver_for(on_stage, minutes=5)
    assert await heard(a) == ["a1"]


@pytest.mark.parametrize("way", [Deliverer.run, Deliverer.drain])
async def test_a_token_that_was_revoked_ends_it_and_loses_nothing(
    on_stage: Stage, two: tuple[Phone, Phone], way: Callable[[Deliverer], Awaitable[object]]
):
    """# F13"""
    await owe(on_stage, two[0].user_id, "a1")
    await on_stage.phones.revoke()
    with pytest.raises(InvalidToken):
        async with asyncio.timeout(5):
            await way(on_stage.service.deliverer)
    assert (await states(on_stage))["queued"] == 1


# what people see


async def test_only_the_newest_card_keeps_its_buttons(cast: Cast):
    walker = await Walker.file(cast, CHARGER)
    old = await cast.wang.last()
    await owe_card(cast.stage, cast.wang.user_id, walker.id)
    await cast.stage.settle()
    now = {m.id: m.labels for m in await cast.wang.inbox()}
    assert now[old.id] == [] and "接单" in (await cast.wang.last()).labels


async def test_the_menu_follows_somebodys_roles(on_stage: Stage):
    lead = await on_stage.hire("钱进", Role.LEAD, GRID, 3001)
    commands = (await on_stage.phones.bot())["commands"]
    names = {c["command"] for c in commands[f"chat/{lead.user_id}//"]}
    assert {"roster", "invite", "duty", "t"} <= names
    assert "roster" not in {c["command"] for c in commands["default///"]}


async def test_pictures_go_out_as_one_album_and_the_rest_as_it_came(cast: Cast):
    await cast.chen.start("st_nanhuan-east")
    await cast.chen.send(CHARGER)
    await cast.chen.send_album(2)
    await cast.chen.send_voice()
    await cast.stage.settle()
    await cast.chen.tap("提交")
    await cast.stage.settle()
    before = (await cast.wang.last()).id
    await cast.wang.tap("更多")
    await cast.stage.settle()
    await cast.wang.tap("照片、语音")
    await cast.stage.settle()
    shown = await cast.wang.inbox(after=before)
    assert [m.media for m in shown if m.media] == ["photo", "photo", "voice"]
    assert shown[0].media_group_id == shown[1].media_group_id is not None
