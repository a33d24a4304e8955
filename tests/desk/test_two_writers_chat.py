"""Two of the staff at one petition: the second one hears what the first is just writing."""

from datetime import timedelta

from chatting import Chat, Crew, number
from walking import Walker

from workflows.petition.words import Action

WRITING = "正在写这件的"


async def opens(chat: Chat, walker: Walker, action: Action) -> str:
    await chat.say(number(walker))
    return (await chat.tap(f"t:{walker.id}:{action}")).text


async def test_the_second_hears_who_is_writing_what_and_the_first_is_left_alone(crew: Crew):
    walker = await crew.accepted()
    assert WRITING not in await opens(crew.wang, walker, Action.PROPOSE)
    asked = await opens(crew.lead, walker, Action.NOTE)
    assert f"王琴 {WRITING}「上报方案」" in asked and "记" in asked.partition("\n")[2]
    assert WRITING not in "".join(await crew.wang.all())
    await crew.wang.say("请充电公司来换新桩")  # his next question says nothing of it
    assert WRITING not in "".join(await crew.wang.all())


async def test_the_question_is_answered_as_ever(crew: Crew):
    walker = await crew.accepted()
    await opens(crew.wang, walker, Action.PROPOSE)
    await opens(crew.lead, walker, Action.NOTE)
    await crew.lead.say("我也去看看")
    assert (await walker.events())[-1].data["text"] == "我也去看看"


async def test_who_has_not_answered_for_ten_minutes_has_gone(crew: Crew):
    walker = await crew.accepted()
    await opens(crew.wang, walker, Action.PROPOSE)
    crew.stage.clock.set(crew.stage.now + timedelta(minutes=11))
    assert WRITING not in await opens(crew.lead, walker, Action.NOTE)


async def test_who_has_finished_or_given_up_is_not_named(crew: Crew):
    walker = await crew.accepted()
    await opens(crew.wang, walker, Action.NOTE)
    await crew.wang.say("约好师傅了")
    await opens(crew.wang, walker, Action.PROPOSE)
    await crew.wang.tap("取消")
    assert WRITING not in await opens(crew.lead, walker, Action.NOTE)


async def test_another_petition_is_another_matter(crew: Crew):
    walker, other = await crew.accepted(), await crew.accepted("3号楼路灯不亮")
    await opens(crew.wang, other, Action.NOTE)
    assert WRITING not in await opens(crew.lead, walker, Action.NOTE)


async def test_a_resident_is_neither_told_nor_named(crew: Crew):
    walker = await crew.accepted()
    await opens(crew.wang, walker, Action.PROPOSE)
    assert WRITING not in await opens(crew.chen, walker, Action.ADD)
    await crew.wang.tap("取消")
    assert WRITING not in await opens(crew.lead, walker, Action.NOTE)
    assert WRITING not in "".join(await crew.chen.all())


async def test_two_taps_at_once_name_the_first(crew: Crew):
    """Both in one batch: what the first one opened is not in the database yet."""
    walker = await crew.accepted()
    for chat in (crew.wang, crew.lead):
        await chat.say(number(walker))
    for chat in (crew.wang, crew.lead):
        await chat.phone.tap_data(f"t:{walker.id}:{Action.NOTE}", (await chat.last()).id)
    await crew.stage.settle()
    assert WRITING not in (await crew.wang.last()).text
    assert f"王琴 {WRITING}「记一笔」" in (await crew.lead.last()).text
