"""Being away: nothing new is offered, a stand-in has what is in hand, and then all is as before."""

from datetime import UTC, datetime

import pytest
from chatting import Chat, Crew, number

from workflows.core.people import Person
from workflows.petition.words import Action, State

LAST_MINUTE = datetime(2026, 11, 27, 15, 59, tzinfo=UTC)  # three days on, 23:59 in Shanghai


async def person(chat: Chat) -> Person:
    async with chat.stage.service.store.read(chat.stage.now) as tx:
        found = await tx.person(chat.id)
    assert found
    return found


async def leave(chat: Chat, stand_in: str = "没有人代", until: str = "3天后") -> None:
    await chat.say("/duty")
    await chat.tap("请假")
    await chat.tap(until)
    await chat.tap(stand_in)


async def test_who_is_away_is_offered_nothing_new(crew: Crew):
    await leave(crew.wang)
    assert (await person(crew.wang)).away_until == LAST_MINUTE
    assert "11月27日（周五）晚上12点" in (await crew.wang.last()).text
    walker = await crew.file()
    assert (await walker.ticket()).offered_to not in {None, crew.wang.id}


async def test_the_date_can_be_typed(crew: Crew):
    await crew.wang.say("/duty")
    await crew.wang.tap("请假")
    assert "没看懂" in (await crew.wang.say("过几天吧")).text
    assert "谁来代" in (await crew.wang.say("11月27日")).text
    await crew.wang.tap("李明")
    away = await person(crew.wang)
    assert (away.away_until, away.stand_in) == (LAST_MINUTE, crew.li.id)


async def test_the_stand_in_is_told_sees_it_marked_and_may_act(crew: Crew):
    walker = await crew.accepted()
    await leave(crew.wang, "李明")
    assert "王琴 请假到" in (await crew.li.last()).text and "1 件" in (await crew.li.last()).text
    assert f"代王琴 · {number(walker)}" in (await crew.li.say("/mine")).text
    await crew.li.tap(number(walker))
    await crew.li.tap("实地查看")
    await crew.li.say("到现场看过了")
    assert (await walker.ticket()).state is State.INSPECTED


async def test_the_stand_in_hears_the_reminders_and_the_absent_does_not(crew: Crew):
    await crew.accepted()
    await leave(crew.wang, "李明")
    await crew.wang.mark()
    await crew.li.mark()
    await crew.stage.forward(hours=4)
    assert "实地查看" in "".join(await crew.li.new())
    assert not await crew.wang.new()


async def test_the_stand_in_has_it_on_his_morning_list(crew: Crew):
    walker = await crew.accepted()
    await leave(crew.wang, "李明")
    await crew.stage.forward(hours=23, minutes=30)
    lists = [[x for x in await c.all() if "早上好" in x] for c in (crew.wang, crew.li)]
    assert not lists[0] and number(walker) in lists[1][-1]


async def test_afterwards_all_is_as_before(crew: Crew):
    walker = await crew.accepted()
    await leave(crew.wang, "李明", "今天")
    await crew.stage.forward(hours=16)
    assert number(walker) not in (await crew.li.say("/mine")).text
    assert "实地查看" not in (await crew.li.say(number(walker))).labels
    other = await crew.file("3号楼路灯不亮")
    assert (await other.ticket()).offered_to == crew.wang.id


async def test_he_can_come_back_earlier(crew: Crew):
    walker = await crew.accepted()
    await leave(crew.wang, "李明")
    await crew.wang.say("/duty")
    assert "销假" in (await crew.wang.tap("销假")).text
    assert "不用再代" in (await crew.li.last()).text
    assert number(walker) not in (await crew.li.say("/mine")).text
    other = await crew.file("3号楼路灯不亮")
    assert (await other.ticket()).offered_to == crew.wang.id


@pytest.mark.parametrize("why", ["nobody", "away", "removed"])
async def test_without_a_stand_in_who_is_there_the_lead_hears(crew: Crew, why: str):
    walker = await crew.accepted()
    await leave(crew.wang, "没有人代" if why == "nobody" else "李明")
    if why == "away":
        await leave(crew.li, "赵兰")
    if why == "removed":
        await crew.lead.say("/roster")
        await crew.lead.tap(f"r:card:{crew.li.id}")
        await crew.lead.tap("移除")
        await crew.lead.tap("确定移除")
    for chat in (crew.li, crew.zhao, crew.lead):
        await chat.mark()
    await crew.chen.reply("今天又坏了一个")
    heard = [number(walker) in "".join(await c.new()) for c in (crew.li, crew.zhao, crew.lead)]
    assert heard == [False, False, True]


async def test_a_stand_in_of_a_stand_in_may_nothing(crew: Crew):
    walker = await crew.accepted()
    await leave(crew.wang, "李明")
    await leave(crew.li, "赵兰")
    assert number(walker) not in (await crew.zhao.say("/mine")).text
    assert "实地查看" not in (await crew.zhao.say(number(walker))).labels


async def test_a_lead_sets_it_for_one_of_his_people(crew: Crew):
    await crew.lead.say("/roster")
    card = await crew.lead.tap("王琴")
    assert "🟢 值班" in card.text and {"🏖 请假", "移除"} <= set(card.labels)
    await crew.lead.tap("请假")
    await crew.lead.say("11月27日")
    await crew.lead.tap("李明")
    away = await person(crew.wang)
    assert (away.away_until, away.stand_in) == (LAST_MINUTE, crew.li.id)
    assert "您请假到" in (await crew.wang.last()).text
    assert "🏖" in (await crew.lead.say("/roster")).text
    assert "李明 代" in (await crew.lead.tap("王琴")).text


async def test_nobody_sends_away_whom_he_does_not_manage(crew: Crew):
    await crew.li.say("/duty")
    for verb in (
        f"a:leave:{crew.wang.id}:3",
        f"a:back:{crew.wang.id}",
        f"a:who:{crew.wang.id}:1:0",
    ):
        assert "没有找到" in await crew.li.press(verb)
    assert (await person(crew.wang)).away_until is None


async def test_a_stand_in_is_a_handler_of_the_grid_who_is_there(crew: Crew):
    await leave(crew.li)
    await crew.wang.say("/duty")
    await crew.wang.tap("请假")
    asked = await crew.wang.tap("明天")
    assert {label.partition("（")[0] for label in asked.labels} == {
        "赵兰", "孙工", "钱进", "没有人代",
    }  # fmt: skip
    until = int(LAST_MINUTE.timestamp() // 60)
    for forged in (crew.li.id, crew.chen.id, crew.wang.id):
        assert "换一位" in await crew.wang.press(f"a:who:{crew.wang.id}:{until}:{forged}")
    assert (await person(crew.wang)).away_until is None


async def test_what_is_said_later_is_no_date(crew: Crew):
    await crew.wang.say("/duty")
    await crew.wang.tap("请假")
    await crew.stage.forward(minutes=11)
    assert "✅ 提交" in (await crew.wang.say("3号楼路灯不亮")).labels


async def test_a_question_after_a_date_can_be_dropped(crew: Crew):
    await crew.wang.say("/duty")
    await crew.wang.tap("请假")
    await crew.wang.say("/cancel")
    assert "✅ 提交" in (await crew.wang.say("3号楼路灯不亮")).labels
    assert (await person(crew.wang)).away_until is None


async def test_while_the_lead_is_away_what_nobody_takes_goes_up(crew: Crew):
    await crew.all_rest()
    await leave(crew.lead)
    await crew.lead.mark()
    walker = await crew.file()
    assert number(walker) in (await crew.committee.last()).text
    assert not await crew.lead.new()


# the cap


async def test_who_has_enough_in_hand_is_offered_only_what_is_urgent(crew: Crew):
    crew.settle_on(most_open=1)
    await crew.accepted()
    other = await crew.file("3号楼路灯不亮")
    assert (await other.ticket()).offered_to not in {None, crew.wang.id}
    urgent = await crew.file("3号楼充电桩冒烟了")
    assert (await urgent.ticket()).open_to_grid and "接单" in (await crew.wang.last()).labels


async def test_when_all_have_enough_the_lead_hears_and_sees_everybodys_load(crew: Crew):
    crew.settle_on(most_open=1)
    for i in range(4):
        await crew.file(f"3号楼第{i}盏楼道灯不亮")
    last = await crew.file("3号楼电梯坏了")
    assert (await last.ticket()).state is State.UNASSIGNED
    assert number(last) in (await crew.lead.last()).text
    asked = await crew.lead.tap(f"t:{last.id}:{Action.DISPATCH}")
    assert "王琴（在手 1 件）" in asked.labels and "孙工（在手 1 件）" in asked.labels
