"""A topic from raised to its result, as neighbours live it over the wire."""

import pytest
from chatting import Chat
from folk import ADMIN
from msgspec.structs import replace
from neighbours import HOME, SAID, Building
from pytest import MonkeyPatch
from shelf import hire
from sqlalchemy import select

from workflows.core.numbers import format_number
from workflows.council.store import box
from workflows.council.store import tables as own
from workflows.council.words import Action, State
from workflows.store import tables as t

VERDICT = "邻居商量的意见，不能代替业主表决"


async def vote(building: Building, **choices: str) -> None:
    for who, label in choices.items():
        await getattr(building, who).tap(label)


async def rows_of(building: Building, table: object) -> list[dict[str, object]]:
    async with building.stage.service.store.engine.connect() as conn:
        found = await conn.execute(select(table))  # type: ignore[call-overload]
        return [dict(row) for row in found.mappings()]


async def test_from_raised_to_its_result(building: Building):
    topic = await building.voting()
    assert set(topic.households) == {"301", "302", "401"}
    await vote(building, chen="赞成", zhou="赞成", ma="反对")
    for chat in (building.chen, building.he, building.lead):
        assert "赞成 " not in (await chat.last()).text
    await building.stage.forward(days=3, minutes=1)
    topic = await building.topic()
    assert topic.state is State.AGREED and topic.result
    for chat in (*building.all, building.lead):
        said = (await chat.last()).text
        assert "投了 3 户：赞成 2，反对 1，弃权 0" in said and "多数户赞成" in said
        assert VERDICT in said and SAID in said


async def test_the_building_hears_and_nobody_else(building: Building):
    await building.raised()
    for chat in building.all:
        assert SAID in (await chat.last()).text
    assert not any(SAID in said for said in await building.crew.wang.all())
    assert "陈师傅" not in "".join(await building.zhou.all())


async def test_who_lives_nowhere_known_is_asked_kindly_for_the_building(building: Building):
    stranger = Chat(building.stage, await building.stage.phones.add_user("外人", 1200))
    assert "哪一幢楼" in (await stranger.say(f"/topic {SAID}")).text
    assert "议题 3幢" in (await building.he.say("/topic")).text


async def test_of_another_building_nobody_but_staff_raises_one(building: Building):
    stranger = Chat(building.stage, await building.stage.phones.add_user("外人", 1200))
    assert "住在那里的邻居" in (await stranger.say(f"/topic 3幢{SAID}")).text
    assert "住在那里的邻居" in (await building.he.say(f"/topic 4幢{SAID}")).text
    assert not any("议题" in said for said in await building.zhou.new())
    await building.lead.say(f"/topic 3幢{SAID}")
    assert SAID in (await building.zhou.last()).text


async def test_the_lead_hears_of_it_as_it_is_raised(building: Building):
    await building.raised()
    said = await building.lead.last()
    assert SAID in said.text and "不召集" in said.labels


async def test_words_that_begin_so_raise_one_and_others_file_as_ever(building: Building):
    assert "提出来了，楼里的邻居会收到" in (await building.he.say(f"议题：{SAID}")).text
    assert "请您看一看" in (await building.zhou.say("3号楼下的议题牌倒了")).text


async def test_what_could_hurt_somebody_is_no_topic(building: Building):
    await building.he.say("议题 3幢楼道着火了，快来人")
    assert not [m for m in await building.zhou.new() if "议题" in m]
    assert "119" in "".join(await building.he.new())


async def test_nor_is_it_behind_the_command(building: Building):
    await building.he.say("/topic 3幢楼道着火了，快来人")
    assert not [m for m in await building.zhou.new() if "议题" in m]
    said = "".join(await building.he.new())
    assert "119" in said and "楼道着火了" in (await building.he.last()).text


async def test_danger_behind_the_command_is_heard_whatever_was_asked(building: Building):
    await building.raised()
    await building.zhou.tap("我家也支持")
    await building.zhou.say("/topic 家里煤气漏了，味道很大")
    assert "煤气" in (await building.zhou.last()).text
    await building.zhou.say("301")
    assert not (await building.topic()).households


async def test_one_asks_for_neighbours_at_a_time(building: Building):
    first = await building.raised()
    assert format_number(first.id) in (await building.chen.say("/topic 电动车乱停")).text
    assert (await building.topic()).id == first.id


async def test_a_household_counts_once_however_it_is_written(building: Building):
    await building.raised()
    await building.register(building.zhou, "2单元301室")
    await building.register(building.ma, "2-301")
    assert [*(await building.topic()).households.items()] == [
        ("2-301", (building.zhou.id, building.ma.id))
    ]
    assert "您家已经记下了" in await building.zhou.press(
        f"council:{(await building.topic()).id}:{Action.SECOND}"
    )


async def test_a_door_of_four_digits_is_a_door_and_no_number_of_a_topic(building: Building):
    topic = await building.raised()
    await building.register(building.zhou, "1203")
    assert "1203" in (await building.topic()).households
    assert topic.state is State.RAISED


async def test_what_is_no_door_is_asked_again(building: Building):
    await building.raised()
    await building.register(building.zhou, "我家")
    assert "没看懂" in "".join(await building.zhou.new())
    assert not (await building.topic()).households


@pytest.mark.parametrize("said", ["2单元301漏水了，一直滴水", "电梯又坏了", "3号楼的灯不亮"])
async def test_what_is_said_instead_of_a_door_is_a_petition(building: Building, said: str):
    await building.raised()
    await building.register(building.zhou, said)
    assert said in (await building.zhou.last()).text and "请您看一看" in "".join(
        await building.zhou.new()
    )
    await building.zhou.say("301")  # the question was closed
    assert not (await building.topic()).households


async def test_danger_said_instead_of_a_door_is_heard(building: Building):
    await building.raised()
    await building.register(building.zhou, "301着火了，快来人")
    assert "119" in "".join(await building.zhou.new())


async def test_a_picture_instead_of_a_door_begins_a_petition(building: Building):
    await building.raised()
    await building.zhou.tap("我家也支持")
    await building.zhou.phone.send_photo("楼道的墙裂了")
    assert "楼道的墙裂了" in (await building.zhou.settled()).text


async def test_a_room_without_its_staircase_is_asked_for_it(building: Building):
    await building.raised()
    await building.register(building.zhou, "2单元301")
    await building.register(building.ma, "301")
    said = (await building.ma.last()).text
    assert "几单元" in said and "2-301" not in said
    await building.ma.say("二单元301")
    assert (await building.topic()).households == {"2-301": (building.zhou.id, building.ma.id)}


async def test_three_households_bring_it_to_the_convener_and_two_do_not(building: Building):
    await building.raised()
    await building.register(building.chen, "301")
    await building.register(building.zhou, "302")
    assert (await building.topic()).state is State.RAISED
    await building.register(building.ma, "401")
    assert (await building.topic()).state is State.SECONDED
    assert "请定个时间" in (await building.lead.last()).text


async def test_it_lies_on_the_leads_board_until_it_is_called(building: Building):
    topic = await building.seconded()
    number = format_number(topic.id)
    await building.lead.say("/board")
    shown = await building.lead.tap("议题待召集 1")
    assert number in shown.text and f"{number} 议题·待召集" in shown.labels
    assert "定时间开会" in "".join((await building.lead.tap(number)).labels)


async def test_a_lead_who_calls_nothing_is_reminded_and_those_above_hear_it(building: Building):
    topic = await building.seconded()
    await building.stage.forward(days=4)
    assert "召集开会：还剩" in "".join(await building.lead.all())
    await building.stage.forward(days=3, hours=3)
    for chat in (building.lead, building.crew.committee):
        said = "".join(await chat.all())
        assert "逾期：召集开会" in said and format_number(topic.id) in said


async def test_the_meeting_opens_the_vote_by_its_timer(building: Building):
    topic = await building.called()
    assert topic.meets_at and topic.meets_where == "3幢楼下"
    assert "11月27日（周五）晚上7点30分 · 3幢楼下" in (await building.he.last()).text
    await building.stage.forward(days=3, hours=10, minutes=29)
    assert (await building.topic()).state is State.CALLED
    await building.stage.forward(minutes=2)
    assert (await building.topic()).state is State.VOTING


async def test_a_meeting_needs_a_time_of_day_that_is_ahead(building: Building):
    await building.seconded()
    await building.lead.tap("定时间开会")
    for said, answer in (("明天", "几点也写上"), ("今天 08:00", "已经过了")):
        await building.lead.say(said)
        assert answer in "".join(await building.lead.new())
    await building.lead.say("12月1日 14:00")
    await building.lead.say("居委会")
    assert "12月1日（周二）下午2点 · 居委会" in (await building.zhou.last()).text


async def test_the_electorate_is_frozen_when_the_vote_opens(building: Building):
    topic = await building.voting()
    assert not {"👍 赞成", "🏠 报上我家，好投票"} & set((await building.he.last()).labels)
    assert "名单定了" in await building.he.press(f"council:{topic.id}:vote:yes")
    assert await building.he.press(f"council:{topic.id}:join")
    assert (await building.topic()).households == topic.households


async def test_a_neighbour_can_join_until_then(building: Building):
    await building.called()
    await building.register(building.he, "501", "报上我家")
    await building.lead.tap("开始表决")
    assert "👍 赞成" in (await building.he.last()).labels


async def test_one_household_one_ballot_whoever_of_it_taps(building: Building):
    await building.called()
    await building.register(building.he, "301", "报上我家")
    await building.lead.tap("开始表决")
    topic = await building.topic()
    await vote(building, he="反对")
    assert "👍 赞成" not in (await building.chen.last()).labels
    assert "您家投过了" in (await building.chen.last()).text
    assert "已经投过了" in await building.chen.press(f"council:{topic.id}:vote:yes")
    assert [row["count"] for row in await rows_of(building, own.ballots)] == [1]


async def test_no_choice_is_in_any_event_message_or_dialog(building: Building):
    await building.voting()
    await vote(building, chen="弃权")
    await building.lead.say(format_number((await building.topic()).id))
    kept = [str(row) for table in (t.events, t.outbox, t.cards, t.dialogs, t.timers, t.looks)
            for row in await rows_of(building, table) if "vote:" not in str(row)]  # fmt: skip
    assert not [row for row in kept if "abstain" in row]
    [ballot] = await rows_of(building, own.ballots)
    assert ballot.keys() == {"ticket_id", "choice", "count"}


async def test_a_ballot_that_could_not_be_cast_is_kept_without_the_choice(
    building: Building, monkeypatch: MonkeyPatch
):
    topic = await building.voting()
    monkeypatch.setattr(box, "put", _broken)
    assert "没有起作用" in await building.chen.press(f"council:{topic.id}:vote:abstain")
    [letter] = await rows_of(building, t.dead_letters)
    assert f"council:{topic.id}:vote" in str(letter["raw"]) and "abstain" not in str(letter)
    assert (await building.topic()).voted == ()


async def _broken(*_: object) -> None:
    raise RuntimeError


async def test_nobody_reads_a_count_before_the_close(building: Building):
    await building.voting()
    await vote(building, chen="赞成", zhou="赞成")
    assert (await building.topic()).result is None
    for chat in (building.chen, building.lead, building.he):
        shown = await chat.say(format_number((await building.topic()).id))
        assert "已投 2 户" in shown.text and "赞成 2" not in shown.text
        assert "赞成 2" not in (await chat.tap("经过")).text


async def test_only_who_has_not_voted_is_reminded(building: Building):
    await building.voting()
    await vote(building, chen="赞成")
    for chat in building.all:
        await chat.mark()
    await building.stage.forward(days=2)
    assert "您家还没有投" in "".join(await building.zhou.new())
    assert not await building.chen.new() and not await building.he.new()


async def test_what_nobody_seconds_lapses_after_a_week_and_its_raiser_hears_it(building: Building):
    await building.raised()
    await building.stage.forward(days=7, minutes=1)
    assert (await building.topic()).state is State.LAPSED
    assert "先放下了" in (await building.chen.last()).text
    assert "时间到了" not in "".join(await building.zhou.all())


async def test_the_convener_may_decline_with_a_reason(building: Building):
    topic = await building.seconded()
    await building.lead.tap("不召集")
    await building.lead.say("消防队下周来清")
    assert (await building.topic()).state is State.DISMISSED
    assert "消防队下周来清" in (await building.zhou.last()).text
    assert format_number(topic.id) in (await building.chen.say("/mine")).text


async def test_too_few_ballots_decide_nothing(building: Building):
    await building.voting()
    await vote(building, chen="赞成")
    await building.stage.forward(days=3, minutes=1)
    assert (await building.topic()).state is State.NOT_AGREED
    assert "投的户数不够，不算数" in (await building.zhou.last()).text


async def test_a_word_in_the_box_that_is_none_counts_as_nothing(building: Building):
    await hire(building.stage.service.store, ADMIN)
    topic = await building.voting()
    await vote(building, chen="赞成", zhou="赞成")
    odd = own.ballots.insert().values(ticket_id=topic.id, choice="maybe", count=2)
    async with building.stage.service.store.engine.begin() as conn:
        await conn.execute(odd)
    await building.stage.forward(days=3, minutes=1)
    closed = await building.topic()
    assert closed.state is State.AGREED and closed.result and closed.result.ballots == 2
    [alert] = [r for r in await rows_of(building, t.outbox) if r["template"] == "alert_box"]
    assert alert["chat_id"] == ADMIN.id


async def test_of_ballots_that_are_all_alike_no_number_is_told(building: Building):
    await building.voting()
    await vote(building, chen="赞成", zhou="赞成", ma="赞成")
    await building.stage.forward(days=3, minutes=1)
    said = (await building.lead.last()).text
    assert "多数户赞成" in said and "赞成 3" not in said and "反对" not in said


async def test_a_long_topic_can_be_read_whole(building: Building):
    said = "楼道里堆的东西怎么办，" * 60 + "完。"
    await building.raised(said)
    assert "完。" not in (await building.zhou.last()).text
    await building.zhou.tap("全文")
    assert "完。" in (await building.zhou.last()).text


async def test_a_short_topic_has_no_button_for_the_rest(building: Building):
    await building.raised()
    assert "📄 全文" not in (await building.zhou.last()).labels


async def test_a_reply_to_its_card_is_said_as_anything_is(building: Building):
    await building.raised()
    await building.zhou.reply("3号楼楼道的灯也坏了")
    assert "请您看一看" in (await building.zhou.last()).text


async def test_mine_has_no_ended_topic_of_others(building: Building):
    topic = await building.seconded()
    assert format_number(topic.id) in (await building.zhou.say("/mine")).text
    await building.lead.tap("不召集")
    await building.lead.say("消防队下周来清")
    assert format_number(topic.id) not in (await building.zhou.say("/mine")).text
    assert format_number(topic.id) in (await building.chen.say("/mine")).text


async def test_only_its_building_and_staff_find_it_by_its_number(building: Building):
    number = format_number((await building.raised()).id)
    stranger = Chat(building.stage, await building.stage.phones.add_user("外人", 1200))
    assert "没有找到" in (await stranger.say(number)).text
    assert SAID in (await building.crew.committee.say(f"/t {number}")).text
    assert SAID in (await building.lin.say(number)).text


async def test_mine_shows_what_one_raised_in_its_own_words(building: Building):
    topic = await building.raised()
    shown = await building.chen.say("/mine")
    assert "等邻居支持" in shown.text and "议题" in shown.text
    assert f"{format_number(topic.id)} 议题·等邻居支持" in shown.labels


async def test_the_topics_place_is_a_building_even_if_it_was_named(building: Building):
    topic = await building.raised(f"3号楼 {SAID}")
    assert topic.place == HOME and replace(topic, place=HOME) == topic
