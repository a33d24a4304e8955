"""The bot as its own process: it settles, forgets nothing when killed, and ends when asked."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from casting import CHARGER
from folk import EXAMPLE

from playground.stage.process import BotError, BotProcess
from playground.stage.process_stage import ProcessStage, process_stage
from playground.stage.stage import MORNING
from playground.world.limits import Limits
from workflows.core.people import Role
from workflows.petition.intake.kept import draft_of
from workflows.petition.store import lookups
from workflows.registry import KINDS
from workflows.store import Store


@pytest.fixture
async def house() -> AsyncIterator[ProcessStage]:
    async with process_stage(EXAMPLE, limits=Limits(enabled=False)) as made:
        yield made


async def file(house: ProcessStage, text: str = CHARGER) -> None:
    chen = await house.phones.add_user("陈师傅", 1001)
    await chen.start("st_nanhuan-east")
    await chen.send(text, split=True)
    await house.settle()
    await chen.tap("提交")
    await house.settle()


async def texts(house: ProcessStage) -> list[str]:
    store = Store.open(house.database, KINDS)
    try:
        async with store.read(house.now) as tx:
            return [ticket.text for ticket in await lookups.brought_by(tx, 1001, 10)]
    finally:
        await store.close()


async def draft(house: ProcessStage) -> str:
    """What 陈 has written and not filed."""
    store = Store.open(house.database, KINDS)
    try:
        async with store.read(house.now) as tx:
            found = draft_of(await tx.dialog(1001))
            return found.text if found else ""
    finally:
        await store.close()


async def test_staff_joins_by_the_printed_link_and_time_brings_what_is_due(house: ProcessStage):
    """Hired at a moment of the theatre's clock; the offer is reminded of half way to its end."""
    wang = await house.hire("王琴", Role.PIONEER, "南环一/1网格/3幢", 2001)
    await file(house)
    offer = await wang.last()
    assert "诉求" in offer.text
    await house.forward(minutes=16)
    assert (await wang.last()).id > offer.id
    assert timedelta(minutes=16) <= house.now - MORNING < timedelta(hours=1)
    assert house.clock.rate == 0.0


async def test_a_killed_bot_goes_on_where_it_was(house: ProcessStage):
    """What was said to a dead bot waits, and what it had taken is not asked for again."""
    chen = await house.phones.add_user("陈师傅", 1001)
    await chen.start("st_nanhuan-east")
    await house.settle()
    await house.kill()
    await chen.send(CHARGER)
    await house.start_bot()
    await house.settle()
    await chen.tap("提交")
    await house.settle()
    assert await texts(house) == [CHARGER]
    assert await house.stop() == 0


async def test_invitations_are_made_beside_a_bot_that_writes(house: ProcessStage):  # F23
    """Each process waits for its turn with the one file: none fails, no word is lost."""
    chen = await house.phones.add_user("陈师傅", 1001)
    lead = ("--role", "lead", "--place", "南环一/1网格")
    said = [f"第{n}句" for n in range(20)]

    async def talk() -> None:
        for text in said:
            await chen.send(text)

    printed = asyncio.gather(*(house.bot.command("invite", *lead) for _ in range(3)))
    _, links = await asyncio.gather(talk(), printed)
    await house.settle()
    assert len({link.split("start")[-1] for link in links}) == 3
    assert (await draft(house)).splitlines() == said
    boss = await house.phones.add_user("钱进", 3001)
    await boss.start(links[-1].strip().split("start=")[-1].split("/start ")[-1])
    await house.settle()
    await boss.send("/roster")
    await house.settle()
    assert "钱进" in (await boss.last()).text


async def test_an_invitation_is_dated_by_the_theatres_clock():
    """Whatever the year is on stage, the link is as fresh as it would be in life."""
    async with process_stage(EXAMPLE, datetime(2036, 3, 3, 1, tzinfo=UTC)) as house:
        lead = await house.hire("钱进", Role.LEAD, "南环一/1网格")
        await lead.send("/roster")
        await house.settle()
        assert "钱进" in (await lead.last()).text


async def test_a_bot_that_does_not_come_up_says_why(tmp_path: Path):
    """With what it wrote to stderr: here that it has no token."""
    bot = BotProcess(EXAMPLE, {}, tmp_path / "stderr")
    with pytest.raises(BotError, match=r"\[telegram\] token"):
        await bot.start()
    await bot.close()


async def test_a_bot_that_is_gone_cannot_settle(house: ProcessStage):
    await house.kill()
    with pytest.raises(BotError, match="did not settle"):
        await house.settle()


async def test_who_works_with_a_bot_that_ends_does_not_wait_on(house: ProcessStage):
    """Work that is done is returned; work that can't be is given up with the bot."""
    assert await house.bot.during(asyncio.sleep(0, "done")) == "done"
    waiting = asyncio.create_task(house.bot.during(asyncio.sleep(60)))
    await asyncio.sleep(0)
    await house.kill()
    with pytest.raises(BotError, match="the bot ended"):
        await waiting
