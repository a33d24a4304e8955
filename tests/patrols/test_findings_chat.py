"""What a round finds, from the picture to the check, over the wire."""

from datetime import timedelta

import pytest
from beat import Beat
from chatting import Chat, data_of
from msgspec.structs import replace

from workflows.patrols.findings import State
from workflows.patrols.words import Level
from workflows.petition.words import Action


async def only(beat: Beat):
    return (await beat.findings())[0]


async def fault(beat: Beat, level: str = "一般", words: str = "压力表指到红的") -> None:
    """王 stands at the first point and reports a fault."""
    await beat.scan(beat.wang, "ext")
    await beat.wang.tap("有问题")
    await beat.wang.tap("看着完好")
    await beat.photo(beat.wang, words)
    await beat.wang.tap(level)


async def mend(beat: Beat, who: Chat, cost: str = "没花钱") -> None:
    """He did it himself, and shows it."""
    number = (await only(beat)).id
    await who.press(f"findings:{number}:fix")
    await beat.photo(who)
    await (who.tap(cost) if cost == "没花钱" else who.say(cost))


@pytest.fixture
async def found(beat: Beat) -> Beat:
    """With a fault that 王 has just found."""
    await beat.opened()
    await fault(beat)
    return beat


# on the spot, or by the office


async def test_a_fault_that_nobody_mends_on_the_spot_becomes_a_petition_by_itself(found: Beat):
    one = await only(found)
    assert (one.state, one.item, one.level) == (State.FOUND, "看着完好", Level.MINOR)
    assert not await found.wang.tickets()
    await found.stage.forward(minutes=16)
    [ticket] = await found.wang.tickets()
    assert (await only(found)).state is State.RECTIFYING
    assert ticket.place == one.place and "压力表指到红的" in ticket.text
    assert ticket.category == "消防安全"


async def test_mended_on_the_spot_it_waits_for_another_to_check(found: Beat):
    await mend(found, found.wang)
    one = await only(found)
    assert one.state is State.TO_CHECK and one.fixers == (found.wang.id,)
    assert not [label for label in (await found.wang.last()).labels if "已经好了" in label]
    assert "请别人去" in await found.wang.press(f"findings:{one.id}:clear") or (
        "请别人去" in (await found.wang.last()).text
    )
    assert (await only(found)).state is State.TO_CHECK
    await found.lead.tap("已经好了")
    assert (await only(found)).state is State.CLEARED
    assert "已经好了" in "".join(await found.wang.all())
    assert not await found.wang.tickets()


async def test_a_mend_needs_its_picture_and_the_card_has_both(found: Beat):
    await found.wang.tap("已经弄好了")
    assert "照片" in (await found.wang.say("换了一个")).text
    await found.photo(found.wang)
    await found.wang.say("花了120元")
    one = await only(found)
    assert one.cost == 120
    shown = await found.lead.last()
    assert "之前 1 张，之后 1 张" in shown.text and "🖼 前后对比" in shown.labels
    await found.lead.tap("前后对比")
    assert len((await found.lead.last()).file_ids) >= 1


async def test_what_the_office_did_is_checked_by_another_than_who_did_it(found: Beat):
    await found.stage.forward(minutes=16)
    [ticket] = await found.wang.tickets()
    await found.li.press(f"t:{ticket.id}:{Action.ACCEPT}")
    await found.li.press(f"t:{ticket.id}:{Action.RESOLVE}")
    await found.li.say("换好了")
    one = await only(found)
    assert (one.state, one.fixers) == (State.TO_CHECK, (found.li.id,))
    await found.li.press(f"findings:{one.id}:clear")
    assert (await only(found)).state is State.TO_CHECK
    assert "请您去复查" in "".join(await found.lead.all())
    await found.lead.press(f"findings:{one.id}:fail")
    await found.lead.tap("修了一半")
    assert (await only(found)).failed == 1 and len(await found.wang.tickets()) == 2


async def test_what_is_given_up_there_is_left_to_the_lead(found: Beat):
    await found.stage.forward(minutes=16)
    [ticket] = await found.wang.tickets()
    await found.lead.press(f"t:{ticket.id}:{Action.DECLINE}")
    await found.lead.say("不归社区管")
    await found.lead.say("找物业")
    assert (await only(found)).state is State.RECTIFYING
    assert "这处隐患还在" in "".join(await found.lead.all())


async def test_the_next_round_of_the_point_asks_whether_it_is_gone(found: Beat):
    await mend(found, found.wang)
    await found.stage.forward(days=1)
    await found.scan(found.li, "ext")
    assert "请您去复查" in "".join(await found.li.new())
    await found.li.press(f"findings:{(await only(found)).id}:clear")
    assert (await only(found)).state is State.CLEARED


async def test_who_mended_it_is_not_asked(found: Beat):
    await mend(found, found.wang)
    await found.stage.forward(days=1)
    await found.scan(found.wang, "ext")
    assert "请您去复查" not in "".join(await found.wang.new())


async def test_the_lead_can_say_that_it_is_none(found: Beat):
    await found.lead.say("/mine")
    await found.lead.press(f"findings:{(await only(found)).id}:refute")
    await found.lead.say("那是反光")
    assert (await only(found)).state is State.REFUTED
    assert "那是反光" in (await found.wang.last()).text


# grave ones


async def test_a_major_one_says_119_first_and_lead_and_committee_hear_at_once(beat: Beat):
    await beat.opened()
    await fault(beat, "重大")
    said = await beat.wang.new()
    assert "119" in said[0] and (await only(beat)).state is State.UNPLANNED
    for chat in (beat.lead, beat.committee):
        assert "重大隐患" in "".join(await chat.all())
    [ticket] = await beat.wang.tickets()
    assert ticket.urgent


async def test_it_counts_as_planned_with_all_five(beat: Beat):
    await beat.opened()
    await fault(beat, "重大")
    await beat.lead.press(f"findings:{(await only(beat)).id}:plan")
    for said in ("先断电再换线", "物业工程部", "维修资金", "3天"):
        assert (await only(beat)).state is State.UNPLANNED
        await beat.lead.say(said)
    await beat.lead.say("派人守着")
    one = await only(beat)
    assert one.state is State.RECTIFYING and one.plan["fallback"] == "派人守着"
    days = one.clocks["rectify"].due - beat.stage.now
    assert 2 <= days.days <= 3
    assert "物业工程部" in (await beat.committee.last()).text


@pytest.mark.parametrize(("level", "hours"), [("一般", 24), ("较大", 72)])
async def test_how_long_it_may_take_its_level_says(beat: Beat, level: str, hours: int):
    await beat.opened()
    await fault(beat, level)
    await beat.wang.tap("要派人处理")
    one = await only(beat)
    clock = one.clocks["rectify"]
    assert (clock.due - clock.started).total_seconds() == hours * 3600


# the same thing again


async def test_the_same_fault_within_a_month_is_the_same_finding_again(found: Beat):
    await mend(found, found.wang)
    await found.lead.tap("已经好了")
    await found.stage.forward(days=1)
    await fault(found)
    [one] = await found.findings()
    assert (one.state, len(one.faulted_at), one.fixers) == (State.FOUND, 2, ())


async def test_the_third_fault_proposes_another_with_what_repairs_cost(beat: Beat):
    await beat.opened(faults=3)
    for _ in range(2):
        await fault(beat)
        await mend(beat, beat.wang, "100")
        await beat.lead.press(f"findings:{(await only(beat)).id}:clear")
        await beat.stage.forward(days=1)
    await fault(beat)
    for chat in (beat.lead, beat.committee):
        assert "坏了 3 次，修它花了 200 元" in "".join(await chat.all())


# who walks by


async def test_a_resident_scans_and_sends_one_photo_and_it_is_told(beat: Beat):
    await beat.opened()
    assert "拍一张照片" in await beat.scan(beat.chen, "shed")
    await beat.photo(beat.chen)
    [ticket], one = await beat.chen.tickets(), await only(beat)
    assert ticket.place == one.place and "车棚充电口" in ticket.text
    assert one.state is State.RECTIFYING and one.finders == (beat.chen.id,)


async def test_words_then_a_photo_are_one_petition(beat: Beat):
    await beat.opened()
    await beat.scan(beat.chen, "shed")
    await beat.chen.say("插座发烫")
    await beat.photo(beat.chen)
    [ticket] = await beat.chen.tickets()
    assert "插座发烫" in ticket.text


async def test_danger_told_of_what_was_scanned_is_a_petition_of_that_place(beat: Beat):
    await beat.opened()
    await beat.scan(beat.chen, "shed")
    await beat.chen.say("插座冒烟着火了")
    [ticket], one = await beat.chen.tickets(), await only(beat)
    assert ticket.urgent and ticket.place == one.place
    assert "119" in "".join(await beat.chen.all())


async def test_a_second_one_follows_the_first_and_both_are_told(beat: Beat):
    await beat.opened()
    for chat in (beat.chen, beat.zhou):
        await beat.scan(chat, "shed")
        await beat.photo(chat)
    one = await only(beat)
    assert one.finders == (beat.chen.id, beat.zhou.id) and not await beat.zhou.tickets()
    assert "已经有人报过" in "".join(await beat.zhou.all())
    await mend(beat, beat.wang)
    await beat.lead.press(f"findings:{one.id}:clear")
    for chat in (beat.chen, beat.zhou):
        assert "有人去看过，已经好了" in "".join(await chat.all())


async def test_a_patroller_joins_what_a_resident_has_told(beat: Beat):
    await beat.opened()
    await beat.scan(beat.chen, "ext")
    await beat.photo(beat.chen)
    await fault(beat)
    [one] = await beat.findings()
    assert one.finders == (beat.chen.id, beat.wang.id)


async def test_who_went_on_after_scanning_is_not_taken_at_his_word(beat: Beat):
    await beat.opened()
    await beat.scan(beat.chen, "shed")
    await beat.stage.forward(hours=2)
    assert "请您看一看" in (await beat.chen.say("3幢电梯坏了")).text
    assert not await beat.findings()


async def test_a_code_that_was_made_up_is_none(beat: Beat):
    await beat.opened()
    await beat.chen.start("pt_shed-ABCDEFGHJK")
    assert "车棚充电口" not in "".join(await beat.chen.all())


# what stays, and what goes


async def test_the_ledger_the_figures_and_the_sheets(found: Beat):
    await found.lead.say("/export")
    await found.lead.tap("隐患排查治理台账")
    file = (await found.lead.last()).file_ids[0]
    table = (await found.lead.phone._client.download(file)).decode("utf-8-sig")
    assert "措施" in table and "1楼灭火器" in table and "压力表指到红的" in table
    await found.lead.press(f"v:{(await found.rounds())[0].id}:figures")
    assert "1楼灭火器：1 处" in "".join(await found.lead.new())
    await found.lead.press(f"v:{(await found.rounds())[0].id}:codes")
    page = await found.lead.phone._client.download((await found.lead.last()).file_ids[0])
    assert page.decode().count("<svg") == 3


async def test_search_finds_it_by_the_things_name(found: Beat):
    assert "1楼灭火器" in (await found.lead.say("/find 灭火器")).text


async def test_who_told_it_has_it_in_his_data_and_takes_it_away(beat: Beat):
    await beat.opened()
    await beat.scan(beat.chen, "shed")
    await beat.chen.say("插座发烫")
    held = await data_of(beat.chen)
    assert [one["text"] for one in held["findings"]] == ["插座发烫"]


async def test_words_go_when_their_time_is_over_and_counts_stay(found: Beat):
    await found.lead.press(f"findings:{(await only(found)).id}:refute")
    await found.lead.say("那是反光")
    desk = found.stage.service.desk
    desk.rules = replace(desk.rules, retention=timedelta(hours=1))
    await found.stage.forward(days=1)
    one = await only(found)
    assert one.text == "" and one.name and len(one.faulted_at) == 1
