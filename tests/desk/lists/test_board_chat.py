"""The board of who stands above, a handler's own list with its filters, and finding by a word."""

from chatting import Chat, Crew, number
from pytest import MonkeyPatch
from walking import Walker

from workflows.core.people import Role
from workflows.desk.lists import paging
from workflows.petition.store import lists
from workflows.petition.words import Action


async def lying(crew: Crew, count: int = 1) -> list[Walker]:
    """Tickets that everybody gave back, so that nobody has them."""
    await crew.all_rest()
    return [await crew.file(f"3号楼第{i}盏楼道灯不亮") for i in range(count)]


async def test_the_board_counts_and_opens_what_nobody_has(crew: Crew):
    [walker] = await lying(crew)
    shown = await crew.committee.say("/board")
    assert number(walker) in shown.text and "共 1 件" in shown.text
    assert {"待派单 1", "逾期 0", "待审 0"} <= set(shown.labels)
    assert "派单" in (await crew.committee.tap(number(walker))).labels


async def test_more_than_anybody_reads_is_not_counted(crew: Crew, monkeypatch: MonkeyPatch):
    """The pages end where the count does."""
    for module in (lists, paging):
        monkeypatch.setattr(module, "AT_MOST", 10)
    walkers = await lying(crew, 12)
    shown = await crew.lead.say("/board")
    assert "共 10+ 件" in shown.text and "待派单 10+" in shown.labels
    assert number(walkers[9]) in shown.text and "下一页 ➡️" not in shown.labels


async def test_what_is_too_much_to_look_through_is_said(crew: Crew, monkeypatch: MonkeyPatch):
    first, last = await lying(crew, 2)
    assert "只翻了" not in (await crew.lead.say("/find 楼道灯")).text
    monkeypatch.setattr(lists, "LOOKED_AT", 1)
    found = await crew.lead.say("/find 楼道灯")
    assert number(last) in found.text and number(first) not in found.text
    assert "只翻了最新的 1 件" in found.text


async def test_pages_are_turned_in_the_same_message(crew: Crew):
    walkers = await lying(crew, 11)
    shown = await crew.lead.say("/board")
    assert number(walkers[9]) in shown.text and number(walkers[10]) not in shown.text
    turned = await crew.lead.tap("下一页")
    assert turned.id == shown.id and number(walkers[10]) in turned.text
    assert "⬅️ 上一页" in turned.labels and "下一页 ➡️" not in turned.labels


async def test_what_is_late_is_on_the_board_until_the_answer_was_delivered(crew: Crew):
    walker = await crew.accepted("3号楼路灯不亮")
    await crew.stage.forward(hours=25)
    assert number(walker) in (await crew.street.say("/board")).text
    assert "逾期 1" in (await crew.street.last()).labels
    await crew.wang.tap(f"t:{walker.id}:{Action.RESOLVE}")
    await crew.wang.say("换好了")
    assert "逾期 0" in (await crew.street.say("/board")).labels


async def test_a_plan_waits_on_the_board_for_the_committee(crew: Crew):
    walker = await crew.accepted()
    await crew.wang.tap(f"t:{walker.id}:{Action.PROPOSE}")
    await crew.wang.say("请充电公司来换新桩")
    await crew.wang.say("3天")
    assert "待审 1" in (await crew.committee.say("/board")).labels
    assert number(walker) in (await crew.committee.tap("待审")).text


async def test_another_places_lead_sees_none_of_it(crew: Crew):  # F50
    [walker] = await lying(crew)
    phone = await crew.stage.hire("外格长", Role.LEAD, "南环一/2网格", 3002)
    other = Chat(crew.stage, phone)
    assert "一件也没有" in (await other.say("/board")).text
    await other.press("b:unassigned:0")
    assert number(walker) not in "".join(await other.all())
    assert "没有找到" in (await other.say("/find 楼道灯")).text


async def test_the_board_is_not_for_handlers_and_residents(crew: Crew):
    for chat in (crew.wang, crew.chen):
        assert "给工作人员用的" in (await chat.say("/board")).text
        assert "给工作人员用的" in await chat.press("b:overdue:0")


async def test_a_forged_board_button_changes_nothing(crew: Crew):
    await crew.lead.say("/board")
    for data in ("b:all:0", "b:", "m:nothing:1", "m"):
        await crew.lead.press(data)
        assert not await crew.lead.new()
    assert await crew.lead.press("b:overdue:-7") == ""


async def test_a_handler_filters_what_he_has_in_hand(crew: Crew):
    late, waiting = await crew.accepted("3号楼路灯不亮"), await crew.waiting()
    await crew.stage.forward(hours=23)
    shown = await crew.wang.say("/mine")
    assert {"全部 2", "今天到期 1", "已逾期 0", "等别人 1"} <= set(shown.labels)
    others = await crew.wang.tap("等别人")
    assert others.id == shown.id and number(waiting) in others.text
    assert number(late) not in others.text
    await crew.stage.forward(hours=2)
    assert number(late) in (await crew.wang.tap("已逾期", shown.id)).text


async def test_a_long_list_in_hand_has_pages(crew: Crew):
    crew.settle_on(most_open=0)
    walkers = [await crew.accepted(f"3号楼第{i}盏楼道灯不亮") for i in range(11)]
    shown = await crew.wang.say("/mine")
    assert "共 11 件" in shown.text and number(walkers[10]) not in shown.text
    assert number(walkers[10]) in (await crew.wang.tap("下一页")).text
    assert number(walkers[0]) in (await crew.wang.tap("上一页")).text


async def test_staff_find_by_any_two_characters_by_place_and_by_number(crew: Crew):
    walker, other = await crew.file("3号楼下充电桩坏了，雨天漏电"), await crew.file("7号楼路灯不亮")
    for words in ("雨天", "电桩", "3号楼", "3幢 漏电", "充电设施", number(walker)):
        found = (await crew.committee.say(f"/find {words}")).text
        assert number(walker) in found and number(other) not in found, words
    assert "100%" in (await crew.lead.say("/find 100%")).text
    assert (
        "没有找到" in (await crew.lead.last()).text
        and "写在后面" in (await crew.lead.say("/find")).text
    )
    assert "给工作人员用的" in (await crew.chen.say("/find 雨天")).text


async def test_what_was_said_to_be_overdue_is_counted(crew: Crew):
    """Not the promise alone: whatever staff were told is over."""
    [walker] = await lying(crew)
    await crew.stage.forward(hours=3)
    assert any("逾期：派单" in text for text in await crew.lead.all())
    assert "逾期 1" in (await crew.lead.say("/board")).labels
    shown = (await crew.lead.tap("逾期 1")).text
    assert number(walker) in shown and "派单" in shown and "过了" in shown


async def test_what_waits_for_the_resident_is_not_overdue(crew: Crew):
    await crew.waiting()
    await crew.stage.forward(hours=30)
    assert "逾期 0" in (await crew.lead.say("/board")).labels


async def test_the_board_says_what_is_in_hand_and_of_whom(crew: Crew):
    old, late = await crew.accepted("3号楼路灯不亮"), await crew.accepted()
    await crew.stage.forward(hours=25)
    await crew.lead.say("/board")
    shown = await crew.lead.tap("在手 2")
    assert "王琴" in shown.text and "2 件" in shown.text and "逾期 2 件" in shown.text
    assert "1天1小时" in shown.text and "李明" not in shown.text
    his = await crew.lead.tap("王琴（2 件）")
    assert number(old) in his.text and number(late) in his.text and "给居民的答复" in his.text
    assert number(old) in "".join(his.labels) and "在手 2" in his.labels


async def test_what_is_in_hand_elsewhere_is_on_no_other_board(crew: Crew):
    await crew.accepted()
    phone = await crew.stage.hire("外格长", Role.LEAD, "友新街道/南环一/2网格", 3002)
    other = Chat(crew.stage, phone)
    assert "在手 0" in (await other.say("/board")).labels
    await other.press("b:in_hand:0:2001")
    assert "王琴" not in "".join(await other.all())
    assert "谁手里也没有" in (await other.tap("在手 0")).text


async def test_long_lists_of_what_is_in_hand_are_turned(crew: Crew):
    crew.settle_on(most_open=0)
    walkers = [await crew.accepted(f"3号楼第{i}盏楼道灯不亮") for i in range(11)]
    await crew.lead.say("/board")
    await crew.lead.tap("在手 11")
    first = await crew.lead.tap("王琴（11 件）")
    assert number(walkers[9]) in first.text and number(walkers[10]) not in first.text
    assert number(walkers[10]) in (await crew.lead.tap("下一页")).text


async def test_who_is_not_at_work_is_marked_beside_what_he_has(crew: Crew):
    await crew.accepted()
    await crew.wang.say("/duty")
    await crew.wang.press("a:off")
    await crew.lead.say("/board")
    assert "⚪ 王琴" in (await crew.lead.tap("在手 1")).text


async def test_its_sections_stand_in_rows_of_at_most_three(crew: Crew):
    for chat in (crew.lead, crew.committee):
        rows = (await chat.say("/board")).buttons
        assert sum(map(len, rows)) >= 3 and max(map(len, rows)) <= 3
