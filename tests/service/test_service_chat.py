"""From what a neighbour did to what it brought, over the wire."""

from bank import Bank

from workflows.core.numbers import format_number
from workflows.passbook.words import State


async def test_what_another_room_verified_fills_the_passbook_and_a_gift_empties_it(bank: Bank):
    service = await bank.rich()
    assert (service.state, service.points, service.done_by) == (State.DONE, 20, bank.lead.id)
    assert "记进您的爱心存折" in (await bank.chen.last()).text
    said = await bank.chen.say("我的存折")
    assert "20 分" in said.text and "巡查 +20" in said.text
    gift = await bank.chosen()
    assert gift.state is State.WAITING and gift.code in (await bank.chen.last()).text
    await bank.keeper.say(f"兑换 {gift.code}")
    assert (await bank.gift()).state is State.DONE
    assert "领走了" in (await bank.chen.last()).text
    assert "10 分" in (await bank.chen.say("存折")).text


async def test_who_is_asked_says_that_it_was_so(bank: Bank):
    service = await bank.served(witness=bank.zhou.id)
    assert service.state is State.WAITING
    await bank.zhou.tap("是这样")
    assert (await bank.service(service.id)).done_by == bank.zhou.id


async def test_or_that_it_was_not_and_nothing_is_posted(bank: Bank):
    service = await bank.served(witness=bank.zhou.id)
    await bank.zhou.tap("不对，不记")
    await bank.zhou.say("他没有来")
    assert (await bank.service(service.id)).state is State.DROPPED
    assert (
        "没有记进存折" in (await bank.chen.last()).text
        and "0 分" in (await bank.chen.say("存折")).text
    )


async def test_without_a_witness_the_lead_is_asked(bank: Bank):
    service = await bank.served()
    assert "还没有人核" in (await bank.lead.last()).text
    await bank.lead.tap("是这样")
    assert (await bank.service(service.id)).state is State.DONE


async def test_what_is_entered_afterwards_needs_another_role_and_stands_on_the_list(bank: Bank):
    book = (await bank.rich()).account
    await bank.lead.say(f"存折 {format_number(book)}")
    await bank.lead.tap("补录")
    for said in ("填写", "巡查", "昨天", "1小时"):
        await bank.lead.tap(said)
    await bank.lead.say("昨天一起查了楼道")
    assert "补录了一次服务" in (await bank.committee.last()).text
    await bank.committee.tap("是这样")
    assert "30 分" in (await bank.chen.say("存折")).text
    around = await bank.zhou.say("/around")
    assert "公示" in around.text
    await bank.zhou.tap("服务")
    assert "陈＊＊" in (await bank.zhou.last()).text
    await bank.zhou.tap("这个不对")
    await bank.zhou.say("昨天他不在")
    assert "有人说这一次记得不对" in (await bank.lead.last()).text
