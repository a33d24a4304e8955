"""Danger: everybody who can come is called at once, minutes up to the street, day and night."""

from datetime import UTC, datetime

import pytest
from chatting import Chat, Crew, number
from walking import Walker

from playground.phones.phone_client import Group, Message
from workflows.petition.words import Action, State

TRAPPED = "3号楼电梯里有人被困"
EVENING = datetime(2026, 11, 24, 11, 12, tzinfo=UTC)  # 19:12 in Suzhou
NIGHT = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # 02:00


@pytest.fixture(params=[EVENING, NIGHT], ids=["evening", "night"])
async def alarm(crew: Crew, request: pytest.FixtureRequest) -> tuple[Walker, Group]:
    """Somebody is trapped; 王, the building's own, has blocked the bot; the others sleep."""
    group = await crew.group()
    await crew.wang.phone.block()
    await crew.stage.settle()
    crew.stage.clock.set(request.param)
    return await crew.file(TRAPPED), group


async def told(chat: Chat, words: str) -> bool:
    return any(words in text for text in await chat.all())


def in_order(text: str, *walkers: Walker) -> bool:
    places = [text.index(number(walker)) for walker in walkers]
    return places == sorted(places)


def on_call(crew: Crew) -> list[Chat]:
    return [crew.li, crew.zhao, Chat(crew.stage, crew.cast.worker), crew.lead]


async def card(chat: Chat) -> Message:
    """The newest message that is still there."""
    return [m for m in await chat.phone.inbox() if m.sender == "bot" and not m.deleted][-1]


async def test_everybody_on_duty_the_group_and_the_lead_hear_at_once(
    crew: Crew, alarm: tuple[Walker, Group]
):
    walker, group = alarm
    for chat in on_call(crew):
        last = await card(chat)
        assert "紧急" in last.text and number(walker) in last.text and "接单" in last.labels
    in_group = await crew.lead.phone.last(chat=group)
    assert "谁能马上去" in in_group.text and "接单" in in_group.labels
    assert not await told(crew.wang, number(walker))
    assert not await told(crew.committee, number(walker))


async def test_the_resident_hears_at_once_what_happens_and_whom_to_call(
    crew: Crew, alarm: tuple[Walker, Group]
):
    text = (await card(crew.chen)).text
    assert "收到了，正在找人来" in text and "119" in text and number(alarm[0]) in text


async def test_it_climbs_in_minutes_and_the_resident_hears_of_each_step(
    crew: Crew, alarm: tuple[Walker, Group]
):
    walker, _ = alarm
    await crew.stage.forward(minutes=2)
    assert not await told(crew.committee, number(walker))
    await crew.stage.forward(minutes=1)
    assert await told(crew.committee, number(walker))
    assert not await told(crew.street, number(walker))
    await crew.stage.forward(minutes=7)
    assert await told(crew.street, number(walker))
    assert sum("还在给您找人" in text for text in await crew.chen.all()) == 2


async def test_everybody_is_called_again_until_somebody_takes_it(
    crew: Crew, alarm: tuple[Walker, Group]
):
    walker, _ = alarm
    await crew.stage.forward(minutes=30)
    assert sum("谁能马上去" in text for text in await crew.zhao.all()) == 2
    assert "还没有人去" in (await card(crew.zhao)).text
    await crew.stage.forward(minutes=10)
    assert sum(number(walker) in text for text in await crew.street.all()) == 2


async def test_whoever_takes_it_ends_it_for_all_others(crew: Crew, alarm: tuple[Walker, Group]):
    walker, group = alarm
    await crew.stage.forward(minutes=3)
    await crew.zhao.tap("接单", (await card(crew.zhao)).id)
    assert (await walker.ticket()).handler == crew.zhao.id
    for chat in (crew.li, crew.lead, crew.committee):
        last = await card(chat)
        assert "经办：海棠先锋 赵兰" in last.text and "接单" not in last.labels
    assert "赵兰 接单" in (await crew.lead.phone.last(chat=group)).text
    assert "赵兰 接手了" in (await card(crew.chen)).text
    await crew.zhao.press(f"t:{walker.id}:{Action.ATTEND}")
    await crew.stage.forward(minutes=30)
    assert not await told(crew.street, number(walker))


async def test_the_second_to_tap_is_told_who_has_it(crew: Crew, alarm: tuple[Walker, Group]):
    walker, _ = alarm
    await crew.lead.press(f"t:{walker.id}:{Action.ACCEPT}")
    assert "钱进 已经接了" in await crew.li.press(f"t:{walker.id}:{Action.ACCEPT}")


async def test_who_is_off_duty_or_away_is_let_sleep(crew: Crew):
    await crew.zhao.say("/duty")
    await crew.zhao.tap("休息")
    walker = await crew.file(TRAPPED)
    assert not await told(crew.zhao, number(walker))
    assert await told(crew.wang, number(walker))


async def test_with_nobody_at_hand_the_lead_and_those_above_are_called(crew: Crew):
    await crew.all_rest()
    walker = await crew.file(TRAPPED)
    assert number(walker) in (await card(crew.lead)).text
    await crew.stage.forward(minutes=3)
    assert await told(crew.committee, number(walker))


async def test_a_danger_named_later_calls_everybody_then(crew: Crew):
    walker = await crew.file("3号楼下充电桩坏了")
    assert not await told(crew.zhao, number(walker))
    await crew.chen.edit("3号楼下充电桩坏了", "3号楼下充电桩着火了")
    assert (await walker.ticket()).open_to_grid
    assert "紧急" in (await card(crew.zhao)).text


async def test_a_danger_named_while_it_is_in_hand_reaches_the_handler_and_the_lead(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.edit("3号楼下充电桩坏了", "3号楼下充电桩着火了")
    for chat in (crew.wang, crew.lead):
        assert "居民说有危险" in (await card(chat)).text
    assert (await walker.ticket()).handler == crew.wang.id


async def test_it_stands_first_on_the_board_in_the_list_and_in_the_morning(crew: Crew):
    crew.settle_on(most_open=0)
    others = [await crew.accepted(text) for text in ("3号楼路灯不亮", "3号楼门禁坏了")]
    urgent = await crew.file(TRAPPED)
    board = await crew.lead.say("/board")
    assert number(urgent) in board.text.split("\n")[2]
    await crew.wang.press(f"t:{urgent.id}:{Action.ACCEPT}")
    await crew.wang.press(f"t:{urgent.id}:{Action.ATTEND}")
    mine = await crew.wang.say("/mine")
    assert in_order(mine.text, urgent, *others)
    await crew.stage.forward(days=1)
    morning = next(text for text in await crew.wang.all() if "早上好" in text)
    assert in_order(morning, urgent, *others)


async def test_an_everyday_petition_is_offered_to_one_after_another(crew: Crew):
    walker = await crew.file("3号楼路灯不亮")
    ticket = await walker.ticket()
    assert (ticket.state, ticket.offered_to) == (State.DISPATCHED, crew.wang.id)
    for chat in (crew.li, crew.zhao, crew.lead, crew.committee):
        assert not await told(chat, number(walker))


async def test_a_neighbours_danger_is_filed_and_never_only_followed(crew: Crew):
    await crew.planned()
    await crew.zhou.start("st_nanhuan-east")
    preview = await crew.zhou.say("3号楼下充电桩着火了，快来人")
    assert "🤝" not in "".join(preview.labels) and "提交" in "".join(preview.labels)


async def test_danger_that_is_merged_into_another_is_danger_there(crew: Crew):
    into = await crew.planned()
    urgent = await crew.file("3号楼下充电桩着火了", crew.zhou)
    await crew.lead.press(f"t:{urgent.id}:{Action.MERGE}")
    await crew.lead.say(number(into))
    assert (await into.ticket()).urgent
    assert "居民说有危险" in (await card(crew.wang)).text


async def test_danger_in_the_words_of_a_reopening_is_heard(crew: Crew):
    walker = await crew.resolved()
    await crew.chen.press(f"t:{walker.id}:{Action.REOPEN}")
    await crew.chen.say("又坏了，现在着火了，冒黑烟")
    assert (await walker.ticket()).urgent
    assert any("119" in text for text in await crew.chen.new())


async def test_another_danger_brings_its_numbers_and_an_alarm(crew: Crew):
    walker = await crew.file(TRAPPED)
    await crew.wang.press(f"t:{walker.id}:{Action.ACCEPT}")
    await crew.chen.press(f"t:{walker.id}:{Action.ADD}")
    await crew.chen.say("电梯里开始着火冒烟了")
    assert any("着火、冒烟" in text for text in await crew.chen.new())
    assert "居民说有危险" in (await card(crew.lead)).text


async def test_what_is_transferred_in_danger_is_called_out_again(crew: Crew):
    walker = await crew.file(TRAPPED)
    await crew.zhao.press(f"t:{walker.id}:{Action.ACCEPT}")
    await crew.zhao.press(f"t:{walker.id}:{Action.TRANSFER}")
    await crew.zhao.tap("李明")
    await crew.zhao.say("我走不开")
    await crew.stage.forward(minutes=3)
    assert await told(crew.committee, number(walker))


async def test_who_is_named_by_the_lead_keeps_nobody_else_from_coming(crew: Crew):
    walker = await crew.file(TRAPPED)
    await crew.lead.press(f"t:{walker.id}:{Action.DISPATCH}")
    await crew.lead.tap("李明")
    await crew.zhao.press(f"t:{walker.id}:{Action.ACCEPT}")
    assert (await walker.ticket()).handler == crew.zhao.id


async def test_what_the_resident_adds_meanwhile_reaches_all_who_were_called(crew: Crew):
    walker = await crew.file(TRAPPED)
    await crew.chen.press(f"t:{walker.id}:{Action.ADD}")
    await crew.chen.say("里面是个小孩，在12楼")
    for chat in (crew.wang, crew.zhao, crew.lead):
        assert "在12楼" in (await card(chat)).text


async def test_who_files_it_for_somebody_else_can_take_it(crew: Crew):
    walker = await Walker.file(crew.cast, TRAPPED, crew.cast.zhao, "张大爷")
    await crew.zhao.press(f"t:{walker.id}:{Action.ACCEPT}")
    assert (await walker.ticket()).handler == crew.zhao.id


# whoever took it says that he is at it


async def taken(crew: Crew) -> Walker:
    """Danger that 赵 has taken."""
    walker = await crew.file(TRAPPED)
    await crew.zhao.press(f"t:{walker.id}:{Action.ACCEPT}")
    return walker


async def test_who_took_it_and_says_nothing_is_reminded_then_all_are_called_again(crew: Crew):
    walker = await taken(crew)
    assert "已经在处理" in "".join((await card(crew.zhao)).labels)
    await crew.stage.forward(minutes=5)
    assert await told(crew.zhao, "确认在处理") and (await walker.ticket()).handler == crew.zhao.id
    await crew.stage.forward(minutes=5)
    ticket = await walker.ticket()
    assert ticket.handler is None and ticket.open_to_grid
    for chat in (crew.wang, crew.li, crew.zhao, crew.lead):
        assert "谁能马上去" in (await card(chat)).text and "接单" in (await card(chat)).labels
    assert await told(crew.zhao, "您接了还没有回音")
    assert "还在给您找人" in (await card(crew.chen)).text
    await crew.stage.forward(minutes=3)
    assert await told(crew.committee, number(walker))


async def test_one_tap_confirms_it_and_the_resident_hears(crew: Crew):
    walker = await taken(crew)
    done = await crew.zhao.tap("已经在处理")
    assert "已经在处理" not in "".join(done.labels)
    assert "赵兰 已经在处理了" in (await card(crew.chen)).text
    await crew.stage.forward(minutes=20)
    assert (await walker.ticket()).handler == crew.zhao.id


@pytest.mark.parametrize("action", ["inspect", "ask", "resolve", "come", "note", "announce"])
async def test_whatever_else_he_does_with_it_confirms_it_too(crew: Crew, action: str):
    walker = await taken(crew)
    await crew.zhao.press(f"t:{walker.id}:{action}")
    await crew.zhao.say("人已经救出来了")
    await crew.stage.forward(minutes=20)
    assert (await walker.ticket()).handler == crew.zhao.id


@pytest.mark.parametrize("who", ["lead", "chen"])
async def test_what_others_say_of_it_confirms_nothing(crew: Crew, who: str):
    walker = await taken(crew)
    chat: Chat = getattr(crew, who)
    await chat.press(f"t:{walker.id}:{Action.NOTE if who == 'lead' else Action.ADD}")
    await chat.say("我打过电话了")
    await crew.stage.forward(minutes=11)
    assert (await walker.ticket()).handler is None


async def test_danger_that_is_heard_of_while_it_is_in_hand_is_to_be_confirmed(crew: Crew):
    walker = await crew.planned()
    await crew.chen.edit("3号楼下充电桩坏了", "3号楼下充电桩着火了")
    await crew.stage.forward(minutes=10)
    ticket = await walker.ticket()
    assert ticket.handler is None and await told(crew.zhao, "谁能马上去")


async def test_an_everyday_petition_in_hand_need_not_be_confirmed(crew: Crew):
    walker = await crew.accepted()
    assert "已经在处理" not in "".join((await card(crew.wang)).labels)
    await crew.stage.forward(minutes=30)
    assert (await walker.ticket()).handler == crew.wang.id


# no danger after all


async def calm(walker: Walker, by: Chat) -> None:
    await by.press(f"t:{walker.id}:{Action.CALM}")
    await by.say("看过了，是烟雾报警器坏了")


async def test_it_is_urgent_no_more_for_a_reason_that_the_resident_reads(crew: Crew):
    walker = await taken(crew)
    await calm(walker, crew.zhao)
    assert not (await walker.ticket()).urgent
    said = (await card(crew.chen)).text
    assert "烟雾报警器坏了" in said and "不按紧急的办了" in said and "🔴" not in said
    assert "赵兰 取消了紧急" in (await card(crew.lead)).text
    await crew.stage.forward(minutes=30)
    assert (await walker.ticket()).handler == crew.zhao.id


async def test_before_anybody_took_it_nobody_is_called_any_more(crew: Crew):
    walker = await crew.file(TRAPPED)
    await calm(walker, crew.lead)
    await crew.stage.forward(minutes=20)
    assert not await told(crew.committee, number(walker))
    await crew.li.press(f"t:{walker.id}:{Action.ACCEPT}")
    assert (await walker.ticket()).handler == crew.li.id


async def test_it_has_as_long_as_any_other_then(crew: Crew):
    walker = await taken(crew)
    before = (await walker.ticket()).clocks["response"].due
    await calm(walker, crew.zhao)
    assert ((await walker.ticket()).clocks["response"].due - before).total_seconds() == 22 * 3600


async def test_who_neither_handles_nor_leads_it_cannot_take_it_off(crew: Crew):
    walker = await taken(crew)
    for chat in (crew.li, crew.chen, crew.committee):
        await calm(walker, chat)
        assert (await walker.ticket()).urgent


async def test_other_words_of_what_was_found_to_be_none_call_nobody_again(crew: Crew):
    walker = await taken(crew)
    await calm(walker, crew.zhao)
    await crew.chen.edit(TRAPPED, f"{TRAPPED}，在2单元")
    assert not (await walker.ticket()).urgent
    await crew.chen.edit(f"{TRAPPED}，在2单元", f"{TRAPPED}，现在着火了")
    assert (await walker.ticket()).urgent


async def test_a_new_danger_is_heard_afterwards(crew: Crew):
    walker = await taken(crew)
    await calm(walker, crew.zhao)
    await crew.chen.press(f"t:{walker.id}:{Action.ADD}")
    await crew.chen.say("现在着火了")
    assert (await walker.ticket()).urgent


# the answer's own clock

ANSWER_DUE = "给居民的答复：还剩"


async def test_while_nobody_took_it_the_lead_alone_is_reminded_of_the_answer(crew: Crew):
    await crew.file(TRAPPED)
    await crew.stage.forward(minutes=80)
    assert await told(crew.lead, ANSWER_DUE)
    assert not any([await told(chat, ANSWER_DUE) for chat in (crew.wang, crew.li, crew.zhao)])


async def test_once_taken_who_has_it_alone_is_reminded_of_the_answer(crew: Crew):
    walker = await taken(crew)
    await crew.zhao.press(f"t:{walker.id}:{Action.ATTEND}")
    await crew.stage.forward(minutes=80)
    assert await told(crew.zhao, ANSWER_DUE)
    assert not any([await told(chat, ANSWER_DUE) for chat in (crew.wang, crew.li)])
