"""What came in of the gifts, entered in the chat by who hands them out, over the wire."""

import pytest
from bank import RICE, Bank
from chatting import Chat, read
from msgspec.structs import replace
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from workflows.passbook.store import queries
from workflows.passbook.store.tables import lots
from workflows.registry import WORKFLOWS


async def entered(chat: Chat, amount: int = 11) -> None:
    """Rice came in, by taps."""
    await chat.say("进货")
    await chat.tap("大米")
    for step in ["+10"] * (amount // 10) + ["+1"] * (amount % 10):
        await chat.tap(step)
    await chat.tap("记下")


async def came_in(bank: Bank) -> list[tuple[str, int, int]]:
    async with bank.stage.service.store.read(bank.stage.now) as tx:
        found = await tx.ask(queries.newest_lots, 9)
    return [(one.what, one.amount, one.by) for one in found]


async def test_goods_that_came_in_are_entered_by_taps_and_stand_on_the_shelf(bank: Bank):
    await bank.rich()
    await bank.keeper.say("进货")
    await bank.keeper.tap("大米")
    said = (await bank.keeper.tap("+10")).text
    assert "+10 件" in said and "一共 300 元" in said and "爱心基金出的钱" in said
    await bank.keeper.tap("记下 10 件")
    assert "一共 12 件" in (await bank.keeper.last()).text
    said = (await bank.shelf()).text
    assert "还有 12 件" in said and "一共 390 元" in said
    assert await came_in(bank) == [("大米", 10, bank.keeper.id)]


async def test_or_in_one_line_and_asked_once_more(bank: Bank):
    assert "+6 件" in (await bank.committee.say("进货 大米 6")).text
    assert await came_in(bank) == []
    await bank.committee.tap("记下")
    assert await came_in(bank) == [("大米", 6, bank.committee.id)]


async def test_what_was_too_much_is_taken_back_by_a_second_entry(bank: Bank):
    await entered(bank.keeper)
    await bank.keeper.say("进货 大米 -11")
    await bank.keeper.tap("记下 -11 件")
    assert [amount for _, amount, _ in await came_in(bank)] == [-11, 11]
    await bank.rich()
    assert "还有 2 件" in (await bank.shelf()).text
    async with bank.stage.service.store.engine.connect() as conn:
        for wrong in (delete(lots), update(lots).values(amount=1)):
            with pytest.raises(DBAPIError, match="append-only"):
                await conn.execute(wrong)
            await conn.rollback()


async def test_a_second_tap_enters_nothing_twice(bank: Bank):
    sure = await bank.keeper.say("进货 大米 6")
    await bank.keeper.tap("记下")
    await bank.keeper.press_late("记下", sure)
    assert "没有多记" in await bank.keeper.toast() and len(await came_in(bank)) == 1


async def test_what_is_gone_is_not_taken_back(bank: Bank):
    await bank.rich()
    await bank.chosen()
    await bank.keeper.say("进货 大米 -2")
    await bank.keeper.tap("记下")
    assert "减不了这么多" in await bank.keeper.toast() and await came_in(bank) == []


async def test_no_more_comes_in_than_the_fund_has_set_aside_for(bank: Bank):
    await bank.keeper.say("进货 大米 31")
    await bank.keeper.tap("记下")
    assert "一共 1020 元，爱心基金只留了 1000 元" in await bank.keeper.toast()
    assert await came_in(bank) == []
    await entered(bank.keeper, 30)
    assert len(await came_in(bank)) == 1


async def test_nobody_but_who_hands_gifts_out_enters_any(bank: Bank):
    for chat in (bank.chen, bank.crew.li):
        assert "来了什么" not in (await chat.say("进货")).text
        await chat.press(f"stock::keep:{'0' * 10}:5:2")
    assert await came_in(bank) == []


async def test_who_says_more_than_that_has_something_to_report(bank: Bank):
    said = await bank.keeper.say("进货的车堵在3号楼下，进不了门")
    assert "请您看一看" in said.text


async def test_a_button_that_somebody_made_up_enters_nothing(bank: Bank):
    sure = await bank.keeper.say("进货 大米 5")
    key = next(one for row in sure.buttons for one in row if "记下" in one.text)
    data = str(key.data)
    for forged in (data.replace(":5:", ":0:"), data.replace(":5:", ":x:"), f"{data}x"):
        await bank.keeper.press(forged)
    assert await came_in(bank) == []


async def test_it_stands_on_the_board_and_in_the_report_with_who_and_when(bank: Bank):
    assert "进货" not in (await bank.lead.say("/board")).text
    await bank.lead.tap("进货")
    await bank.lead.tap("大米")
    await bank.lead.tap("+1")
    await bank.lead.tap("记下")
    await bank.committee.say("/export")
    await bank.committee.tap("积分和礼品报告")
    [*_, newest] = [m for m in await bank.committee.phone.inbox() if m.file_ids]
    content = await bank.committee.phone._client.download(newest.file_ids[0])
    said = read(content.decode())
    assert "备货一共 120 元" in said and "钱" in said.partition("几件")[2]


async def test_a_fund_that_was_made_smaller_later_is_told_by_doctor(bank: Bank):
    await entered(bank.keeper)
    bank.settle_on(fund_yuan=100, gifts=(replace(RICE, bought=2),))
    async with bank.stage.service.store.read(bank.stage.now) as tx:
        found = await WORKFLOWS.faults(tx, bank.stage.service.desk.rules)
    assert any("gifts for 390 yuan, but fund_yuan is 100" in one for one in found)
    bank.settle_on(fund_yuan=1000)
