"""An activity from its plan to its summing up, as people live it over the wire: every step."""

from chatting import Chat
from msgspec.structs import replace
from outing import HOME, Outing
from sqlalchemy import select

from workflows.activities.words import State
from workflows.core.kernels.slots import Standing
from workflows.core.places import community_of
from workflows.petition.words import State as Petition
from workflows.store import tables as t


def code_in(text: str) -> str:
    return text.split("签到码：")[1][:9]


async def enter(outing: Outing, who: Chat) -> str:
    """He types the code that 李 shows."""
    await outing.li.start(f"at_{outing.number}")
    return (await who.say(code_in((await outing.li.tap("🔢 签到码")).text))).text


async def test_from_the_plan_to_what_it_came_to(outing: Outing):
    activity = await outing.announced()
    assert (activity.state, activity.title, activity.minutes) == (State.ANNOUNCED, "手工课", 90)
    await outing.join(outing.chen, outing.zhou, outing.ma)
    assert "您报上了" in (await outing.chen.last()).text
    assert "您排在第 1 位" in (await outing.ma.last()).text
    await outing.zhou.tap("不去了")
    assert "给您留着位置" in (await outing.ma.last()).text
    await outing.ma.tap("我来")
    assert (await outing.now()).claim_of(outing.ma.id).standing is Standing.IN
    await outing.join(outing.lin, button="当帮手")
    await outing.until_start()
    assert (await outing.now()).state is State.RUNNING
    assert "记下了" in await enter(outing, outing.chen)
    await outing.stage.forward(hours=2, minutes=1)
    assert (await outing.now()).state is State.ENDED
    await outing.chen.tap("👍 好")
    await outing.chen.tap("没有了")
    assert (await outing.now()).ratings == {"good": 1}
    await outing.li.tap("写小结")
    await outing.li.tap("顺利办好了")
    summed = await outing.now()
    assert summed.state is State.SUMMED and summed.report
    assert (summed.report.people, summed.report.helpers) == (1, 0)
    assert "来了 1 人" in (await outing.chen.last()).text


async def test_danger_said_instead_of_how_it_was_is_a_petition(outing: Outing):
    await outing.running(outing.chen)
    await enter(outing, outing.chen)
    await outing.stage.forward(hours=2, minutes=1)
    await outing.chen.tap("👍 好")
    await outing.chen.say("3幢楼道着火了，快来人")
    assert "119" in "".join(await outing.chen.new())
    assert (await outing.now()).ratings == {}


async def test_it_does_not_begin_a_day_before_by_a_slip(outing: Outing):
    await outing.announced()
    assert "▶️ 开始签到" not in str((await outing.li.last()).labels)
    await outing.stage.forward(days=3, hours=3, minutes=30)
    await outing.li.start(f"at_{outing.number}")
    await outing.li.tap("开始签到")
    assert (await outing.now()).state is State.RUNNING


# the plan


async def test_many_places_wait_for_the_committee_which_may_send_it_back(outing: Outing):
    await outing.planned(places="80")
    await outing.li.tap("公布")
    assert "请您看一看" in (await outing.committee.last()).text
    await outing.committee.tap("要改一改")
    await outing.committee.say("请换到广场")
    assert "请换到广场" in (await outing.li.last()).text
    await outing.li.tap("改地点")
    await outing.li.say("小区广场")
    await outing.li.tap("公布")
    await outing.committee.tap("同意")
    assert (await outing.now()).state is State.ANNOUNCED
    assert "同意了" in (await outing.li.last()).text


async def test_a_plan_that_nobody_goes_on_with_is_dropped_and_its_leader_hears_it(outing: Outing):
    await outing.li.say("办活动 包饺子")
    outing.number = (await outing.now()).id
    await outing.stage.forward(days=14, minutes=1)
    assert (await outing.now()).state is State.CANCELLED
    assert "不办了" in (await outing.li.last()).text


async def test_words_that_begin_so_are_a_petition_from_a_resident(outing: Outing):
    await outing.chen.say("办活动的那个灯坏了，3号楼下")
    assert "请您看一看" in (await outing.chen.last()).text


async def test_a_change_is_told_to_all_who_signed_up_and_takes_nobody_out(outing: Outing):
    await outing.announced(places="1")
    await outing.join(outing.chen, outing.zhou)
    await outing.li.tap("改时间")
    await outing.li.say("5天后 9:30-10:30")
    for chat in (outing.chen, outing.zhou):
        assert "活动有变化" in "".join(await chat.all())
    moved = await outing.now()
    assert moved.signed == (outing.chen.id, outing.zhou.id) and moved.minutes == 60
    await outing.li.tap("改名额")
    await outing.li.say("2")
    await outing.li.say("0")
    assert "给您留着位置" in (await outing.zhou.last()).text


async def test_who_is_in_cannot_be_cut_off_by_fewer_places(outing: Outing):
    await outing.announced()
    await outing.join(outing.chen, outing.zhou)
    await outing.li.tap("改名额")
    await outing.li.say("1")
    await outing.li.say("0")
    assert (await outing.now()).slot().capacity == 2
    assert "坐不下" in "".join(await outing.li.new())


async def test_called_off_reaches_all_and_names_who_must_be_called(outing: Outing):
    await outing.announced(places="1")
    await outing.join(outing.chen, outing.zhou)
    await outing.li.tap("替人报名")
    await outing.li.say("张奶奶 65001234")
    await outing.li.tap("就我一个")
    await outing.li.tap("不办了")
    await outing.li.tap("下雨")
    for chat in (outing.chen, outing.zhou):
        assert "下雨" in (await chat.last()).text
    assert "张奶奶 65001234" in (await outing.li.last()).text
    assert (await outing.now()).state is State.CANCELLED


async def test_the_groups_around_hear_of_it_and_one_tap_there_signs_up(outing: Outing):
    group = await outing.stage.phones.add_group("居民", [outing.lead.phone, outing.chen.phone])
    await outing.lead.say("/bind 居民群", chat=group)
    await outing.announced()
    shown = await outing.chen.phone.last(group)
    assert "手工课" in shown.text and f"at_{outing.number}" in shown.text
    await outing.chen.phone.tap("报名", shown.id, group)
    await outing.stage.settle()
    assert (await outing.now()).signed == (outing.chen.id,)


# who comes


async def test_a_family_has_all_its_places_or_waits_together_and_keeps_its_rank(outing: Outing):
    await outing.announced(places="3")
    await outing.join(outing.chen, button="2 个人")
    await outing.join(outing.zhou, button="3 个人")
    assert "空的位置不够您一家坐" in (await outing.zhou.last()).text
    await outing.join(outing.ma)
    assert "您报上了" in (await outing.ma.last()).text
    await outing.chen.tap("不去了")
    await outing.ma.tap("不去了")
    assert "给您留着位置" in (await outing.zhou.last()).text


async def test_a_family_can_become_smaller_and_makes_room(outing: Outing):
    await outing.announced(places="3")
    await outing.join(outing.chen, button="3 个人")
    await outing.join(outing.zhou)
    await outing.chen.tap("几个人来")
    await outing.chen.say("两个人")
    assert "给您留着位置" in (await outing.zhou.last()).text


async def test_who_speaks_of_something_else_is_heard_with_that(outing: Outing):
    await outing.announced()
    await outing.card(outing.chen)
    await outing.chen.tap("几个人来")
    await outing.chen.say("3号楼的灯坏了")
    assert "请您看一看" in (await outing.chen.last()).text
    assert (await outing.now()).signed == ()


async def test_what_is_not_taken_in_time_goes_to_the_next(outing: Outing):
    await outing.announced(places="1")
    await outing.join(outing.chen, outing.zhou, outing.ma)
    await outing.chen.tap("不去了")
    await outing.stage.forward(hours=5)
    assert "没有再给您留着" in (await outing.zhou.last()).text
    assert "给您留着位置" in (await outing.ma.last()).text


async def test_nobody_is_let_in_after_the_start_and_what_was_held_is_said(outing: Outing):
    await outing.announced(places="1")
    await outing.join(outing.chen, outing.zhou)
    await outing.until_start()
    begun = await outing.now()
    assert begun.slot().is_held and begun.claim_of(outing.zhou.id).standing is Standing.WAITING
    assert "不去了" not in str((await outing.chen.last()).labels)


async def test_only_who_is_in_is_reminded_a_day_and_two_hours_before(outing: Outing):
    await outing.announced(places="1")
    await outing.join(outing.chen, outing.zhou)
    for chat in outing.all:
        await chat.mark()
    await outing.stage.forward(days=2, hours=12)
    assert "请记得来" in "".join(await outing.chen.new())
    assert not await outing.zhou.new() and not await outing.he.new()
    await outing.chen.mark()
    await outing.stage.forward(hours=15)
    assert len([said for said in await outing.chen.new() if "请记得来" in said]) == 1


async def test_who_did_not_come_three_times_is_asked_the_day_before(outing: Outing):
    for _ in range(3):
        outing.number = 0
        await outing.running(outing.chen)
        await outing.stage.forward(hours=3)
        await outing.li.tap("写小结")
        await outing.li.tap("顺利办好了")
    outing.number = 0
    await outing.announced(places="1")
    await outing.join(outing.chen, outing.zhou)
    await outing.stage.forward(days=2)
    assert "给您留着位置" in (await outing.chen.last()).text
    await outing.stage.forward(hours=12)
    assert "给您留着位置" in (await outing.zhou.last()).text


async def test_a_card_of_who_is_on_paper_tells_the_leader_to_call(outing: Outing):
    await outing.announced(places="1")
    await outing.join(outing.chen)
    await outing.li.tap("替人报名")
    await outing.li.say("张奶奶 65001234")
    await outing.li.tap("就我一个")
    await outing.chen.tap("不去了")
    assert "请打电话" in (await outing.li.last()).text
    assert (await outing.now()).claim_of(-1).standing is Standing.IN


# on the spot


async def test_a_picture_of_a_code_is_not_presence(outing: Outing):
    await outing.running(outing.chen, outing.zhou)
    await outing.li.start(f"at_{outing.number}")
    code = code_in((await outing.li.tap("🔢 签到码")).text)
    await outing.stage.forward(minutes=3)
    assert "过时" in (await outing.chen.say(code)).text
    assert (await outing.now()).came == ()
    await enter(outing, outing.chen)
    assert "已经" in await enter(outing, outing.chen)
    assert (await outing.now()).came == (outing.chen.id,)


async def test_a_helper_types_the_code_that_somebody_shows(outing: Outing):
    await outing.running(outing.chen)
    await outing.card(outing.chen)
    code = code_in((await outing.chen.tap("我的签到码")).text)
    await outing.zhou.say(code)
    assert (await outing.now()).came == ()
    await outing.lin.say(code)
    assert (await outing.now()).came == (outing.chen.id,)


async def test_the_list_is_ticked_and_unticked_and_nobody_ticks_himself(outing: Outing):
    await outing.running(outing.chen)
    await outing.card(outing.lin)
    await outing.lin.tap("📋 名单")
    await outing.lin.tap("☐ 陈师傅")
    await outing.lin.tap("没在名单上的 +5")
    there = await outing.now()
    assert (there.came, there.people) == ((outing.chen.id,), 6)
    await outing.lin.tap("☑ 陈师傅")
    await outing.lin.tap("☐ 林大爷")
    assert (await outing.now()).came == ()
    assert "请别人来点" in await outing.lin.toast()


async def test_what_is_handed_out_is_had_once_and_counted(outing: Outing):
    await outing.running(outing.chen)
    await outing.li.start(f"at_{outing.number}")
    await outing.li.tap("发东西")
    await outing.li.say("水 2瓶")
    await outing.li.tap("📋 名单")
    await outing.li.tap("水 2瓶")
    await outing.li.tap("☐ 陈师傅")
    await outing.li.tap("没在名单上的 +1")
    await outing.li.tap("没在名单上的 +1")
    assert (await outing.now()).given == {"item0": 2}
    assert "发完了" in await outing.li.toast()


async def test_who_asks_to_be_excused_did_not_stay_away(outing: Outing):
    await outing.running(outing.chen, outing.zhou)
    await outing.li.start(f"at_{outing.number}")
    await outing.li.tap("📋 名单")
    shown = await outing.li.tap("请假")
    assert "没在名单上的" not in str(shown.labels)
    await outing.li.tap("周阿姨")
    assert (await outing.now()).signed == (outing.chen.id, outing.lin.id)


async def test_what_is_heard_there_is_a_petition_and_stands_on_its_card(outing: Outing):
    await outing.running(outing.chen)
    await outing.card(outing.lin)
    await outing.lin.tap("记下邻居的事")
    await outing.lin.say("3幢楼下充电桩坏了")
    await outing.lin.tap("不写名字")
    [filed] = await outing.lin.tickets()
    assert (filed.text, filed.state) == ("3幢楼下充电桩坏了", Petition.DISPATCHED)
    await outing.li.start(f"at_{outing.number}")
    assert "1 件邻居要办的事" in (await outing.li.last()).text
    assert "引出了" in (await outing.li.tap("经过")).text


async def test_a_helper_who_goes_early_has_helped_so_long(outing: Outing):
    await outing.running(outing.chen)
    await enter(outing, outing.lin)
    await outing.stage.forward(minutes=45)
    await enter(outing, outing.lin)
    assert 44 <= (await outing.now()).minutes_of(outing.lin.id) <= 46


async def test_a_helper_whom_somebody_saw_has_helped_as_long_as_planned(outing: Outing):
    await outing.running(outing.chen)
    await outing.stage.forward(hours=2, minutes=1)
    await outing.li.tap("📋 名单")
    await outing.li.tap("☐ 林大爷")
    assert (await outing.now()).minutes_of(outing.lin.id) == 90


async def kinds_after(outing: Outing) -> set[str]:
    """What there is once an activity was summed up at which 林 helped."""
    await outing.running(outing.chen)
    await enter(outing, outing.lin)
    await outing.stage.forward(hours=3)
    await outing.li.tap("写小结")
    await outing.li.tap("顺利办好了")
    async with outing.stage.service.store.engine.connect() as conn:
        return set((await conn.execute(select(t.subjects.c.kind))).scalars())


async def test_summing_up_writes_a_helpers_time_into_his_passbook(outing: Outing):
    assert "service" in await kinds_after(outing)
    assert "记进您的爱心存折" in (await outing.lin.last()).text


async def test_where_no_time_is_kept_it_writes_none_down(outing: Outing):
    desk = outing.stage.service.desk
    off = {"service": frozenset({community_of(HOME)})}
    desk.rules = replace(desk.rules, without={**desk.rules.without, **off})
    assert "service" not in await kinds_after(outing)


# lists and files


async def test_it_is_near_and_in_ones_own_list(outing: Outing):
    await outing.announced()
    assert (
        "手工课 · 南环一 1网格 · 可以报名，11月27日（周五）下午2点"
        in (await outing.zhou.say("/around")).text
    )
    await outing.join(outing.zhou)
    assert "手工课" in (await outing.zhou.say("/mine")).text
    assert "手工课" not in (await outing.chen.say("/mine")).text
    assert "手工课" in (await outing.li.say("/mine")).text


async def test_the_board_has_what_waits_for_the_committee(outing: Outing):
    await outing.planned(places="80")
    await outing.li.tap("公布")
    await outing.lead.say("/board")
    assert "手工课" in (await outing.lead.tap("活动待同意")).text


async def test_the_calendars_file_names_the_zone(outing: Outing):
    await outing.announced()
    await outing.join(outing.chen)
    await outing.chen.tap("放进日历")
    [file] = (await outing.chen.last()).file_ids
    found = (await outing.chen.phone._client.download(file)).decode()
    assert "DTSTART;TZID=Asia/Shanghai" in found and "手工课" in found


async def test_the_sheet_has_a_line_for_each_and_is_for_staff(outing: Outing):
    await outing.announced()
    await outing.join(outing.chen)
    await outing.li.start(f"at_{outing.number}")
    await outing.li.tap("签到表")
    [file] = (await outing.li.last()).file_ids
    assert "陈师傅" in (await outing.li.phone._client.download(file)).decode()
    await outing.card(outing.chen)
    assert "🖨 签到表" not in str((await outing.chen.last()).labels)


async def test_the_month_can_be_hung_up(outing: Outing):
    await outing.announced()
    await outing.li.say("/around")
    await outing.li.tap("这个月的活动")
    [file] = (await outing.li.last()).file_ids
    page = (await outing.li.phone._client.download(file)).decode()
    assert "手工课" in page and "<svg" in page


async def test_the_committee_reads_in_the_morning_what_waits_for_it(outing: Outing):
    await outing.planned(places="80")
    await outing.li.tap("公布")
    await outing.committee.mark()
    await outing.stage.forward(days=1)
    assert "等您同意的活动" in "".join(await outing.committee.new())


async def test_the_list_of_the_month_has_numbers_and_no_names(outing: Outing):
    await outing.running(outing.chen)
    await enter(outing, outing.chen)
    await outing.stage.forward(hours=3)
    await outing.lead.say("/export")
    await outing.lead.tap("活动台账")
    [file] = (await outing.lead.last()).file_ids
    table = (await outing.lead.phone._client.download(file)).decode("utf-8-sig")
    assert "手工课" in table and "陈师傅" not in table


async def test_a_forged_button_of_the_list_takes_nobody_down(outing: Outing):
    await outing.running(outing.chen)
    for rest in ("came:x:1", "came:1001:99", "quiz:1001:1"):
        await outing.li.press(f"attend:{outing.number}:list:0:{rest}")
    await outing.zhou.press(f"attend:{outing.number}:list:0:came:{outing.zhou.id}:1")
    assert (await outing.now()).present == ()
    await outing.zhou.press(f"attend:{outing.number}:code")
    assert "签到码：" not in "".join(await outing.zhou.new())
