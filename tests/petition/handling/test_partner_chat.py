"""Somebody outside does it: who and by when, everybody knows; its clock asks the handler."""

from datetime import timedelta

from chatting import Chat, Crew, number
from walking import Walker

from workflows.petition.words import ClockName

FIRM = "自来水公司"


async def engaged(crew: Crew) -> Walker:
    """A ticket that somebody outside is to do within three days."""
    walker = await crew.accepted()
    await crew.wang.more(f"t:{walker.id}:engage")
    await crew.wang.tap(FIRM)
    await crew.wang.say("3天")
    return walker


async def look(chat: Chat, walker: Walker) -> str:
    return (await chat.say(number(walker))).text


async def test_the_resident_is_told_who_and_by_when(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.mark()
    await crew.wang.more(f"t:{walker.id}:engage")
    await crew.wang.tap(FIRM)
    await crew.wang.say("3天")
    said = await crew.chen.new()
    assert len(said) == 1 and FIRM in said[0] and "11月27日" in said[0]


async def test_both_cards_show_it(crew: Crew):
    walker = await engaged(crew)
    assert f"外单位：{FIRM}，11月27日" in await look(crew.wang, walker)
    assert f"请了{FIRM}来办，说好11月27日" in await look(crew.chen, walker)


async def test_a_name_can_be_written_and_a_past_date_is_refused(crew: Crew):
    walker = await crew.accepted()
    await crew.wang.more(f"t:{walker.id}:engage")
    await crew.wang.say("老李水电铺")
    await crew.wang.say("3天")
    assert (await walker.ticket()).partner == "老李水电铺"


async def test_its_clock_reminds_the_handler_and_says_when_it_is_over(crew: Crew):
    walker = await engaged(crew)
    due = (await walker.ticket()).clocks[ClockName.PARTNER].due
    left = (due - crew.stage.now) / timedelta(hours=1)
    said = []
    for hours in (left - 1, 2):
        await crew.wang.mark()
        await crew.stage.forward(hours=hours)
        said += [text for text in await crew.wang.new() if "外单位来办" in text]
    assert ["还剩" in said[0], "逾期" in said[-1]] == [True, True]
    assert all("请催一催外单位" in text for text in said)
    assert "已过 " in await look(crew.wang, walker)
    assert "过了，我们在催" in await look(crew.chen, walker)


async def test_nobody_but_the_handler_hears_of_its_clock(crew: Crew):
    walker = await engaged(crew)
    due = (await walker.ticket()).clocks[ClockName.PARTNER].due
    await crew.stage.forward(hours=(due - crew.stage.now) / timedelta(hours=1) + 1)
    for chat in (crew.lead, crew.committee, crew.chen):
        assert not [text for text in await chat.all() if "逾期：外单位来办" in text]


async def test_done_ends_its_clock_and_another_can_be_asked(crew: Crew):
    walker = await engaged(crew)
    await crew.wang.tap("外单位办完")
    ticket = await walker.ticket()
    assert ticket.partner == "" and ClockName.PARTNER not in ticket.clocks
    assert FIRM not in await look(crew.wang, walker)
    await crew.wang.tap("⋯ 更多")
    assert "请外单位办" in (await crew.wang.last()).labels


async def test_resolving_ends_it_too(crew: Crew):
    walker = await engaged(crew)
    await crew.wang.tap(f"t:{walker.id}:resolve")
    await crew.wang.say("水管换好了")
    ticket = await walker.ticket()
    assert ticket.partner == "" and ClockName.PARTNER not in ticket.clocks
    assert FIRM not in await look(crew.chen, walker)


async def test_the_promise_of_an_answer_runs_beside_it(crew: Crew):
    walker = await engaged(crew)
    assert ClockName.RESPONSE in (await walker.ticket()).clocks
