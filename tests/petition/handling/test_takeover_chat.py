"""A petition for somebody without a phone: with his consent, and his own as soon as he wants it."""

import pytest
from chatting import Chat, Crew, number
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from walking import Walker

from workflows.petition.store import tables as own
from workflows.petition.words import Action, State

SAID = "3号楼下充电桩坏了"
NAMED = "3幢 张阿姨，上门找"


async def filed(crew: Crew) -> Walker:
    """What 李, a pioneer of the grid, filed for somebody; 王 has it in hand."""
    walker = await Walker.file(crew.cast, SAID, crew.li.phone, NAMED)
    await crew.wang.tap(f"t:{walker.id}:accept")
    return walker


async def link(crew: Crew, walker: Walker) -> str:
    """The payload that the filer is given."""
    await crew.li.say(number(walker))
    given = await crew.li.tap("发给本人")
    return given.text.split("?start=")[1].split()[0]


async def newcomer(crew: Crew) -> Chat:
    return Chat(crew.stage, await crew.stage.phones.add_user("张阿姨", 1003))


async def taken_over(crew: Crew) -> tuple[Walker, Chat]:
    walker, zhang = await filed(crew), await newcomer(crew)
    await zhang.start(await link(crew, walker))
    return walker, zhang


# consent


async def test_the_naming_step_asks_whether_he_agreed_and_it_is_recorded(crew: Crew):
    await crew.li.say(SAID)
    assert "他本人同意了吗" in (await crew.li.tap("代居民提交")).text
    asked = await crew.li.say(NAMED)
    assert "他本人同意了吗" in asked.text and "✅ 提交" not in asked.labels
    assert "本人同意" in (await crew.li.tap("本人同意了")).text
    await crew.li.tap("✅ 提交")
    [ticket] = await crew.li.tickets()
    [event] = [e for e in await Walker(crew.cast, ticket.id).events() if e.action is Action.FILE]
    assert (event.data["on_behalf"], event.data["consent"]) == (NAMED, True)


async def test_without_his_consent_nothing_is_filed_and_nothing_lost(crew: Crew):
    preview = await crew.li.say(SAID)
    await crew.li.tap("代居民提交")
    await crew.li.say(NAMED)
    await crew.li.press_late("✅ 提交", preview)
    assert "他本人同意了吗" in (await crew.li.last()).text and not await crew.li.tickets()
    assert "他本人同意了吗" in (await crew.li.say("楼道里的灯也不亮")).text
    await crew.li.tap("本人同意了")
    await crew.li.tap("✅ 提交")
    assert "楼道里的灯也不亮" in (await crew.li.tickets())[0].text


async def test_it_can_become_ones_own_petition_after_all(crew: Crew):
    await crew.li.say(SAID)
    await crew.li.tap("代居民提交")
    await crew.li.say(NAMED)
    await crew.li.tap("不替别人了")
    await crew.li.tap("✅ 提交")
    [ticket] = await crew.li.tickets()
    [event] = [e for e in await Walker(crew.cast, ticket.id).events() if e.action is Action.FILE]
    assert ticket.on_behalf == "" and "consent" not in event.data


async def test_a_new_name_is_asked_for_consent_anew(crew: Crew):
    await crew.li.say(SAID)
    for name in (NAMED, "2幢 李伯伯"):
        await crew.li.press(f"d:{await draft_of(crew.li)}:name")
        assert "同意了吗" in (await crew.li.say(name)).text
        await crew.li.tap("本人同意了")


async def draft_of(chat: Chat) -> str:
    async with chat.stage.service.store.read(chat.stage.now) as tx:
        draft = (await tx.dialog(chat.id)).draft
    assert draft
    return str(draft["id"])


# taking over


async def test_who_opens_the_link_has_it_and_sees_all_of_it(crew: Crew):
    walker, zhang = await taken_over(crew)
    shown = await zhang.last()
    assert "现在是您自己的了" in shown.text and SAID in shown.text
    assert "王琴 接手了" in (await zhang.tap("经过")).text
    ticket = await walker.ticket()
    assert (ticket.resident, ticket.author, ticket.on_behalf) == (zhang.id, zhang.id, "")
    assert number(walker) in (await zhang.say("/mine")).text
    await crew.wang.tap(f"t:{walker.id}:resolve")
    await crew.wang.say("已经换好了")
    await zhang.tap("✅ 解决了，满意")
    assert (await walker.ticket()).rating == 3


async def test_the_filer_is_told_and_sees_what_staff_see(crew: Crew):
    walker, _ = await taken_over(crew)
    assert f"您替人提交的 {number(walker)}" in (await crew.li.last()).text
    assert "本人接过了" in (await crew.wang.last()).text
    assert "一件也没有" not in (shown := (await crew.li.say("/mine")).text)
    assert number(walker) not in shown
    card = await crew.li.say(number(walker))
    assert "已接单" in card.text and not {"撤回", "发给本人", "⏩ 催一催"} & set(card.labels)
    assert await crew.li.tickets() == []


async def test_a_filer_of_another_grid_sees_it_no_more(crew: Crew):
    far = await crew.stage.hire("周强", "pioneer", "南环一/2网格", 2009)
    walker = await Walker.file(crew.cast, SAID, far, NAMED)
    chat = Chat(crew.stage, far)
    await chat.say(number(walker))
    given = await chat.tap("发给本人")
    zhang = await newcomer(crew)
    await zhang.start(given.text.split("?start=")[1].split()[0])
    assert "您替人提交的" in (await chat.last()).text
    assert "没有找到" in (await chat.say(number(walker))).text


async def test_whoever_the_link_is_not_for_is_refused_alike(crew: Crew):
    """Used, expired, unknown, the filer's own, and those who work on it."""
    walker, zhang = await filed(crew), await newcomer(crew)
    first, second, third = [await link(crew, walker) for _ in range(3)]
    said = [(await crew.li.start(first)).text, (await crew.wang.start(first)).text]
    said.append((await crew.zhou.start("to_" + "A" * 32)).text)
    await zhang.start(first)
    assert (await walker.ticket()).resident == zhang.id  # the refused did not use it up
    said.append((await crew.zhou.start(first)).text)
    said.append((await crew.zhou.start(second)).text)
    await crew.stage.forward(days=8)
    said.append((await crew.chen.start(third)).text)
    assert set(said) == {said[0]} and "请让帮您提交的人再发一个" in said[0]
    assert (await walker.ticket()).resident == zhang.id


async def test_an_expired_link_gives_nothing(crew: Crew):
    walker, zhang = await filed(crew), await newcomer(crew)
    late = await link(crew, walker)
    await crew.stage.forward(days=7, minutes=1)
    assert "过期了" in (await zhang.start(late)).text
    assert (await walker.ticket()).resident == crew.li.id


async def test_the_link_itself_is_not_kept(crew: Crew):
    walker = await filed(crew)
    token = (await link(crew, walker)).removeprefix("to_")
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        [kept] = (await tx.ask(AsyncConnection.scalars, select(own.handovers.c.token_hash))).all()
    assert len(token) >= 32 and token not in kept


async def test_only_what_was_filed_for_somebody_can_be_handed_over(crew: Crew):
    walker = await crew.accepted()
    assert "发给本人" not in (await crew.chen.last()).labels
    assert "现在做不了" in await crew.chen.press(f"t:{walker.id}:entrust")


@pytest.mark.parametrize("state", [State.RESOLVED])
async def test_it_can_be_taken_over_to_say_how_it_went(crew: Crew, state: State):
    walker, zhang = await filed(crew), await newcomer(crew)
    given = await link(crew, walker)
    await crew.wang.tap(f"t:{walker.id}:resolve")
    await crew.wang.say("已经换好了")
    assert (await walker.ticket()).state is state
    assert "✅ 解决了，满意" in (await zhang.start(given)).labels


# what was written of him: who reads it, and for how long

AT = "张桂芳，3幢2单元501，13912345678"


async def told_of(crew: Crew) -> Walker:
    """What 李 filed for somebody whose name, flat and number she wrote down; 王 has it in hand."""
    walker = await Walker.file(crew.cast, SAID, crew.li.phone, AT)
    await crew.wang.tap(f"t:{walker.id}:accept")
    return walker


async def shows(chat: Chat, walker: Walker) -> bool:
    """Whether his card says who it is."""
    card = await chat.say(number(walker))
    return AT in card.text


def everywhere(texts: list[str]) -> bool:
    return "张桂芳" in "".join(texts) or "13912345678" in "".join(texts)


async def test_who_needs_to_find_him_reads_who_it_is_and_nobody_else(crew: Crew):
    walker = await told_of(crew)
    assert await shows(crew.wang, walker) and await shows(crew.lead, walker)
    for chat in (crew.committee, crew.street, crew.zhao):
        card = await chat.say(number(walker))
        assert "代报" in card.text and not everywhere(await chat.all())


async def test_the_committee_decides_without_it(crew: Crew):
    walker = await told_of(crew)
    await crew.wang.tap(f"t:{walker.id}:propose")
    await crew.wang.say("请充电公司来换新桩")
    await crew.wang.say("3天")
    assert "待审" in "".join(await crew.committee.all())
    assert not everywhere(await crew.committee.all())


async def test_after_closing_it_is_gone_from_every_card(crew: Crew):
    crew.settle_on(followup_percent=0)
    walker = await told_of(crew)
    await crew.lead.say(number(walker))
    await crew.wang.say(number(walker))
    await crew.wang.tap(f"t:{walker.id}:resolve")
    await crew.wang.say("已经换好了")
    await crew.li.tap("解决了，满意")
    assert (await walker.ticket()).state is State.CLOSED
    for chat in (crew.wang, crew.lead, crew.committee):
        assert not everywhere(await chat.all()) and not await shows(chat, walker)


async def test_who_was_only_asked_keeps_it_no_longer(crew: Crew):
    walker = await Walker.file(crew.cast, SAID, crew.li.phone, AT)
    assert everywhere(await crew.wang.all())
    await crew.wang.tap(f"t:{walker.id}:pass")
    assert not everywhere(await crew.wang.all())


async def test_who_is_to_bring_the_answer_reads_it_until_it_is_told(crew: Crew):
    walker = await told_of(crew)
    await crew.li.phone.block()
    await crew.lead.say(number(walker))
    await crew.lead.press(f"t:{walker.id}:decline")
    await crew.lead.say("不归社区管")
    await crew.lead.say("请找房东")
    assert (await walker.ticket()).state is State.DECLINED
    assert await shows(crew.lead, walker)
    await crew.lead.press(f"t:{walker.id}:tell")
    assert not everywhere(await crew.lead.all())


async def test_after_he_took_it_over_no_older_card_says_who_he_is(crew: Crew):
    walker, zhang = await told_of(crew), await newcomer(crew)
    await crew.wang.say(number(walker))
    await zhang.start(await link(crew, walker))
    assert not everywhere(await crew.wang.all())
