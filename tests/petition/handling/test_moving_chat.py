"""To other hands: another grid of the community, and another community once it agreed."""

from datetime import timedelta
from pathlib import Path

import pytest
from chatting import Chat, Crew, number
from folk import FAR_GRID, OTHER_GRID
from walking import Walker

from playground.torture.invariants import examine
from workflows.core.people import Role
from workflows.core.talk.messages import Notice
from workflows.petition.words import Action, ClockName, State

WHY = "地点在你们那边"


@pytest.fixture
async def far(crew: Crew) -> Chat:
    """The lead of another community's grid."""
    return Chat(crew.stage, await crew.stage.hire("沈长", Role.LEAD, FAR_GRID, 3002))


@pytest.fixture
async def hand(crew: Crew) -> Chat:
    """A pioneer of the community's other grid."""
    return Chat(crew.stage, await crew.stage.hire("蒋平", Role.PIONEER, OTHER_GRID, 2101))


async def move(chat: Chat, walker: Walker) -> None:
    await chat.say(number(walker))
    await chat.more(f"t:{walker.id}:move")
    await chat.tap("2网格")
    await chat.say(WHY)


async def refer(chat: Chat, walker: Walker) -> None:
    await chat.say(number(walker))
    await chat.more(f"t:{walker.id}:refer")
    await chat.tap("南环二 4网格")
    await chat.say(WHY)


async def sees(chat: Chat, walker: Walker) -> bool:
    return "没有找到" not in (await chat.say(f"/t {number(walker)}")).text


# within the community


async def test_moved_it_is_offered_over_there_with_the_reason(crew: Crew, hand: Chat):
    walker = await crew.accepted()
    await move(crew.wang, walker)
    ticket = await walker.ticket()
    assert (ticket.place, ticket.offered_to, ticket.handler) == (OTHER_GRID, hand.id, None)
    assert f"王琴 说：\n{WHY}" in (await hand.last()).text


async def test_the_resident_hears_of_a_move_once_and_where_it_went(crew: Crew, hand: Chat):
    walker = await crew.accepted()
    await crew.chen.mark()
    await move(crew.wang, walker)
    said = await crew.chen.new()
    assert len(said) == 1 and "这件现在归" in said[0] and "2网格 来办" in said[0]


async def test_a_handler_whose_ticket_the_lead_moves_is_told(crew: Crew, hand: Chat):
    walker = await crew.accepted()
    await crew.wang.mark()
    await move(crew.lead, walker)
    said = "".join(await crew.wang.new())
    assert f"诉求 {number(walker)} 现在归" in said and "不用再管" in said
    assert not await sees(crew.wang, walker)


async def test_helpers_of_the_old_grid_are_told_nothing_odd(crew: Crew, hand: Chat):
    walker = await crew.accepted()
    await crew.wang.more(f"t:{walker.id}:assist")
    await crew.wang.tap("李明")
    await crew.wang.say("请搭把手")
    await crew.li.mark()
    await move(crew.wang, walker)
    assert await crew.li.new() == [] and (await walker.ticket()).helpers == ()
    assert not await sees(crew.li, walker)


async def test_a_move_does_not_stop_the_promise(crew: Crew, hand: Chat):
    walker = await crew.accepted()
    before = (await walker.ticket()).clocks[ClockName.RESPONSE]
    await crew.stage.forward(hours=2)
    await move(crew.wang, walker)
    assert (await walker.ticket()).clocks[ClockName.RESPONSE].due == before.due


async def test_moved_where_nobody_works_somebody_above_dispatches(crew: Crew):
    walker = await crew.accepted()
    await crew.committee.mark()
    await move(crew.wang, walker)
    said = "".join(await crew.committee.new())
    assert "请您派单" in said and WHY in said
    assert (await walker.ticket()).state is State.UNASSIGNED


# to another community


async def test_until_it_agrees_everything_stays_and_the_card_says_so(crew: Crew, far: Chat):
    walker = await crew.accepted()
    before = await walker.ticket()
    await crew.chen.mark()
    await refer(crew.wang, walker)
    ticket = await walker.ticket()
    kept = ("state", "place", "handler", "plan", "told_at")
    assert all(getattr(ticket, name) == getattr(before, name) for name in kept)
    clocks = {name: clock for name, clock in ticket.clocks.items() if name != "referral"}
    assert clocks == before.clocks
    assert "已请 南环二 4网格 接收，等答复" in (await crew.wang.last()).text
    assert await crew.chen.new() == []


async def test_who_is_asked_sees_it_with_the_reason_and_two_buttons(crew: Crew, far: Chat):
    walker = await crew.accepted()
    assert not await sees(far, walker)
    await refer(crew.wang, walker)
    asked = await far.last()
    assert WHY in asked.text and number(walker) in asked.text
    assert {"接过来", "接不了"} <= set(asked.labels)
    assert not {"办结", "转办", "请居民补充", "派单"} & set(asked.labels)
    assert await sees(far, walker)


async def test_agreed_it_is_theirs_alone_and_the_resident_hears_once(crew: Crew, far: Chat):
    walker = await crew.accepted()
    await refer(crew.wang, walker)
    for chat in (crew.chen, crew.wang):
        await chat.mark()
    await far.tap("接过来")
    ticket = await walker.ticket()
    assert ticket.place == FAR_GRID and ticket.referred_to == "" and ticket.handler is None
    said = await crew.chen.new()
    assert len(said) == 1 and "南环二 4网格 来办" in said[0]
    assert len(told := await crew.wang.new()) == 1 and "南环二 4网格" in told[0]
    for chat in (crew.wang, crew.li, crew.lead, crew.committee):
        assert not await sees(chat, walker)
    assert await sees(far, walker) and await sees(crew.street, walker)


async def test_the_invariants_know_where_it_was_before(crew: Crew, far: Chat, tmp_path: Path):
    walker = await crew.file()
    await refer(crew.lead, walker)
    await far.tap("接过来")
    database = tmp_path / "cast.db"
    assert examine(crew.stage.server.world, database).broken == ()
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        notice = Notice(to=999, template="help", ticket_id=walker.id)
        tx.owe(notice, 999, "text", "stray", crew.stage.now)
    await crew.stage.settle()
    broken = examine(crew.stage.server.world, database).broken
    assert f"7: help of ticket {walker.id} went to 999" in broken


async def test_the_handler_is_told_too_when_his_lead_had_asked(crew: Crew, far: Chat):
    walker = await crew.accepted()
    await refer(crew.lead, walker)
    for chat in (crew.wang, crew.lead):
        await chat.mark()
    await far.tap(f"t:{walker.id}:receive")
    for chat in (crew.wang, crew.lead):
        assert len(said := await chat.new()) == 1 and "您这边不用再管" in said[0]


async def test_agreed_the_clocks_run_on(crew: Crew, far: Chat):
    walker = await crew.accepted()
    before = (await walker.ticket()).clocks[ClockName.RESPONSE]
    await refer(crew.wang, walker)
    await crew.stage.forward(hours=3)
    await far.tap(f"t:{walker.id}:receive")
    ticket = await walker.ticket()
    assert ticket.clocks[ClockName.RESPONSE].due == before.due
    assert {ClockName.ASSIGN, ClockName.ACCEPT} & ticket.clocks.keys()


async def test_refused_its_asker_reads_why_and_all_is_as_before(crew: Crew, far: Chat):
    walker = await crew.accepted()
    before = await walker.ticket()
    await refer(crew.wang, walker)
    await far.tap("接不了")
    await far.say("这条路不归我们")
    ticket = await walker.ticket()
    assert "这条路不归我们" in (told := (await crew.wang.last()).text) and "等答复" not in told
    assert (ticket.state, ticket.handler, ticket.place, ticket.referred_to) == (
        before.state, crew.wang.id, before.place, "",
    )  # fmt: skip
    assert not await sees(far, walker)


async def test_refused_it_can_be_asked_again(crew: Crew, far: Chat):
    walker = await crew.accepted()
    await refer(crew.wang, walker)
    assert "请其他社区接" not in (await crew.wang.tap("⋯ 更多")).labels
    await far.tap("接不了")
    await far.say("写清楚在哪里")
    await refer(crew.wang, walker)
    assert (await walker.ticket()).referred_to == FAR_GRID and await sees(far, walker)


async def test_who_does_not_answer_is_reminded_and_then_it_comes_back(crew: Crew, far: Chat):
    walker = await crew.accepted()
    before = await walker.ticket()
    await refer(crew.wang, walker)
    await far.mark()
    await crew.stage.forward(hours=4, minutes=5)
    assert any("接不接这一件的答复" in said and "接过来" in said for said in await far.new())
    await crew.wang.mark()
    await crew.stage.forward(hours=4)
    assert any("南环二 4网格 到时没有答复" in said for said in await crew.wang.new())
    ticket = await walker.ticket()
    assert (ticket.referred_to, ticket.handler, ticket.place) == ("", crew.wang.id, before.place)
    assert ClockName.REFERRAL not in ticket.clocks and not await sees(far, walker)
    await refer(crew.wang, walker)
    assert (await walker.ticket()).referred_to == FAR_GRID


async def test_who_has_it_by_then_hears_of_it_as_well(crew: Crew, far: Chat):
    walker = await crew.accepted()
    await refer(crew.wang, walker)
    await crew.wang.say(number(walker))
    await crew.wang.tap(f"t:{walker.id}:transfer")
    await crew.wang.tap("李明")
    await crew.wang.say("您更熟悉")
    await crew.li.tap(f"t:{walker.id}:accept")
    for chat in (crew.li, crew.lead):
        await chat.mark()
    await crew.stage.forward(hours=8, minutes=5)
    for chat in (crew.li, crew.lead):
        assert any("南环二 4网格 到时没有答复" in said for said in await chat.new())


@pytest.mark.parametrize("end", ["decline", "merge"])
async def test_taken_up_again_it_waits_for_no_other_community(crew: Crew, far: Chat, end: str):
    walker = await crew.accepted()
    await refer(crew.wang, walker)
    await crew.lead.say(number(walker))
    await crew.lead.press(f"t:{walker.id}:{end}")
    if end == "decline":
        await crew.lead.say("这件事不归我们")
        await crew.lead.say("物业公司")
    else:
        other = await crew.accepted("3号楼楼道灯不亮")
        await crew.lead.say(number(other))
    await crew.lead.say(number(walker))
    await crew.lead.press(f"t:{walker.id}:revive")
    await crew.lead.say("继续办")
    ticket = await walker.ticket()
    assert ticket.is_open and ticket.referred_to == "" and not await sees(far, walker)


async def test_while_it_is_suspended_nobody_is_asked_to_take_it_and_it_comes_back(
    crew: Crew, far: Chat
):
    walker = await crew.accepted()
    await refer(crew.wang, walker)
    await crew.committee.say(number(walker))
    await crew.committee.tap("挂账")
    await crew.committee.say("要等维修资金批下来")
    await crew.committee.tap("30天内")
    await far.mark()
    await crew.stage.forward(hours=4, minutes=5)
    assert not any("接不接这一件的答复" in said for said in await far.new())
    await crew.stage.forward(hours=4)
    ticket = await walker.ticket()
    assert (ticket.state, ticket.referred_to) == (State.SUSPENDED, "")


async def test_a_night_counts_nothing_for_who_is_asked(crew: Crew, far: Chat):
    walker = await crew.accepted()
    await crew.stage.forward(hours=8)
    await refer(crew.wang, walker)
    asked, due = crew.stage.now, (await walker.ticket()).clocks[ClockName.REFERRAL].due
    assert due - asked > timedelta(hours=8)


@pytest.mark.parametrize("answer", ["receive", "refuse", "move"])
async def test_once_it_is_answered_nobody_is_reminded(crew: Crew, far: Chat, answer: str):
    walker = await crew.accepted()
    await refer(crew.wang, walker)
    if answer == "receive":
        await far.tap("接过来")
    elif answer == "refuse":
        await far.tap("接不了")
        await far.say("这条路不归我们")
    else:
        await move(crew.wang, walker)
    ticket = await walker.ticket()
    assert ClockName.REFERRAL not in ticket.clocks and ticket.referred_to == ""
    await far.mark()
    await crew.stage.forward(hours=9)
    assert not any("接不接这一件的答复" in said for said in await far.new())


@pytest.mark.parametrize("end", ["withdraw", "resolve", "decline"])
async def test_when_it_ends_meanwhile_the_other_side_sees_it_no_more(
    crew: Crew, far: Chat, end: str
):
    walker = await crew.accepted()
    await refer(crew.wang, walker)
    who = {"withdraw": crew.chen, "resolve": crew.wang, "decline": crew.lead}[end]
    await who.say(number(walker))
    await who.tap(f"t:{walker.id}:{end}")
    await who.say("已经好了")
    if end == "decline":
        await who.say("物业公司")
    assert (await walker.ticket()).state not in {State.ACCEPTED, State.DISPATCHED}
    assert not await sees(far, walker)
    assert "没有找到" in await far.press(f"t:{walker.id}:receive")


async def test_while_asked_the_rest_of_the_other_community_sees_nothing(
    crew: Crew, far: Chat
):  # F50
    hands = Chat(crew.stage, await crew.stage.hire("陆工", Role.WORKER, FAR_GRID, 2103))
    walker = await crew.accepted()
    await refer(crew.wang, walker)
    assert not await sees(hands, walker)
    for action in (Action.RECEIVE, Action.REFUSE, Action.ACCEPT, Action.NOTE):
        assert "没有找到" in await hands.press(f"t:{walker.id}:{action}")


async def test_nobody_here_can_agree_for_the_others(crew: Crew, far: Chat):  # F50
    walker = await crew.accepted()
    await refer(crew.wang, walker)
    for chat in (crew.wang, crew.lead, crew.committee, crew.street):
        await chat.press(f"t:{walker.id}:receive")
    ticket = await walker.ticket()
    assert ticket.place != FAR_GRID and ticket.referred_to == FAR_GRID


async def test_only_where_somebody_can_agree_is_offered(crew: Crew, far: Chat):
    walker = await crew.accepted()
    await crew.wang.say(number(walker))
    asked = await crew.wang.more(f"t:{walker.id}:refer")
    assert asked.labels == ["南环二 4网格", "取消"]


async def test_asked_while_the_resident_owes_an_answer_it_can_still_be_taken(crew: Crew, far: Chat):
    walker = await crew.accepted()
    await refer(crew.wang, walker)
    await crew.wang.tap(f"t:{walker.id}:ask")
    await crew.wang.say("请问是几号桩？")
    await far.tap(f"t:{walker.id}:receive")
    ticket = await walker.ticket()
    assert (ticket.place, ticket.before) == (FAR_GRID, None)
    assert ticket.clocks[ClockName.RESPONSE].paused is None
