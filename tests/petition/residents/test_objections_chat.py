"""Who does not agree with how staff ended his petition is heard once, and answered (C22)."""

from datetime import timedelta

import pytest
from chatting import Chat, Crew, number
from walking import Walker

from workflows.petition.words import Action, ClockName, State

NO = "凭什么不受理，灯就在小区里"


async def declined(crew: Crew) -> Walker:
    walker = await crew.accepted()
    await crew.lead.press(f"t:{walker.id}:{Action.DECLINE}")
    await crew.lead.say("不归社区管")
    await crew.lead.say("请找供电公司")
    return walker


async def objected(crew: Crew) -> Walker:
    walker = await declined(crew)
    await crew.chen.tap("我不同意")
    await crew.chen.say(NO)
    return walker


async def done(walker: Walker, action: Action) -> int:
    return [e.action for e in await walker.events()].count(action)


async def test_the_button_brings_it_to_lead_and_committee_as_a_step(crew: Crew):
    walker = await objected(crew)
    [event] = [e for e in await walker.events() if e.action is Action.OBJECT]
    assert (event.actor, event.data["text"]) == (crew.chen.id, NO)
    for chat in (crew.lead, crew.committee):
        shown = await chat.last()
        assert NO in shown.text and {"恢复办理", "维持原答复"} <= set(shown.labels)


async def test_a_reply_with_a_photo_does_the_same(crew: Crew):
    walker = await declined(crew)
    asked = await crew.chen.reply("我不服")
    await crew.chen.tap(next(label for label in asked.labels if "有意见" in label))
    assert await done(walker, Action.OBJECT) == 1
    assert "我不服" in (await crew.lead.last()).text


async def test_it_is_heard_once_and_the_card_says_what_became_of_it(crew: Crew):
    walker = await objected(crew)
    shown = await crew.chen.last()
    assert "最晚明天（周三）上午9点给您回话" in shown.text and "我不同意" not in "".join(
        shown.labels
    )
    assert "做不了" in await crew.chen.press(f"t:{walker.id}:object")
    assert await done(walker, Action.OBJECT) == 1


async def test_the_lead_takes_it_up_after_all(crew: Crew):
    walker = await objected(crew)
    await crew.lead.tap("恢复办理")
    await crew.lead.say("归我们管")
    ticket = await walker.ticket()
    assert ticket.state is State.DISPATCHED and ticket.objected_at is None


async def test_or_says_why_it_stays_and_the_resident_reads_it(crew: Crew):
    walker = await objected(crew)
    await crew.committee.tap("维持原答复")
    await crew.committee.say("产权是供电公司的，我们帮您一起去问")
    shown = await crew.chen.last()
    assert "帮您一起去问" in shown.text and "给您回过话" in shown.text
    assert (await walker.ticket()).state is State.DECLINED
    assert "做不了" in await crew.lead.press(f"t:{walker.id}:uphold")


async def test_it_can_be_taken_up_as_long_as_it_is_unanswered(crew: Crew):
    walker = await declined(crew)
    await crew.stage.forward(days=6)
    await crew.chen.press(f"t:{walker.id}:object")
    await crew.chen.say(NO)
    await crew.stage.forward(days=5)
    await crew.lead.press(f"t:{walker.id}:revive")
    await crew.lead.say("归我们管")
    assert (await walker.ticket()).state is State.DISPATCHED


async def test_with_a_danger_it_is_taken_up_at_once_and_all_are_called(crew: Crew):
    walker = await declined(crew)
    await crew.chen.press(f"t:{walker.id}:{Action.OBJECT}")
    await crew.chen.say("现在着火了，冒黑烟")
    ticket = await walker.ticket()
    assert (ticket.state, ticket.open_to_grid) == (State.DISPATCHED, True)
    assert "接单" in (await crew.zhao.last()).labels
    assert any("接着办了" in text for text in await crew.chen.new())
    await crew.stage.forward(minutes=11)
    assert any("冒黑烟" in text for text in await crew.lead.all())


@pytest.mark.parametrize("who", ["zhou", "wang", "lead"])
async def test_nobody_objects_for_him(crew: Crew, who: str):
    walker = await declined(crew)
    chat: Chat = getattr(crew, who)
    await chat.say("/start")
    await chat.press(f"t:{walker.id}:object")
    assert await done(walker, Action.OBJECT) == 0


async def test_after_a_week_it_is_too_late(crew: Crew):
    walker = await declined(crew)
    await crew.stage.forward(days=8)
    assert "做不了" in await crew.chen.press(f"t:{walker.id}:object")


# it is waited for, though the petition is over


async def test_who_is_silent_is_reminded_and_then_those_above_hear_of_it(crew: Crew):
    await objected(crew)
    await crew.stage.forward(hours=13)
    assert any("⏳ 回复居民的意见" in text for text in await crew.lead.all())
    assert not any("逾期" in text for text in await crew.lead.all())
    await crew.stage.forward(hours=12)
    assert any("逾期：回复居民的意见" in text for text in await crew.lead.all())
    for chat in (crew.committee, crew.street):
        assert not any("逾期" in text for text in await chat.all())
    await crew.stage.forward(hours=8)
    for chat in (crew.committee, crew.street):
        assert any("逾期：回复居民的意见" in text for text in await chat.all())


@pytest.mark.parametrize("answer", ["恢复办理", "维持原答复"])
async def test_once_it_is_answered_nobody_is_reminded(crew: Crew, answer: str):
    walker = await objected(crew)
    await crew.lead.tap(answer)
    await crew.lead.say("已经说清楚了")
    assert ClockName.OBJECTION not in (await walker.ticket()).clocks
    await crew.stage.forward(days=3)
    assert not any("回复居民的意见" in text for text in await crew.lead.all())


async def test_without_an_objection_an_end_is_an_end(crew: Crew):
    walker = await declined(crew)
    await crew.stage.forward(days=3)
    assert (await walker.ticket()).clocks == {}
    assert {"待审 0", "逾期 0"} <= set((await crew.lead.say("/board")).labels)


async def test_it_stands_on_the_board_with_its_answers(crew: Crew):
    walker = await objected(crew)
    await crew.lead.say("/board")
    shown = await crew.lead.tap("待审 1")
    assert number(walker) in shown.text and "居民不同意" in shown.text
    await crew.lead.tap("维持原答复")
    shown = await crew.lead.say("产权是供电公司的")
    assert "没有别的要定了" in shown.text and "待审 0" in shown.labels
    assert await done(walker, Action.UPHOLD) == 1


async def test_unanswered_it_is_overdue_on_the_board(crew: Crew):
    walker = await objected(crew)
    await crew.stage.forward(hours=25)
    await crew.lead.say("/board")
    shown = await crew.lead.tap("逾期 1")
    assert number(walker) in shown.text and "（回复居民的意见）" in shown.text


async def test_lead_and_committee_read_of_it_in_the_morning(crew: Crew):
    walker = await objected(crew)
    await crew.stage.forward(hours=23, minutes=1)
    for chat in (crew.lead, crew.committee):
        [text] = [text for text in await chat.all() if "早上好" in text]
        assert "等您回话 1 件" in text
        assert number(walker) in text
    assert not any("早上好" in text for text in await crew.wang.all())


async def test_late_it_is_said_on_his_card(crew: Crew):
    walker = await objected(crew)
    await crew.stage.forward(hours=25)
    await crew.chen.press(f"v:card:{walker.id}")
    assert "我们晚了，正在催" in (await crew.chen.last()).text


async def test_while_it_waits_its_words_stay(crew: Crew):
    crew.settle_on(retention=timedelta(days=3))  # a year of reminders would ring on the way
    walker = await objected(crew)
    await crew.stage.forward(days=5)
    assert (await walker.ticket()).text
    await crew.lead.press(f"t:{walker.id}:{Action.UPHOLD}")
    await crew.lead.say("产权是供电公司的")
    await crew.stage.forward(days=2)
    assert not (await walker.ticket()).text


async def test_who_waits_for_an_answer_is_not_forgotten(crew: Crew):
    await objected(crew)
    await crew.chen.say("/forget")
    assert "1 件" in (await crew.chen.last()).text
