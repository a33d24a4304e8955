"""One cause, many tickets: those alike are ticked, then merged into one or told in one go."""

import pytest
from chatting import Chat, Crew, number
from walking import Walker

from playground.phones.phone import Phone
from workflows.core.people import Role
from workflows.petition.words import State

WORD = "正在抢修，今晚能来电"


@pytest.fixture
async def outage(crew: Crew) -> list[Walker]:
    """Three tickets of one power cut, the first in 王's hands, and one of another kind."""
    first = await crew.accepted("3号楼路灯不亮，停电了")
    others = [await filed(crew, f"邻居{i}", f"3号楼楼道灯不亮，停电{i}") for i in range(2)]
    await filed(crew, "邻居9", "3号楼下充电桩坏了")
    return [first, *others]


async def filed(crew: Crew, name: str, text: str) -> Walker:
    phone = await crew.stage.phones.add_user(name)
    return await Walker.file(crew.cast, text, phone)


async def open_list(chat: Chat, walker: Walker) -> list[str]:
    """The list of tickets alike, opened from a card; its labels."""
    await chat.say(number(walker))
    await chat.tap("⋯ 更多")
    return (await chat.tap("🧩 同类一起办")).labels


async def test_the_list_has_the_open_ones_of_grid_and_category(crew: Crew, outage: list[Walker]):
    labels = await open_list(crew.lead, outage[0])
    ticks = [label for label in labels if "⬜" in label]
    assert [number(w) in label for w, label in zip(outage[:0:-1], ticks, strict=True)] == [
        True, True,
    ]  # fmt: skip
    assert "停电1" in (await crew.lead.last()).text


async def test_a_tap_ticks_and_another_unticks(crew: Crew, outage: list[Walker]):
    await open_list(crew.lead, outage[0])
    ticked = await crew.lead.tap(f"⬜ {number(outage[1])}")
    assert [label for label in ticked.labels if "☑️" in label and number(outage[1]) in label]
    assert "已选 1 件" in ticked.text
    assert "已选 0 件" in (await crew.lead.tap(f"☑️ {number(outage[1])}")).text
    assert "已选 2 件" in (await crew.lead.tap("全选")).text
    assert "已选 0 件" in (await crew.lead.tap("全选")).text


async def test_the_lead_merges_them_all_into_one(crew: Crew, outage: list[Walker]):
    await open_list(crew.lead, outage[0])
    await crew.lead.tap("全选")
    await crew.lead.tap("都并到这一件")
    tickets = [await w.ticket() for w in outage]
    assert [t.state for t in tickets[1:]] == [State.MERGED] * 2
    assert len(tickets[0].followers) == 2 and tickets[0].is_open
    assert "并过来 2 件" in (await crew.lead.last()).text
    assert all([(await w.events())[-1].actor == crew.lead.id for w in outage[1:]])


async def test_only_what_was_ticked_is_merged(crew: Crew, outage: list[Walker]):
    await open_list(crew.lead, outage[0])
    await crew.lead.tap(f"⬜ {number(outage[2])}")
    await crew.lead.tap("都并到这一件")
    assert [(await w.ticket()).state is State.MERGED for w in outage] == [False, False, True]


async def test_each_that_may_not_be_merged_is_named(crew: Crew, outage: list[Walker]):
    mine = outage[1]
    await crew.wang.tap(f"t:{mine.id}:pass")
    handler = (await mine.ticket()).offered_to
    own = next(c for c in vars(crew).values() if isinstance(c, Chat) and c.id == handler)
    await own.tap(f"t:{mine.id}:accept")
    others = [w for w in outage if w is not mine]
    await open_list(own, mine)
    await own.tap("全选")
    await own.press(f"k:{mine.id}:merge")
    said = "".join(await own.new())
    assert "这 2 件没有办成" in said and all(number(w) in said for w in others)
    assert "王琴 那里" in said
    assert [(await w.ticket()).state is State.MERGED for w in others] == [False, False]


async def test_one_word_reaches_everybody_of_this_and_the_ticked(crew: Crew, outage: list[Walker]):
    await open_list(crew.lead, outage[0])
    await crew.lead.tap(f"⬜ {number(outage[1])}")
    asked = await crew.lead.tap("给这些人发一句")
    assert "这一件和您选的 1 件" in asked.text
    await crew.lead.say(WORD)
    told = [[e.action.value for e in await w.events()].count("announce") for w in outage]
    assert told == [1, 1, 0]
    assert [text for text in await crew.chen.all() if WORD in text]
    assert "也告诉了另外 1 件" in "".join(await crew.lead.new())


async def test_the_committee_may_tell_but_not_merge(crew: Crew, outage: list[Walker]):
    labels = await open_list(crew.committee, outage[0])
    assert "给这些人发一句" in labels and "都并到这一件" not in labels
    await crew.committee.tap("全选")
    await crew.committee.press(f"k:{outage[0].id}:merge")
    assert [(await w.ticket()).state is State.MERGED for w in outage] == [False] * 3


async def test_ticks_survive_a_restart(crew: Crew, outage: list[Walker]):
    await open_list(crew.lead, outage[0])
    await crew.lead.tap(f"⬜ {number(outage[1])}")
    await crew.stage.restart()
    await crew.lead.tap("给这些人发一句")
    await crew.stage.restart()
    await crew.lead.say(WORD)
    assert [e.action.value for e in await outage[1].events()][-1] == "announce"


async def test_without_a_tick_nothing_happens(crew: Crew, outage: list[Walker]):
    await open_list(crew.lead, outage[0])
    await crew.lead.tap("都并到这一件")
    assert "还没有打勾" in await crew.lead.toast()
    assert [(await w.ticket()).state is State.MERGED for w in outage] == [False] * 3


async def test_a_ticket_that_ended_meanwhile_is_gone_from_the_ticks(
    crew: Crew, outage: list[Walker]
):
    await open_list(crew.lead, outage[0])
    await crew.lead.tap("全选")
    resident = (await outage[1].ticket()).resident
    chat = Chat(crew.stage, Phone(crew.stage.phones, resident, "邻居0"))
    await chat.press(f"t:{outage[1].id}:withdraw")
    await chat.say("不用办了")
    await crew.lead.tap("都并到这一件")
    assert (await outage[1].ticket()).state is State.WITHDRAWN
    assert (await outage[2].ticket()).state is State.MERGED


async def test_with_nothing_alike_it_says_so(crew: Crew):
    walker = await crew.accepted()
    await open_list(crew.lead, walker)
    assert "没有别的同类诉求" in (await crew.lead.last()).text


@pytest.mark.parametrize("verb", ["show", "all", "merge", "tell", "pick:1002"])
async def test_forged_taps_bypass_nothing(crew: Crew, outage: list[Walker], verb: str):  # F47
    far = Chat(crew.stage, await crew.stage.hire("沈长", Role.LEAD, "友新街道/南环二/4网格", 3002))
    for chat in (crew.chen, crew.li, far):
        await chat.start()
        assert await chat.press(f"k:{outage[0].id}:{verb}")
    assert [(await w.ticket()).state is State.MERGED for w in outage] == [False] * 3
    assert not [text for text in await far.all() if number(outage[1]) in text]
