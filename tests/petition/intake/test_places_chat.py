"""Where it is, over HTTP: named, only assumed, not there, one of several; and the flat."""

import pytest
from chatting import Chat, Crew

HOME = "7幢路灯不亮"  # building 7 is where he was last


async def settled_at_7(chat: Chat) -> None:
    """And nothing of his is open, that what he says next could be about."""
    await chat.say(HOME)
    await chat.tap("提交")
    await chat.tap("撤回")
    await chat.say("写错了")


# quantities are no buildings (C6)


@pytest.mark.parametrize(
    "text",
    ["我们这一栋楼停水了", "同一栋楼的人都没水", "五栋楼都没水", "两栋楼之间没有灯", "三座路灯不亮",
     "小区新建了2栋楼挡光", "5号电梯坏了", "3号下午停水了",
     "灯坏了，一栋也没修", "我叫王三幢，灯坏了"],
)  # fmt: skip
async def test_what_counts_or_dates_names_no_building(chen: Chat, text: str):
    await settled_at_7(chen)
    shown = await chen.say(text)
    assert "2网格 7幢" in shown.text and "上次的地方" in shown.text


# an unknown building, several of them (C7)


@pytest.mark.parametrize("text", ["13号楼漏水", "廿七幢漏水", "南环西苑3幢漏水", "15-2-501漏水"])
async def test_a_building_that_is_not_there_is_said_and_asked(chen: Chat, text: str):
    await settled_at_7(chen)
    asked = await chen.say(text)
    assert "没有这个地方" in asked.text and "是在哪里" in asked.text
    assert "✅ 提交" not in asked.labels
    assert "3幢" in (await chen.say("3")).text


@pytest.mark.parametrize("text", ["3-5号楼停水了", "3、5号楼停水了", "我住5幢，3幢楼下太吵"])
async def test_several_buildings_are_asked_with_a_button_for_each(chen: Chat, text: str):
    await settled_at_7(chen)
    asked = await chen.say(text)
    assert {"南环一 1网格 3幢", "南环一 2网格 5幢", "别的地方"} <= set(asked.labels)
    assert "📍 南环一 1网格 3幢" in (await chen.tap("南环一 1网格 3幢")).text


@pytest.mark.parametrize(
    "text",
    [
        "廿二幢漏水",
        "22#楼道灯坏",
        "22棟停水",
        "２２号楼停水",
        "22-2-501漏水",
        "念二幢漏水",
        "22号搂停水",
    ],
)
async def test_a_building_is_found_however_it_is_written(chen: Chat, text: str):
    await settled_at_7(chen)
    assert "📍 南环二 4网格 22幢" in (await chen.say(text)).text


async def test_all_other_places_can_be_chosen_still(chen: Chat):
    await chen.say("3、5号楼停水了")
    others = await chen.tap("别的地方")
    assert "南环一 3网格" in others.labels
    assert "📍 南环一 3网格" in (await chen.tap("南环一 3网格")).text


async def test_at_a_station_the_question_stands_beside_the_preview(chen: Chat):
    await chen.start("st_nanhuan-east")
    shown = await chen.say("我住5幢，3幢楼下太吵")
    assert "没听准" in shown.text and {"✅ 提交", "南环一 1网格 3幢"} <= set(shown.labels)
    assert "没听准" not in (await chen.tap("南环一 1网格 3幢")).text


async def test_another_building_said_later_is_asked_and_a_correction_is_taken(chen: Chat):
    await chen.say("3幢漏水")
    assert "是在哪里" in (await chen.say("5幢也漏")).text
    assert "📍 南环一 2网格 5幢" in (await chen.tap("南环一 2网格 5幢")).text
    await chen.say("/cancel")
    await chen.say("3幢漏水")
    assert "📍 南环一 3网格 9幢" in (await chen.say("说错了，是9幢")).text


# what is only assumed is said so (C7)


async def test_the_last_place_is_said_as_assumed(chen: Chat):
    await settled_at_7(chen)
    shown = await chen.say("楼道里堆满杂物")
    assert "2网格 7幢" in shown.text and "您没说在哪里" in shown.text
    await chen.tap("改地点")
    assert "没说" not in (await chen.say("3幢")).text


async def test_the_stations_place_and_a_shared_one_are_said_as_assumed(chen: Chat):
    await chen.start("st_nanhuan-east")
    assert "先写民情站这里" in (await chen.say("楼道里堆满杂物")).text
    await chen.phone.send_location(31.2850, 120.6203)
    assert "照您发的定位" in (await chen.settled()).text


async def test_what_was_said_is_no_assumption(chen: Chat):
    shown = await chen.say(HOME)
    assert "没说" not in shown.text and "定位" not in shown.text


# where it is, changed, is the place and none of its words


@pytest.mark.parametrize("said", ["4号楼", "小区东门口", "不是3幢，是4幢", "12幢"])
async def test_a_place_typed_after_the_button_is_no_part_of_the_words(chen: Chat, said: str):
    await chen.say("3号楼下充电桩坏了")
    await chen.tap("改地点")
    assert "1网格 3幢" not in (await chen.say(said)).text
    await chen.tap("提交")
    assert [t.text for t in await chen.tickets()] == ["3号楼下充电桩坏了"]


@pytest.mark.parametrize("said", ["4号楼2单元门口那个", "4号楼，插头也松了", "菜场门口"])
async def test_what_it_says_besides_the_place_is_kept(chen: Chat, said: str):
    await chen.say("3号楼下充电桩坏了")
    await chen.tap("改地点")
    assert said in (await chen.say(said)).text


# public places (C8)


async def test_a_public_place_of_the_config_is_found(chen: Chat):
    await settled_at_7(chen)
    assert "📍 南环一 1网格 东门" in (await chen.say("小区东门口的地砖翘起来了")).text
    await chen.tap("改地点")
    assert "📍 南环一 3网格 西门" in (await chen.say("西门口")).text


@pytest.mark.parametrize(
    "text", ["南门口的地砖翘起来了", "小区门口摆摊的太多", "公交站台的座椅坏了", "菜场门口臭"]
)
async def test_a_public_place_that_is_not_named_there_is_no_building(chen: Chat, text: str):
    await settled_at_7(chen)
    shown = await chen.say(text)
    assert "📍 南环一 2网格\n" in shown.text and "您没说在哪里" in shown.text


async def test_what_happens_at_a_gate_reaches_its_grid(crew: Crew):
    ticket = await (await crew.file("东门口的地砖翘起来了")).ticket()
    assert ticket.place.endswith("1网格/东门") and ticket.offered_to


# the flat (C9)


async def test_what_is_indoors_asks_for_the_flat_and_filing_does_not_wait(crew: Crew):
    shown = await crew.chen.say("3幢厨房天花板漏水")
    assert "几单元几室" in shown.text and "✅ 提交" in shown.labels
    named = await crew.chen.say("301")
    assert "🚪 301室" in named.text and "几单元几室" not in named.text
    await crew.chen.tap("提交")
    assert "301室" in (await crew.wang.last()).text
    hint = (await crew.zhou.say("3幢厨房天花板漏水到我家")).text
    assert "•••" in hint and "301室" not in hint


@pytest.mark.parametrize("text", ["3幢厨房的水龙头坏了", "3幢家里没有暖气", "3幢卧室的窗关不上"])
async def test_what_is_indoors_asks_for_the_flat_whatever_it_is(chen: Chat, text: str):
    assert "几单元几室" in (await chen.say(text)).text
    assert "✅ 提交" in (await chen.last()).labels


@pytest.mark.parametrize(
    "text",
    [
        "3幢2单元301厨房漏水",
        "3幢路灯不亮",
        "东门口水管漏水",
        "3幢边上的公厕所太臭",
    ],
)
async def test_the_flat_is_not_asked_where_it_is_said_or_not_needed(chen: Chat, text: str):
    assert "几单元几室" not in (await chen.say(text)).text
