"""More hands on a ticket: offers passed on, helpers, parts that go their own way, one word to
everybody; and new hands for whose handler is gone.
"""

from chatting import Chat, Crew, number
from walking import Walker

from workflows.core.numbers import format_number as number_of
from workflows.core.people import Membership, Role
from workflows.petition.lifecycle import Relation
from workflows.petition.model import Ticket
from workflows.petition.words import Action, ClockName, State

COMMUNITY = "友新街道/南环一"
OTHER_GRID = f"{COMMUNITY}/2网格"


async def neighbour(crew: Crew) -> Chat:
    """A pioneer of the community's other grid."""
    return Chat(crew.stage, await crew.stage.hire("蒋平", Role.PIONEER, OTHER_GRID, 2101))


async def assisted(crew: Crew, helper: Chat | None = None) -> Walker:
    """A ticket in 王's hands, with whom 李 helps unless another is named."""
    walker = await crew.accepted()
    await assist(crew, walker, helper or crew.li)
    return walker


async def assist(crew: Crew, walker: Walker, helper: Chat) -> None:
    await crew.wang.more(f"t:{walker.id}:assist")
    await crew.wang.tap(helper.phone.name)
    await crew.wang.say("请一起去现场看看")


async def split(crew: Crew, walker: Walker, text: str = "楼道里的插座也坏了") -> Walker:
    """The part that 王 split off, a ticket of its own."""
    await crew.wang.more(f"t:{walker.id}:split")
    await crew.wang.say(text)
    return Walker(crew.cast, walker.id + 1)


async def look(chat: Chat, walker: Walker) -> str:
    """A ticket's card as this person sees it now."""
    return (await chat.say(number(walker))).text


async def remove(crew: Crew, member: Chat) -> None:
    await crew.lead.say("/roster")
    await crew.lead.tap(f"r:card:{member.id}")
    await crew.lead.tap("移除")
    await crew.lead.tap("确定移除")


def by_id(crew: Crew, person_id: int | None) -> Chat:
    return next(c for c in vars(crew).values() if isinstance(c, Chat) and c.id == person_id)


# the offer: yes, not now, not mine


async def test_an_offer_can_be_taken_passed_on_or_given_back(crew: Crew):
    await crew.file()
    assert {"接单", "现在没空", "退单"} <= set((await crew.wang.last()).labels)


async def test_not_now_asks_the_next_one_at_once_and_no_lead(crew: Crew):
    walker = await crew.file()
    await crew.lead.mark()
    await crew.wang.tap("现在没空")
    ticket = await walker.ticket()
    assert ticket.state is State.DISPATCHED and ticket.offered_to not in {None, crew.wang.id}
    assert "请接单" in (await by_id(crew, ticket.offered_to).last()).text
    assert await crew.lead.new() == []


async def test_when_nobody_has_time_the_lead_dispatches(crew: Crew):
    walker = await crew.file()
    await crew.lead.mark()
    asked = []
    while (offered_to := (await walker.ticket()).offered_to) and len(asked) < 9:
        asked.append(offered_to)
        chat = Chat(crew.stage, await walker.actor(Relation.OFFERED))
        await chat.tap(f"t:{walker.id}:pass")
    assert len(asked) == len(set(asked)) and (await walker.ticket()).state is State.UNASSIGNED
    said = await crew.lead.new()
    assert len([text for text in said if "请您派单" in text]) == 1


async def test_not_mine_goes_on_with_its_reason(crew: Crew):
    walker = await crew.file()
    await crew.wang.tap("退单")
    await crew.wang.say("这是电梯公司的事")
    next_one = by_id(crew, (await walker.ticket()).offered_to)
    assert "王琴 说：\n这是电梯公司的事" in (await next_one.last()).text
    assert "这是电梯公司的事" in (await crew.lead.last()).text


# helpers


async def test_a_helper_is_asked_and_the_card_names_him(crew: Crew):
    walker = await assisted(crew)
    asked = await crew.li.last()
    assert "请您搭把手" in asked.text and "请一起去现场看看" in asked.text
    assert "经办：海棠先锋 王琴 · 协办：海棠先锋 李明" in asked.text
    assert {"实地查看", "记一笔", "退出协办"} <= set(asked.labels) and "办结" not in asked.labels
    assert "协办：海棠先锋 李明" in (await crew.wang.last()).text
    assert (await walker.ticket()).handler == crew.wang.id


async def test_what_a_helper_notes_and_sees_reaches_the_handler(crew: Crew):
    walker = await assisted(crew)
    await crew.li.tap("记一笔")
    await crew.li.say("是三号桩的线")
    assert "协办的 海棠先锋 李明 记了一笔" in (told := (await crew.wang.last()).text)
    assert "是三号桩的线" in told
    await crew.li.tap(f"t:{walker.id}:inspect")
    await crew.li.say("到现场看过了")
    assert (await walker.ticket()).state is State.INSPECTED
    assert "到现场看过了" in (await crew.wang.last()).text


async def test_a_helper_finds_it_in_his_list_marked_as_such(crew: Crew):
    await assisted(crew)
    shown = (await crew.li.say("/mine")).text
    assert "🤝 协办 · " in shown and "您手里的，共 1 件" in shown.replace("</b>", "")
    assert "协办" not in (await crew.wang.say("/mine")).text


async def test_a_helper_may_come_from_another_grid_of_the_community(crew: Crew):
    jiang = await neighbour(crew)
    walker = await assisted(crew, jiang)
    assert jiang.id in (await walker.ticket()).helpers
    assert "请您搭把手" in (await jiang.last()).text and "退出协办" in (await jiang.last()).labels
    assert "没有找到" not in await look(jiang, walker)


async def test_nobody_of_another_community_can_be_a_helper(crew: Crew):
    far = Chat(
        crew.stage, await crew.stage.hire("外人", Role.PIONEER, "友新街道/南环二/4网格", 2102)
    )
    walker = await crew.accepted()
    asked = await crew.wang.more(f"t:{walker.id}:assist")
    assert not [label for label in asked.labels if "外人" in label]
    await crew.wang.say(str(far.id))
    await crew.wang.say("来帮忙")
    assert (await walker.ticket()).helpers == ()


async def test_a_helper_can_leave_and_the_handler_hears_so(crew: Crew):
    walker = await assisted(crew)
    await crew.li.tap("退出协办")
    assert (await walker.ticket()).helpers == ()
    assert "李明 不再协办这一件" in (await crew.wang.last()).text
    assert "您手里的" not in (await crew.li.say("/mine")).text


async def test_helpers_stay_when_the_handler_changes(crew: Crew):
    walker = await assisted(crew)
    await crew.wang.tap(f"t:{walker.id}:transfer")
    await crew.wang.tap("赵兰")
    await crew.wang.say("她更懂")
    await crew.zhao.tap("接单")
    ticket = await walker.ticket()
    assert ticket.handler == crew.zhao.id and ticket.helpers == (crew.li.id,)


async def test_a_helper_who_takes_it_over_is_no_helper_any_more(crew: Crew):
    walker = await assisted(crew)
    await crew.wang.tap(f"t:{walker.id}:transfer")
    await crew.wang.tap("李明")
    await crew.wang.say("您来办吧")
    await crew.li.tap("接单")
    ticket = await walker.ticket()
    assert ticket.handler == crew.li.id and ticket.helpers == ()


async def test_a_helper_hears_nothing_of_the_end_and_has_no_button_left(crew: Crew):
    walker = await assisted(crew)
    await crew.wang.tap(f"t:{walker.id}:resolve")
    await crew.wang.say("换好了")
    await crew.li.mark()
    await crew.chen.tap(f"t:{walker.id}:confirm:3")
    assert await crew.li.new() == []
    card = next(m for m in await crew.li.phone.inbox() if "请您搭把手" in m.text or m.buttons)
    assert "退出协办" not in card.labels


async def test_the_removed_helps_no_more_and_the_handler_keeps_it(crew: Crew):
    walker = await assisted(crew)
    await remove(crew, crew.li)
    ticket = await walker.ticket()
    assert ticket.helpers == () and ticket.handler == crew.wang.id
    assert ticket.state is State.ACCEPTED
    assert "李明 不再协办这一件" in (await crew.wang.last()).text
    assert "没有找到" in await look(crew.li, walker)


# a part of its own


async def test_a_part_has_its_number_and_both_cards_name_each_other(crew: Crew):
    walker = await crew.accepted()
    child = await split(crew, walker)
    for chat in (crew.chen, crew.lead):
        assert f"{number(walker)} 分出来" in await look(chat, child)
    assert f"分出 {number(child)}" in await look(crew.wang, walker)
    assert f"另外办的：{number(child)}" in await look(crew.chen, walker)
    assert (await child.ticket()).text == "楼道里的插座也坏了"


async def test_the_resident_hears_of_a_part_once_and_a_follower_too(crew: Crew):
    walker = await crew.accepted()
    await follow(crew)
    await crew.chen.mark()
    await crew.zhou.mark()
    await split(crew, walker)
    for chat, words in ((crew.chen, "您说的事里"), (crew.zhou, "您跟着的那件里")):
        assert len([text for text in await chat.new() if words in text]) == 1


async def follow(crew: Crew) -> None:
    await crew.zhou.start("st_nanhuan-east")
    preview = await crew.zhou.say("3号楼下充电桩坏了")
    button = next(b for row in preview.buttons for b in row if ":follow:" in (b.data or ""))
    await crew.zhou.tap(button.data or "")


async def test_a_part_runs_under_the_promise_already_given(crew: Crew):
    walker = await crew.accepted()
    await crew.stage.forward(hours=5)
    child = await split(crew, walker)
    promise = [(await w.ticket()).clocks[ClockName.RESPONSE].due for w in (walker, child)]
    assert promise[0] == promise[1]


async def test_a_part_has_a_promise_of_its_own_once_that_was_kept(crew: Crew):
    walker = await crew.planned()
    child = await split(crew, walker)
    due = (await child.ticket()).clocks[ClockName.RESPONSE].due
    assert (due - crew.stage.now).total_seconds() > 23 * 3600


async def test_a_part_is_offered_like_any_petition(crew: Crew):
    child = await split(crew, await crew.accepted())
    ticket = await child.ticket()
    assert ticket.state is State.DISPATCHED and ticket.offered_to
    assert "请接单" in (await by_id(crew, ticket.offered_to).last()).text


# one word to everybody


async def test_an_announcement_reaches_resident_and_followers_once(crew: Crew):
    walker = await crew.accepted()
    await follow(crew)
    for chat in (crew.chen, crew.zhou):
        await chat.mark()
    await crew.wang.tap("给居民留言")
    await crew.wang.say("正在抢修，今天能好")
    for chat in (crew.chen, crew.zhou):
        said = await chat.new()
        assert len(said) == 1 and "正在抢修，今天能好" in said[0] and number(walker) in said[0]


async def test_a_word_to_the_resident_is_in_front_and_says_who_it_is_for(crew: Crew):
    walker = await crew.accepted()
    assert "💬 给居民留言" in (await crew.wang.say(number(walker))).labels
    await crew.wang.tap("给居民留言")
    await crew.wang.say("明天上午九点到")
    said = (await crew.chen.last()).text
    assert "王琴 给您留言" in said and "明天上午九点到" in said


async def test_the_rarer_actions_stand_behind_more(crew: Crew):
    walker = await crew.accepted()
    shown = await crew.wang.say(number(walker))
    rare = {"请人协办", "分出一件", "请外单位办"}
    assert not rare & set(shown.labels)
    assert rare <= set((await crew.wang.tap("⋯ 更多")).labels)
    assert not rare & set((await crew.wang.tap("⬅️ 返回")).labels)


# whose handler is gone


async def held(walker: Walker) -> Ticket:
    return await walker.ticket()


async def test_an_answer_for_the_removed_goes_to_the_next_with_its_words(crew: Crew):
    walker = await crew.waiting()
    await remove(crew, crew.wang)
    assert (await held(walker)).state is State.WAITING
    await crew.chen.say("三号桩")
    ticket = await held(walker)
    assert ticket.state is State.DISPATCHED
    offered = (await by_id(crew, ticket.offered_to).last()).text
    assert "请接单" in offered and "居民 说：\n三号桩" in offered


async def test_who_is_asked_later_reads_the_answer_in_the_steps(crew: Crew):
    walker = await crew.waiting()
    await remove(crew, crew.wang)
    await crew.chen.say("三号桩")
    await crew.stage.forward(minutes=31)
    later = by_id(crew, (await held(walker)).offered_to)
    assert "三号桩" in (await later.tap(f"v:{walker.id}:steps")).text


async def test_silence_for_the_removed_finds_new_hands_too(crew: Crew):
    walker = await crew.waiting()
    await remove(crew, crew.wang)
    assert await walker.wait_for(Action.ANSWER, State.WAITING)
    ticket = await held(walker)
    assert ticket.handler is None and ticket.state in {State.DISPATCHED, State.UNASSIGNED}


async def test_what_was_kept_for_the_removed_is_offered_when_it_goes_on(crew: Crew):
    walker = await crew.planned()
    await crew.committee.tap(f"t:{walker.id}:suspend")
    await crew.committee.say("等维修资金")
    await crew.committee.say("30天")
    await remove(crew, crew.wang)
    assert (await held(walker)).state is State.SUSPENDED
    await crew.committee.tap(f"t:{walker.id}:resume")
    await crew.committee.say("资金到了，请物业施工")
    await crew.committee.say("3天")
    ticket = await held(walker)
    assert ticket.state is State.DISPATCHED and ticket.offered_to != crew.wang.id
    assert "资金到了" in (await by_id(crew, ticket.offered_to).last()).text


async def test_what_is_not_done_after_all_is_offered_when_its_handler_is_gone(crew: Crew):
    walker = await crew.resolved()
    await remove(crew, crew.wang)
    assert (await held(walker)).state is State.RESOLVED
    await crew.chen.tap(f"t:{walker.id}:reopen")
    await crew.chen.say("还没有修好")
    ticket = await held(walker)
    assert ticket.state is State.DISPATCHED and ticket.offered_to != crew.wang.id
    assert "还没有修好" in (await by_id(crew, ticket.offered_to).last()).text


async def test_whose_handler_is_still_there_stays_with_him(crew: Crew):
    walker = await crew.waiting()
    await crew.chen.say("三号桩")
    ticket = await held(walker)
    assert (ticket.state, ticket.handler) == (State.ACCEPTED, crew.wang.id)


async def test_a_helper_of_two_roles_who_loses_one_helps_on(crew: Crew):
    walker = await assisted(crew)
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        li = await tx.person(crew.li.id)
        assert li
        await tx.grant(li, Membership(role=Role.LEAD, place=OTHER_GRID), None)
    await remove(crew, crew.li)
    assert (await held(walker)).helpers == (crew.li.id,)
    assert number_of(walker.id) in await look(crew.li, walker)
