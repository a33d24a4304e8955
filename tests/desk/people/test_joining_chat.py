"""Coming to the roster and moving on it: asking to help, being agreed to, changing place."""

from chatting import Chat, Crew, number
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.petition.words import State
from workflows.store import tables as t

COMMUNITY = "友新街道/南环一"
GRID = f"{COMMUNITY}/1网格"


async def apply(chat: Chat, *places: str) -> None:
    await chat.say("/join")
    for label in places or ("南环一", "南环一 1网格", "南环一 1网格 3幢"):
        await chat.tap(label)


async def roles(chat: Chat) -> set[tuple[str, str]]:
    async with chat.stage.service.store.read(chat.stage.now) as tx:
        found = await tx.person(chat.id)
    assert found
    return {(m.role.value, m.place) for m in found.memberships}


async def decisions(chat: Chat) -> list[tuple[int | None, bool | None]]:
    """Who decided each of his wishes, and how."""
    a = t.applications.c
    rows = select(a.decided_by, a.is_granted).where(a.person_id == chat.id).order_by(a.id)
    async with chat.stage.service.store.read(chat.stage.now) as tx:
        return [tuple(row) for row in await tx.ask(AsyncConnection.execute, rows)]


async def another_lead(crew: Crew) -> Chat:
    return Chat(crew.stage, await crew.stage.hire("第二位", "lead", GRID, 3009))


async def test_who_wants_to_help_is_agreed_to_by_the_grids_lead(crew: Crew):
    await crew.chen.say("/help")
    await crew.chen.tap("我想当海棠先锋")
    for label in ("南环一", "南环一 1网格", "南环一 1网格 3幢"):
        await crew.chen.tap(label)
    assert "收到了" in (await crew.chen.last()).text
    asked = await crew.lead.last()
    assert "陈师傅" in asked.text and asked.labels == ["✅ 同意", "不同意"]
    decided = await crew.lead.tap("✅ 同意")
    assert "已同意" in decided.text and not decided.labels
    assert await roles(crew.chen) == {("pioneer", f"{GRID}/3幢")}
    assert "欢迎您" in (await crew.chen.last()).text
    assert await decisions(crew.chen) == [(crew.lead.id, True)]


async def test_the_whole_grid_is_chosen_by_tapping_it_again(crew: Crew):
    await apply(crew.chen, "南环一", "南环一 1网格", "南环一 1网格")
    await crew.lead.tap("✅ 同意")
    assert await roles(crew.chen) == {("pioneer", GRID)}


async def test_a_no_is_said_kindly_and_one_may_ask_again(crew: Crew):
    await apply(crew.chen)
    await crew.lead.tap("不同意")
    assert "这次没有加" in (await crew.chen.last()).text
    assert not await roles(crew.chen) and await decisions(crew.chen) == [(crew.lead.id, False)]
    await apply(crew.chen)
    assert "收到了" in (await crew.chen.last()).text


async def test_without_a_lead_the_committee_is_asked(crew: Crew):
    await crew.lead.mark()
    await apply(crew.chen, "南环一", "南环一 2网格", "南环一 2网格")
    assert "陈师傅" in (await crew.committee.last()).text and not await crew.lead.new()


async def test_one_wish_at_a_time_which_can_be_taken_back(crew: Crew):
    await apply(crew.chen)
    waiting = await crew.chen.say("/join")
    assert "已经申请" in waiting.text and waiting.labels == ["不申请了"]
    assert "已经申请过" in await crew.chen.press("j:at:whatever")
    await crew.chen.tap("不申请了")
    assert await decisions(crew.chen) == [(crew.chen.id, False)]
    await crew.lead.tap("✅ 同意")
    assert "已经答复了" in await crew.lead.toast() and not await roles(crew.chen)


async def test_of_two_who_decide_at_once_one_does(crew: Crew):
    second = await another_lead(crew)
    await apply(crew.chen)
    for lead, label in ((crew.lead, "✅ 同意"), (second, "不同意")):
        await lead.phone.tap(label)
    await crew.stage.settle()
    assert await decisions(crew.chen) == [(crew.lead.id, True)]
    assert await roles(crew.chen) == {("pioneer", f"{GRID}/3幢")}
    assert "钱进 已经同意了" in await second.toast()
    assert "这次没有加" not in "".join(await crew.chen.all())


async def test_nobody_else_can_decide(crew: Crew):
    await apply(crew.chen)
    for chat in (crew.chen, crew.wang, crew.street):
        await chat.start()
        assert "没有找到" in await chat.press("j:yes:1")
    assert await decisions(crew.chen) == [(None, None)]


async def test_who_is_a_pioneer_there_already_is_told_so(crew: Crew):
    await apply(crew.li)
    assert "已经是" in "".join(await crew.li.new()) or "已经是" in await crew.li.toast()
    assert await decisions(crew.li) == []


# moving


async def move(crew: Crew, member: Chat, *labels: str) -> None:
    await crew.committee.say("/roster")
    await crew.committee.tap(f"r:card:{member.id}")
    await crew.committee.tap("换地方")
    for label in labels:
        await crew.committee.tap(label)


async def test_a_member_moves_to_another_place_and_his_past_stays(crew: Crew):
    await move(crew, crew.wang, "南环一 2网格", "南环一 2网格 5幢")
    assert await roles(crew.wang) == {("pioneer", f"{COMMUNITY}/2网格/5幢")}
    assert "负责南环一 2网格 5幢" in (await crew.wang.last()).text.replace("<b>", "")
    m = t.memberships.c
    rows = select(m.place, m.until).where(m.person_id == crew.wang.id).order_by(m.id)
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        (old, ended), (new, until) = (await tx.ask(AsyncConnection.execute, rows)).all()
    assert (old, new) == (f"{GRID}/3幢", f"{COMMUNITY}/2网格/5幢")
    assert ended and until is None


async def test_what_he_may_no_longer_handle_goes_on(crew: Crew):
    walker = await crew.accepted()
    await move(crew, crew.wang, "南环一 2网格", "南环一 2网格")
    ticket = await walker.ticket()
    assert ticket.state is State.DISPATCHED and ticket.offered_to not in {None, crew.wang.id}
    assert "1 件" in "".join(await crew.committee.new())
    assert number(walker) not in (await crew.wang.say("/mine")).text


async def test_inside_his_grid_he_keeps_what_he_has(crew: Crew):
    walker = await crew.accepted()
    await crew.lead.say("/roster")
    await crew.lead.tap("王琴")
    await crew.lead.tap("换地方")
    await crew.lead.tap("南环一 1网格 4幢")
    assert await roles(crew.wang) == {("pioneer", f"{GRID}/4幢")}
    assert (await walker.ticket()).handler == crew.wang.id


async def test_who_helps_somebody_else_takes_nothing_along(crew: Crew):
    walker = await crew.accepted()
    await crew.wang.tap(f"v:{walker.id}:more")
    await crew.wang.tap("请人协办")
    await crew.wang.tap("李明")
    await crew.wang.say("请一起去看看")
    await move(crew, crew.li, "南环一 2网格", "南环一 2网格")
    assert (await walker.ticket()).handler == crew.wang.id


async def test_a_lead_moves_nobody_out_of_his_grid_and_no_lead(crew: Crew):
    await crew.lead.say("/roster")
    from_there = f"r:move:{crew.wang.id}:pioneer"
    await crew.lead.press(f"{from_there}:0000000000:1111111111:yes")
    for victim in (crew.committee, crew.lead, crew.street):
        assert "没有找到" in await crew.lead.press(f"r:move:{victim.id}")
    assert await roles(crew.wang) == {("pioneer", f"{GRID}/3幢")}
