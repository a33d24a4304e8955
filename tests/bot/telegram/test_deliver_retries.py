"""429, 5xx and a broken line: what was not taken is tried again, in order, and nothing is lost."""

from datetime import datetime, timedelta

import pytest
from casting import CHARGER, Cast
from post import deliver_for, heard, listener, owe, rows, sends
from sqlalchemy.ext.asyncio import AsyncConnection

from playground.phones.phone import Phone
from playground.stage.stage import Stage
from workflows.core.numbers import format_number
from workflows.petition.store import lookups
from workflows.store import tables as t


async def test_a_429_halts_only_its_chat_and_for_its_own_time(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F1"""
    a, b = two
    await on_stage.phones.fault("429", "sendMessage", chat_id=a.user_id, retry_after=30)
    await owe(on_stage, a.user_id, "a1")
    await owe(on_stage, b.user_id, "b1", "b2")
    refused_at = on_stage.now
    await deliver_for(on_stage, seconds=29)
    assert (await heard(a), await heard(b)) == ([], ["b1", "b2"])
    await deliver_for(on_stage, seconds=1)
    assert await heard(a) == ["a1"]
    again = datetime.fromisoformat((await sends(on_stage, a.user_id))[-1]["at"])
    assert again - refused_at == timedelta(seconds=30)


async def test_a_halted_chat_is_looked_at_again_when_its_time_is_up_and_not_before(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F1: a second message behind the halted one must not make the loop spin."""
    await on_stage.phones.fault("429", "sendMessage", retry_after=30)
    await owe(on_stage, two[0].user_id, "a1", "a2")
    await on_stage.service.deliverer.drain()
    store = on_stage.service.store
    assert await store.next_owed() == on_stage.now + timedelta(seconds=30)
    assert await store.next_owed(after=on_stage.now + timedelta(seconds=30)) is None


async def test_order_survives_a_refusal_of_the_first(on_stage: Stage, two: tuple[Phone, Phone]):
    """# F1, F35"""
    a, _ = two
    await on_stage.phones.fault("429", "sendMessage", retry_after=5)
    await owe(on_stage, a.user_id, "1", "2", "3")
    await deliver_for(on_stage, seconds=10)
    assert await heard(a) == ["1", "2", "3"]


@pytest.mark.parametrize("kind", ["502", "html", "json", "stop"])
async def test_half_an_hour_of_outage_delays_and_loses_nothing(
    kind: str, on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F2"""
    a, b = two
    await on_stage.phones.fault(kind, "sendMessage", count=0)
    for n in ("1", "2", "3"):
        await owe(on_stage, a.user_id, f"a{n}")
        await owe(on_stage, b.user_id, f"b{n}")
    await deliver_for(on_stage, minutes=30)
    assert await heard(a) == await heard(b) == []
    assert 30 <= len(await sends(on_stage, a.user_id)) - 1 <= 70  # it slows down, to a minute
    await on_stage.phones.clear_faults()
    await deliver_for(on_stage, minutes=2)
    assert (await heard(a), await heard(b)) == (["a1", "a2", "a3"], ["b1", "b2", "b3"])


async def test_retries_of_many_chats_do_not_march_in_step(on_stage: Stage):
    """# F2: jitter."""
    crowd = [await listener(on_stage, f"人{n}", 2000 + n) for n in range(6)]
    await on_stage.phones.fault("502", "sendMessage", count=6)
    for phone in crowd:
        await owe(on_stage, phone.user_id, "x")
    await on_stage.service.deliverer.drain()
    again = {row["not_before"] for row in await rows(on_stage) if row["state"] == "queued"}
    assert len(again) == 6


async def test_a_lost_reply_doubles_at_most_one_message_and_it_carries_the_number(cast: Cast):
    """# F15"""
    await cast.chen.start("st_nanhuan-east")
    await cast.chen.send(CHARGER)
    await cast.stage.settle()
    await cast.chen.tap("提交")
    await cast.stage.phones.fault("drop", "sendMessage", chat_id=cast.chen.user_id)
    await cast.stage.settle()
    async with cast.stage.service.store.read(cast.stage.now) as tx:
        [ticket] = await lookups.brought_by(tx, cast.chen.user_id, 9)
    told = [text for text in await heard(cast.chen) if format_number(ticket.id) in text]
    assert len(told) == 2 and told[0] == told[1]


async def test_a_message_tried_for_days_is_tried_on(on_stage: Stage):
    """# F2: also after more tries than a power of two can count."""
    chen = await listener(on_stage, "陈师傅", 1001)
    await owe(on_stage, 1001, "好了")
    async with on_stage.service.store.begin(on_stage.now) as tx:
        await tx.ask(AsyncConnection.execute, t.outbox.update().values(attempts=5000))
    await on_stage.phones.fault("502", "sendMessage")
    await deliver_for(on_stage, minutes=2)
    assert await heard(chen) == ["好了"]
