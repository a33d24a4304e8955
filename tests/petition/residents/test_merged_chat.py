"""Whose petition was merged into another keeps his rights; both handlers know (C23)."""

import pytest
from chatting import Chat, Crew, number
from walking import Walker

from workflows.petition.words import Action, State

SAID = "3号楼楼道灯不亮，老人摔过一跤"


async def merged(crew: Crew, *, with_photo: bool = False) -> tuple[Walker, Walker]:
    """What 周 filed, merged by the lead into what 陈 filed and 王 has in hand."""
    into = await crew.accepted("3号楼道灯不亮了")
    own = await crew.file(SAID, crew.zhou)
    if with_photo:
        await crew.zhou.phone.send_photo()
        await crew.zhou.settled()
    await crew.lead.press(f"t:{own.id}:{Action.MERGE}")
    await crew.lead.say(number(into))
    assert (await own.ticket()).state is State.MERGED
    return own, into


async def resolved(crew: Crew) -> tuple[Walker, Walker]:
    own, into = await merged(crew)
    await crew.wang.press(f"t:{into.id}:{Action.RESOLVE}")
    await crew.wang.say("换了整串灯")
    return own, into


async def card(chat: Chat, walker: Walker) -> str:
    return (await chat.say(number(walker))).text


# who hears of it


async def test_both_handlers_are_told_and_the_words_stand_on_the_card_that_goes_on(crew: Crew):
    own, into = await merged(crew)
    offered = [c for c in (crew.li, crew.zhao, crew.wang) if await _was_offered(c, own)]
    assert any("您这里不用再办" in text for text in await offered[0].all())
    told = (await crew.wang.last()).text
    assert f"{number(own)} 并进来" in told and SAID in told
    assert SAID in await card(crew.wang, into)


async def _was_offered(chat: Chat, walker: Walker) -> bool:
    return any(number(walker) in text and "请接单" in text for text in await chat.all())


async def test_the_photos_are_found_on_the_card_that_goes_on(crew: Crew):
    _, into = await merged(crew, with_photo=True)
    assert "附件 1 个" in await card(crew.wang, into)
    await crew.wang.tap("照片、语音")
    assert (await crew.wang.last()).file_ids


async def test_no_resident_reads_what_the_other_said(crew: Crew):
    _, into = await merged(crew, with_photo=True)
    for resident in (crew.chen, crew.zhou):
        shown = await resident.say(number(into))
        assert "摔过一跤" not in shown.text and "📎" not in "".join(shown.labels)


# what he says is heard


@pytest.mark.parametrize("is_reply", [True, False])
async def test_what_he_adds_reaches_who_works_on_it(crew: Crew, is_reply: bool):
    own, _ = await merged(crew)
    said = "晚上七点以后都在家"
    await (crew.zhou.reply(said) if is_reply else crew.zhou.press(f"t:{own.id}:add"))
    if not is_reply:
        await crew.zhou.say(said)
    assert said in (await crew.wang.last()).text
    assert [e.data["text"] for e in await own.events() if e.action is Action.ADD] == [said]


@pytest.mark.parametrize("said", ["插头也松了", "二楼的灯罩也掉了"])
async def test_free_words_can_be_more_of_it(crew: Crew, said: str):
    own, _ = await merged(crew)
    await crew.stage.forward(minutes=30)
    asked = await crew.zhou.say(said)
    assert any("有意见" in label for label in asked.labels)
    await crew.zhou.tap(next(label for label in asked.labels if "是说" in label))
    assert [e.data["text"] for e in await own.events() if e.action is Action.ADD] == [said]
    assert said in (await crew.wang.last()).text


async def test_free_words_against_the_merge_are_only_an_objection(crew: Crew):
    await merged(crew)
    asked = await crew.zhou.say("不是一回事")
    assert not any("是说" in label for label in asked.labels)


async def test_a_chase_in_his_words_reaches_who_works_on_it(crew: Crew):
    await merged(crew)
    await crew.zhou.say("怎么还没人来")
    assert "怎么还没人来" in (await crew.wang.last()).text


async def test_a_danger_that_he_names_makes_the_one_that_goes_on_urgent(crew: Crew):
    _, into = await merged(crew)
    await crew.zhou.reply("灯那里冒烟了，着火了")
    assert (await into.ticket()).urgent
    assert any("冒烟" in text for text in await crew.wang.all())
    alarms = [text for text in await crew.wang.all() if "🚨" in text]
    assert len(alarms) == 1 and number(into) in alarms[0]


async def test_another_danger_later_is_told_of_the_one_that_goes_on(crew: Crew):
    _, into = await merged(crew)
    await crew.zhou.reply("灯那里冒烟了，着火了")
    await crew.zhou.reply("有人触电了")
    alarms = [text for text in await crew.zhao.all() if "🚨" in text]
    assert len(alarms) == 2 and all(number(into) in text for text in alarms)


async def test_a_danger_that_is_another_thing_is_taken_up_on_its_own(crew: Crew):
    own, into = await merged(crew)
    await crew.zhou.press(f"t:{own.id}:{Action.OBJECT}")
    await crew.zhou.say("不是一回事，四楼的电表着火了")
    assert (await own.ticket()).state is State.DISPATCHED
    assert not (await into.ticket()).urgent


async def test_that_it_is_not_the_same_reaches_lead_and_committee(crew: Crew):
    own, _ = await merged(crew)
    await crew.zhou.press(f"t:{own.id}:object")
    await crew.zhou.say("我说的是四楼的灯，不是一回事")
    for chat in (crew.lead, crew.committee):
        assert "四楼的灯" in (await chat.last()).text
    await crew.lead.tap("恢复办理")
    await crew.lead.say("分开办")
    assert (await own.ticket()).state is State.DISPATCHED


# when it is done


async def test_he_is_asked_how_it_is_once_and_by_his_own_card(crew: Crew):
    own, into = await resolved(crew)
    done = [text for text in await crew.zhou.all() if "这件事办好了" in text]
    assert len(done) == 1 and number(own) in done[0] and "换了整串灯" in done[0]
    assert "解决了，满意" in "".join((await crew.zhou.last()).labels)
    assert any(number(into) in text and "办好了" in text for text in await crew.chen.all())


async def test_whose_two_were_made_one_is_asked_once(crew: Crew):
    into = await crew.accepted("3号楼道灯不亮了")
    own = await crew.file("3号楼楼道灯坏了，晚上看不见")
    await crew.lead.press(f"t:{own.id}:{Action.MERGE}")
    await crew.lead.say(number(into))
    await crew.wang.press(f"t:{into.id}:{Action.RESOLVE}")
    await crew.wang.say("换了整串灯")
    assert sum("这件事办好了" in text for text in await crew.chen.all()) == 1
    assert (await own.ticket()).state is State.MERGED


async def test_each_says_of_his_own_how_it_is(crew: Crew):
    own, into = await resolved(crew)
    await crew.chen.tap("解决了，满意")
    await crew.zhou.tap("解决了，不满意")
    mine, other = await own.ticket(), await into.ticket()
    assert (mine.state, mine.rating) == (State.UNHAPPY, 1)
    assert (other.state, other.rating) == (State.CLOSED, 3)
    assert "不满意" in (await crew.lead.last()).text


async def test_not_solved_makes_it_a_petition_of_its_own_with_the_same_hands(crew: Crew):
    own, into = await resolved(crew)
    await crew.zhou.tap("还没解决")
    await crew.zhou.say("四楼的还是不亮")
    ticket = await own.ticket()
    assert (ticket.state, ticket.handler, ticket.merged_into) == (
        State.ACCEPTED, crew.wang.id, None,
    )  # fmt: skip
    assert "四楼的还是不亮" in (await crew.wang.last()).text
    assert (await into.ticket()).state is State.RESOLVED
    assert SAID not in await card(crew.wang, into)


async def test_what_was_merged_into_what_was_merged_is_done_with_it(crew: Crew):
    own, into = await merged(crew)
    last = await crew.accepted("3号楼的监控不亮了")
    await crew.lead.press(f"t:{into.id}:{Action.MERGE}")
    await crew.lead.say(number(last))
    await crew.wang.press(f"t:{last.id}:{Action.RESOLVE}")
    await crew.wang.say("都换了")
    states = [(await w.ticket()).state for w in (own, into, last)]
    assert states == [State.RESOLVED, State.MERGED, State.RESOLVED]  # two of them are 陈's


async def test_merged_into_what_is_done_already_he_is_asked_at_once(crew: Crew):
    into = await crew.resolved("3号楼道灯不亮了")
    own = await crew.file(SAID, crew.zhou)
    await crew.lead.press(f"t:{own.id}:{Action.MERGE}")
    await crew.lead.say(number(into))
    assert (await own.ticket()).state is State.RESOLVED
    assert "解决了，满意" in "".join((await crew.zhou.last()).labels)
