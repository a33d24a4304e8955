"""Filing a petition, as a resident does it: over HTTP, on the real bot."""

import pytest
from chatting import PLACED, Chat, Crew

from playground.stage.stage import Stage
from workflows.core.numbers import format_number as number_of
from workflows.core.people import Role
from workflows.petition.words import State

# the short way


async def test_words_without_any_command_start_a_petition(chen: Chat):
    shown = await chen.say(PLACED)
    assert "1网格 3幢" in shown.text and "充电设施" in shown.text and PLACED in shown.text
    assert "✅ 提交" in shown.labels


async def test_from_a_station_one_message_and_one_tap_file_it(chen: Chat):
    await chen.start("st_nanhuan-east")
    await chen.say("充电桩坏了")
    filed = await chen.tap("提交")
    [ticket] = await chen.tickets()
    assert (ticket.text, ticket.place) == ("充电桩坏了", "友新街道/南环一/1网格")
    assert "您的事记下了" in filed.text and number_of(ticket.id) in filed.text


async def test_a_building_said_at_a_station_is_looked_for_around_it(chen: Chat):
    await chen.start("st_nanhuan-east")
    assert "1网格 4幢" in (await chen.say("4幢路灯不亮")).text


async def test_who_was_here_before_gets_his_last_place(chen: Chat):
    await chen.say("7幢路灯不亮")
    await chen.tap("提交")
    assert "2网格 7幢" in (await chen.say("楼道里堆满杂物")).text


async def test_a_stations_link_counts_for_one_petition_only(chen: Chat):
    await chen.start("st_nanhuan-east")
    await chen.say("7幢路灯不亮")
    await chen.tap("提交")
    assert "2网格 7幢" in (await chen.say("楼道里堆满杂物")).text


async def test_a_stations_link_in_the_middle_keeps_what_was_said(chen: Chat):
    await chen.say("路灯不亮")
    shown = await chen.start("st_nanhuan-east")
    assert "路灯不亮" in shown.text and "1网格" in shown.text and "✅ 提交" in shown.labels


# where


async def test_an_unknown_place_is_asked_for_and_tapped(chen: Chat):
    asked = await chen.say("路灯不亮了")
    assert "是在哪里" in asked.text and "南环二 4网格" in asked.labels
    shown = await chen.tap("南环一 2网格")
    assert "📍 南环一 2网格" in shown.text and "公共照明" in shown.text


async def test_an_unknown_place_is_asked_for_and_said(chen: Chat):
    await chen.say("路灯不亮了")
    shown = await chen.say("在7幢门口")
    assert "2网格 7幢" in shown.text and "路灯不亮了" in shown.text


async def test_the_place_is_changed_by_a_tap_or_by_words(chen: Chat):
    await chen.say(PLACED)
    await chen.tap("改地点")
    assert "1网格 4幢" in (await chen.tap("4幢")).text
    await chen.tap("改地点")
    assert "3网格 12幢" in (await chen.say("12幢")).text


async def test_the_category_is_changed_by_one_tap(chen: Chat):
    await chen.say(PLACED)
    asked = await chen.tap("改类别")
    assert "哪一类" in asked.text
    assert "🏷 电梯" in (await chen.tap("电梯")).text


async def test_a_chosen_category_is_not_changed_by_later_words(chen: Chat):
    await chen.say(PLACED)
    await chen.tap("改类别")
    await chen.tap("电梯")
    assert "🏷 电梯" in (await chen.say("充电桩已经坏了好几天了")).text


async def test_a_shared_position_is_the_nearest_building(chen: Chat):
    await chen.phone.send_location(31.2850, 120.6203)
    asked = await chen.settled()
    assert "2网格 7幢" in asked.text and "是什么事" in asked.text
    assert "✅ 提交" in (await chen.say("路灯不亮")).labels


# second thoughts


async def test_an_edit_before_filing_changes_the_draft(chen: Chat):  # F42
    [message] = await chen.phone.send("3号楼充电桩坏了")
    await chen.settled()
    await chen.phone.edit(message, "3号楼电梯坏了")
    shown = await chen.settled()
    assert "电梯坏了" in shown.text and "🏷 电梯" in shown.text
    await chen.tap("提交")
    assert (await chen.tickets())[0].text == "3号楼电梯坏了"


async def test_an_edit_can_bring_what_was_missing(chen: Chat):  # F42
    [message] = await chen.phone.send("充电桩坏了")
    assert "是在哪里" in (await chen.settled()).text
    await chen.phone.edit(message, "3号楼充电桩坏了")
    assert "✅ 提交" in (await chen.settled()).labels


async def test_filling_in_again_starts_from_nothing_but_the_place(chen: Chat):
    await chen.say(PLACED)
    asked = await chen.tap("重填")
    assert "3幢" in asked.text and "是什么事" in asked.text
    await chen.say("路灯不亮")
    await chen.tap("提交")
    assert [t.text for t in await chen.tickets()] == ["路灯不亮"]


STEPS = {
    "empty": [],
    "placing": ["路灯不亮了"],
    "preview": [PLACED],
    "categorizing": [PLACED, "[改类别]"],
    "moving": [PLACED, "[改地点]"],
}


@pytest.mark.parametrize("step", STEPS)
async def test_every_step_can_be_cancelled(chen: Chat, step: str):
    for way in ("/cancel", "tap"):
        await chen.phone.send_photo()
        await chen.settled()
        for act in STEPS[step]:
            await (chen.tap(act[1:-1]) if act.startswith("[") else chen.say(act))
        said = await (chen.say("/cancel") if way == "/cancel" else chen.tap("取消"))
        assert "没有提交" in said.text
    assert "照片、语音一共" not in (await chen.say(PLACED)).text


async def test_cancelling_after_filing_does_not_deny_what_was_filed(chen: Chat):
    await chen.say(PLACED)
    await chen.tap("提交")
    said = await chen.say("/cancel")
    assert "没有提交" not in said.text and "我的事" in said.labels


async def test_a_cancelled_drafts_buttons_are_refused_kindly(chen: Chat):  # F48
    preview = await chen.say(PLACED)
    await chen.say("/cancel")
    await chen.press_late("提交", preview)
    assert "过时了" in await chen.toast() and not await chen.tickets()


async def test_a_restart_of_the_bot_keeps_the_draft(chen: Chat):
    await chen.say("路灯不亮了")
    await chen.stage.restart()
    await chen.say("在7幢")
    await chen.stage.restart()
    await chen.tap("提交")
    assert [t.text for t in await chen.tickets()] == ["路灯不亮了\n在7幢"]


# for somebody else


async def test_a_pioneer_files_for_somebody_and_the_name_is_kept(crew: Crew):
    shown = await crew.li.say(PLACED)
    assert "代居民提交" in shown.labels
    asked = await crew.li.tap("代居民提交")
    assert "本人同意了吗" in asked.text
    assert "3幢 张阿姨" in (await crew.li.say("3幢 张阿姨，上门找")).text
    await crew.li.tap("本人同意了")
    await crew.li.tap("提交")
    [ticket] = await crew.li.tickets()
    assert (ticket.on_behalf, ticket.text) == ("3幢 张阿姨，上门找", PLACED)
    assert "代报：3幢 张阿姨" in (await crew.wang.last()).text


async def test_naming_can_be_cancelled(crew: Crew):
    await crew.li.say(PLACED)
    await crew.li.tap("代居民提交")
    assert "没有提交" in (await crew.li.say("/cancel")).text


async def test_a_resident_cannot_file_for_somebody(chen: Chat):
    assert "代居民提交" not in (await chen.say(PLACED)).labels


# whom it reaches


async def test_who_files_is_not_offered_his_own_ticket(crew: Crew):
    await crew.wang.say(PLACED)
    await crew.wang.tap("提交")
    [ticket] = await crew.wang.tickets()
    assert ticket.state is State.DISPATCHED and ticket.offered_to != crew.wang.id


async def test_a_petition_where_nobody_works_reaches_the_community(on_stage: Stage, chen: Chat):
    head = await on_stage.hire("吴书记", Role.COMMITTEE, "友新街道/南环一", 4001)
    await chen.say("7幢路灯不亮")
    await chen.tap("提交")
    assert "请您派单" in (await head.last()).text


async def test_a_pioneer_who_is_offered_what_he_filed_for_somebody_is_named(crew: Crew):
    await crew.wang.say(PLACED)
    await crew.wang.tap("代居民提交")
    await crew.wang.say("3幢 张阿姨，上门找")
    await crew.wang.tap("本人同意了")
    await crew.wang.tap("提交")
    [ticket] = await crew.wang.tickets()
    assert ticket.offered_to == crew.wang.id
    shown = await crew.lead.say(number_of(ticket.id))
    assert "派给 海棠先锋 王琴" in shown.text
