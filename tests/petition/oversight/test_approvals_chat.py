"""What waits for a yes or no, decided right on the board: plans, new dates, exclusions."""

import pytest
from chatting import Chat, Crew, number
from walking import Walker

from playground.phones.phone_client import Message
from workflows.core.people import Role
from workflows.petition.words import Action, State

YES, NO = "同意", "退回"
PLAN = "请充电公司来换新桩"


async def proposed(crew: Crew, text: str = "3号楼下充电桩坏了", plan: str = PLAN) -> Walker:
    walker = await crew.accepted(text)
    await crew.wang.tap(f"t:{walker.id}:{Action.PROPOSE}")
    await crew.wang.say(plan)
    await crew.wang.say("3天")
    return walker


async def extending(crew: Crew) -> Walker:
    walker = await crew.planned()
    await crew.wang.tap(f"t:{walker.id}:{Action.EXTEND}")
    await crew.wang.say("师傅改约了时间")
    await crew.wang.say("10天")
    return walker


async def excluding(crew: Crew, by: Chat | None = None) -> Walker:
    walker = await crew.accepted()
    asker = by or crew.lead
    await asker.say(number(walker))
    await asker.press(f"t:{walker.id}:{Action.EXCLUDE}")
    await asker.say("查看后不属实")
    return walker


async def queue(chat: Chat) -> Message:
    await chat.say("/board")
    return await chat.tap("待审")


async def test_a_plan_is_shown_with_words_and_date_and_agreed_to_with_one_tap(crew: Crew):
    walker = await proposed(crew)
    shown = await queue(crew.committee)
    assert PLAN in shown.text and "11月27日" in shown.text and "王琴" in shown.text
    assert number(walker) in shown.text and {YES, NO} <= set(shown.labels)
    assert "已同意" in (await crew.committee.tap(YES, shown.id)).text
    assert (await walker.ticket()).state is State.PLANNED
    assert any(PLAN in text for text in await crew.chen.all())


async def test_after_a_decision_the_next_one_stands_in_the_same_message(crew: Crew):
    first, second = await proposed(crew), await proposed(crew, "3号楼电梯坏了", "请维保单位来修")
    shown = await queue(crew.committee)
    assert number(first) in shown.text and "共 2 件" in shown.text
    await crew.committee.tap(YES, shown.id)
    then = await message(crew.committee, shown.id)
    assert number(second) in then.text and "请维保单位来修" in then.text
    assert "共 1 件" in then.text and "待审 1" in then.labels
    await crew.committee.tap(YES, shown.id)
    assert "没有别的要定了" in (await message(crew.committee, shown.id)).text


async def message(chat: Chat, message_id: int) -> Message:
    return next(m for m in await chat.phone.inbox() if m.id == message_id)


async def test_sending_back_asks_for_the_reason_with_quick_replies_then_shows_the_next(crew: Crew):
    first, second = await proposed(crew), await proposed(crew, "3号楼电梯坏了", "请维保单位来修")
    shown = await queue(crew.committee)
    asked = await crew.committee.tap(NO, shown.id)
    assert "为什么退回" in asked.text and "请写清楚由谁来办" in asked.labels
    then = await crew.committee.tap("请写清楚由谁来办", asked.id)
    assert "已退回" in then.text and number(second) in then.text and YES in then.labels
    assert (await first.ticket()).state is State.INSPECTED
    assert any("请写清楚由谁来办" in text for text in await crew.wang.all())


async def test_a_reason_in_ones_own_words_shows_the_next_too(crew: Crew):
    await proposed(crew)
    second = await proposed(crew, "3号楼电梯坏了", "请维保单位来修")
    await crew.committee.tap(NO, (await queue(crew.committee)).id)
    then = await crew.committee.say("请写明哪天来")
    assert "已退回" in then.text and number(second) in then.text


async def test_a_new_date_waits_there_with_the_old_one(crew: Crew):
    walker = await extending(crew)
    shown = await queue(crew.committee)
    assert "申请延期" in shown.text and "师傅改约了时间" in shown.text
    assert "从11月27日" in shown.text and "到 12月4日" in shown.text
    await crew.committee.tap(YES, shown.id)
    ticket = await walker.ticket()
    assert ticket.extension is None and ticket.plan_due and ticket.plan_due.day == 4


@pytest.mark.parametrize(("tap", "is_left_out"), [("同意剔除", True), ("不剔除", False)])
async def test_an_exclusion_waits_there_for_the_street(crew: Crew, tap: str, is_left_out: bool):
    walker = await excluding(crew)
    shown = await queue(crew.street)
    assert "申请剔除" in shown.text and "钱进" in shown.text and "查看后不属实" in shown.text
    await crew.street.tap(tap, shown.id)
    if not is_left_out:
        await crew.street.say("居民确实在等，要办")
    assert bool((await walker.ticket()).exclusion) is is_left_out
    assert "待审 0" in (await crew.street.say("/board")).labels


async def test_what_the_street_may_decide_stands_before_what_it_may_not(crew: Crew):
    plan, exclusion = await proposed(crew), await excluding(crew)
    assert number(exclusion) in (await queue(crew.street)).text
    assert number(plan) in (await queue(crew.committee)).text


@pytest.mark.parametrize("who", ["lead", "street"])
async def test_who_may_not_decide_reads_it_without_buttons(crew: Crew, who: str):
    await proposed(crew)
    chat: Chat = getattr(crew, who)
    shown = await queue(chat)
    assert PLAN in shown.text and not {YES, NO} & set(shown.labels)


async def test_who_asked_for_an_exclusion_does_not_decide_it(crew: Crew):
    walker = await excluding(crew, by=crew.committee)
    shown = await queue(crew.committee)
    assert number(walker) in shown.text
    assert not {"同意剔除", "不剔除"} & set(shown.labels)


async def test_a_forged_yes_by_somebody_else_changes_nothing(crew: Crew):
    walker = await proposed(crew)
    yes = next(b for row in (await queue(crew.committee)).buttons for b in row if b.text == YES)
    for chat in (crew.lead, crew.street):
        assert "现在做不了" in await chat.press(yes.data)
    await crew.zhou.start()
    assert "没有找到" in await crew.zhou.press(yes.data)
    for data in ("q:resolve:1001:x", "q:approve:1001", "q:approve:77777:x", "q"):
        await crew.committee.press(data)
    assert (await walker.ticket()).state is State.PROPOSED


async def test_an_old_yes_does_not_agree_to_another_plan(crew: Crew):
    walker = await proposed(crew)
    shown = await queue(crew.committee)
    await crew.committee.press(f"t:{walker.id}:{Action.REJECT}")
    await crew.committee.say("请写清楚由谁来办")
    await crew.wang.tap(f"t:{walker.id}:{Action.PROPOSE}")
    await crew.wang.say("请物业来拆掉")
    await crew.wang.say("7天")
    await crew.committee.tap(YES, shown.id)
    assert "刚才变了" in await crew.committee.toast()
    assert (await walker.ticket()).state is State.PROPOSED
    assert "请物业来拆掉" in (await message(crew.committee, shown.id)).text


async def test_a_second_yes_is_refused_kindly_and_shows_what_waits_now(crew: Crew):
    await proposed(crew)
    shown = await queue(crew.committee)
    yes = next(b for row in shown.buttons for b in row if b.text == YES).data
    await crew.committee.tap(YES, shown.id)
    assert "现在做不了" in await crew.committee.press(yes)


async def test_a_plan_whose_date_is_over_can_only_be_sent_back(crew: Crew):
    walker = await proposed(crew)
    await crew.stage.forward(days=4)
    shown = await queue(crew.committee)
    assert "已过，请退回改日期" in shown.text
    await crew.committee.tap(YES, shown.id)
    assert "已经过了" in await crew.committee.toast()
    assert (await walker.ticket()).state is State.PROPOSED


async def test_another_communitys_committee_sees_none_of_it(crew: Crew):
    walker = await proposed(crew)
    phone = await crew.stage.hire("外社区", Role.COMMITTEE, "南环二", 4002)
    other = Chat(crew.stage, phone)
    shown = await queue(other)
    assert "一件也没有" in shown.text and number(walker) not in shown.text


async def test_the_queue_is_turned_one_by_one(crew: Crew):
    first, second = await proposed(crew), await proposed(crew, "3号楼电梯坏了", "请维保单位来修")
    shown = await queue(crew.committee)
    turned = await crew.committee.tap("下一页", shown.id)
    assert number(second) in turned.text and number(first) not in turned.text


async def test_how_long_nobody_has_it_and_how_late_it_is_stand_on_the_board(crew: Crew):
    for staff in (crew.wang, crew.li, crew.zhao, crew.lead, Chat(crew.stage, crew.cast.worker)):
        await staff.say("/duty")
        await staff.tap("休息")
    await crew.file()
    await crew.stage.forward(hours=27)
    assert "等了 1天3小时" in (await crew.lead.say("/board")).text
    assert "过了 1天1小时" in (await crew.lead.tap("逾期")).text
