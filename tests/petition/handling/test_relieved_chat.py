"""Who had a petition hears that it is somebody else's now, and whose."""

from chatting import Chat, Crew, number
from folk import OTHER_GRID
from walking import Walker

from workflows.core.people import Role
from workflows.petition.words import Action


async def transfer(chat: Chat, walker: Walker, to: str) -> None:
    await chat.say(number(walker))
    await chat.tap(f"t:{walker.id}:transfer")
    await chat.tap(to)
    await chat.say("他那边近")


async def dispatch(chat: Chat, walker: Walker, to: str) -> None:
    await chat.say(number(walker))
    await chat.tap(f"t:{walker.id}:dispatch")
    await chat.tap(to)


async def told(chat: Chat, walker: Walker) -> str:
    """What was said of it in words, and was no card."""
    said = [text for text in await chat.new() if f"诉求 {number(walker)}" in text]
    return "".join(text for text in said if "不用再管" in text)


async def stands_in(crew: Crew) -> None:
    """王 is away, 李 stands in."""
    await crew.wang.say("/duty")
    await crew.wang.tap("🏖 请假")
    await crew.wang.tap("7天后")
    await crew.wang.tap("李明")


async def test_a_transfer_by_the_lead_is_told_with_who_has_it(crew: Crew):
    walker = await crew.accepted()
    await crew.wang.mark()
    await transfer(crew.lead, walker, "赵兰")
    said = await told(crew.wang, walker)
    assert "派给了 海棠先锋 赵兰" in said and "网格长 钱进" in said


async def test_who_hands_it_on_himself_hears_nothing_more(crew: Crew):
    walker = await crew.accepted()
    await transfer(crew.wang, walker, "赵兰")
    assert await told(crew.wang, walker) == ""


async def test_dispatched_anew_the_one_asked_before_is_told(crew: Crew):
    walker = await crew.file()
    await crew.wang.mark()
    await dispatch(crew.lead, walker, "赵兰")
    assert "派给了 海棠先锋 赵兰" in await told(crew.wang, walker)


async def test_an_offer_that_ran_out_is_told_nobody(crew: Crew):
    walker = await crew.file()
    await crew.wang.mark()
    await crew.stage.forward(minutes=31)
    assert (await walker.ticket()).offered_to != crew.wang.id
    assert await told(crew.wang, walker) == ""


async def test_taken_by_the_stand_in_the_absent_one_is_told(crew: Crew):
    walker = await crew.file()
    await stands_in(crew)
    await crew.wang.mark()
    await crew.li.say(number(walker))
    await crew.li.tap(f"t:{walker.id}:{Action.ACCEPT}")
    assert "现在海棠先锋 李明 在办" in await told(crew.wang, walker)


async def test_handed_on_by_the_lead_the_stand_in_is_told_too(crew: Crew):
    walker = await crew.accepted()
    await stands_in(crew)
    for chat in (crew.wang, crew.li):
        await chat.mark()
    await transfer(crew.lead, walker, "赵兰")
    assert "赵兰" in await told(crew.wang, walker)
    assert "赵兰" in await told(crew.li, walker)


async def test_moved_who_had_it_reads_where_it_went_and_who_is_asked(crew: Crew):
    await crew.stage.hire("蒋平", Role.PIONEER, OTHER_GRID, 2101)
    walker = await crew.accepted()
    await crew.wang.mark()
    await crew.lead.say(number(walker))
    await crew.lead.more(f"t:{walker.id}:move")
    await crew.lead.tap("2网格")
    await crew.lead.say("地点在那边")
    said = await told(crew.wang, walker)
    assert "2网格 来办" in said and "派给了 海棠先锋 蒋平" in said
