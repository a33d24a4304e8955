"""Many messages under way at once, and some that waited too long for their place."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from post import all_under_way, deliver_for, delivering, heard, owe, rows

from bot.config.settings import Settings
from bot.telegram import exchange
from playground.phones.phone import Phone
from playground.stage.stage import Stage, stage
from playground.world.limits import Limits
from workflows.store.outbox import LEASE

MANY = 20  # more than Telegram's limits let be under way in life


async def listeners(on_stage: Stage, count: int) -> list[Phone]:
    """So many who have started the bot; and not just now."""
    made = [await on_stage.phones.add_user(f"人{n}", 2000 + n) for n in range(count)]
    for phone in made:
        await phone.start()
    await on_stage.settle()
    on_stage.clock.advance(1)
    return made


async def hang(on_stage: Stage, phone: Phone, seconds: float = 60.0) -> None:
    """Let this person's next message be under way for so long."""
    await on_stage.phones.fault("hang", "sendMessage", chat_id=phone.user_id, seconds=seconds)
    await owe(on_stage, phone.user_id, "好")


async def written(on_stage: Stage) -> Counter[datetime]:
    """How many each transaction wrote down as sent: they share its moment."""
    sent = [r for r in await rows(on_stage) if r["template"] == "text" and r["state"] == "sent"]
    return Counter(row["sent_at"] for row in sent)


async def test_while_many_hang_what_becomes_due_goes_out_at_once(on_stage: Stage):
    """# F35"""
    *crowd, last = await listeners(on_stage, MANY + 1)
    for phone in crowd:
        await hang(on_stage, phone)
    before = (await last.last()).id
    async with delivering(on_stage):
        await all_under_way(on_stage)
        await owe(on_stage, last.user_id, "1")
        on_stage.service.exchange.wake.set()
        assert [m.text for m in await last.inbox(after=before, wait=3)] == ["1"]
        assert [await heard(phone) for phone in crowd] == [[]] * MANY
        await on_stage.phones.clear_faults()
        async with asyncio.timeout(10):
            while (await written(on_stage)).total() <= MANY:
                await asyncio.sleep(0.005)


async def test_answers_that_come_one_by_one_while_many_are_under_way_are_written_in_heaps(
    on_stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    """Each in a transaction of its own would leave the disk no time for anything else."""
    gathering = timedelta(seconds=0.1)  # longer than any machine takes to write one down
    monkeypatch.setattr(exchange, "_GATHER_SECONDS", gathering.total_seconds())
    crowd = await listeners(on_stage, 3 * MANY)
    for n, phone in enumerate(crowd):
        await hang(on_stage, phone, 60.0 if n < MANY else 0.3 + n / 200)
    async with delivering(on_stage), asyncio.timeout(30):
        await all_under_way(on_stage)
        while (await written(on_stage)).total() < 2 * MANY:
            await asyncio.sleep(0.01)
    moments = sorted(await written(on_stage))
    await on_stage.phones.clear_faults()
    assert all(later - one >= gathering for one, later in pairwise(moments))


async def test_what_waited_too_long_for_its_place_is_sent_once_whoever_has_it_then(
    settings: Settings,
):
    """# F34: this process slept, and another one took over what it had been about to send."""
    async with stage(settings, limits=Limits()) as made:
        crowd = await listeners(made, 3)
        for phone in crowd:
            await owe(made, phone.user_id, "1")
        assert await made.service.deliverer.drain() == 2  # one came and went, two wait
        made.clock.advance(LEASE.total_seconds() - 30)
        await made.service.deliverer.drain()
        assert [await heard(phone) for phone in crowd] == [["1"], [], []]
        made.clock.advance(31)
        other = Stage(made.server, made.phones, made.settings)
        await other.service.start()
        await deliver_for(other, seconds=2)
        await deliver_for(made, seconds=2)
        assert [await heard(phone) for phone in crowd] == [["1"]] * 3
        await other.service.close()


async def test_the_outbox_takes_no_turn_of_its_own_for_what_a_batch_took_along(on_stage: Stage):
    """A transaction that finds nothing to do would hold up the next batch."""
    [phone] = await listeners(on_stage, 1)
    await hang(on_stage, phone)
    turns, commits = on_stage.service.exchange, Counter[str]()
    on_stage.service.store.on_commit = lambda *_: commits.update(["commit"])
    await asyncio.gather(turns.take([]), turns.take([]), turns.look())
    assert commits["commit"] == 2
    await on_stage.phones.clear_faults()
    await on_stage.service.deliverer.drain()
    assert await heard(phone) == ["好"]
