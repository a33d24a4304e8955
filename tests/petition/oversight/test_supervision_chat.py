"""督办: a supervisor's weight on a ticket has a clock of its own, until somebody reports."""

from chatting import Chat, Crew
from walking import Walker

from workflows.petition.words import Action, ClockName

SAID = "请今天给居民一个答复"


async def supervise(walker: Walker, by: Chat) -> None:
    await by.phone.send("/start")
    await by.settled()
    await by.press(f"t:{walker.id}:{Action.SUPERVISE}")
    await by.say(SAID)


async def supervised(crew: Crew) -> Walker:
    walker = await crew.accepted("3号楼路灯不亮")
    await supervise(walker, crew.street)
    return walker


async def report(walker: Walker, by: Chat) -> None:
    await by.press(f"t:{walker.id}:{Action.REPORT}")
    await by.say("正在办，按方案能办完")


async def is_running(walker: Walker) -> bool:
    return ClockName.SUPERVISE in (await walker.ticket()).clocks


async def heard(chat: Chat, words: str) -> int:
    return sum(words in text for text in await chat.all())


async def test_handler_and_lead_hear_the_words_and_the_card_says_by_whom_and_until_when(crew: Crew):
    await supervised(crew)
    for chat in (crew.wang, crew.lead):
        text = (await chat.all())[-1]
        assert SAID in text and "街道 街道办 督办，明天（周三）上午9点前回复" in text
    assert "回复督办" in (await crew.wang.last()).labels


async def test_the_handler_is_reminded_at_three_quarters(crew: Crew):
    await supervised(crew)
    await crew.stage.forward(hours=17)
    assert not await heard(crew.wang, "督办回复：还剩")
    await crew.stage.forward(hours=6)  # three quarters are at three in the night
    assert await heard(crew.wang, "督办回复：还剩")
    assert not await heard(crew.street, "督办回复：还剩")


async def test_nobody_has_it_so_the_lead_is_reminded(crew: Crew):
    walker = await crew.file("3号楼路灯不亮")
    for chat in (crew.wang, crew.li, crew.zhao, Chat(crew.stage, crew.cast.worker)):
        await chat.press(f"t:{walker.id}:{Action.RETURN}")
        await chat.say("我今天在外地，来不了")
    await supervise(walker, crew.street)
    await crew.stage.forward(hours=23)
    assert await heard(crew.lead, "督办回复：还剩")


async def test_when_it_is_over_the_supervisor_himself_hears(crew: Crew):
    await supervised(crew)
    await crew.stage.forward(hours=24, minutes=1)
    assert await heard(crew.street, "逾期：督办回复") == 1
    assert await heard(crew.street, "督办还没有收到回复")
    assert not await heard(crew.committee, "逾期：督办回复")


async def test_a_report_reaches_the_supervisor_and_ends_the_clock(crew: Crew):
    walker = await supervised(crew)
    await report(walker, crew.wang)
    assert "王琴 回复督办：" in (await crew.street.last()).text
    assert not await is_running(walker)
    assert "督办，" not in (await crew.wang.last()).text
    await crew.stage.forward(hours=25)
    assert not await heard(crew.street, "逾期：督办回复")


async def test_a_supervisor_who_left_is_represented_by_the_committee(crew: Crew):
    walker = await supervised(crew)
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        person = await tx.person(crew.street.id)
        await tx.end_roles(person, "")
    await report(walker, crew.wang)
    assert await heard(crew.committee, "王琴 回复督办：") == 1
    assert not await heard(crew.street, "王琴 回复督办：")


async def test_the_clock_ends_when_it_is_resolved(crew: Crew):
    walker = await supervised(crew)
    await crew.wang.press(f"t:{walker.id}:{Action.RESOLVE}")
    await crew.wang.say("换好了")
    assert not await is_running(walker)


async def test_the_clock_ends_with_the_ticket(crew: Crew):
    walker = await supervised(crew)
    await crew.lead.press(f"t:{walker.id}:{Action.DECLINE}")
    await crew.lead.say("这件事不在社区能管的范围")
    await crew.lead.say("12345热线")
    assert not (await walker.ticket()).is_open and not await is_running(walker)


async def test_a_second_supervision_begins_anew(crew: Crew):
    walker = await supervised(crew)
    await crew.stage.forward(hours=10)
    await supervise(walker, crew.committee)
    ticket = await walker.ticket()
    assert ticket.supervisor == crew.committee.id
    assert ticket.clocks[ClockName.SUPERVISE].due == crew.stage.now.replace(
        day=crew.stage.now.day + 1, second=ticket.clocks[ClockName.SUPERVISE].due.second,
        microsecond=ticket.clocks[ClockName.SUPERVISE].due.microsecond,
    )  # fmt: skip
    assert "社区党委 吴书记 督办，明天（周三）晚上7点前" in (await crew.wang.all())[-1]


async def test_a_lead_who_nudges_leaves_the_resident_his_own(crew: Crew):
    walker = await crew.accepted("3号楼路灯不亮")
    await crew.lead.say("/start")
    assert "已经帮您催了" in await crew.lead.press(f"t:{walker.id}:{Action.NUDGE}")
    assert "已经帮您催了" in await crew.chen.press(f"t:{walker.id}:{Action.NUDGE}")
    assert "已经帮您催了" in await crew.lead.press(f"t:{walker.id}:{Action.NUDGE}")
    assert "已经帮您催了" not in await crew.chen.press(f"t:{walker.id}:{Action.NUDGE}")


async def test_what_is_done_can_be_supervised_and_the_clock_runs_on(crew: Crew):
    """Whatever happens to it meanwhile that leaves it where it is."""
    walker = await crew.resolved()
    await supervise(walker, crew.street)
    await crew.lead.press(f"t:{walker.id}:{Action.NOTE}")
    await crew.lead.say("问过居民了")
    assert await is_running(walker)
    await crew.stage.forward(hours=25)
    assert await heard(crew.street, "逾期：督办回复")


async def test_a_report_ends_it_there_too(crew: Crew):
    walker = await crew.resolved()
    await supervise(walker, crew.street)
    await report(walker, crew.wang)
    assert not await is_running(walker)
