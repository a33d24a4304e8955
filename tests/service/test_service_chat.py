"""A service from what a neighbour did to his passbook, and back, over the wire."""

from bank import HOME, Bank, buttons, live_together

from workflows.core.numbers import format_number
from workflows.passbook.words import State


async def test_what_another_room_verified_is_posted_and_told_in_one_message(bank: Bank):
    service = await bank.rich()
    assert (service.state, service.points, service.done_by) == (State.DONE, 20, bank.lead.id)
    told = [said for said in await bank.chen.all() if "记进您的爱心存折" in said]
    assert len(told) == 1
    assert "20 分" in (await bank.chen.say("我的存折")).text
    assert "做了：巡查 +20，余 20" in (await bank.chen.last()).text


async def test_who_is_asked_says_that_it_was_so(bank: Bank):
    service = await bank.served(witness=bank.zhou.id)
    assert service.state is State.WAITING and await bank.balance() == 0
    await bank.zhou.tap("是这样")
    assert (await bank.service(service.id)).done_by == bank.zhou.id
    assert await bank.balance() == 10


async def test_or_that_it_was_not_and_nothing_is_posted(bank: Bank):
    service = await bank.served(witness=bank.zhou.id)
    await bank.zhou.tap("不对，不记")
    await bank.zhou.say("他没有来")
    assert (await bank.service(service.id)).state is State.DROPPED
    assert "没有记进存折" in (await bank.chen.last()).text and await bank.balance() == 0


async def test_without_a_witness_the_lead_is_asked(bank: Bank):
    service = await bank.served()
    assert "还没有人确认" in (await bank.lead.last()).text
    await bank.lead.tap("是这样")
    assert (await bank.service(service.id)).state is State.DONE


async def test_after_a_week_of_silence_the_lead_decides(bank: Bank):
    await bank.served(witness=bank.zhou.id)
    await bank.stage.forward(days=4)
    assert "确认一次服务" in (await bank.zhou.last()).text
    await bank.stage.forward(days=4)
    assert "逾期" in "".join(await bank.lead.all())
    await bank.lead.tap("是这样")
    assert await bank.balance() == 10


async def test_the_word_of_his_own_household_counts_nowhere(bank: Bank):
    await live_together(bank, bank.chen, bank.zhou)
    verified = await bank.served(verifier=bank.zhou.id)
    assert verified.state is State.WAITING and "还没有人确认" in (await bank.lead.last()).text
    await bank.served(witness=bank.zhou.id)
    assert not [said for said in await bank.zhou.all() if "是这样吗" in said]
    assert await bank.balance() == 0


async def test_whoever_moved_in_meanwhile_is_refused_kindly(bank: Bank):
    service = await bank.served(witness=bank.zhou.id)
    await live_together(bank, bank.chen, bank.zhou)
    await bank.zhou.tap("是这样")
    assert "要请另一个人来定" in (await bank.zhou.last()).text + await bank.zhou.toast()
    assert (await bank.service(service.id)).state is State.WAITING


async def test_who_is_paid_for_it_earns_nothing(bank: Bank):
    service = await bank.served(by=bank.keeper, verifier=bank.lead.id)
    assert (service.state, service.points) == (State.DROPPED, 0)
    pioneer = await bank.served(by=bank.crew.li, verifier=bank.lead.id)
    assert pioneer.points == 10


async def test_the_day_has_its_cap_over_several_services(bank: Bank):
    for _ in range(3):
        last = await bank.served(minutes=120, verifier=bank.lead.id)
    assert (last.minutes, last.counted, await bank.balance()) == (120, 0, 40)


async def test_what_nobody_knew_is_entered_and_approved_by_another_role(bank: Bank):
    await bank.entered()
    assert "补录了一次服务" in (await bank.committee.last()).text
    assert await bank.balance() == 20
    await bank.committee.tap("是这样")
    assert await bank.balance() == 30
    assert "（补记）" in (await bank.chen.say("存折")).text


async def test_who_entered_it_or_has_his_role_approves_nothing(bank: Bank):
    service = await bank.entered()
    assert "是这样" not in buttons(await bank.lead.last())
    assert "要请另一个人来定" in await bank.lead.press(f"service:{service.id}:confirm")
    assert (await bank.service(service.id)).state is State.WAITING


async def test_it_stands_on_the_public_list_for_a_week_and_neighbours_can_contest(bank: Bank):
    await bank.entered()
    await bank.committee.tap("是这样")
    assert "公示" in (await bank.zhou.say("/around")).text
    await bank.zhou.tap("服务")
    said = (await bank.zhou.last()).text
    assert "陈＊＊" in said and "陈师傅" not in said and "一起查了楼道" not in said
    await bank.zhou.tap("这个不对")
    await bank.zhou.say("昨天他不在")
    assert "有人说这一次记得不对" in (await bank.lead.last()).text
    assert "有人说这一次记得不对" in (await bank.chen.last()).text


async def test_what_is_long_ago_stands_there_too_and_older_is_not_taken(bank: Bank):
    await bank.entered(day="30")
    await bank.stage.forward(days=6)
    await bank.committee.tap("是这样")
    assert "公示" in (await bank.zhou.say("/around")).text
    await bank.asked_for_the_day()
    assert "最多 30 天" in (await bank.lead.say("31")).text + "".join(await bank.lead.new())


async def test_after_that_week_it_stands_there_no_more(bank: Bank):
    service = await bank.entered()
    await bank.committee.tap("是这样")
    await bank.stage.forward(days=8)
    assert "公示" not in (await bank.zhou.say("/around")).text
    await bank.zhou.press(f"service:{service.id}:contest")
    assert (await bank.service(service.id)).state is State.DONE


async def test_two_undo_what_was_not_so_and_both_are_told(bank: Bank):
    service = await bank.contested()
    await bank.second.tap("要冲正")
    await bank.second.say("名单上没有他")
    assert (await bank.service(service.id)).state is State.RULED and await bank.balance() == 20
    await bank.committee.tap("同意冲正")
    assert (await bank.service(service.id)).state is State.UNDONE and await bank.balance() == 0
    assert "这一次撤回了" in (await bank.chen.last()).text
    assert "撤回 巡查 -20" in (await bank.chen.say("存折")).text.replace("：", " ")


async def test_or_it_is_found_to_be_right_and_stays(bank: Bank):
    service = await bank.contested()
    await bank.committee.tap("没有错")
    assert (await bank.service(service.id)).state is State.DONE and await bank.balance() == 20
    assert "记进您的爱心存折" in (await bank.chen.last()).text


async def test_what_was_spent_before_is_owed_and_nobody_goes_below_nothing(bank: Bank):
    service = await bank.contested()
    await bank.chosen()
    await bank.second.tap(f"service:{service.id}:reverse")
    await bank.second.say("名单上没有他")
    await bank.committee.tap("同意冲正")
    assert (await bank.balance(), await bank.balance("owed")) == (0, -10)
    await bank.served(minutes=120, verifier=bank.lead.id)
    assert (await bank.balance(), await bank.balance("owed")) == (10, 0)
    await bank.adds_up()


async def test_who_leads_has_what_waits_in_his_list_on_the_board_and_in_the_morning(bank: Bank):
    service = await bank.served()
    number = format_number(service.id)
    assert number in (await bank.lead.say("/mine")).text
    assert "服务待定 1" in buttons(await bank.lead.say("/board"))
    await bank.lead.tap("服务待定")
    assert number in (await bank.lead.last()).text
    await bank.stage.forward(days=1)
    assert "志愿服务，等您看" in "".join(await bank.lead.all())


async def test_without_a_passbook_it_is_said_how_one_comes_by_it(bank: Bank):
    assert "不用专门去办" in (await bank.zhou.say("爱心存折")).text
    assert "请您看一看" in (await bank.zhou.say("存折机坏了，3号楼下那台")).text


async def test_where_a_community_has_none_nothing_is_said_of_it(bank: Bank):
    bank.crew.settle_on(without={"service": frozenset({HOME.rpartition("/1网格")[0]})})
    said = await bank.chen.say("/mine")
    assert "爱心存折" not in buttons(said)
    assert "爱心存折" not in "".join(buttons(await bank.chen.say("/around")))
