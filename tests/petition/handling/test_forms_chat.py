"""Answering what an action asks for, as staff and residents do it."""

from typing import Any

import pytest
from chatting import Chat, Crew, number
from msgspec.structs import replace
from walking import Walker

from workflows.petition.words import Action, State


async def open_form(chat: Chat, walker: Walker, action: Action) -> str:
    return (await chat.tap(f"t:{walker.id}:{action}")).text


async def lead_opens(crew: Crew, walker: Walker, action: Action) -> None:
    """The lead looks a ticket up by its number and taps."""
    await crew.lead.say(number(walker))
    await crew.lead.tap(f"t:{walker.id}:{action}")


async def media(chat: Chat) -> list[str]:
    return [m.media for m in await chat.phone.inbox() if m.sender == "bot" and m.media]


# each need


async def test_a_plan_needs_words_and_a_day_and_asks_again(crew: Crew):
    walker = await crew.accepted()
    assert "谁来办" in await open_form(crew.wang, walker, Action.PROPOSE)
    assert "最晚哪天" in (await crew.wang.say("请充电公司来换")).text
    for wrong, why in (("不知道", "没看懂"), ("11月1日", "已经过了"), ("13月40日", "没看懂")):
        await crew.wang.say(wrong)
        said = await crew.wang.new()
        assert why in said[0] and "最晚哪天" in said[1]
    assert "已上报方案" in (await crew.wang.say("12月1日")).text
    ticket = await walker.ticket()
    assert ticket.state is State.PROPOSED and ticket.proposal
    assert ticket.proposal.text == "请充电公司来换"


async def test_a_handler_is_chosen_by_tapping_a_name(crew: Crew):
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.TRANSFER)
    await crew.wang.say("李明")
    assert "请点下面的一个名字" in (await crew.wang.new())[0]
    await crew.wang.tap("李明")
    await crew.wang.tap("您离得近")  # a quick reply
    assert (await walker.ticket()).offered_to == crew.li.id
    assert "您离得近，请帮忙接一下" in (await crew.li.last()).text


async def test_a_name_that_cannot_take_it_is_refused(crew: Crew):
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.TRANSFER)
    await crew.wang.say(str(crew.chen.id))
    assert "换一位" in (await crew.wang.say("他更懂")).text
    assert (await walker.ticket()).handler == crew.wang.id


async def test_the_other_ticket_is_named_by_its_number(crew: Crew):
    walker = await crew.accepted()
    other = await crew.file("3号楼的充电桩充不了电", by=crew.zhou)
    await open_form(crew.wang, walker, Action.MERGE)
    await crew.wang.say("12345")
    assert "没有找到" in (await crew.wang.new())[0]
    await crew.wang.say(number(other))
    assert (await walker.ticket()).merged_into == other.id


async def test_a_ticket_is_not_merged_into_itself(crew: Crew):
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.MERGE)
    assert "不是这一件自己" in (await crew.wang.say(number(walker))).text
    assert (await walker.ticket()).state is State.ACCEPTED


async def test_a_rating_is_tapped_not_written(crew: Crew):
    walker = await crew.resolved()
    await crew.chen.tap("满意")
    assert (await walker.ticket()).rating == 3
    other = await crew.resolved("3号楼的灯不亮")
    await crew.chen.press(f"t:{other.id}:confirm")
    await crew.chen.say("很好很好")
    assert "请点下面的一个评价" in (await crew.chen.new())[0]
    await crew.chen.tap("基本满意")
    assert (await other.ticket()).rating == 2


async def test_declining_says_why_and_where_to_go(crew: Crew):
    walker = await crew.file()
    await lead_opens(crew, walker, Action.DECLINE)
    assert "居民该去找谁" in (await crew.lead.tap("这要由专业部门来办")).text
    await crew.lead.phone.send_photo()
    await crew.lead.settled()
    assert (await walker.ticket()).is_open
    await crew.lead.tap("12345热线")
    told = (await crew.chen.last()).text
    assert "这要由专业部门来办" in told and "12345热线" in told


async def test_a_position_is_no_reason(crew: Crew):
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.RETURN)
    await crew.wang.mark()
    await crew.wang.phone.send_location(31.285, 120.62)
    await crew.wang.settled()
    said = await crew.wang.new()
    assert "没看懂" in said[0] and "为什么退单" in said[1]


async def test_a_question_of_a_form_that_is_over_is_refused(crew: Crew):  # F48
    walker = await crew.accepted()
    asked = await crew.wang.tap(f"t:{walker.id}:{Action.INSPECT}")
    await crew.wang.tap("情况属实")
    await crew.wang.press_late("情况属实", asked)
    assert "过时了" in await crew.wang.toast()
    assert [e.action for e in await walker.events()].count(Action.INSPECT) == 1


# pictures


async def test_a_photo_alone_is_an_inspection(crew: Crew):
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.INSPECT)
    await crew.wang.phone.send_photo()
    shown = await crew.wang.settled()
    assert "已记下实地查看" in shown.text and "附件 1 个" in shown.text
    await crew.wang.tap("照片、语音")
    assert await media(crew.wang) == ["photo"]


async def test_a_photo_with_words_is_an_inspection_with_both(crew: Crew):
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.INSPECT)
    await crew.wang.phone.send_photo("三根都坏了")
    assert "附件 1 个" in (await crew.wang.settled()).text
    assert (await walker.events())[-1].data["text"] == "三根都坏了"


@pytest.mark.parametrize("at_once", [True, False])
async def test_an_album_is_one_answer(crew: Crew, at_once: bool):  # F43
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.INSPECT)
    await crew.wang.phone.send_album(3, caption="三根都坏了")
    if not at_once:  # the album's parts come in batches of their own
        crew.stage.service.poller.step = _one_by_one(crew)
    await crew.wang.settled()
    await crew.wang.tap("照片、语音")
    assert await media(crew.wang) == ["photo"] * 3
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        assert (await tx.dialog(crew.wang.id)).draft is None


def _one_by_one(crew: Crew):
    """A poll that hands over each update in a batch of its own."""
    poller = crew.stage.service.poller

    async def step(seconds: int) -> int:
        batch = await poller._fetch(seconds)
        for raw in batch:
            await poller.receiver.take([raw])
            poller._offset = raw["update_id"] + 1
        return len(batch)

    return step


async def test_a_result_keeps_its_photos_and_the_resident_sees_them(crew: Crew):
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.RESOLVE)
    await crew.wang.phone.send_photo()
    assert "办得怎样" in (await crew.wang.settled()).text  # a picture is no result yet
    await crew.wang.say("换好了")
    assert "换好了" in (await crew.chen.last()).text
    assert await media(crew.chen) == ["photo"]  # it came with the words


async def test_a_plan_sent_with_an_album_keeps_every_picture(crew: Crew):
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.PROPOSE)
    await crew.wang.phone.send_album(3, caption="请充电公司来换")
    assert "最晚哪天" in (await crew.wang.settled()).text
    await crew.wang.say("3天")
    assert (await walker.events())[-1].data["photos"] == 3


async def test_what_staff_note_for_themselves_is_not_shown_to_residents(crew: Crew):
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.NOTE)
    await crew.wang.phone.send_photo("他家里没有人")
    await crew.wang.settled()
    shown = await crew.chen.say(number(walker))
    assert "📎 照片、语音" not in shown.labels
    assert "没有照片" in await crew.chen.press(f"v:{walker.id}:files")
    assert not await media(crew.chen)
    await crew.li.say(number(walker))
    await crew.li.tap("照片、语音")
    assert await media(crew.li) == ["photo"]


# left open


async def test_a_form_under_which_the_ticket_moved_on_is_refused_and_closed(crew: Crew):  # F33
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.INSPECT)
    await crew.chen.tap(f"t:{walker.id}:{Action.WITHDRAW}")
    await crew.chen.say("已经解决了")
    await crew.wang.say("到现场看过了")
    said = await crew.wang.new()
    assert "现在做不了" in said[0] and "已撤回" in said[1]
    assert "请您看一看" in (await crew.wang.say("3号楼路灯不亮")).text  # nothing is stuck


@pytest.mark.parametrize("changed", [{"needs": ("weight",)}, {"action": "weigh"}], ids=str)
async def test_a_form_that_only_another_version_knows_is_dropped(
    crew: Crew, changed: dict[str, Any]
):
    """F62: the row is readable, its words are of a later version."""
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.INSPECT)
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        dialog = await tx.dialog(crew.wang.id)
        assert dialog.form
        tx.put_dialog(replace(dialog, form=replace(dialog.form, **changed)))
    await crew.wang.say("到现场看过了")
    said = await crew.wang.new()
    assert "过时了" in said[0] and "已接单" in said[1]
    assert "请您看一看" in (await crew.wang.say("3号楼路灯不亮")).text  # nothing is stuck


async def test_a_tapped_answer_to_such_a_form_is_refused_too(crew: Crew):  # F33
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.PROPOSE)
    await crew.wang.say("请充电公司来换")
    await lead_opens(crew, walker, Action.DECLINE)
    await crew.lead.tap("这要由专业部门来办")
    await crew.lead.tap("12345热线")
    await crew.wang.tap("3天内")
    assert "现在做不了" in "".join(await crew.wang.new())
    assert (await walker.ticket()).state is State.DECLINED


async def test_somebody_else_who_has_it_now_is_named(crew: Crew):  # F33
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.RESOLVE)
    await lead_opens(crew, walker, Action.TRANSFER)
    await crew.lead.tap("李明")
    await crew.lead.tap("您离得近")
    await crew.wang.say("换好了")
    said = await crew.wang.new()
    assert "现在做不了" in said[0] and "李明" in said[1]
    assert not (await walker.ticket()).result


async def test_a_form_can_be_cancelled(crew: Crew):
    walker = await crew.accepted()
    for way in ("/cancel", "取消"):
        await open_form(crew.wang, walker, Action.INSPECT)
        said = await (crew.wang.say(way) if way == "/cancel" else crew.wang.tap(way))
        assert "什么也没有改" in said.text
    assert (await walker.ticket()).state is State.ACCEPTED
    assert "请您看一看" in (await crew.wang.say("3号楼路灯不亮")).text


async def test_a_form_survives_a_restart(crew: Crew):
    walker = await crew.accepted()
    await open_form(crew.wang, walker, Action.PROPOSE)
    await crew.wang.say("请充电公司来换")
    await crew.stage.restart()
    await crew.wang.say("明天")
    proposal = (await walker.ticket()).proposal
    assert proposal and proposal.text == "请充电公司来换"


# the resident


async def test_a_resident_answers_by_just_writing(crew: Crew):
    walker = await crew.waiting()
    asked = await crew.chen.last()
    assert "请问是几号桩？" in asked.text and "直接回我一句话" in asked.text
    assert "转给工作人员了" in (await crew.chen.say("三号桩")).text
    assert (await walker.ticket()).state is State.ACCEPTED
    assert "三号桩" in (await crew.wang.last()).text


async def test_a_resident_answers_with_a_photo(crew: Crew):
    walker = await crew.waiting()
    await crew.chen.phone.send_photo()
    await crew.chen.settled()
    assert (await walker.ticket()).state is State.ACCEPTED
    await crew.wang.tap("照片、语音")
    assert await media(crew.wang) == ["photo"]


async def test_words_written_before_the_question_was_read_are_no_answer(crew: Crew):
    walker = await crew.accepted()
    await crew.stage.forward(hours=13, minutes=30)  # half past ten at night
    await open_form(crew.wang, walker, Action.ASK)
    await crew.wang.say("请问是几号桩？")
    assert "请您看一看" in (await crew.chen.say("3号楼路灯也不亮")).text
    await crew.stage.forward(hours=9)
    assert "请问是几号桩？" in "".join(await crew.chen.all())
    await crew.chen.say("三号桩")
    assert (await walker.ticket()).state is State.ACCEPTED


async def test_an_answer_that_comes_too_late_is_not_lost(crew: Crew):
    walker = await crew.waiting()
    await crew.stage.forward(hours=73)  # the staff go on without it
    assert (await walker.ticket()).state is not State.WAITING
    await crew.chen.say("是三号桩")
    assert "收到了，转给工作人员了" in (await crew.chen.last()).text
    assert "是三号桩" in (await crew.wang.last()).text


async def test_withdrawing_asks_first(crew: Crew):
    walker = await crew.file()
    assert "确定要撤回吗" in await open_form(crew.chen, walker, Action.WITHDRAW)
    await crew.chen.tap("取消")
    assert (await walker.ticket()).is_open
    await open_form(crew.chen, walker, Action.WITHDRAW)
    await crew.chen.tap("已经解决了")
    assert (await walker.ticket()).state is State.WITHDRAWN
    assert "撤回了" in (await crew.wang.last()).text


async def test_a_forgotten_withdrawal_does_not_swallow_the_next_petition(crew: Crew):
    walker = await crew.file()
    await open_form(crew.chen, walker, Action.WITHDRAW)
    await crew.stage.forward(hours=5)
    assert "路灯不亮" in (await crew.chen.say("3号楼路灯不亮")).text
    assert (await walker.ticket()).is_open
    assert "✅ 提交" in (await crew.chen.last()).labels


# a petition and a form at once: what was asked last is answered first, a tap on the preview or a
# link turns back to the petition, and nothing that was said is lost


async def test_a_preview_can_be_filed_while_a_question_is_open(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.say("3号楼路灯也不亮")
    await open_form(crew.wang, walker, Action.ASK)
    await crew.wang.say("请问是几号桩？")
    await crew.chen.tap("提交")
    assert len(await crew.chen.tickets()) == 2
    await crew.chen.say("三号桩")
    assert (await walker.ticket()).state is State.ACCEPTED


async def test_who_taps_the_preview_writes_for_it(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.say("3号楼路灯也不亮")
    await open_form(crew.wang, walker, Action.ASK)
    await crew.wang.say("请问是几号桩？")
    await crew.chen.tap("改地点")
    assert "4幢" in (await crew.chen.say("4幢")).text
    assert (await walker.ticket()).state is State.WAITING


@pytest.mark.parametrize("payload", ["", "st_nanhuan-west"])
async def test_who_starts_anew_answers_nothing_old(crew: Crew, payload: str):
    walker = await crew.waiting()
    await crew.chen.start(payload)
    shown = await crew.chen.say("9幢路灯不亮")
    assert "3网格 9幢" in shown.text and "✅ 提交" in shown.labels
    assert (await walker.ticket()).state is State.WAITING
    await crew.chen.tap(f"t:{walker.id}:answer")
    assert "转给工作人员了" in (await crew.chen.say("三号桩")).text


async def test_a_draft_waits_for_the_form(crew: Crew):
    walker = await crew.waiting()
    await crew.chen.say("三号桩")
    await crew.chen.say("3号楼路灯不亮")
    await crew.chen.tap(f"t:{walker.id}:withdraw")
    await crew.chen.say("写错了")
    await crew.chen.tap("提交")
    assert (await crew.chen.tickets())[0].text == "3号楼路灯不亮"


async def test_every_one_tap_step_is_answered(crew: Crew):
    walker = await crew.file()
    await crew.chen.tap("催一催")
    assert "已经帮您催了" in await crew.chen.toast()
    assert "请尽快" in (await crew.wang.last()).text
    await crew.wang.tap(f"t:{walker.id}:accept")
    assert "已接单" in (await crew.wang.last()).text


async def test_a_ticket_number_is_no_answer(crew: Crew):
    walker = await crew.waiting()
    assert "您要看的" in (await crew.chen.say(number(walker))).text
    assert (await walker.ticket()).state is State.WAITING
    await crew.chen.say("三号桩")
    assert (await walker.ticket()).state is State.ACCEPTED
